package rehearsal

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"exeunt/cmd/exeunt/board"
	"exeunt/cmd/exeunt/timeline"
)

// Report is all runs of a rehearsal.
type Report struct {
	Config string
	Stop   string
	Signal string
	Place  Place
	Wanted int // how many runs were asked for
	Runs   []*Run
}

// Passed reports whether every run did.
func (r *Report) Passed() bool {
	for _, run := range r.Runs {
		if !run.Passed() {
			return false
		}
	}
	return len(r.Runs) > 0
}

// Text is the report for a reader: of each run the picture, the verdict, and the reasons.
func (r *Report) Text(style timeline.Style) string {
	var b strings.Builder
	for _, run := range r.Runs {
		if run.Number > 1 {
			b.WriteString("\n")
		}
		run.write(&b, style, r.Wanted)
	}
	if len(r.Runs) > 1 {
		r.writeSpreads(&b)
	}
	return b.String()
}

func (r *Run) write(b *strings.Builder, style timeline.Style, wanted int) {
	if r.Happened != nil {
		b.WriteString(timeline.Text(style, r.Timeline()))
		b.WriteString("\n")
	}
	name := "rehearsal"
	if wanted > 1 {
		name = fmt.Sprintf("rehearsal %d of %d", r.Number, wanted)
	}
	fmt.Fprintf(b, "%s, %v: %s\n", name, r.Place, r.Verdict())
	for _, fault := range r.Faults[min(1, len(r.Faults)):] {
		fmt.Fprintf(b, "  also: %s\n", fault)
	}
	for _, remark := range r.Remarks {
		fmt.Fprintf(b, "  remark: %s\n", remark)
	}
	fmt.Fprintf(b, "  ready after %v; %s reaped\n", timeline.Seconds(r.Ready), orphans(r.Orphans))
	if r.Happened != nil {
		lines(b, "hooks said", hookLines(r.Happened.Output))
	}
	if !r.Passed() {
		lines(b, "the application said", r.Output)
	}
}

func orphans(n uint64) string {
	if n == 1 {
		return "1 orphan"
	}
	return fmt.Sprintf("%d orphans", n)
}

func hookLines(output []timeline.Line) []string {
	var all []string
	for _, l := range output {
		all = append(all, fmt.Sprintf("+%v %s: %s", l.At, l.Step, l.Text))
	}
	return all
}

func lines(b *strings.Builder, what string, all []string) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(b, "  %s:\n", what)
	for _, line := range all {
		fmt.Fprintf(b, "    %s\n", board.Printable(line))
	}
}

func (r *Report) writeSpreads(b *strings.Builder) {
	spreads := Spreads(r.Runs)
	passed := 0
	for _, run := range r.Runs {
		if run.Passed() {
			passed++
		}
	}
	fmt.Fprintf(b, "\n%d of %d passed\n", passed, len(r.Runs))
	width := 4
	for _, s := range spreads {
		width = max(width, utf8.RuneCountInString(board.Printable(s.Step)))
	}
	if len(spreads) > 0 {
		fmt.Fprintf(b, "%-*s %9s %9s %9s %5s\n", width, "", "min", "median", "max", "runs")
	}
	for _, s := range spreads {
		fmt.Fprintf(b, "%-*s %9v %9v %9v %5d\n", width, board.Printable(s.Step), s.Min, s.Median, s.Max, s.Runs)
	}
}

// SVG is the runs' pictures, one under another.
func (r *Report) SVG() string {
	var all []timeline.Timeline
	for _, run := range r.Runs {
		all = append(all, run.Timeline())
	}
	return timeline.SVG(all...)
}

// document is the report in JSON: docs/rehearse.md.
type document struct {
	Schema  int           `json:"schema"`
	Passed  bool          `json:"passed"`
	Config  string        `json:"config"`
	Stop    string        `json:"stop"`
	Trigger string        `json:"trigger"`
	Place   string        `json:"place"` // "pid1", "subreaper"
	Why     string        `json:"why,omitempty"`
	Runs    []documentRun `json:"runs"`
	Spreads []Spread      `json:"spreads"`
}

type documentRun struct {
	Run      int                `json:"run"`
	Passed   bool               `json:"passed"`
	Verdict  string             `json:"verdict"`
	Faults   []string           `json:"faults"`
	Remarks  []string           `json:"remarks"`
	Ready    timeline.Seconds   `json:"ready_seconds"`
	Orphans  uint64             `json:"orphans_reaped"`
	Zombies  int                `json:"zombies"`
	Output   []string           `json:"output"`
	Planned  *timeline.Planned  `json:"planned"`
	Happened *timeline.Happened `json:"happened"`
}

// JSON is the report for programs.
func (r *Report) JSON() string {
	d := document{Schema: 1, Passed: r.Passed(), Config: r.Config, Stop: r.Stop, Trigger: r.Signal, Place: "pid1", Why: r.Place.Why,
		Runs: []documentRun{}, Spreads: append([]Spread{}, Spreads(r.Runs)...)}
	if !r.Place.Namespace {
		d.Place = "subreaper"
	}
	for _, run := range r.Runs {
		d.Runs = append(d.Runs, documentRun{Run: run.Number, Passed: run.Passed(), Verdict: run.Verdict(),
			Faults: append([]string{}, run.Faults...), Remarks: append([]string{}, run.Remarks...), Ready: timeline.Seconds(run.Ready),
			Orphans: run.Orphans, Zombies: run.Zombies, Output: append([]string{}, run.Output...), Planned: run.Planned, Happened: run.Happened})
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(d); err != nil {
		return "" // no value of these types has no JSON
	}
	return b.String()
}

// took is how long a run's stop took, for JUnit.
func (r *Run) took() time.Duration {
	if r.Happened == nil {
		return 0
	}
	return time.Duration(r.Happened.Took)
}
