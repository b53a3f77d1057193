package lang

import (
	"time"

	"exeunt/lifecycle"
)

// leastEvery keeps a drain from asking all the time.
const leastEvery = 10 * time.Millisecond

func decodeDrain(b *block) *lifecycle.Drain {
	d := &lifecycle.Drain{
		Delay:   b.duration("delay"),
		Until:   liveValue(b, "until", boolShape()),
		Every:   b.duration("every"),
		Timeout: b.positive("timeout", "Leave it out, and grace_period bounds the drain."),
	}
	if d.Every < leastEvery && b.known("every") {
		b.report(problem(b.valueAt("every"), "Polls too often", "every is at least %q.", leastEvery))
		d.Every = leastEvery
	}
	switch {
	case !b.has("until") && !b.has("delay"):
		b.report(problem(&b.at, "Empty drain", "A drain waits for a time, for a condition, or for both.\nWrite delay = \"5s\", or until = connections(8080) == 0"))
	case !b.has("until") && (b.has("timeout") || b.has("every")):
		name := "timeout"
		if !b.has(name) {
			name = "every"
		}
		b.report(problem(&b.attrs[name].name, "Nothing to poll", "%s is about polling until, which this drain does not have.\nAdd until, or remove %s.", name, name))
	case b.has("until") && !b.has("timeout") && (b.kind == lifecycle.SignalScript || !b.budget):
		b.report(problem(&b.at, "Endless drain", "%s\nWrite timeout = \"30s\" in it.", endless(b)))
	}
	return d
}

func endless(b *block) string {
	if b.kind == lifecycle.SignalScript {
		return "A drain in a signal block has no budget: without timeout it could poll for ever."
	}
	return "Without timeout a drain lasts as long as the budget allows, and there is no grace_period that would be one."
}
