package lang

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

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

// duration decodes a duration; the schema's default where it isn't written.
func (b *block) duration(name string) time.Duration {
	if !b.has(name) {
		if text := b.spec.attribute(name).Default; text != "" {
			d, _ := time.ParseDuration(strings.Trim(text, `"`))
			return d
		}
		return 0
	}
	v, e, ok := b.once(name)
	switch {
	case !ok:
		return 0
	case v.Type() == cty.Number && !v.IsNull():
		b.report(problem(e.at(), "Duration without a unit", "%s is a duration: a string with a unit.\nWrite %s = \"%ss\"", name, name, v.AsBigFloat().Text('f', -1)))
		return 0
	}
	if v, ok = b.converted(e, v, cty.String, name); !ok {
		return 0
	}
	return b.parseDuration(name, e, v.AsString())
}

func (b *block) parseDuration(name string, e *expression, text string) time.Duration {
	d, err := time.ParseDuration(text)
	switch {
	case err == nil && d >= 0:
		return d
	case err == nil:
		b.report(problem(e.at(), "Negative duration", "%s can't be negative.\nWrite %s = %q", name, name, -d))
	default:
		hint := `"500ms", "10s", "1m30s"`
		if _, err := strconv.ParseFloat(text, 64); err == nil && !strings.ContainsAny(text, "eEnNiIxX") {
			hint = fmt.Sprintf("%s = %q", name, strings.TrimPrefix(text, "-")+"s")
		}
		b.report(problem(e.at(), "Invalid duration", "%q is no duration: numbers with units, h, m, s or ms.\nWrite %s", text, hint))
	}
	return 0
}

// positive decodes a duration that has to be more than nothing.
func (b *block) positive(name, otherwise string) time.Duration {
	before := len(b.diags)
	d := b.duration(name)
	if d == 0 && b.has(name) && len(b.diags) == before && b.known(name) {
		b.report(problem(b.valueAt(name), "Duration of nothing", "%s has to be more than \"0s\".\n%s", name, otherwise))
	}
	return d
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

// signal decodes a signal; 0 where it isn't written.
func (b *block) signal(name string) lifecycle.Signal {
	v, e, ok := b.once(name)
	if !ok {
		return b.defaultSignal(name)
	}
	return b.toSignal(name, e, v)
}

func (b *block) defaultSignal(name string) lifecycle.Signal {
	s, _ := lifecycle.ParseSignal(strings.Trim(b.spec.attribute(name).Default, `"`))
	return s
}

func (b *block) toSignal(name string, e *expression, v cty.Value) lifecycle.Signal {
	v, ok := b.converted(e, v, cty.String, name)
	if !ok {
		return 0
	}
	s, diag := parseSignal(v.AsString(), *e.at())
	if diag != nil {
		b.report(diag)
	}
	return s
}

func parseSignal(text string, at hcl.Range) (lifecycle.Signal, *hcl.Diagnostic) {
	s, err := lifecycle.ParseSignal(text)
	if err != nil {
		return 0, problem(&at, "Unknown signal", "%s.%s", upperFirst(err.Error()), signalMeant(text))
	}
	return s, nil
}

// signalMeant is didYouMean of signals, whose names without SIG are what tells them apart.
func signalMeant(text string) string {
	names := lifecycle.SignalNames()
	for i, name := range names {
		names[i] = strings.TrimPrefix(name, "SIG")
	}
	if meant := nearest(strings.TrimPrefix(strings.ToUpper(text), "SIG"), names); meant != "" {
		return fmt.Sprintf("\nDid you mean \"SIG%s\"?", meant)
	}
	return ""
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// signals decodes a list of signals, with where each stands.
func (b *block) signals(name string) (signals []lifecycle.Signal, at []hcl.Range) {
	e := b.attrs[name]
	if e == nil {
		return nil, nil
	}
	if tuple, ok := e.Expression.(*hclsyntax.TupleConsExpr); ok {
		for _, x := range tuple.Exprs {
			element := &expression{Expression: x, name: e.name, base: e.base}
			if v, ok := b.evaluate(element, atLoad); ok && v.IsWhollyKnown() {
				if s := b.toSignal("a signal", element, v); s != 0 {
					signals, at = append(signals, s), append(at, x.Range())
				}
			}
		}
		return signals, at
	}
	for _, text := range b.texts(name) {
		s, diag := parseSignal(text, *e.at())
		if diag != nil {
			b.report(diag)
			continue
		}
		signals, at = append(signals, s), append(at, *e.at())
	}
	return signals, at
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
