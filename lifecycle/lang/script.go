package lang

import (
	"github.com/hashicorp/hcl/v2"

	"exeunt/lifecycle"
)

// scriptOf says which script the block with an ID begins, and what its live values see.
func scriptOf(id string) (kind lifecycle.ScriptKind, in scopeKind, begins bool) {
	switch id {
	case "start":
		return lifecycle.StartScript, inStart, true
	case "signal":
		return lifecycle.SignalScript, inSignal, true
	case "stop":
		return lifecycle.StopScript, inStop, true
	case "exit":
		return lifecycle.ExitScript, inExit, true
	case "child":
		return 0, inReady, true
	}
	return 0, 0, false
}

// decodeSteps decodes the steps of a script, in the order written.
func decodeSteps(b *block) []lifecycle.Step {
	var steps []lifecycle.Step
	names := map[string]hcl.Range{}
	var last *lifecycle.Forward
	for _, x := range b.blocks {
		switch x.spec.ID {
		case "hook":
			steps = append(steps, decodeNamedHook(x, names))
		case "parallel":
			steps = append(steps, decodeParallel(x, names))
		case "drain":
			steps = append(steps, decodeDrain(x))
		case "forward":
			last = decodeForward(x)
			steps = append(steps, last)
		case "escalate":
			steps = append(steps, decodeEscalate(x, last))
		}
	}
	return steps
}

// decodeNamedHook decodes a hook, whose name no other of the script may have: the log tells them apart by it.
func decodeNamedHook(b *block, names map[string]hcl.Range) *lifecycle.Hook {
	if before, taken := names[b.label]; taken && b.label != "" {
		b.report(problem(&b.labels, "Name used twice", "There is a hook %q at %s already.\nThe log tells the hooks of a script apart by their names.", b.label, place(before)))
	}
	names[b.label] = b.at
	return decodeHook(b)
}
