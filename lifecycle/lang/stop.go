package lang

import "exeunt/lifecycle"

func decodeStop(b *block) *lifecycle.Script {
	script := &lifecycle.Script{Kind: lifecycle.StopScript, Name: b.label, Steps: decodeSteps(b)}
	signals, at := b.signals("on")
	for i, s := range signals {
		b.claim(s, b, at[i])
	}
	script.On = signals
	if len(signals) == 0 && b.has("on") && emptyList(b, "on") {
		b.report(problem(b.valueAt("on"), "No trigger", "A stop begins when one of its triggers comes.\nWrite on = [\"SIGTERM\"]"))
	}
	script.Again = []lifecycle.Again{lifecycle.Ignore, lifecycle.Hurry, lifecycle.ForwardToo}[b.word("again", "ignore", "hurry", "forward")]
	if !stops(script) {
		b.report(problem(&b.at, "Stop that stops nothing", "%s never tells the child to end.\nAdd forward {}, or wait_exit = true to the hook that stops it.", upper(b.String())))
	}
	return script
}

func emptyList(b *block, name string) bool {
	v, _, ok := b.once(name)
	return ok && v.CanIterateElements() && v.LengthInt() == 0
}

// stops reports whether a script tells the child to end.
func stops(script *lifecycle.Script) bool {
	for _, step := range script.Steps {
		switch s := step.(type) {
		case *lifecycle.Forward:
			return true
		case *lifecycle.Hook:
			if s.WaitExit {
				return true
			}
		case *lifecycle.Parallel:
			for _, h := range s.Hooks {
				if h.WaitExit {
					return true
				}
			}
		}
	}
	return false
}
