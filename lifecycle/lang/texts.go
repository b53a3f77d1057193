package lang

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"exeunt/lifecycle"
)

// ParseFiles reads texts as Load does the files of a directory: in their order, as one body. Their names are the paths that
// file() is relative to.
func ParseFiles(names []string, sources Sources, o Options) (*lifecycle.Lifecycle, Sources, hcl.Diagnostics) {
	d := newDecoder(o)
	for _, name := range names {
		d.add(name, sources[name])
	}
	return d.decode(), d.sources, d.sorted()
}

// Condition reads an expression that stands in none of the files: what child.ready could be, with the same things in scope. Name is what
// its mistakes are shown under.
func Condition(name, text string, names []string, sources Sources, o Options) (lifecycle.Live[bool], Sources, hcl.Diagnostics) {
	d := newDecoder(o)
	for _, file := range names {
		d.add(file, sources[file])
	}
	d.sources[name] = []byte(text)
	d.order[name] = len(d.order)
	if !d.diags.HasErrors() && len(d.bodies) > 0 {
		d.decodeLocals(d.open(d.schema[FileBlock], raw{pieces: d.bodies}, atLoad, 0).of("locals"))
	}
	parsed, diags := hclsyntax.ParseExpression([]byte(text), name, hcl.InitialPos)
	d.report(diags...)
	if d.diags.HasErrors() {
		return nil, d.sources, d.sorted()
	}
	e := &expression{Expression: parsed, name: parsed.Range(), text: oneLine(text), base: "."}
	b := &block{decoder: d, spec: d.schema["child"], in: inReady, attrs: map[string]*expression{"ready": e}}
	return liveValue(b, "ready", boolShape()), d.sources, d.sorted()
}
