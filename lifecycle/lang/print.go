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
	if more := len(diags) - mostPrinted; more > 0 {
		defer fmt.Fprintf(w, "exeunt:\nexeunt: and %d more\n", more)
		diags = diags[:mostPrinted]
	}
	for i, d := range diags {
		if i > 0 {
			fmt.Fprintln(w, "exeunt:")
		}
		p.diagnostic(d, sources)
	}
}

// mostPrinted is far more than anybody reads: a binary file has a mistake in every byte.
const mostPrinted = 100

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
	text, from, to, ok := marked(at, src)
	if !ok {
		return
	}
	before := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, string(text[:from]))
	number := fmt.Sprintf("%4d", at.Start.Line)
	p.line("%s | %s", number, printable(string(text)))
	p.line("%s | %s%s", strings.Repeat(" ", len(number)), before, p.paint(colour, strings.Repeat("^", to-from)))
}

// lineWidth is how much of a line is shown: of a longer one, what is round the mistake.
const lineWidth = 160

// marked gives the line that a range begins on, as much of it as is shown, and which part of that is meant: at least one character,
// which may be the one after the end.
func marked(at hcl.Range, src []byte) (text []rune, from, to int, ok bool) {
	start := min(at.Start.Byte, len(src))
	begin := bytes.LastIndexByte(src[:start], '\n') + 1
	end := len(src)
	if n := bytes.IndexByte(src[start:], '\n'); n >= 0 {
		end = start + n
	}
	text = []rune(strings.TrimRight(string(src[begin:end]), "\r"))
	from = min(max(at.Start.Column-1, 0), len(text))
	to = len(text)
	if at.End.Line == at.Start.Line {
		to = min(at.End.Column-1, to)
	}
	to = max(to, from+1)
	if len(text) > lineWidth {
		cut := min(max(0, from-lineWidth/2), len(text)-lineWidth)
		text, from = text[cut:cut+lineWidth], from-cut
		to = min(to-cut, lineWidth+1)
	}
	return text, from, to, at.Start.Line > 0 && src != nil
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
