package timeline

import (
	"fmt"
	"strings"
	"time"

	"exeunt/lifecycle"
)

// Planned is a stop before it happens: when each step begins and ends, at the earliest and at the latest.
//
// At the earliest, hooks are done at once, conditions are true at the first poll, and the child goes as soon as it is asked
// for the last time before an escalation. At the latest, everything takes what it may. Both are derived from package lifecycle's budget.go.
type Planned struct {
	Stop      string        `json:"stop"`
	On        []string      `json:"on"`                           // the triggers
	Grace     Seconds       `json:"grace_seconds,omitempty"`      // what the platform grants; 0: not declared
	Allowed   Seconds       `json:"allowed_seconds,omitempty"`    // the grace period less the margin
	KillAfter Seconds       `json:"kill_after_seconds,omitempty"` // exeunt's own SIGKILL to what still lives
	Declared  Seconds       `json:"declared_seconds"`             // the sum of all worst cases
	Earliest  Seconds       `json:"earliest_end_seconds"`
	Latest    Seconds       `json:"latest_end_seconds"`
	Endless   bool          `json:"endless,omitempty"` // nothing ends it: it may wait for the child for ever
	Open      bool          `json:"open,omitempty"`    // a drain takes what the other steps leave
	Fits      bool          `json:"fits"`
	Steps     []PlannedStep `json:"steps"`
}

// Kind is what a row of a timeline is.
type Kind string

// The kinds of rows: those of steps, and what no step is.
const (
	Hook     Kind = "hook"
	Drain    Kind = "drain"
	Forward  Kind = "forward"
	Escalate Kind = "escalate"
	Wait     Kind = "wait"   // the script has no step left, and the child lives
	Linger   Kind = "linger" // what is left of the session was asked to go
	Margin   Kind = "margin" // what exeunt keeps of the grace period
)

// PlannedStep is a step of a Planned, or what comes after the last of them.
type PlannedStep struct {
	Script   string  `json:"script"` // `stop "graceful"`, "exit"
	Step     string  `json:"step"`   // as the log names it
	Kind     Kind    `json:"kind"`
	At       int     `json:"at"`                      // its place in the script, from 0; the hooks of a parallel share one
	Parallel bool    `json:"parallel,omitempty"`      // it runs beside the others of its place
	Delay    Seconds `json:"delay_seconds,omitempty"` // of a drain: before it polls
	Limit    Seconds `json:"limit_seconds"`           // what it declares to take at most
	Declares string  `json:"declares,omitempty"`      // the rest of what it declares, in words
	Earliest Span    `json:"earliest"`
	Latest   Span    `json:"latest"`                 // empty where it comes after a step without an end
	Lost     Seconds `json:"lost_seconds,omitempty"` // of its limit: what the budget does not leave it, in the worst case
	Missed   bool    `json:"missed,omitempty"`       // in the worst case it is not reached before exeunt's SIGKILL
	Open     bool    `json:"open,omitempty"`         // a drain without a timeout
	Endless  bool    `json:"endless,omitempty"`      // no end is declared
}

// Plan lays out a stop of a lifecycle.
func Plan(l *lifecycle.Lifecycle, stop *lifecycle.Script) *Planned {
	b := l.Bound(stop)
	p := &planner{l: l, stop: stop, kill: Seconds(max(0, b.KillAfter)), budget: l.Grace > 0, lastAsked: lastForward(stop)}
	p.Planned = &Planned{Stop: stop.Name, Grace: Seconds(l.Grace), Allowed: Seconds(b.Allowed), KillAfter: p.kill,
		Declared: Seconds(b.Total), Open: b.Open, Fits: b.Fits()}
	for _, s := range stop.On {
		p.On = append(p.On, s.String())
	}
	p.script(stop)
	p.afterwards()
	p.Earliest, p.Latest = p.early, p.late
	return p.Planned
}

// planner lays step after step.
type planner struct {
	*Planned
	l         *lifecycle.Lifecycle
	stop      *lifecycle.Script
	budget    bool
	kill      Seconds // the stop's steps end here at the latest
	lastAsked int     // the forward that the child goes by
	gone      bool    // at the earliest, the child is, here
	over      bool    // at the latest, exeunt's SIGKILL has come, here
	early     Seconds
	late      Seconds
}

// lastForward is the place of the forward that the child goes by at the earliest: the last before a step waits for it to go.
func lastForward(stop *lifecycle.Script) int {
	last := -1
	for i, step := range stop.Steps {
		switch step.(type) {
		case *lifecycle.Forward:
			last = i
		case *lifecycle.Escalate:
			return last
		}
	}
	return last
}

func (p *planner) script(script *lifecycle.Script) {
	for i, step := range script.Steps {
		switch s := step.(type) {
		case *lifecycle.Hook:
			p.hooks(script, i, []*lifecycle.Hook{s}, lifecycle.Longest(s), false)
		case *lifecycle.Parallel:
			p.hooks(script, i, s.Hooks, lifecycle.Longest(s), true)
		default:
			p.step(i, step)
		}
		p.gone = p.gone || i == p.lastAsked && script == p.stop
	}
}

// end is where what begins now and may take long ends at the latest.
func (p *planner) end(long, last Seconds) (Span, Seconds) {
	if p.Endless {
		return Span{p.late, p.late}, 0
	}
	span := Span{p.late, p.late + long}
	if p.budget && span.End > last {
		span.End = max(span.Begin, last)
	}
	return span, long - span.length()
}

// lastEnd is when the steps of a script are over at the latest.
func (p *planner) lastEnd(script *lifecycle.Script) Seconds {
	if script == p.stop {
		return p.kill
	}
	return p.Allowed
}

func (p *planner) hooks(script *lifecycle.Script, at int, hooks []*lifecycle.Hook, longest time.Duration, parallel bool) {
	for _, h := range hooks {
		step := PlannedStep{Script: script.String(), Step: lifecycle.StepName(h), Kind: Hook, At: at, Parallel: parallel,
			Limit: Seconds(h.Timeout), Declares: declaredHook(h), Earliest: Span{p.early, p.early}, Missed: p.over}
		step.Latest, step.Lost = p.end(Seconds(h.Timeout), p.lastEnd(script))
		p.Steps = append(p.Steps, step)
		p.gone = p.gone || h.WaitExit
	}
	span, lost := p.end(Seconds(longest), p.lastEnd(script))
	p.late, p.over = span.End, p.over || lost > 0
}

func (p *planner) step(at int, step lifecycle.Step) {
	s := PlannedStep{Script: p.stop.String(), Step: lifecycle.StepName(step), At: at, Missed: p.over,
		Limit: Seconds(lifecycle.Longest(step)), Earliest: Span{p.early, p.early}}
	s.Latest, s.Lost = p.end(s.Limit, p.kill)
	short := s.Lost > 0
	switch step := step.(type) {
	case *lifecycle.Drain:
		s.Kind, s.Declares, s.Delay = Drain, declaredDrain(step), Seconds(step.Delay)
		s.Open = step.Until != nil && step.Timeout == 0
		short = p.drain(&s, at, step)
	case *lifecycle.Forward:
		s.Kind, s.Declares = Forward, "to "+step.To.String()
	case *lifecycle.Escalate:
		s.Kind, s.Declares = Escalate, "to "+step.To.String()
	}
	p.over = p.over || short
	p.early, p.late = s.Earliest.End, s.Latest.End
	p.Steps = append(p.Steps, s)
}

// drain is cut for what follows it, and reports whether not even that was enough.
func (p *planner) drain(s *PlannedStep, at int, d *lifecycle.Drain) (short bool) {
	if !p.gone {
		s.Earliest.End += Seconds(lifecycle.Shortest(d))
	}
	after, ok := p.l.CutAt(p.stop, at)
	if !ok {
		s.Endless = s.Open
		p.Endless = p.Endless || s.Open
		return false
	}
	cut := min(Seconds(after), p.kill)
	if s.Open {
		s.Latest.End = max(s.Latest.Begin, cut)
	} else {
		s.Latest, s.Lost = p.end(s.Limit, cut)
	}
	s.Lost = max(0, s.Limit-s.Latest.length())
	s.Earliest.End = min(s.Earliest.End, max(s.Earliest.Begin, cut))
	return p.over
}

// afterwards lays out what comes after the last step: the child is waited for, what is left of the session, the exit
// hooks, the margin.
func (p *planner) afterwards() {
	waits := !p.over && !p.kills()
	if waits {
		s := PlannedStep{Script: p.stop.String(), Step: "wait for the " + p.l.Exit.When.String(), Kind: Wait, At: len(p.stop.Steps),
			Earliest: Span{p.early, p.early}, Latest: Span{p.late, max(p.late, p.kill)}, Endless: !p.budget, Declares: "no step is left"}
		p.Endless = p.Endless || s.Endless
		p.Steps = append(p.Steps, s)
	}
	if linger := Seconds(p.l.Exit.Linger); linger > 0 {
		p.linger(linger, waits)
	}
	if p.over || waits && p.budget {
		p.late = p.kill
	}
	p.gone, p.over = true, false
	if p.l.Exit.Hooks != nil {
		p.script(p.l.Exit.Hooks)
	}
	if p.budget {
		p.Steps = append(p.Steps, PlannedStep{Script: "exit", Step: "margin", Kind: Margin, Limit: p.Grace - p.Allowed,
			Earliest: Span{p.Allowed, p.Grace}, Latest: Span{p.Allowed, p.Grace}, Declares: "what exeunt keeps for its last words"})
	}
}

// linger may begin as late as it can still end before exeunt's SIGKILL.
func (p *planner) linger(long Seconds, waits bool) {
	s := PlannedStep{Script: "exit", Step: "linger", Kind: Linger, Limit: long, Earliest: Span{p.early, p.early}, Missed: p.over,
		Declares: "SIGTERM to what is left of the session, then SIGKILL"}
	if waits && p.budget {
		p.late = max(p.late, p.kill-long)
	}
	s.Latest, s.Lost = p.end(long, p.kill)
	p.late = s.Latest.End
	p.over = p.over || s.Lost > 0
	p.Steps = append(p.Steps, s)
}

// kills reports whether the script's last word is a SIGKILL to what the end waits for.
func (p *planner) kills() bool {
	kills := false
	for _, step := range p.stop.Steps {
		switch s := step.(type) {
		case *lifecycle.Forward:
			kills = s.Signal == lifecycle.SIGKILL && s.To >= p.l.Exit.When
		case *lifecycle.Escalate:
			kills = s.Signal == lifecycle.SIGKILL && s.To >= p.l.Exit.When
		}
	}
	return kills
}

// Words

func declaredHook(h *lifecycle.Hook) string {
	var words []string
	add := func(when bool, format string, args ...any) {
		if when {
			words = append(words, fmt.Sprintf(format, args...))
		}
	}
	add(true, "%s", doing(h.Do))
	add(h.When != nil, "when %v", h.When)
	add(h.Retries > 0, "retries %d", h.Retries)
	add(h.Abort, "on_failure = \"abort\"")
	add(h.Always, "always")
	add(h.WaitExit, "waits for the child to exit")
	return strings.Join(words, ", ")
}

func doing(d lifecycle.Doing) string {
	switch d := d.(type) {
	case *lifecycle.Exec:
		return "exec " + source(d.Argv)
	case *lifecycle.Shell:
		return "script"
	case *lifecycle.HTTP:
		return fmt.Sprintf("http %s %s", d.Method, source(d.URL))
	case *lifecycle.TCP:
		return "tcp " + source(d.Address)
	case *lifecycle.Send:
		return fmt.Sprintf("%v to %s", d.Signal, source(d.To))
	case *lifecycle.Write:
		return "write " + source(d.Path)
	case *lifecycle.Remove:
		return "remove " + source(d.Path)
	}
	return "hook"
}

// source is the text of a live value in the file.
func source(live fmt.Stringer) string {
	if live == nil {
		return ""
	}
	return live.String()
}

func declaredDrain(d *lifecycle.Drain) string {
	text := "delay " + Seconds(d.Delay).exactly()
	if d.Until == nil {
		return text
	}
	text += fmt.Sprintf(", then until %v, every %s", d.Until, Seconds(d.Every).exactly())
	if d.Timeout == 0 {
		return text + ", as long as the budget allows"
	}
	return text + ", for at most " + Seconds(d.Timeout).exactly()
}
