package lang

import "exeunt/lifecycle"

// decodeStart gives nil where there is nothing to do.
func decodeStart(b *block) *lifecycle.Script {
	steps := decodeSteps(b)
	if len(steps) == 0 {
		return nil
	}
	return &lifecycle.Script{Kind: lifecycle.StartScript, Steps: steps}
}
