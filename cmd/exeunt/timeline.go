package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"exeunt/lifecycle"
)

// timeline keeps what happened from the first trigger to the end, and draws it.
type timeline struct {
	began time.Time // the first trigger; zero: nobody asked for a stop
	grace time.Duration
	rows  []row
	took  time.Duration
	code  int
}

// row is a step, or what happened at one moment.
type row struct {
	from, to time.Duration // since the first trigger
	name     string
	outcome  string
	moment   bool
}

// barWidth is the width of the drawing in characters.
const barWidth = 40

// see takes a note at the time it was made.
func (t *timeline) see(now time.Time, n lifecycle.Note) {
	if t.began.IsZero() {
		if n.What != lifecycle.ScriptBegins || !strings.HasPrefix(n.Script, "stop ") {
			return
		}
		t.began, t.grace = now, n.Limit
	}
	at := now.Sub(t.began)
	moment := func(name string) {
		t.rows = append(t.rows, row{from: at, to: at, name: name, moment: true})
	}
	switch n.What {
	case lifecycle.ScriptBegins, lifecycle.ChildEnded, lifecycle.BudgetOver, lifecycle.SignalIgnored:
		moment(n.Text)
	case lifecycle.StepEnds:
		t.rows = append(t.rows, row{from: at - n.Took, to: at, name: n.Step, outcome: n.Outcome, moment: n.Took == 0})
	case lifecycle.LingerEnds:
		t.rows = append(t.rows, row{from: at - n.Took, to: at, name: "linger", moment: n.Took == 0})
	case lifecycle.LifecycleEnds:
		t.took, t.code = at, n.Status
	}
}

// draw prints the timeline, a line a row: when, a bar on the scale of the grace period or of the stop, and what it was.
func (t *timeline) draw(out io.Writer) {
	if t.began.IsZero() {
		return
	}
	scale, of := max(t.took, t.grace), ""
	if t.grace > 0 {
		of = fmt.Sprintf(" of the %v granted", t.grace)
	}
	fmt.Fprintf(out, "exeunt: timeline of the stop: %v%s, exit status %d\n", t.took.Round(time.Millisecond), of, t.code)
	for _, r := range t.rows {
		text := r.name
		if r.outcome != "" && !(r.moment && r.outcome == lifecycle.Done) {
			text += ": " + r.outcome
		}
		if !r.moment {
			text += fmt.Sprintf(" (%v)", (r.to - r.from).Round(time.Millisecond))
		}
		fmt.Fprintf(out, "exeunt: %8.3fs %s %s\n", r.from.Seconds(), bar(r, scale), text)
	}
	end := "the end"
	if t.grace > 0 {
		end = fmt.Sprintf("the end, %v before the platform's SIGKILL", (t.grace - t.took).Round(time.Millisecond))
	}
	fmt.Fprintf(out, "exeunt: %8.3fs %s %s\n", t.took.Seconds(), bar(row{from: t.took, to: t.took, moment: true}, scale), end)
}

func bar(r row, scale time.Duration) string {
	column := func(d time.Duration) int {
		if scale == 0 {
			return 0
		}
		return min(barWidth-1, int(int64(d)*int64(barWidth)/int64(scale)))
	}
	from := column(r.from)
	mark := "●"
	if !r.moment {
		mark = strings.Repeat("█", max(1, column(r.to)-from))
	}
	return "│" + strings.Repeat(" ", from) + mark + strings.Repeat(" ", max(0, barWidth-from-utf8.RuneCountInString(mark))) + "│"
}
