package manifest

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"exeunt/lifecycle"
)

// Text writes the report for a person: what can't be read, and of each lifecycle file its stops, each container with its
// findings, and what was skipped; then the sum.
func (r *Report) Text(w io.Writer) error {
	t := text{report: r, about: map[subjectKey][]Finding{}}
	for _, f := range r.sorted() {
		switch f.Rule {
		case RuleFileWrong, RuleFileWarning, RuleStopTooLong: // are said elsewhere, with more of the file around them
		default:
			key := subjectKey{f.Lifecycle, f.about}
			t.about[key] = append(t.about[key], f)
		}
	}
	if t.list(subjectKey{}, "") {
		t.line("")
	}
	for _, file := range r.Files {
		t.file(file)
	}
	t.skipped("")
	if len(r.Checked)+len(r.Skipped)+len(t.about) > 0 {
		t.line("\n%s", r.sum())
	}
	_, err := io.WriteString(w, strings.TrimPrefix(t.out.String(), "\n"))
	return err
}

// text is a report being written.
type text struct {
	report *Report
	about  map[subjectKey][]Finding
	out    strings.Builder
}

// subjectKey is what a finding is about: a container under a lifecycle file, a file, or neither.
type subjectKey struct {
	lifecycle string
	container *Container
}

func (t *text) line(format string, args ...any) { fmt.Fprintf(&t.out, format+"\n", args...) }

// file writes what is about one lifecycle file. Its name stands above where there are several.
func (t *text) file(file string) {
	if len(t.report.Files) > 1 {
		t.line("\n%s:", file)
	}
	for _, v := range t.report.Stops {
		switch {
		case v.Lifecycle != file:
		case v.Stop == nil:
			t.line("%s", v.Text)
		default:
			t.line("%v: %s", v.Stop, v.Text)
		}
	}
	t.list(subjectKey{lifecycle: file}, "")
	for _, c := range t.report.Checked {
		if c.Lifecycle == file {
			t.container(c)
		}
	}
	t.skipped(file)
}

// skipped writes what was skipped under a lifecycle file, or ("") whatever the file.
func (t *text) skipped(file string) {
	separator := "\n"
	for _, s := range t.report.Skipped {
		if s.Lifecycle == file {
			t.line(separator+"skipped %v", s)
			separator = ""
		}
	}
}

func (t *text) container(c Checked) {
	t.line("\n%v: %v: %s", c.At, c.Container, c.summary())
	if c.How != "" {
		t.line("  checked: %s", c.How)
	}
	if !t.list(subjectKey{c.Lifecycle, c.Container}, "  ") {
		t.line("  nothing found")
	}
}

// list writes findings, each with its change on a line of its own, and reports whether there were any.
func (t *text) list(about subjectKey, indent string) bool {
	for _, f := range t.about[about] {
		t.line("%s%v: %v: %s [%s]", indent, f.At, f.Severity, f.Problem, f.Rule)
		if f.Change != "" {
			t.line("%s  %s", indent, f.Change)
		}
	}
	return len(t.about[about]) > 0
}

// sorted are the findings, the worst first, otherwise as they were found.
func (r *Report) sorted() []Finding {
	all := slices.Clone(r.Findings)
	slices.SortStableFunc(all, func(a, b Finding) int { return int(b.Severity) - int(a.Severity) })
	return all
}

// summary is what the container is up against.
func (c Checked) summary() string {
	signal := explained(c.Signal, c.From)
	what := signal + " triggers no stop"
	switch {
	case c.Stop != "":
		what = fmt.Sprintf("%s triggers stop %q", signal, c.Stop)
	case isTemplate(c.Signal):
		what = "its stop signal is not known"
	}
	return fmt.Sprintf("%s, SIGKILL comes %s", what, c.Grace)
}

func (s Skipped) String() string {
	if s.Name == "" {
		return fmt.Sprintf("%v: %s", s.At, s.Why)
	}
	return fmt.Sprintf("%v: %s: %s", s.At, s.Name, s.Why)
}

// sum counts: "1 error, 2 warnings; 1 container checked, 3 skipped".
func (r *Report) sum() string {
	var parts []string
	for _, s := range []Severity{Error, Warning, Note} {
		if n := r.Count(s); n > 0 {
			parts = append(parts, count(n, s.String()))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "nothing found")
	}
	text := strings.Join(parts, ", ") + "; " + count(len(r.Checked), "container") + " checked"
	if len(r.Skipped) > 0 {
		text += fmt.Sprintf(", %d skipped", len(r.Skipped))
	}
	return text
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// say is fmt.Sprintf, with durations as the file has them.
func say(format string, args ...any) string {
	for i, arg := range args {
		if d, ok := arg.(time.Duration); ok {
			args[i] = lifecycle.Written(d)
		}
	}
	return fmt.Sprintf(format, args...)
}
