package lang

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"exeunt/lifecycle"
)

// What is evaluated once. Each gives the zero value, or the schema's default, where the attribute isn't set or is wrong; what is
// wrong has been reported then.

// has reports whether an attribute is written.
func (b *block) has(name string) bool { return b.attrs[name] != nil }

// valueAt is where a mistake in an attribute's value is shown; the block's header where it isn't written.
func (b *block) valueAt(name string) *hcl.Range {
	if e := b.attrs[name]; e != nil {
		return e.at()
	}
	return &b.at
}

// evaluated is what came of evaluating an attribute.
type evaluated struct {
	value cty.Value
	ok    bool
}

// once evaluates an attribute; ok is false where there is nothing to go on with.
func (b *block) once(name string) (v cty.Value, e *expression, ok bool) {
	e = b.attrs[name]
	if e == nil {
		return cty.NilVal, nil, false
	}
	found, done := b.found[name]
	if !done { // or its mistakes would be told twice
		found.value, found.ok = b.evaluate(e, atLoad)
		found.ok = found.ok && found.value.IsWhollyKnown() // what is unknown at load hangs on a local that is wrong
		b.found[name] = found
	}
	return found.value, e, found.ok
}

// as evaluates an attribute and converts it.
func as[T any](b *block, name string, s shape[T]) (value T, ok bool) {
	v, e, ok := b.once(name)
	if !ok {
		return value, false
	}
	if v, ok = b.converted(e, v, s.want, name); !ok {
		return value, false
	}
	return s.give(v), true
}

func (b *block) text(name string) string {
	s, _ := as(b, name, textShape())
	return s
}

func (b *block) texts(name string) []string {
	s, _ := as(b, name, textsShape())
	return s
}

func (b *block) textMap(name string) map[string]string {
	m, _ := as(b, name, textMapShape())
	return m
}

func (b *block) flag(name string) bool {
	f, _ := as(b, name, boolShape())
	return f
}

// number decodes a whole number from least to most.
func (b *block) number(name string, least, most int) int {
	v, ok := as(b, name, shape[*big.Float]{cty.Number, cty.Value.AsBigFloat})
	if !ok {
		return 0
	}
	n, fits := whole(v, least, most)
	if !fits {
		b.report(problem(b.valueAt(name), "Number out of range", "%s is a whole number from %d to %d.", name, least, most))
	}
	return n
}

func whole(v *big.Float, least, most int) (int, bool) {
	n, exact := v.Int64()
	if exact != big.Exact || n < int64(least) || n > int64(most) {
		return 0, false
	}
	return int(n), true
}

// word decodes one of some words, and gives its index; 0 is the default.
func (b *block) word(name string, words ...string) int {
	s, ok := as(b, name, textShape())
	if !ok {
		return 0
	}
	for i, w := range words {
		if s == w {
			return i
		}
	}
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = strconv.Quote(w)
	}
	b.report(problem(b.valueAt(name), "Unknown word", "%s is %s, not %q.%s", name, listed(quoted, "or"), s, didYouMean(s, words)))
	return 0
}

// item is where an item of a map is written, or an element of a list; the whole value where it isn't written out.
func (b *block) item(name, key string) *hcl.Range {
	switch x := b.attrs[name].Expression.(type) {
	case *hclsyntax.ObjectConsExpr:
		for _, item := range x.Items {
			if v, diags := item.KeyExpr.Value(nil); !diags.HasErrors() && v.Type() == cty.String && v.AsString() == key {
				r := hcl.RangeBetween(item.KeyExpr.Range(), item.ValueExpr.Range())
				return &r
			}
		}
	case *hclsyntax.TupleConsExpr:
		if i, err := strconv.Atoi(key); err == nil && i < len(x.Exprs) {
			r := x.Exprs[i].Range()
			return &r
		}
	}
	return b.valueAt(name)
}

// known reports whether an attribute's value doesn't hang on a local that is wrong.
func (b *block) known(name string) bool {
	_, _, ok := b.once(name)
	return ok
}

// target decodes a target; otherwise is the default.
func (b *block) target(name string, otherwise lifecycle.Target) lifecycle.Target {
	if !b.has(name) {
		return otherwise
	}
	return lifecycle.Target(b.word(name, lifecycle.TargetNames()...))
}

// octal decodes permissions. A number would be read as decimal.
func (b *block) octal(name string) (mode uint32, ok bool) {
	v, e, ok := b.once(name)
	if !ok {
		return 0, false
	}
	if v.Type() == cty.Number && !v.IsNull() {
		b.report(problem(e.at(), "Octal number without quotes", "%s is octal, which HCL has no numbers for: a string.\nWrite %s = \"0%s\"",
			name, name, strings.TrimLeft(e.text, "0")))
		return 0, false
	}
	if v, ok = b.converted(e, v, cty.String, name); !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(v.AsString(), 8, 32)
	if err != nil || n > 0o7777 {
		b.report(problem(e.at(), "Invalid octal number", "%s is octal, from \"0000\" to \"7777\": %q is not.", name, v.AsString()))
		return 0, false
	}
	return uint32(n), true
}
