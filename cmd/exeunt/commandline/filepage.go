package commandline

import (
	"strings"

	"exeunt/lifecycle/lang"
)

// filePage is lifecycle.hcl(5): the blocks and attributes of the language's own table.
func filePage(version string) Page {
	r := &roff{}
	r.head(FilePage, "5", version)
	r.section("NAME")
	r.lines(literal(FilePage) + ` \- how a container stops`)
	r.section("DESCRIPTION")
	r.paragraph("The file says what happens between the moment the platform asks a container to stop and the moment its PID 1, `exeunt`, ends. It is HCL; a name that ends in `.json` says that it is HCL's JSON syntax. A directory means all its `*.hcl` and `*.hcl.json` files in name order, as one body.")
	r.paragraph("A `stop` or `signal` block is a script: its steps run from top to bottom, in the order in which they are written. Every wait ends early when what it waits for has happened.")
	r.paragraph("Durations are strings such as `\"1m30s\"`. Signals are names with or without `SIG`, or numbers. Targets are `child`, `group`, `session` and `container`. A live attribute is an expression that is evaluated when its step begins, `until` at every poll; all others are evaluated when the file is read.")
	for _, b := range lang.Schema() {
		r.block(&b)
	}
	r.section("FILES")
	r.item(bold(lang.DefaultPath), "It is read where neither --config nor `EXEUNT_CONFIG` names another.")
	r.section("EXAMPLES")
	r.WriteString(".EX\n")
	for _, line := range strings.Split(strings.TrimSuffix(fileExample, "\n"), "\n") {
		r.WriteString(guarded(literal(line)) + "\n")
	}
	r.WriteString(".EE\n")
	r.section("SEE ALSO")
	r.WriteString(bold("exeunt") + "(1),\n" + bold("exeunt-check") + "(1),\n" + bold("exeunt-init") + "(1)\n")
	return Page{FilePage, "5", r.String()}
}

// block is a section: what may stand in a block of the language.
func (r *roff) block(b *lang.Block) {
	if b.ID == lang.FileBlock {
		r.section("THE FILE")
	} else {
		head := b.Name()
		if parent, _, inner := strings.Cut(b.ID, "."); inner {
			head = parent + " > " + head
		}
		if b.Label != "" {
			head += " " + b.Label
		}
		r.section("THE BLOCK " + literal(head))
	}
	if b.ID == "locals" {
		r.paragraph("Each attribute is a value that expressions find as `local.NAME`.")
	}
	for _, a := range b.Attributes {
		what := a.Type
		switch {
		case a.Required:
			what += ", required"
		case a.Default != "":
			what += ", by default `" + a.Default + "`"
		}
		if a.Live {
			what += ", live"
		}
		r.item(bold(a.Name)+" = "+prose(what), sentence(a.Doc))
	}
	if len(b.Blocks) > 0 {
		var names []string
		for _, id := range b.Blocks {
			names = append(names, "`"+id[strings.LastIndexByte(id, '.')+1:]+"`")
		}
		r.paragraph("Blocks within: " + strings.Join(names, ", ") + ".")
	}
}

const fileExample = `grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM"]

  drain {
    delay = "5s"
  }
  forward {
    signal = "SIGQUIT"
  }
  escalate {
    after  = "24s"
    signal = "SIGKILL"
  }
}
`
