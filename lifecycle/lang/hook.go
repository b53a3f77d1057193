package lang

import (
	"github.com/hashicorp/hcl/v2"

	"exeunt/lifecycle"
)

// maxRetries keeps the doubling of the delay in bounds; a hook's timeout ends long before it.
const maxRetries = 1000

func decodeHook(b *block) *lifecycle.Hook {
	h := &lifecycle.Hook{
		Name:       b.label,
		Do:         decodeAction(b),
		Timeout:    b.positive("timeout", "It is the hook's worst case; leave it out for 10s."),
		Retries:    b.number("retries", 0, maxRetries),
		RetryDelay: b.duration("retry_delay"),
		Abort:      b.word("on_failure", "continue", "abort") == 1,
		Always:     b.flag("always"),
		WaitExit:   b.flag("wait_exit"),
		When:       liveValue(b, "when", boolShape()),
		Env:        liveValue(b, "env", textMapShape()),
		Process:    lifecycle.Process{User: b.text("user"), Dir: b.text("workdir")},
	}
	b.absolute("workdir", h.Process.Dir)
	for _, name := range []string{"always", "wait_exit"} {
		if b.has(name) && b.kind != lifecycle.StopScript {
			b.report(problem(&b.attrs[name].name, "Only in a stop", "%s has a meaning in a stop only: there the script waits for a child.\nRemove it.", name))
		}
	}
	return h
}

func decodeParallel(b *block, names map[string]hcl.Range) *lifecycle.Parallel {
	p := &lifecycle.Parallel{}
	for _, x := range b.blocks {
		p.Hooks = append(p.Hooks, decodeNamedHook(x, names))
	}
	if len(p.Hooks) == 0 {
		b.report(problem(&b.at, "Empty parallel", "A parallel runs the hooks in it at once, and this has none.\nAdd hooks, or remove it."))
	}
	return p
}
