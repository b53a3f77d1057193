package lang

import "exeunt/lifecycle"

// decodeSignal decodes what a signal does instead of being forwarded; without a step it is swallowed.
func decodeSignal(b *block) *lifecycle.Script {
	script := &lifecycle.Script{Kind: lifecycle.SignalScript, Name: b.label, Steps: decodeSteps(b)}
	if !b.named { // which is reported
		return script
	}
	s, diag := parseSignal(b.label, b.labels)
	if diag != nil {
		b.report(diag)
		return script
	}
	script.Name, script.On = s.String(), []lifecycle.Signal{s}
	b.claim(s, b, b.labels)
	return script
}
