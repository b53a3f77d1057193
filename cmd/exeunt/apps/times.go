package apps

import (
	"strings"
	"time"

	"exeunt/lifecycle"
)

// LeastGrace is the shortest grace period that a file is written for.
const LeastGrace = time.Second

// defaultGrace is what Kubernetes grants where nobody asks for another.
const defaultGrace = 30 * time.Second

// What the steps of a stop are given where the grace period is long enough. The rest belongs to the application.
const (
	forHook  = time.Second     // a request to the application itself
	forDrain = 5 * time.Second // what a load balancer needs to forget an instance: a probe or two, and the way to every node
	forQuiet = 2 * time.Second // for what was being taken when Quiet came
	forHard  = 2 * time.Second // between Hard and SIGKILL
)

// times are the durations of a stop, each 0 where it has no such step.
type times struct {
	hook  time.Duration // each
	long  time.Duration // of a hook that does the work the stop waits for
	drain time.Duration // its delay
	poll  time.Duration // what the steps after it leave for its until
	quiet time.Duration
	wait  time.Duration // from Stop to the first escalation
	hard  time.Duration // from Hard to SIGKILL
}

// times lays the steps out so that together they take the grace period less its margin, to the last millisecond.
func (a *App) times(grace time.Duration) times {
	allowed := grace - lifecycle.Margin(grace)
	var t times
	hooks := 0
	for _, h := range a.Hooks {
		if !h.Long {
			hooks++
		}
	}
	set := func(d *time.Duration, want time.Duration, has bool) {
		if has {
			*d = want
		}
	}
	set(&t.hook, forHook, hooks > 0)
	set(&t.drain, forDrain, a.Serves)
	set(&t.quiet, forQuiet, a.Quiet != 0)
	set(&t.hard, forHard, a.Hard != 0)
	fixed := func() time.Duration { return time.Duration(hooks)*t.hook + t.drain + t.quiet + t.hard }
	// In a short grace period they have half of it together, and the application the other half.
	if want, most := fixed(), allowed/2; want > most {
		for _, d := range []*time.Duration{&t.hook, &t.drain, &t.quiet, &t.hard} {
			*d = roundDown(time.Duration(float64(*d) * float64(most) / float64(want)))
		}
	}
	t.wait = allowed - fixed()
	switch {
	case len(a.Hooks) > hooks:
		t.long = roundDown(t.wait / 2)
		t.wait -= t.long
	case a.Port > 0 && a.Both:
		t.poll = roundDown(t.wait / 2)
		t.wait -= t.poll
	case a.Port > 0:
		t.poll, t.wait = t.wait, min(forHard, roundDown(t.wait/4))
		t.poll -= t.wait
	}
	return t
}

// roundDown makes a duration one that a person would write.
func roundDown(d time.Duration) time.Duration {
	switch {
	case d >= 10*time.Second:
		return d.Truncate(time.Second)
	case d >= time.Second:
		return d.Truncate(500 * time.Millisecond)
	case d >= 100*time.Millisecond:
		return d.Truncate(50 * time.Millisecond)
	}
	return d.Truncate(10 * time.Millisecond)
}

// fill puts durations into a text's {wait}, {hard} and {drain}.
func (t times) fill(text string) string {
	return strings.NewReplacer("{wait}", lifecycle.Written(t.wait), "{hard}", lifecycle.Written(t.hard), "{drain}", lifecycle.Written(t.drain+t.poll)).Replace(text)
}
