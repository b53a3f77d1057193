package lifecycle

import "time"

// maxMargin is what exeunt keeps of the grace period for itself: the last log line, and the kernel's time to end a namespace.
const maxMargin = time.Second

// Margin is kept between the end of everything and the platform's SIGKILL: a second, or a tenth of a short grace period.
func Margin(grace time.Duration) time.Duration { return min(maxMargin, grace/10) }

// Longest is the worst case of a step. A drain that has an `until` and no timeout counts with its delay: it takes what
// the budget has left.
func Longest(step Step) time.Duration {
	switch s := step.(type) {
	case *Hook:
		return s.Timeout
	case *Parallel:
		var longest time.Duration
		for _, h := range s.Hooks {
			longest = max(longest, h.Timeout)
		}
		return longest
	case *Drain:
		return s.Delay + s.Timeout
	case *Escalate:
		return s.After
	}
	return 0
}

// LongestOf is the worst case of steps one after the other.
func LongestOf(steps []Step) time.Duration {
	var sum time.Duration
	for _, s := range steps {
		sum += Longest(s)
	}
	return sum
}

// Shortest is the best case of a step: a hook that is done at once, a condition that is true at the first poll, a target
// that is gone as soon as it is asked. Only a drain's delay is always waited for, as long as the child lives.
func Shortest(step Step) time.Duration {
	if d, ok := step.(*Drain); ok {
		return d.Delay
	}
	return 0
}

// CutAt is when the drain at a place of a stop is cut, after the first trigger, so that what follows it keeps its worst
// case; it may be before the drain begins. ok is false where there is no budget.
func (l *Lifecycle) CutAt(stop *Script, at int) (cut time.Duration, ok bool) {
	if l.Grace == 0 || stop.Kind != StopScript {
		return 0, false
	}
	return l.killAfter() - l.Exit.Linger - LongestOf(stop.Steps[at+1:]), true
}

// killAfter is when whatever still lives gets SIGKILL, after the first trigger, so that the exit hooks have their time before
// the margin.
func (l *Lifecycle) killAfter() time.Duration { return l.Grace - Margin(l.Grace) - l.longestExit() }

// longestExit is the worst case of the exit hooks.
func (l *Lifecycle) longestExit() time.Duration {
	if l.Exit.Hooks == nil {
		return 0
	}
	return LongestOf(l.Exit.Hooks.Steps)
}

// lastCall is when everything has to be over, the exit hooks too; zero: there is no budget, or its clock has not begun.
func (m *Machine) lastCall() time.Time {
	if m.plan.Grace == 0 || m.began.IsZero() {
		return time.Time{}
	}
	return m.began.Add(m.plan.Grace - Margin(m.plan.Grace))
}

// veryEnd is when even a process that the kernel can't end is no longer waited for: half of the margin is left.
func (m *Machine) veryEnd() time.Time {
	last := m.lastCall()
	if last.IsZero() {
		return last
	}
	return last.Add(Margin(m.plan.Grace) / 2)
}

// killAt is Bound.KillAfter on the clock; zero as lastCall is.
func (m *Machine) killAt() time.Time {
	if m.lastCall().IsZero() {
		return time.Time{}
	}
	return m.began.Add(m.plan.killAfter())
}

// drainLimit is CutAt on the clock; zero: never.
func (m *Machine) drainLimit(r *run) time.Time {
	cut, ok := m.plan.CutAt(r.script, r.at)
	if !ok || m.began.IsZero() {
		return time.Time{}
	}
	return m.began.Add(cut)
}

// Bound is what a stop may take at most: its steps, the linger and the exit hooks, each in its worst case.
type Bound struct {
	Stop      *Script
	Total     time.Duration
	Allowed   time.Duration // the grace period less the margin; 0: none is declared
	KillAfter time.Duration // when exeunt's own SIGKILL comes, to leave the exit hooks their time; 0: there is no budget
	Open      bool          // a drain takes what the others leave
	Ends      bool          // the script ends the child itself, by SIGKILL or because a hook waits for its exit
}

// Bound adds a stop up.
func (l *Lifecycle) Bound(stop *Script) Bound {
	b := Bound{Stop: stop, Total: LongestOf(stop.Steps) + l.Exit.Linger + l.longestExit()}
	if l.Grace > 0 {
		b.Allowed = l.Grace - Margin(l.Grace)
		b.KillAfter = l.killAfter()
	}
	for _, step := range stop.Steps {
		switch s := step.(type) {
		case *Drain:
			b.Open = b.Open || s.Until != nil && s.Timeout == 0
		case *Escalate:
			b.Ends = b.Ends || s.Signal == SIGKILL
		case *Forward:
			b.Ends = b.Ends || s.Signal == SIGKILL
		}
	}
	return b
}

// Fits reports whether the stop is over before the platform's SIGKILL by itself; without a grace period that can't be known.
func (b Bound) Fits() bool { return b.Allowed == 0 || b.Total <= b.Allowed }

// GraceFor is the shortest grace period, in whole seconds, that a worst case fits into with its margin.
func GraceFor(longest time.Duration) time.Duration {
	grace := longest.Truncate(time.Second)
	for grace-Margin(grace) < longest {
		grace += time.Second
	}
	return grace
}
