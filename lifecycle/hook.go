package lifecycle

import (
	"slices"
	"time"
)

// hookState is where a hook under way stands.
type hookState int

const (
	hookRuns   hookState = iota // until its timeout
	hookPauses                  // between two tries
	hookEnding                  // it was told to end; its script has gone on without it
	hookKilled                  // SIGKILL was sent; it may never be heard of again
)

// politeness is how long a hook has between SIGTERM and SIGKILL.
const politeness = time.Second

// hookRun is a hook under way.
type hookRun struct {
	m        *Machine
	owner    *run
	hook     *Hook
	id       int
	began    time.Time
	limit    time.Time // began + timeout: the worst case
	tries    int
	state    hookState
	deadline time.Time // of the state; zero: it has none
}

func (m *Machine) beginHook(r *run, hook *Hook) {
	m.lastID++
	h := &hookRun{m: m, owner: r, hook: hook, id: m.lastID, began: m.now, limit: m.now.Add(hook.Timeout)}
	m.hooks = append(m.hooks, h)
	r.note(Note{What: StepBegins, Level: LevelInfo, Step: StepName(hook), Limit: hook.Timeout}, "%s begins", StepName(hook))
	h.try()
}

// become is the only way to another state or deadline.
func (h *hookRun) become(s hookState, deadline time.Time) { h.state, h.deadline = s, deadline }

func (h *hookRun) try() {
	h.tries++
	h.become(hookRuns, h.limit)
	h.m.do(RunHook{ID: h.id, Hook: h.hook, Scope: h.m.scope(h.owner)})
}

func (m *Machine) hookEnded(ev HookEnded) {
	for i, h := range m.hooks {
		if h.id != ev.ID {
			continue
		}
		if h.state == hookPauses {
			break
		}
		if h.state == hookRuns && ev.Err != nil && h.pause(ev) {
			return
		}
		m.hooks = append(m.hooks[:i:i], m.hooks[i+1:]...)
		if h.state == hookRuns {
			h.ended(ev)
		}
		return
	}
	m.do(Bug{ev.String() + ", which does not run"})
}

// pause waits for the next try, if there is one that can begin in time.
func (h *hookRun) pause(ev HookEnded) bool {
	delay := h.hook.RetryDelay << (h.tries - 1)
	if h.tries > h.hook.Retries || delay < 0 || !h.m.now.Add(delay).Before(h.limit) {
		return false
	}
	h.owner.note(Note{What: StepRetries, Level: LevelInfo, Step: StepName(h.hook), Outcome: Failed, Reason: ev.Err.Error(), Took: h.m.now.Sub(h.began)},
		"%s failed: %v; again in %v", StepName(h.hook), ev.Err, delay)
	h.become(hookPauses, h.m.now.Add(delay))
	return true
}

func (h *hookRun) ended(ev HookEnded) {
	switch {
	case ev.Skipped:
		h.tell(Skipped, "`when` is false", LevelInfo)
	case ev.Err != nil:
		h.tell(Failed, ev.Err.Error(), LevelWarn)
	default:
		h.tell(Done, "", LevelInfo)
	}
}

// tell logs how it went and tells the script.
func (h *hookRun) tell(outcome, reason string, level Level) {
	h.log(outcome, reason, level)
	h.owner.hookDone(h, outcome)
}

func (h *hookRun) log(outcome, reason string, level Level) {
	n := Note{What: StepEnds, Level: level, Step: StepName(h.hook), Outcome: outcome, Reason: reason, Took: h.m.now.Sub(h.began)}
	text := n.Step + " " + outcome
	if n.Took > 0 {
		text += " after " + n.Took.Round(time.Millisecond).String()
	}
	if reason != "" {
		text += ": " + reason
	}
	h.owner.note(n, "%s", text)
}

func (h *hookRun) timeUp() {
	switch h.state {
	case hookRuns:
		h.end()
		h.tell(TimedOut, "", LevelWarn)
	case hookPauses:
		h.try()
	case hookEnding:
		h.kill("not ended by SIGTERM")
	}
}

// terminate ends a hook whose script no longer waits for it.
func (h *hookRun) terminate(outcome string) {
	switch h.state {
	case hookRuns:
		h.log(outcome, "", LevelInfo)
		h.end()
	case hookPauses:
		h.log(outcome, "", LevelInfo)
		h.forget()
	}
}

func (h *hookRun) end() {
	h.m.do(EndHook{ID: h.id, Hook: h.hook, Signal: SIGTERM})
	h.become(hookEnding, h.m.now.Add(politeness))
}

func (h *hookRun) kill(reason string) {
	h.owner.note(Note{What: HookKilled, Level: LevelWarn, Step: StepName(h.hook), Reason: reason, Signal: SIGKILL},
		"%s killed: %s", StepName(h.hook), reason)
	h.m.do(EndHook{ID: h.id, Hook: h.hook, Signal: SIGKILL})
	h.become(hookKilled, time.Time{})
}

func (h *hookRun) forget() {
	for i, other := range h.m.hooks {
		if other == h {
			h.m.hooks = append(h.m.hooks[:i:i], h.m.hooks[i+1:]...)
			return
		}
	}
}

// killHooks leaves no hook alive.
func (m *Machine) killHooks(reason string) {
	for _, h := range slices.Clone(m.hooks) {
		switch h.state {
		case hookPauses:
			h.forget()
		case hookRuns, hookEnding:
			h.kill(reason)
		}
	}
}

// hooksEnding reports whether a hook was told to end and may still do so by itself. A signal's hook is not waited for: it
// never delays a stop.
func (m *Machine) hooksEnding() bool {
	for _, h := range m.hooks {
		if h.state == hookEnding && h.owner.script.Kind != SignalScript {
			return true
		}
	}
	return false
}

func (m *Machine) polled(ev Polled) {
	for _, r := range append([]*run{m.main}, m.sides...) {
		if r.waitsFor(atPoll) && r.poll == ev.ID {
			r.answered(ev)
			return
		}
	}
	// A poll that was ended answers all the same.
}

func (m *Machine) scope(r *run) Scope {
	s := Scope{Signal: r.by.Signal, Sender: r.by.From, Remaining: -1, Child: m.pid}
	if m.stop != nil && (r.script.Kind == StopScript || r.script.Kind == ExitScript) {
		s.Stop, s.Signal, s.Sender = m.stop.script.Name, m.stop.by.Signal, m.stop.by.From
	}
	if !m.began.IsZero() {
		s.Elapsed = m.now.Sub(m.began)
		if end := m.lastCall(); !end.IsZero() {
			s.Remaining = max(0, end.Sub(m.now))
		}
	}
	if m.exited != nil {
		s.Exited, s.Status, s.ChildSignal = true, m.exited.Code(), m.exited.Signal
	}
	return s
}
