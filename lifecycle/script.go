package lifecycle

import (
	"fmt"
	"slices"
	"time"
)

// wait is what a script waits for between two events.
type wait int

const (
	atNothing  wait = iota // the script is over, or between two steps
	atHook                 // the hooks of a step
	atDelay                // a drain's delay
	atPoll                 // the answer to "is the drain's condition true?"
	atPause                // the time until it is asked again
	atEscalate             // the target to be gone, or the time to escalate
	atExit                 // the child to exit, after a hook with wait_exit
)

// run is a script under way.
type run struct {
	m      *Machine
	script *Script
	by     Received // what began it; of start and exit scripts: nothing

	at       int // the step
	state    wait
	deadline time.Time // of the state; zero: it has none
	since    time.Time // the step began

	pending   int       // hooks of the step not yet done
	exitBy    time.Time // atExit: what is left of the hook's timeout
	poll      int       // the id of the poll under way
	polled    time.Time // it began
	drainBy   time.Time // the polling ends; zero: never
	cutAt     time.Time // the drain ends for the sake of what follows; zero: never
	warned    bool      // of a poll that failed
	forwarded bool      // a forward came before: there is something to escalate
	awaited   Target    // whom the last forward or escalation reached, or the escalation under way will
	killed    bool      // by SIGKILL
	aborted   bool      // a hook with on_failure = "abort" failed
	over      bool      // the service is over: no wait makes sense but for what is left of a target
	again     *Received // of a signal script: came while it ran
}

func (m *Machine) newRun(script *Script, by Received) *run {
	return &run{m: m, script: script, by: by, at: -1}
}

// become is the only way to another wait or deadline.
func (r *run) become(w wait, deadline time.Time) { r.state, r.deadline = w, deadline }

// idle reports that there is nothing to wait for; of no script, that is so.
func (r *run) idle() bool { return r == nil || r.state == atNothing }

func (r *run) waitsFor(w wait) bool { return r != nil && r.state == w }

// advance begins the step after the current one, and the ones after it, until one has to wait.
func (r *run) advance() {
	r.become(atNothing, time.Time{})
	for r.at++; r.at < len(r.script.Steps); r.at++ {
		r.since = r.m.now
		if r.begin(r.script.Steps[r.at]); !r.idle() {
			return
		}
	}
	r.finish()
}

func (r *run) finish() {
	if r.script.Kind != SignalScript {
		if r.script.Kind == StopScript {
			r.note(Note{What: ScriptEnds, Level: LevelDebug}, "%v has run", r.script)
		}
		r.m.input(scriptOver, Deadline{})
		return
	}
	m := r.m
	for i, side := range m.sides {
		if side == r {
			m.sides = append(m.sides[:i:i], m.sides[i+1:]...)
		}
	}
	m.note(Note{What: ScriptEnds, Level: LevelInfo, Script: r.script.String()}, "%v has run", r.script)
	if r.again != nil && !r.over {
		m.beginSide(r.script, *r.again)
	}
}

func (r *run) begin(step Step) {
	switch s := step.(type) {
	case *Hook:
		r.beginHooks([]*Hook{s})
	case *Parallel:
		r.beginHooks(s.Hooks)
	case *Drain:
		r.beginDrain(s)
	case *Forward:
		r.forward(s)
	case *Escalate:
		r.beginEscalate(s)
	case *Suspend:
		r.note(Note{What: StepEnds, Level: LevelInfo, Step: StepName(s), Outcome: Done}, "exeunt stops itself, until it is continued")
		r.m.do(SuspendSelf{})
	}
}

// Hooks

func (r *run) beginHooks(hooks []*Hook) {
	var begin []*Hook
	for _, h := range hooks {
		switch {
		case r.over && !h.Always:
			r.stepEnds(h, Skipped, "the child is gone")
		case r.aborted && !h.Always:
			r.stepEnds(h, Skipped, "a hook before it aborted the rest")
		default:
			begin = append(begin, h)
		}
	}
	if len(begin) == 0 {
		return
	}
	r.pending = len(begin)
	r.become(atHook, time.Time{})
	for _, h := range begin {
		r.m.beginHook(r, h)
	}
}

// hookDone is told by a hook, once, how it went: Done, Failed, TimedOut or Skipped.
func (r *run) hookDone(h *hookRun, outcome string) {
	if h.hook.Abort && (outcome == Failed || outcome == TimedOut) {
		r.aborted = true
	}
	if h.hook.WaitExit && outcome == Done && h.limit.After(r.exitBy) {
		r.exitBy = h.limit
	}
	if r.pending--; r.pending > 0 {
		return
	}
	if r.exitBy.After(r.m.now) && r.m.exited == nil {
		r.note(Note{What: StepBegins, Level: LevelDebug, Step: StepName(r.script.Steps[r.at])}, "%s waits for the child to exit", StepName(r.script.Steps[r.at]))
		r.become(atExit, r.exitBy)
		return
	}
	r.advance()
}

// Drains

func (r *run) beginDrain(d *Drain) {
	if reason := r.noMore(); reason != "" {
		r.stepEnds(d, Skipped, reason)
		return
	}
	text := "drain begins: " + d.Delay.String()
	if d.Until != nil {
		text += fmt.Sprintf(", then until %v", d.Until)
		if d.Timeout > 0 {
			text += fmt.Sprintf(" for %v at most", d.Timeout)
		}
	}
	r.note(Note{What: StepBegins, Level: LevelInfo, Step: StepName(d), Limit: d.Delay + d.Timeout}, "%s", text)
	r.cutAt, r.warned = r.m.drainLimit(r), false
	r.become(atDelay, sooner(r.m.now.Add(d.Delay), r.cutAt))
}

func (r *run) drain() *Drain { return r.script.Steps[r.at].(*Drain) }

func (r *run) delayed() {
	d := r.drain()
	r.drainBy = r.cutAt
	if d.Timeout > 0 {
		r.drainBy = sooner(r.m.now.Add(d.Timeout), r.cutAt)
	}
	switch {
	case r.since.Add(d.Delay).After(r.m.now), d.Until != nil && r.drained():
		r.endWait(Cut)
	case d.Until == nil:
		r.endWait(Done)
	default:
		r.ask(d)
	}
}

// drained reports that there is no time left to poll in.
func (r *run) drained() bool { return !r.drainBy.IsZero() && !r.drainBy.After(r.m.now) }

func (r *run) ask(d *Drain) {
	r.m.lastID++
	r.poll, r.polled = r.m.lastID, r.m.now
	r.become(atPoll, r.drainBy)
	r.m.do(Poll{ID: r.poll, Until: d.Until, Scope: r.m.scope(r)})
}

func (r *run) answered(ev Polled) {
	d := r.drain()
	if ev.Err != nil && !r.warned {
		r.warned = true
		r.note(Note{What: PollFailed, Level: LevelWarn, Step: StepName(d)}, "drain cannot tell %v, taken as false: %v", d.Until, ev.Err)
	}
	if ev.True && ev.Err == nil {
		r.endWait(Done)
		return
	}
	next := r.polled.Add(d.Every)
	if next.Before(r.m.now) {
		next = r.m.now
	}
	r.become(atPause, sooner(next, r.drainBy))
}

// Signals

func (r *run) forward(f *Forward) {
	switch {
	case r.over:
		r.stepEnds(f, Skipped, "the child is gone")
		return
	case r.aborted && r.script.Kind == SignalScript:
		r.stepEnds(f, Skipped, "a hook before it aborted the rest")
		return
	}
	s := f.Signal
	if s == 0 {
		s = r.by.Signal
	}
	r.forwarded, r.awaited, r.killed = true, f.To, s == SIGKILL
	r.note(Note{What: StepEnds, Level: LevelInfo, Step: "forward " + s.String(), Outcome: Done, Signal: s, To: f.To.String()},
		"forward %v to %v", s, f.To)
	r.send(s, f.To)
}

func (r *run) send(s Signal, to Target) {
	if s == SIGKILL {
		r.m.do(List{to})
	}
	wakes := s.Stops() && !r.m.plan.Unnamed.Sleep || r.script.Kind == StopScript
	r.m.do(Deliver{Signal: s, To: to, Continue: wakes && s != SIGKILL})
}

func (r *run) beginEscalate(e *Escalate) {
	switch {
	case !r.forwarded:
		r.stepEnds(e, Skipped, "nothing was forwarded")
	case r.m.isGone(e.To):
		r.stepEnds(e, Moot, fmt.Sprintf("the %v is gone", e.To))
	default:
		r.note(Note{What: StepBegins, Level: LevelDebug, Step: StepName(e), Limit: e.After},
			"escalate waits %v for the %v to be gone", e.After, e.To)
		r.awaited = e.To
		r.become(atEscalate, r.m.now.Add(e.After))
	}
}

func (r *run) escalate(outcome string) {
	e := r.script.Steps[r.at].(*Escalate)
	took := r.m.now.Sub(r.since)
	r.killed = e.Signal == SIGKILL
	r.note(Note{What: StepEnds, Level: LevelWarn, Step: StepName(e), Outcome: outcome, Took: took, Signal: e.Signal, To: e.To.String()},
		"escalate %v to %v: not gone after %v", e.Signal, e.To, took.Round(time.Millisecond))
	r.send(e.Signal, e.To)
	r.advance()
}

// What ends a wait

// timeUp is the deadline of the wait.
func (r *run) timeUp() {
	switch r.state {
	case atDelay:
		r.delayed()
	case atPause:
		if r.drained() {
			r.endWait(r.lateOutcome())
			return
		}
		r.ask(r.drain())
	case atPoll:
		r.endWait(r.lateOutcome())
	case atEscalate:
		r.escalate(Done)
	case atExit:
		r.endWait(TimedOut)
	}
}

// lateOutcome tells a drain cut for what follows from one whose own timeout is over.
func (r *run) lateOutcome() string {
	if d := r.drain(); d.Timeout > 0 && !r.m.now.Before(r.since.Add(d.Delay+d.Timeout)) {
		return TimedOut
	}
	return Cut
}

// hurry ends the current wait and goes to the next step.
func (r *run) hurry() {
	switch r.state {
	case atEscalate:
		r.escalate(Hurried)
	case atHook:
		r.endHooks(Hurried)
		r.advance()
	case atNothing:
	default:
		r.endWait(Hurried)
	}
}

// childGone ends the waits that are for the child itself.
func (r *run) childGone() {
	if r.waitsFor(atExit) || r.waitsFor(atEscalate) && r.awaited == ChildProcess {
		r.endWait(Moot)
	}
}

// targetGone: there is nobody left to escalate to.
func (r *run) targetGone() { r.endWait(Moot) }

// serviceOver ends every wait but for running hooks and for what is left of an escalation's target.
func (r *run) serviceOver() {
	r.over = true
	switch r.state {
	case atDelay, atPoll, atPause, atExit:
		r.endWait(Moot)
	}
}

// cancel ends the script where it stands; nothing comes after it.
func (r *run) cancel(outcome, reason string) {
	switch r.state {
	case atHook:
		r.endHooks(outcome)
	case atPoll:
		r.m.do(EndPoll{r.poll})
		fallthrough
	case atDelay, atPause, atEscalate, atExit:
		r.stepEnds(r.script.Steps[r.at], outcome, reason)
	}
	r.become(atNothing, time.Time{})
}

func (r *run) endHooks(outcome string) {
	r.pending = 0
	for _, h := range slices.Clone(r.m.hooks) {
		if h.owner == r {
			h.terminate(outcome)
		}
	}
}

// endWait ends a step that waited, and begins the next.
func (r *run) endWait(outcome string) {
	if r.state == atPoll && outcome != Done {
		r.m.do(EndPoll{r.poll})
	}
	reason := ""
	switch {
	case outcome == Cut:
		reason = "the rest of the budget is for what follows"
	case outcome == Moot && r.state == atEscalate:
		reason = fmt.Sprintf("the %v is gone", r.awaited)
	case outcome == Moot:
		reason = "the child is gone"
	case outcome == TimedOut && r.state == atExit:
		reason = "the child has not exited"
	}
	r.stepEnds(r.script.Steps[r.at], outcome, reason)
	r.advance()
}

// noMore says why no drain can begin, "" if it can.
func (r *run) noMore() string {
	switch {
	case r.over:
		return "the child is gone"
	case r.aborted:
		return "a hook before it aborted the rest"
	}
	return ""
}

// Words

func (r *run) stepEnds(step Step, outcome, reason string) {
	n := Note{What: StepEnds, Level: LevelInfo, Step: StepName(step), Outcome: outcome, Reason: reason, Took: r.m.now.Sub(r.since)}
	text := n.Step + " " + outcome
	if _, escalates := step.(*Escalate); escalates && outcome == Moot {
		n.Level = LevelDebug
	}
	if outcome == Moot {
		text = n.Step + " ends"
	}
	if n.Took > 0 {
		text += " after " + n.Took.Round(time.Millisecond).String()
	}
	if reason != "" {
		text += ": " + reason
	}
	r.note(n, "%s", text)
}

// note logs under the script's name; a signal's script says it in the line as well, as it runs beside others.
func (r *run) note(n Note, format string, args ...any) {
	n.Script = r.script.String()
	if r.script.Kind == SignalScript {
		format, args = "%v: "+format, append([]any{r.script}, args...)
	}
	r.m.note(n, format, args...)
}

// StepName names a step as the log does.
func StepName(step Step) string {
	switch s := step.(type) {
	case *Hook:
		return fmt.Sprintf("hook %q", s.Name)
	case *Parallel:
		return "parallel"
	case *Drain:
		return "drain"
	case *Forward:
		if s.Signal == 0 {
			return "forward"
		}
		return "forward " + s.Signal.String()
	case *Escalate:
		return "escalate " + s.Signal.String()
	case *Suspend:
		return "suspend"
	}
	return "step"
}
