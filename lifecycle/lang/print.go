package lang

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"
)

// Print writes diagnostics as exeunt prints all about itself: each line begins with `exeunt: `. Of each: where and what, the line of
// the file with the place underlined, the sentence, and hints. In colour on a terminal.
func Print(w io.Writer, sources Sources, diags hcl.Diagnostics, colour bool) {
	p := printer{w, colour}
	for i, d := range diags {
		if i > 0 {
			fmt.Fprintln(w, "exeunt:")
		}
		p.diagnostic(d, sources)
	}
}

type printer struct {
	io.Writer
	colour bool
}

const (
	red    = "31"
	yellow = "33"
	bold   = "1"
)

func (p printer) paint(colour, text string) string {
	if !p.colour || text == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

func (p printer) line(format string, args ...any) { fmt.Fprintf(p, "exeunt: "+format+"\n", args...) }

func (p printer) diagnostic(d *hcl.Diagnostic, sources Sources) {
	kind, colour := "error", red
	if d.Severity == hcl.DiagWarning {
		kind, colour = "warning", yellow
	}
	where := ""
	if d.Subject != nil {
		where = fmt.Sprintf("%s:%d:%d: ", d.Subject.Filename, d.Subject.Start.Line, d.Subject.Start.Column)
	}
	p.line("%s%s: %s", where, p.paint(colour, kind), p.paint(bold, d.Summary))
	if d.Subject != nil {
		p.snippet(*d.Subject, sources[d.Subject.Filename], colour)
	}
	sentences, hints := split(d.Detail)
	for _, text := range sentences {
		p.line("  %s", text)
	}
	for _, text := range hints {
		p.line("hint: %s", lowerFirst(text))
	}
}

// split takes the hints from a detail: its lines after the first, and "Did you mean" of HCL's own.
func split(detail string) (sentences, hints []string) {
	first, rest, _ := strings.Cut(strings.TrimSpace(detail), "\n")
	if i := strings.Index(first, " Did you mean "); i > 0 {
		first, hints = first[:i], append(hints, first[i+1:])
	}
	sentences = append(sentences, first)
	for _, line := range strings.Split(rest, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			hints = append(hints, line)
		}
	}
	return sentences, hints
}

// snippet shows the line that a mistake begins on, and underlines it.
func (p printer) snippet(at hcl.Range, src []byte, colour string) {
	lines := bytes.Split(src, []byte("\n"))
	if at.Start.Line < 1 || at.Start.Line > len(lines) {
		return
	}
	text := strings.TrimRight(string(lines[at.Start.Line-1]), "\r")
	before, marked := underline(text, at)
	number := fmt.Sprintf("%4d", at.Start.Line)
	p.line("%s | %s", number, printable(text))
	p.line("%s | %s%s", strings.Repeat(" ", len(number)), before, p.paint(colour, marked))
}

// underline gives the space before the mark and the mark, in the columns that the text takes on a terminal.
func underline(text string, at hcl.Range) (before, marked string) {
	from := min(at.Start.Column-1, len([]rune(text)))
	to := at.End.Column - 1
	if at.End.Line != at.Start.Line {
		to = len([]rune(text))
	}
	runes := []rune(text)
	to = min(max(to, from+1), max(len(runes), from+1))
	for _, r := range runes[:from] {
		if r == '\t' {
			before += "\t"
		} else {
			before += " "
		}
	}
	return before, strings.Repeat("^", to-from)
}

// printable keeps control characters of a file from the terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// Mistakes counts the errors.
func Mistakes(diags hcl.Diagnostics) int {
	n := 0
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			n++
		}
	}
	return n
}
