package timeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"exeunt/lifecycle"
)

// The picture of what happened, over its plan where there is one.

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
		if m.Event == string(lifecycle.ScriptBegins) {
			r.text, _, _ = strings.Cut(r.text, ": ") // the label says by which signal
		}
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
