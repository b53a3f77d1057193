package timeline

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"exeunt/lifecycle"
)

// A plan is what the machine does: in a world that takes what it may, every step begins and ends at its latest times, in one
// that takes no time at its earliest.
func TestPlanIsWhatTheMachineDoes(t *testing.T) {
	all := samples()
	for seed := range uint64(300) {
		all[fmt.Sprintf("random-%d", seed)] = anyLifecycle(rand.New(rand.NewPCG(seed, 0)))
	}
	for name, l := range all {
		for _, stop := range l.Stops {
			plan := Plan(l, stop)
			t.Run(name+"/"+stop.Name+"/latest", func(t *testing.T) {
				h := worst(t).run(l, stop)
				if h.Ended == plan.Endless {
					t.Errorf("endless is %t, and it ended: %t", plan.Endless, h.Ended)
				}
				if plan.Endless {
					return
				}
				holds(t, plan, h, func(s PlannedStep) Span { return s.Latest })
				if h.Took > plan.Latest {
					t.Errorf("it took %v, and was planned to take %v at most", h.Took, plan.Latest)
				}
			})
			t.Run(name+"/"+stop.Name+"/earliest", func(t *testing.T) {
				h := best(t, asks(stop)).run(l, stop)
				holds(t, plan, h, func(s PlannedStep) Span { return s.Earliest })
				if h.Took != plan.Earliest {
					t.Errorf("it took %v, and was planned to take %v at least", h.Took, plan.Earliest)
				}
			})
		}
	}
}

// anyLifecycle is one that could be in a file: nothing escalates before a forward.
func anyLifecycle(r *rand.Rand) *lifecycle.Lifecycle {
	some := func() float64 { return float64(r.IntN(40)) / 4 }
	hook := func(n int) *lifecycle.Hook { return exec(fmt.Sprintf("hook-%d", n), some()) }
	steps := []lifecycle.Step{}
	n, forwarded := 0, false
	for range r.IntN(7) {
		n += 3
		switch r.IntN(5) {
		case 0:
			steps = append(steps, hook(n))
		case 1:
			steps = append(steps, &lifecycle.Parallel{Hooks: []*lifecycle.Hook{hook(n), hook(n + 1), hook(n + 2)}})
		case 2:
			d := &lifecycle.Drain{Delay: seconds(some()), Every: seconds(1)}
			if r.IntN(2) == 0 {
				d.Until, d.Timeout = live[bool]("true"), seconds(some()+1)
			}
			steps = append(steps, d)
		case 3:
			steps, forwarded = append(steps, forward(lifecycle.SIGTERM)), true
		case 4:
			if forwarded {
				steps = append(steps, escalate(some(), []lifecycle.Signal{lifecycle.SIGTERM, lifecycle.SIGQUIT}[r.IntN(2)]))
			}
		}
	}
	if forwarded && r.IntN(2) == 0 {
		steps = append(steps, escalate(some(), lifecycle.SIGKILL))
	}
	l := &lifecycle.Lifecycle{Stops: []*lifecycle.Script{stop("any", steps...)}}
	if r.IntN(4) > 0 {
		l.Grace = seconds(10 + 4*some())
	}
	if r.IntN(2) == 0 {
		l.Exit.Linger = seconds(some() / 4)
	}
	if r.IntN(2) == 0 {
		l.Exit.Hooks = exits(exec("exit-1", some()/4), exec("exit-2", some()/4))
	}
	return l
}

// asks counts the forwards of a stop before it escalates: the child goes at the last of them.
func asks(stop *lifecycle.Script) int {
	n := 0
	for _, s := range stop.Steps {
		switch s.(type) {
		case *lifecycle.Forward:
			n++
		case *lifecycle.Escalate:
			return n
		}
	}
	return n
}

func holds(t *testing.T, plan *Planned, h *Happened, when func(PlannedStep) Span) {
	t.Helper()
	left := slices.Clone(h.Steps)
	for _, s := range plan.Steps {
		at := slices.IndexFunc(left, s.is)
		if at < 0 {
			continue // it was not reached, or not needed
		}
		d := left[at]
		left = slices.Delete(left, at, at+1)
		want := when(s)
		if s.Kind == Linger && d.Outcome == lifecycle.TimedOut || d.Outcome == lifecycle.Skipped && want.length() == 0 { // the child was gone
			continue
		}
		if d.Begin > want.Begin || s.Script != "exit" && s.Kind != Wait && (d.Begin != want.Begin || d.end() != want.End) {
			t.Errorf("%s %s: from %v to %v, planned from %v to %v", d.Script, d.Step, d.Begin, d.end(), want.Begin, want.End)
		}
	}
	left = slices.DeleteFunc(left, func(d Done) bool { return kindOf(d.Step) == Wait }) // at the latest, there may be no time for it
	if len(left) > 0 {
		t.Errorf("it was not planned, and happened: %+v", left)
	}
}
