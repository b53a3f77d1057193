package commandline

import "strings"

// FilePage is the name of the page of the file's language, in section 5.
const FilePage = "lifecycle.hcl"

// Page is a manual page.
type Page struct {
	Name, Section string
	Text          string // roff, in the macros of man(7)
}

// Pages are all manual pages of a version.
func Pages(version string) []Page {
	pages := []Page{Exeunt().page(version)}
	for _, c := range Subcommands() {
		pages = append(pages, c.page(version))
	}
	return append(pages, filePage(version))
}

func (c *Command) pageName() string { return strings.TrimSuffix("exeunt-"+c.Name, "-") }

// page is the command's, in section 1.
func (c *Command) page(version string) Page {
	r := &roff{}
	r.head(c.pageName(), "1", version)
	r.section("NAME")
	r.lines(literal(c.pageName()) + ` \- ` + prose(c.Summary))
	r.section("SYNOPSIS")
	for i, form := range c.Usage() {
		if i > 0 {
			r.WriteString(".br\n")
		}
		r.WriteString(synopsis(form.Line) + "\n")
	}
	r.section("DESCRIPTION")
	r.paragraph(sentence(c.Summary))
	for _, text := range c.Text {
		r.paragraph(text)
	}
	if c.Name == "" {
		r.section("SUBCOMMANDS")
		for _, sub := range Subcommands() {
			r.item(bold(sub.Name), sentence(sub.Summary)+" See "+sub.pageName()+"(1).")
		}
	}
	r.options(c)
	if len(c.Variables) > 0 {
		r.section("ENVIRONMENT")
		for _, v := range c.Variables {
			r.item(bold(v.Name), sentence(v.Doc))
		}
	}
	if len(c.Statuses) > 0 {
		r.section("EXIT STATUS")
		for _, s := range c.Statuses {
			r.item(bold(s.Code), sentence(s.Doc))
		}
	}
	if len(c.Examples) > 0 {
		r.section("EXAMPLES")
		for _, e := range c.Examples {
			r.example(e.Line, e.Doc)
		}
	}
	r.seeAlso(c)
	return Page{c.pageName(), "1", r.String()}
}

func (r *roff) options(c *Command) {
	r.section("OPTIONS")
	flags := c.allFlags()
	for i := range flags {
		f := &flags[i]
		term := ""
		for j, name := range f.spellings() {
			if j > 0 {
				term = ", " + term
			}
			term = bold(name) + term
		}
		if f.Argument != "" {
			term += " " + italic(f.Argument)
		}
		r.item(term, sentence(f.Explained()))
	}
}

// synopsis sets what is typed bold, and what stands for something italic.
func synopsis(line string) string {
	words := strings.Fields(line)
	for i, word := range words {
		switch bare := strings.Trim(word, "[]"); {
		case strings.ToUpper(bare) == bare && bare != "--" && bare != "..." && bare != "":
			words[i] = strings.Replace(literal(word), literal(bare), italic(bare), 1)
		case bare == "..." || bare == "flags":
		default:
			words[i] = strings.Replace(literal(word), literal(bare), bold(bare), 1)
		}
	}
	return strings.Join(words, " ")
}

func (r *roff) seeAlso(c *Command) {
	r.section("SEE ALSO")
	var pages []string
	if c.Name != "" {
		pages = append(pages, bold("exeunt")+"(1)")
	} else {
		for _, sub := range Subcommands() {
			pages = append(pages, bold(sub.pageName())+"(1)")
		}
	}
	r.WriteString(strings.Join(append(pages, bold(FilePage)+"(5)"), ",\n") + "\n")
}
