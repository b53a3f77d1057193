package manifest

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"exeunt/lifecycle"
)

// Text writes the report for a person: the file's stops, each container with its findings, what was skipped, the sum.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	for _, v := range r.Stops {
		fmt.Fprintf(&b, "%s: %s\n", v.Stop, v.Text)
	}
	about := map[*Container][]Finding{}
	for _, f := range r.sorted() {
		about[f.about] = append(about[f.about], f)
	}
	list(&b, about[nil], "")
	for _, c := range r.Checked {
		fmt.Fprintf(&b, "\n%v: %v: %s\n", c.At, c.Container, c.summary())
		if c.How != "" {
			fmt.Fprintf(&b, "  checked: %s\n", c.How)
		}
		list(&b, about[c.Container], "  ")
		if len(about[c.Container]) == 0 {
			b.WriteString("  nothing found\n")
		}
	}
	if len(r.Skipped) > 0 {
		b.WriteString("\n")
	}
	for _, s := range r.Skipped {
		fmt.Fprintf(&b, "skipped %v\n", s)
	}
	if len(r.Checked)+len(r.Skipped)+len(r.Findings) > 0 {
		fmt.Fprintf(&b, "\n%s\n", r.sum())
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// list writes findings, each with its change on a line of its own.
func list(b *strings.Builder, findings []Finding, indent string) {
	for _, f := range findings {
		fmt.Fprintf(b, "%s%v: %v: %s [%s]\n", indent, f.At, f.Severity, f.Problem, f.Rule)
		if f.Change != "" {
			fmt.Fprintf(b, "%s  %s\n", indent, f.Change)
		}
	}
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
