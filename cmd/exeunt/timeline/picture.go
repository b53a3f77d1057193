package timeline

import (
	"fmt"
	"strings"

	"exeunt/lifecycle"
)

// picture is what every renderer draws: rows of bars on one scale, and vertical lines through all of them.
type picture struct {
	title   string
	verdict string
	tone    tone // of the verdict
	rows    []row
	lines   []line
	scale   Seconds // the right edge
	notes   []string
	keys    []key // what the bars mean
	past    bool  // the solid bars are what happened
}

// row is one line of the picture. Its pale bar is the plan's worst case, its solid bar the best case or what happened.
type row struct {
	label   string
	kind    Kind
	pale    *Span
	lost    *Span // what the budget does not leave of the worst case
	solid   *Span
	endless bool // the pale bar, or the solid one where there is no other, has no end
	moment  bool // nothing but a mark at the begin of the solid bar
	kill    bool // it ends in SIGKILL
	tone    tone // of the text and of the mark
	lane    lane
	text    string
	long    string // the same with its reason
	details string // what is declared
}

// tone is how a row is meant.
type tone int

const (
	plain tone = iota
	good
	faint // skipped, moot, not reached
	warn
	bad
)

// lane says that a row runs beside the ones next to it.
type lane int

const (
	alone lane = iota
	firstLane
	midLane
	lastLane
)

// line is a time that matters to all rows.
type line struct {
	at       Seconds
	text     string
	platform bool // the platform's SIGKILL; otherwise exeunt's own
}

// key explains a mark of the picture.
type key struct {
	mark mark
	text string
}

// mark is what a key explains.
type mark int

const (
	solidMark mark = iota
	paleMark
	lostMark
	momentMark
)

// Title names the timeline in one line.
func (t Timeline) Title() string { return t.picture().title }

func (t Timeline) picture() *picture {
	p := &picture{}
	switch {
	case t.Happened == nil && t.Planned == nil:
		p.title = "nothing to draw"
	case t.Happened == nil:
		p.plan(t.Planned)
	default:
		p.happened(t.Happened, t.Planned)
	}
	p.finish(t)
	return p
}

// Planned

func (p *picture) plan(plan *Planned) {
	p.title = fmt.Sprintf("stop %q", plan.Stop)
	if len(plan.On) > 0 {
		p.title += " on " + strings.Join(plan.On, ", ")
	}
	if p.verdict, p.tone = plan.Verdict(), good; !plan.Fits || plan.Endless {
		p.tone = bad
	}
	for i, s := range plan.Steps {
		r := plannedRow(s, 0, plan)
		r.lane = laneOf(plan.Steps, i)
		r.text, r.tone = s.promise()
		r.long = r.text
		p.rows = append(p.rows, r)
	}
	p.planLines(plan)
	p.keys = []key{{solidMark, "at least"}, {paleMark, "at most"}}
}

// plannedRow places a planned step; the steps of a stop that took over from another begin when it did.
func plannedRow(s PlannedStep, shift Seconds, plan *Planned) row {
	r := row{label: label(s.Script, s.Step, plan.Stop), kind: s.Kind, details: s.Declares, endless: s.Endless, kill: kills(s.Step)}
	early, late := s.Earliest, s.Latest
	if s.Kind != Margin && shift > 0 {
		early, late = Span{early.Begin + shift, early.End + shift}, Span{late.Begin + shift, late.End + shift}
		if plan.Grace > 0 {
			late = Span{min(late.Begin, plan.Allowed), min(late.End, plan.Allowed)}
		}
	}
	r.pale = &late
	if s.Kind != Margin {
		r.solid = &early
	}
	if s.Lost > 0 {
		r.lost = &Span{late.End, late.End + s.Lost}
	}
	return r
}

// label names a step; of another script than the stop's, that too.
func label(script, step, stop string) string {
	if script == fmt.Sprintf("stop %q", stop) || script == "exit" && (step == "linger" || step == "margin") {
		return printable(step)
	}
	for _, block := range []string{"stop ", "signal "} {
		if name, ok := strings.CutPrefix(script, block); ok {
			script = strings.Trim(name, `"`)
		}
	}
	return printable(script + ": " + step)
}

// kills reports whether a step's signal is SIGKILL.
func kills(step string) bool { return strings.HasSuffix(step, " "+lifecycle.SIGKILL.String()) }

func laneOf(steps []PlannedStep, i int) lane {
	same := func(j int) bool {
		return j >= 0 && j < len(steps) && steps[j].Parallel && steps[j].At == steps[i].At && steps[j].Script == steps[i].Script
	}
	switch before, after := same(i-1), same(i+1); {
	case !steps[i].Parallel || !before && !after:
		return alone
	case !before:
		return firstLane
	case !after:
		return lastLane
	}
	return midLane
}

// promise is what a step may take, in a few words.
func (s PlannedStep) promise() (string, tone) {
	switch {
	case s.Latest.length() == 0 && s.Limit > 0 && s.Lost == 0:
		return "then at most " + s.Limit.exactly(), plain
	case s.Missed:
		return "not reached in the worst case", bad
	case s.Kind == Drain && s.Lost > 0:
		return fmt.Sprintf("cut to %v of %s", s.Latest.length(), s.Limit.exactly()), bad
	case s.Lost > 0:
		return fmt.Sprintf("%s lost of %s", s.Lost.exactly(), s.Limit.exactly()), bad
	case s.Endless:
		return "for ever", bad
	case s.Open:
		return s.Delay.exactly() + ", then what is left", plain
	case s.Kind == Forward, s.Kind == Escalate && s.Limit == 0:
		return s.Declares, plain
	case s.Kind == Wait:
		return "at most " + s.Latest.length().String(), plain
	case s.Kind == Margin, s.Kind == Drain && s.Delay == s.Limit:
		return s.Limit.exactly(), plain
	case s.Kind == Drain && s.Delay > 0:
		return s.Delay.exactly() + ", then at most " + (s.Limit - s.Delay).exactly(), plain
	}
	return "at most " + s.Limit.exactly(), plain
}

// Verdict says how long the stop may take, against what the platform grants.
func (p *Planned) Verdict() string {
	switch {
	case p.Endless:
		return fmt.Sprintf("at least %v, and no end: no grace_period is declared, and no step ends the child", p.Earliest)
	case p.Grace == 0:
		return fmt.Sprintf("at least %v, at most %v; no grace_period is declared", p.Earliest, p.Latest)
	case !p.Fits:
		return fmt.Sprintf("it does not fit: up to %s, and %s granted leave %s", p.Declared.exactly(), p.Grace.exactly(), p.Allowed.exactly())
	}
	return fmt.Sprintf("at least %v, at most %v of the %s granted: it fits", p.Earliest, p.Latest, p.Grace.exactly())
}

func (p *picture) planLines(plan *Planned) {
	if plan.Grace == 0 {
		return
	}
	p.lines = append(p.lines,
		line{at: plan.KillAfter, text: "exeunt's SIGKILL to what still lives"},
		line{at: plan.Grace, text: "the platform's SIGKILL", platform: true})
}
