package timeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

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

// Happened

// happened draws what happened, over its plan where there is one.
func (p *picture) happened(h *Happened, plan *Planned) {
	p.past = true
	p.title = "the end of the child"
	if h.Stop != "" {
		p.title = printable(fmt.Sprintf("stop %q by %s", h.Stop, h.asked()))
	}
	p.notes = append(p.notes, h.faults(true)...)
	switch p.verdict = h.verdict(); {
	case !h.Ended, len(h.Killed) > 0, len(h.Unkilled) > 0:
		p.tone = bad
	case len(p.notes) > 0, h.Stop == "":
		p.tone = warn
	default:
		p.tone = good
	}
	if plan != nil {
		p.overPlan(h, plan)
		p.planLines(plan)
	} else {
		for _, d := range h.Steps {
			p.rows = append(p.rows, doneRow(d, h.Stop))
		}
		slices.SortStableFunc(p.rows, func(a, b row) int { return cmp.Compare(a.solid.Begin, b.solid.Begin) })
		p.happenedLine(h)
	}
	p.moments(h)
	p.keys = []key{{solidMark, "what happened"}, {momentMark, "at this moment"}}
	if plan != nil {
		p.keys = append(p.keys, key{paleMark, "planned at most"})
	}
}

func (h *Happened) verdict() string {
	text := strings.TrimPrefix(h.headline(), "the stop ")
	if !h.Ended {
		return text + ": the platform killed it, or the log was cut"
	}
	if h.Left != nil {
		text += fmt.Sprintf(", %v left", h.Left)
	}
	return text
}

func (p *picture) happenedLine(h *Happened) {
	if h.Grace > 0 {
		p.lines = append(p.lines, line{at: h.Grace, text: "the platform's SIGKILL", platform: true})
	}
}

func doneRow(d Done, stop string) row {
	r := row{label: label(d.Script, d.Step, stop), kind: kindOf(d.Step), text: printable(d.result()), tone: d.tone()}
	r.long = r.text
	if d.Reason != "" {
		r.long = printable(d.result() + ": " + d.Reason)
	}
	if d.fault() == "" { // of a fault, the reason stands below
		r.text = r.long
	}
	r.solid = &Span{d.Begin, d.end()}
	r.moment, r.kill = d.Took == 0, kills(d.Step) && (d.Outcome == lifecycle.Done || d.Outcome == lifecycle.Hurried)
	r.endless = d.Outcome == "" && d.Took > 0
	return r
}

func (d Done) tone() tone {
	switch {
	case d.Killed || d.Signal == lifecycle.SIGKILL.String() || d.Outcome == lifecycle.Failed || d.Outcome == lifecycle.TimedOut || d.Outcome == "":
		return bad
	case d.Outcome == lifecycle.Cut, d.Outcome == lifecycle.Hurried, d.Outcome == lifecycle.TakenOver,
		kindOf(d.Step) == Escalate && d.Outcome == lifecycle.Done:
		return warn
	case d.Outcome == lifecycle.Skipped, d.Outcome == lifecycle.Moot:
		return faint
	}
	return good
}

// overPlan draws every planned step with what became of it, and what happened besides.
func (p *picture) overPlan(h *Happened, plan *Planned) {
	var shift Seconds
	for _, m := range h.Moments {
		if m.Event == string(lifecycle.ScriptBegins) && strings.HasPrefix(m.Text, fmt.Sprintf("stop %q begins", plan.Stop)) {
			shift = m.At
		}
	}
	left := slices.Clone(h.Steps)
	for i, s := range plan.Steps {
		r := plannedRow(s, shift, plan)
		r.solid, r.lane, r.endless, r.lost = nil, laneOf(plan.Steps, i), false, nil
		if s.Kind == Wait && r.pale.length() == 0 {
			continue
		}
		at := slices.IndexFunc(left, func(d Done) bool { return s.is(d) })
		switch {
		case at >= 0:
			done := doneRow(left[at], plan.Stop)
			done.pale, done.lane, done.details = r.pale, r.lane, r.details
			left = slices.Delete(left, at, at+1)
			r = done
		case s.Kind == Margin:
			r.text = s.Limit.exactly()
		case h.Ended && (s.Kind == Linger || s.Kind == Wait):
			r.text, r.tone = "not needed", faint
		default:
			r.text, r.tone = "not reached", faint
		}
		if at < 0 {
			r.long = r.text
		}
		p.rows = append(p.rows, r)
	}
	slices.Reverse(left) // so that what began at the same time stays in its order
	for _, d := range left {
		p.insert(doneRow(d, plan.Stop))
	}
}

// is reports whether a step that happened is the planned one.
func (s PlannedStep) is(d Done) bool {
	return s.Script == d.Script && (s.Step == d.Step || s.Step == "forward" && strings.HasPrefix(d.Step, "forward "))
}

// insert puts a row before the first one that began at its time or later: what begins at the same time follows from it.
func (p *picture) insert(r row) {
	at := slices.IndexFunc(p.rows, func(other row) bool { return other.solid != nil && other.solid.Begin >= r.solid.Begin })
	if at < 0 {
		at = len(p.rows)
	}
	for at > 0 && p.rows[at-1].solid == nil { // what was not reached stays behind
		at--
	}
	p.rows = slices.Insert(p.rows, at, r)
}

// moments puts what is no step between the steps.
func (p *picture) moments(h *Happened) {
	for _, m := range slices.Backward(h.Moments) {
		r := row{label: m.name(), moment: true, kind: Wait, solid: &Span{m.At, m.At}, tone: plain}
		r.text = printable(strings.TrimPrefix(strings.TrimPrefix(m.Text, r.label+" "), "child "))
		r.long = r.text
		switch lifecycle.What(m.Event) {
		case lifecycle.ScriptBegins:
			if strings.HasPrefix(m.Text, fmt.Sprintf("stop %q begins", h.Stop)) && m.At == 0 {
				continue // it is the title
			}
		case lifecycle.BudgetOver, lifecycle.ProcessUnkilled:
			r.tone = bad
		case lifecycle.ChildEnded:
			if r.tone = good; h.Child.Signal != "" {
				r.tone = warn
			}
		}
		p.insert(r)
	}
	if h.Omitted > 0 {
		p.notes = append(p.notes, fmt.Sprintf("%d more notes of signals are not drawn", h.Omitted))
	}
	end := row{label: theEnd, moment: true, kind: Wait, solid: &Span{h.Took, h.Took}, text: "exit status " + fmt.Sprint(h.Status), tone: plain}
	if !h.Ended {
		end.text, end.tone = "missing: the log ends here", bad
	}
	end.long = end.text
	end.solid.Begin, end.solid.End = h.Took+1, h.Took+1 // after what else happened at this time
	p.insert(end)
}

// theEnd is the label of the last row.
const theEnd = "the end"

// name is the short one of a moment.
func (m Moment) name() string {
	switch lifecycle.What(m.Event) {
	case lifecycle.ChildEnded:
		return "the child ends"
	case lifecycle.BudgetOver:
		return "the budget"
	case lifecycle.ProcessUnkilled:
		return "SIGKILL"
	case lifecycle.ChildNotStarted:
		return "no child"
	}
	if m.Signal != "" {
		return printable(m.Signal)
	}
	return strings.ReplaceAll(printable(m.Event), "_", " ")
}

// The scale

// finish fits the scale to what is drawn. A lost part, or a step that is far longer than what is granted, is drawn up to
// half as long again.
func (p *picture) finish(t Timeline) {
	var longest, grace Seconds
	endless := false
	for _, r := range p.rows {
		for _, s := range []*Span{r.pale, r.solid, r.lost} {
			if s != nil {
				longest = max(longest, s.End)
			}
		}
		endless = endless || r.endless && r.pale != nil
		if r.lost != nil && !slices.ContainsFunc(p.keys, func(k key) bool { return k.mark == lostMark }) {
			p.keys = append(p.keys, key{lostMark, "there is no time for it"})
		}
	}
	for _, l := range p.lines {
		grace = max(grace, l.at)
	}
	p.scale = max(longest, grace)
	if grace > 0 {
		p.scale = max(grace, min(longest, grace*3/2))
		if t.Happened != nil {
			p.scale = max(p.scale, t.Happened.Took)
		}
	}
	if endless {
		p.scale += p.scale / 2
	}
	p.scale = max(p.scale, Seconds(10*time.Millisecond))
}

// ticks are times for an axis of at most n, all of them round.
func (p *picture) ticks(n int) []Seconds {
	step := p.step(max(1, n))
	var at []Seconds
	for t := Seconds(0); t <= p.scale; t += step {
		at = append(at, t)
	}
	return at
}

// step is the smallest round one that gives no more than n ticks beside the first.
func (p *picture) step(n int) Seconds {
	for unit := Seconds(time.Millisecond); unit < Seconds(10*time.Second); unit *= 10 {
		for _, f := range []Seconds{1, 2, 5} {
			if p.scale/(unit*f) <= Seconds(n) {
				return unit * f
			}
		}
	}
	for _, s := range []time.Duration{10, 15, 20, 30, 60, 120, 300, 600, 900, 1800} {
		if p.scale/Seconds(s*time.Second) <= Seconds(n) {
			return Seconds(s * time.Second)
		}
	}
	hours := Seconds(time.Hour)
	for p.scale/hours > Seconds(n) {
		hours *= 2
	}
	return hours
}
