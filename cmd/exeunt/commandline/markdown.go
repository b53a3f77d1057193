package commandline

import (
	"fmt"
	"strings"
)

// Markdown is the whole command line for docs/reference.md: a section of the third level a command.
func Markdown() string {
	var b strings.Builder
	for _, c := range append([]*Command{Exeunt()}, Subcommands()...) {
		c.markdown(&b)
	}
	return b.String()
}

func (c *Command) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "### `%s`\n\n```\n", strings.TrimSpace("exeunt "+c.Name))
	for _, form := range c.Usage() {
		fmt.Fprintln(b, form.Line)
	}
	fmt.Fprintf(b, "```\n\n%s\n", code(sentence(c.Summary)))
	for _, text := range c.Text {
		fmt.Fprintf(b, "\n%s\n", code(text))
	}
	if len(c.Flags) > 0 {
		b.WriteString("\n| flag | |\n| --- | --- |\n")
		for i := range c.Flags {
			f := &c.Flags[i]
			fmt.Fprintf(b, "| `%s` | %s |\n", strings.TrimSpace(f.Term()), cell(f.Explained()))
		}
	}
	if len(c.Variables) > 0 {
		b.WriteString("\n| variable | |\n| --- | --- |\n")
		for _, v := range c.Variables {
			fmt.Fprintf(b, "| `%s` | %s |\n", v.Name, cell(v.Doc))
		}
	}
	b.WriteString("\n| exit status | |\n| --- | --- |\n")
	for _, s := range c.Statuses {
		fmt.Fprintf(b, "| %s | %s |\n", s.Code, cell(s.Doc))
	}
	if len(c.Examples) > 0 {
		b.WriteString("\n```sh\n")
		wide := 0
		for _, e := range c.Examples {
			wide = max(wide, len(e.Line))
		}
		for _, e := range c.Examples {
			fmt.Fprintf(b, "%-*s   # %s\n", wide, e.Line, e.Doc)
		}
		b.WriteString("```\n")
	}
	b.WriteString("\n")
}

// cell is a text within a table.
func cell(text string) string { return strings.ReplaceAll(code(text), "|", `\|`) }

// code sets flags as code: they would be read as dashes.
func code(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		if strings.HasPrefix(word, "-") && word != "-" {
			flag := strings.TrimRight(word, ",.;:)")
			words[i] = "`" + flag + "`" + word[len(flag):]
		}
	}
	return strings.NewReplacer("*", `\*`).Replace(strings.Join(words, " "))
}
