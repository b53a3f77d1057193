package commandline

import (
	"fmt"
	"strings"
)

// roff is a manual page in the making, in the macros of man(7).
type roff struct {
	strings.Builder
	begins bool // nothing stands in the section yet: it needs no paragraph
}

// sourceWidth is the width of the page's own lines, as those who write such pages by hand keep it.
const sourceWidth = 79

func (r *roff) head(name, section, version string) {
	fmt.Fprintf(r, ".\\\" Printed by `exeunt man`.\n.TH %s %s \"\" \"exeunt %s\"\n", literal(strings.ToUpper(name)), section, literal(version))
}

// section begins one; its title is roff already.
func (r *roff) section(title string) {
	fmt.Fprintf(r, ".SH \"%s\"\n", title)
	r.begins = true
}

// between begins a paragraph.
func (r *roff) between() {
	if !r.begins {
		r.WriteString(".PP\n")
	}
	r.begins = false
}

// lines writes text, which is roff already, in short lines, none of which is taken for a request.
func (r *roff) lines(text string) {
	for _, line := range wrap(text, sourceWidth) {
		r.WriteString(guarded(line) + "\n")
	}
}

// paragraph writes sentences. What stands in backquotes in them is bold.
func (r *roff) paragraph(text string) {
	r.between()
	r.lines(prose(text))
}

// item writes a term, which is roff already, and what it is.
func (r *roff) item(term, text string) {
	r.begins = false
	r.WriteString(".TP\n" + term + "\n")
	r.lines(prose(text))
}

// example writes a line that is typed.
func (r *roff) example(line, text string) {
	r.paragraph(sentence(text))
	r.WriteString(".PP\n.RS 4\n.EX\n" + guarded(literal(line)) + "\n.EE\n.RE\n")
}

// literal escapes a text that is typed as it stands: its hyphens and quotes are those of ASCII.
func literal(text string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "~", `\(ti`, "^", `\(ha`).Replace(text)
}

// guarded keeps a line from being a request.
func guarded(line string) string {
	if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
		return `\&` + line
	}
	return line
}

// prose escapes sentences, and sets bold what stands in backquotes and what looks like a flag.
func prose(text string) string {
	var b strings.Builder
	for i, part := range strings.Split(strings.Join(strings.Fields(text), " "), "`") {
		if i%2 == 1 {
			b.WriteString(bold(part))
			continue
		}
		words := strings.Split(part, " ")
		for j, word := range words {
			if strings.HasPrefix(word, "-") && word != "-" {
				flag := strings.TrimRight(word, ",.;:)")
				words[j] = bold(flag) + word[len(flag):]
			} else {
				words[j] = strings.NewReplacer(`\`, `\e`, "'", `\(cq`).Replace(word)
			}
		}
		b.WriteString(strings.Join(words, " "))
	}
	return b.String()
}

func bold(text string) string   { return `\fB` + literal(text) + `\fR` }
func italic(text string) string { return `\fI` + literal(text) + `\fR` }

// sentence makes one of what is a clause in a table.
func sentence(clause string) string {
	if strings.HasPrefix(clause, "http") { // a scheme is written so
		return clause + "."
	}
	return strings.ToUpper(clause[:1]) + clause[1:] + "."
}
