package lang

import (
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"exeunt/lifecycle"
)

// actionNames are the attributes and blocks of a hook that say what it does.
func actionNames() []string {
	return []string{"exec", "script", "http", "tcp", "signal", "write", "remove"}
}

// decodeAction decodes the one action of a hook; nil where it has none, or a wrong one.
func decodeAction(b *block) lifecycle.Doing {
	type action struct {
		name string
		at   hcl.Range
		do   lifecycle.Doing
	}
	var actions []action
	add := func(name string, at hcl.Range, do lifecycle.Doing) { actions = append(actions, action{name, at, do}) }
	if e := b.attrs["exec"]; e != nil {
		add("exec", e.name, decodeExec(b))
	}
	if e := b.attrs["script"]; e != nil {
		add("script", e.name, &lifecycle.Shell{Text: liveValue(b, "script", textShape())})
	}
	if e := b.attrs["tcp"]; e != nil {
		add("tcp", e.name, &lifecycle.TCP{Address: liveValue(b, "tcp", textShape())})
	}
	if e := b.attrs["remove"]; e != nil {
		add("remove", e.name, &lifecycle.Remove{Path: liveValue(b, "remove", textShape())})
	}
	for _, x := range b.blocks {
		add(x.spec.Name(), x.at, decodeActionBlock(x))
	}
	switch {
	case len(actions) == 0:
		b.report(problem(&b.at, "Hook without an action", "%s does nothing: a hook has one of %s.\nWrite exec = [\"program\", \"argument\"] in it, for example.", upper(b.String()), listed(actionNames(), "or")))
		return nil
	case len(actions) > 1:
		for _, a := range actions[1:] {
			b.report(problem(&a.at, "Hook with two actions", "%s has %s already, and a hook does one thing.\nMake it two hooks.", upper(b.String()), actions[0].name))
		}
	}
	return actions[0].do
}

func decodeActionBlock(b *block) lifecycle.Doing {
	switch b.spec.ID {
	case "hook.http":
		return decodeHTTP(b)
	case "hook.signal":
		return &lifecycle.Send{Signal: b.signal("name"), To: liveValue(b, "to", textShape())}
	}
	return decodeWrite(b)
}

func decodeExec(b *block) *lifecycle.Exec {
	do := &lifecycle.Exec{Argv: liveValue(b, "exec", textsShape())}
	if argv, ok := do.Argv.(known[[]string]); ok {
		b.program("exec", argv.value)
	}
	return do
}

// program reports a command that is known to name no program.
func (b *block) program(name string, argv []string) {
	if len(argv) == 0 || argv[0] == "" {
		b.report(problem(b.valueAt(name), "Empty command", "%s names no program.\nWrite %s = [\"/path/to/program\", \"argument\"]", name, name))
	}
}

func decodeHTTP(b *block) *lifecycle.HTTP {
	do := &lifecycle.HTTP{
		Method:  b.text("method"),
		URL:     liveValue(b, "url", textShape()),
		Headers: liveValue(b, "headers", textMapShape()),
		Body:    liveValue(b, "body", textShape()),
		CAFile:  b.text("ca_file"),
	}
	values, _ := as(b, "expect", shape[[]cty.Value]{cty.List(cty.Number), cty.Value.AsValueSlice})
	for i, v := range values {
		n, ok := whole(v.AsBigFloat(), 100, 599)
		if !ok {
			b.report(problem(b.item("expect", strconv.Itoa(i)), "Number out of range", "A status of HTTP is a whole number from 100 to 599.\nWrite expect = [200, 204]"))
			continue
		}
		do.Expect = append(do.Expect, n)
	}
	return do
}

func decodeWrite(b *block) *lifecycle.Write {
	do := &lifecycle.Write{
		Path:    liveValue(b, "path", textShape()),
		Content: liveValue(b, "content", textShape()),
		Mode:    0o644,
	}
	if mode, ok := b.octal("mode"); ok {
		do.Mode = mode
	}
	return do
}
