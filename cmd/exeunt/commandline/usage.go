package commandline

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	// pageWidth is the width of the help in characters: it is for a terminal, and two beside each other are wide enough.
	pageWidth = 110
	// termWidth is the widest first column that the second still begins beside.
	termWidth = 40
)

// Help is the text of `exeunt help NAME`, ending in a newline.
func (c *Command) Help() string {
	var p page
	p.paragraph(strings.ToUpper(c.Summary[:1]) + c.Summary[1:] + ".")
	for _, text := range c.Text {
		p.blank()
		p.paragraph(text)
	}
	p.heading("Usage")
	for _, form := range c.usageRows() {
		p.row(form.Line, form.Doc)
	}
	if c.Name == "" {
		p.heading("Subcommands")
		for _, sub := range Subcommands() {
			p.row(strings.TrimSpace(sub.Name+" "+sub.Operand.String()), sub.Summary)
		}
	}
	if len(c.Flags) > 0 {
		p.heading("Flags")
		for i := range c.Flags {
			p.row(c.Flags[i].Term(), c.Flags[i].Explained())
		}
	}
	if len(c.Variables) > 0 {
		p.heading("Environment")
		for _, v := range c.Variables {
			p.row(v.Name, v.Doc)
		}
	}
	if len(c.Statuses) > 0 {
		p.heading("Exit status")
		for _, s := range c.Statuses {
			p.row(s.Code, s.Doc)
		}
	}
	if len(c.Examples) > 0 {
		p.heading("Examples")
		for _, e := range c.Examples {
			p.row(e.Line, e.Doc)
		}
	}
	if c.Name == "" {
		p.blank()
		p.paragraph("exeunt help SUBCOMMAND says more of a subcommand.")
	}
	return p.String()
}

// usageRows are the forms; what one form does stands above it.
func (c *Command) usageRows() []Form {
	if len(c.Forms) > 0 {
		return c.Forms
	}
	return []Form{{Line: c.Usage()[0].Line}}
}

// Term is the flag as the help lists it: "-c, --config PATH".
func (f *Flag) Term() string {
	term := "--" + f.Name
	switch {
	case f.Name == "":
		term = "-" + f.Short
	case f.Short != "":
		term = "-" + f.Short + ", " + term
	default:
		term = "    " + term
	}
	if f.Argument != "" {
		term += " " + f.Argument
	}
	return term
}

// Explained is what the flag does, which values it takes, and what it is where it is not given.
func (f *Flag) Explained() string {
	text := f.Doc
	var more []string
	if len(f.Values) > 0 && !f.Others {
		more = append(more, choice(f.Values))
	}
	if f.Default != "" {
		more = append(more, "default: "+f.Default)
	}
	if f.Repeats {
		more = append(more, "may be repeated")
	}
	if len(more) > 0 {
		text += " (" + strings.Join(more, "; ") + ")"
	}
	return text
}

// page is text in the making: paragraphs, headings, and rows in two columns.
type page struct {
	strings.Builder
	rows [][2]string // of the section under way: their first column is as wide as the widest
}

func (p *page) heading(title string) {
	p.blank()
	fmt.Fprintf(p, "%s:\n", title)
}

func (p *page) blank() {
	p.flush()
	p.WriteByte('\n')
}

func (p *page) paragraph(text string) {
	p.flush()
	for _, line := range wrap(text, pageWidth) {
		p.WriteString(line + "\n")
	}
}

func (p *page) row(term, doc string) { p.rows = append(p.rows, [2]string{term, doc}) }

func (p *page) flush() {
	column := 0
	for _, r := range p.rows {
		if n := utf8.RuneCountInString(r[0]); n <= termWidth {
			column = max(column, n)
		}
	}
	for _, r := range p.rows {
		lines := wrap(r[1], pageWidth-column-5)
		if n := utf8.RuneCountInString(r[0]); n > column && len(lines) > 0 {
			fmt.Fprintf(p, "  %s\n", r[0])
		} else {
			first := ""
			if len(lines) > 0 {
				first, lines = lines[0], lines[1:]
			}
			p.WriteString(strings.TrimRight(fmt.Sprintf("  %-*s   %s", column, r[0], first), " ") + "\n")
		}
		for _, line := range lines {
			fmt.Fprintf(p, "  %*s   %s\n", column, "", line)
		}
	}
	p.rows = nil
}

func (p *page) String() string {
	p.flush()
	return p.Builder.String()
}

// wrap breaks text at spaces into lines of at most width characters.
func wrap(text string, width int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		if used > 0 && used+1+n > width {
			lines, line, used = append(lines, line), "", 0
		}
		if used > 0 {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+n
	}
	if used > 0 {
		lines = append(lines, line)
	}
	return lines
}
