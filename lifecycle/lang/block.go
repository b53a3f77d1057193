package lang

import (
	"encoding/json"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"exeunt/lifecycle"
)

// block is a block of the file, HCL or JSON, whose names have been checked.
type block struct {
	*decoder
	spec   *Block
	in     scopeKind // what its live expressions see
	kind   lifecycle.ScriptKind
	label  string
	named  bool      // it has a label, which may be ""
	at     hcl.Range // its header; its label in JSON
	labels hcl.Range // its label
	attrs  map[string]*expression
	found  map[string]evaluated // what attributes were found to be at load
	meant  map[string]bool      // attributes that a misspelt name is taken for
	blocks []*block             // in the order written
}

// raw is a block before it is known what it may hold. JSON may give one in several pieces: an array of objects, which keeps
// the order of steps.
type raw struct {
	name   string
	labels []string
	at     hcl.Range
	label  hcl.Range
	pieces []hcl.Body
}

// open checks what stands in a block against the schema.
func (d *decoder) open(spec *Block, r raw, in scopeKind, kind lifecycle.ScriptKind) *block {
	b := &block{decoder: d, spec: spec, in: in, kind: kind, at: r.at, labels: r.label, attrs: map[string]*expression{}, found: map[string]evaluated{}, meant: map[string]bool{}}
	if len(r.labels) > 0 {
		b.label, b.named = r.labels[0], true
	}
	var blocks []raw
	for _, piece := range r.pieces {
		if native, ok := piece.(*hclsyntax.Body); ok {
			blocks = append(blocks, b.openNative(native)...)
		} else {
			blocks = append(blocks, b.openJSON(piece)...)
		}
	}
	for _, a := range spec.Attributes {
		if a.Required && !b.has(a.Name) && !b.meant[a.Name] {
			d.report(problem(&b.at, "Missing attribute", "%s needs %s: %s.\nWrite %s = %s", upper(b.String()), a.Name, strings.ReplaceAll(a.Doc, "`", ""), a.Name, example(a.Type)))
		}
	}
	b.nest(blocks)
	return b
}

// String names it in sentences: `stop "graceful"`, `forward`.
func (b *block) String() string {
	switch {
	case b.spec.ID == FileBlock:
		return "the file"
	case b.label != "":
		return b.spec.Name() + ` "` + b.label + `"`
	}
	return b.spec.Name()
}

func (b *block) openNative(body *hclsyntax.Body) []raw {
	for _, attr := range body.Attributes {
		b.set(attr.AsHCLAttribute())
	}
	var blocks []raw
	for _, x := range body.Blocks {
		r := raw{name: x.Type, labels: x.Labels, at: x.DefRange(), label: x.TypeRange, pieces: []hcl.Body{x.Body}}
		if len(x.LabelRanges) > 0 {
			r.label = x.LabelRanges[0]
		}
		spec := b.schema.child(b.spec, x.Type)
		switch {
		case spec == nil:
			b.unknown(x.Type, x.TypeRange, true)
			continue
		case spec.Label == "" && len(x.Labels) > 0:
			b.report(problem(&x.LabelRanges[0], "Needless name", "%s takes no name.\nWrite %s {", x.Type, x.Type))
		case spec.Label != "" && len(x.Labels) == 0:
			at := x.DefRange()
			b.report(problem(&at, "Missing name", "A %s has a name, in quotes, between the word and the brace.\nWrite %s %s {", x.Type, x.Type, exampleLabel(spec)))
		case len(x.Labels) > 1:
			b.report(problem(&x.LabelRanges[1], "Needless name", "A %s has one name.\nWrite %s %q {", x.Type, x.Type, x.Labels[0]))
		}
		blocks = append(blocks, r)
	}
	return blocks
}

func exampleLabel(spec *Block) string {
	if spec.ID == "signal" {
		return `"SIGHUP"`
	}
	return `"NAME"`
}

func (b *block) openJSON(body hcl.Body) []raw {
	if b.spec.ID == "locals" {
		attrs, diags := body.JustAttributes()
		b.report(diags...)
		for _, attr := range attrs {
			b.set(attr)
		}
		return nil
	}
	schema := &hcl.BodySchema{}
	for _, a := range b.spec.Attributes {
		schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: a.Name})
	}
	for _, id := range b.spec.Blocks {
		spec := b.schema[id]
		header := hcl.BlockHeaderSchema{Type: spec.Name()}
		if spec.Label != "" {
			header.LabelNames = []string{spec.Label}
		}
		schema.Blocks = append(schema.Blocks, header)
	}
	content, diags := body.Content(schema)
	for _, x := range diags {
		if x.Summary == "Extraneous JSON object property" { // HCL's own words know nothing of the other blocks
			b.unknown(b.quoted(*x.Subject), *x.Subject, false)
			continue
		}
		b.report(x)
	}
	for _, attr := range content.Attributes {
		b.set(attr)
	}
	var blocks []raw
	for _, x := range content.Blocks {
		r := raw{name: x.Type, labels: x.Labels, at: x.TypeRange, label: x.TypeRange, pieces: []hcl.Body{x.Body}}
		if len(x.LabelRanges) > 0 {
			r.at, r.label = x.LabelRanges[0], x.LabelRanges[0]
		}
		if last := len(blocks) - 1; last >= 0 && blocks[last].at == r.at && !b.schema.child(b.spec, x.Type).Many {
			blocks[last].pieces = append(blocks[last].pieces, x.Body)
			continue
		}
		blocks = append(blocks, r)
	}
	return blocks
}

// quoted is the JSON string that stands in a place.
func (b *block) quoted(at hcl.Range) (text string) {
	_ = json.Unmarshal(at.SliceBytes(b.sources[at.Filename]), &text)
	return text
}

func (b *block) set(attr *hcl.Attribute) {
	if b.spec.ID != "locals" && b.spec.attribute(attr.Name) == nil {
		b.unknown(attr.Name, attr.NameRange, false)
		return
	}
	if before, ok := b.attrs[attr.Name]; ok {
		b.report(problem(&attr.NameRange, "Attribute set twice", "%s is set at %s already.\nRemove one of them.", attr.Name, place(before.name)))
		return
	}
	b.attrs[attr.Name] = b.expression(attr)
}

// unknown reports a name that this block doesn't have.
func (b *block) unknown(name string, at hcl.Range, isBlock bool) {
	var names []string
	for _, a := range b.spec.Attributes {
		names = append(names, a.Name)
	}
	for _, id := range b.spec.Blocks {
		names = append(names, b.schema[id].Name())
	}
	known, hint := "attribute", didYouMean(name, names)
	b.meant[nearest(name, names)] = true
	if isBlock {
		known = "block"
	}
	homes := b.schema.homes(name)
	switch {
	case isBlock && b.spec.attribute(name) != nil:
		b.report(problem(&at, "Attribute written as a block", "In %s, %s is an attribute.\nWrite %s = ...", b, name, name))
	case !isBlock && b.schema.child(b.spec, name) != nil:
		b.report(problem(&at, "Block written as an attribute", "In %s, %s is a block.\nWrite %s { ... }, without the equals sign.", b, name, name))
	case hint == "" && len(homes) > 0:
		b.report(problem(&at, "Misplaced name", "%s has no %s here; it belongs in %s.", upper(b.String()), name, listed(homes, "or")))
	case hint == "" && len(names) > 0:
		sort.Strings(names)
		b.report(problem(&at, "Unknown name", "%s has no %s called %q; it has %s.", upper(b.String()), known, name, listed(names, "and")))
	default:
		b.report(problem(&at, "Unknown name", "%s has no %s called %q.%s", upper(b.String()), known, name, hint))
	}
}

func upper(s string) string {
	if len(s) > 3 && s[:4] == "the " {
		return "T" + s[1:]
	}
	return s
}

// example is a value of a type.
func example(kind string) string {
	switch kind {
	case "duration":
		return `"10s"`
	case "signal":
		return `"SIGHUP"`
	case "list of signals":
		return `["SIGTERM"]`
	}
	return `"..."`
}

// nest opens the blocks within, and reports what may stand once and does not.
func (b *block) nest(blocks []raw) {
	for _, r := range blocks {
		spec := b.schema.child(b.spec, r.name)
		in, kind := b.in, b.kind
		if k, s, begins := scriptOf(spec.ID); begins {
			in, kind = s, k
		}
		if spec.Label == "" && !spec.Many {
			if first := b.first(spec); first != nil {
				b.report(problem(&r.at, "Block written twice", "%s stands at %s already.\nPut both into one.", r.name, place(first.at)))
			}
		}
		if len(r.labels) > 0 && r.labels[0] == "" && spec.ID != "signal" { // which has its own words about it
			b.report(problem(&r.label, "Empty name", "The log names a %s by its name: it can't be empty.", r.name))
		}
		b.blocks = append(b.blocks, b.open(spec, r, in, kind))
	}
}

func (b *block) first(spec *Block) *block {
	for _, x := range b.blocks {
		if x.spec == spec {
			return x
		}
	}
	return nil
}

// of lists the blocks within of one type.
func (b *block) of(id string) []*block {
	var all []*block
	for _, x := range b.blocks {
		if x.spec.ID == id {
			all = append(all, x)
		}
	}
	return all
}
