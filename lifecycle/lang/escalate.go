package lang

import "exeunt/lifecycle"

// decodeEscalate decodes what comes when the target of last, the forward before it, is not gone in time.
func decodeEscalate(b *block, last *lifecycle.Forward) *lifecycle.Escalate {
	to := lifecycle.Session
	if last != nil {
		to = last.To
	} else {
		b.report(problem(&b.at, "Escalate before forward", "An escalate waits for a forward to have its effect, and none stands before it.\nMove it behind the forward, or write a forward before it."))
	}
	return &lifecycle.Escalate{After: b.duration("after"), Signal: b.signal("signal"), To: b.target("to", to)}
}
