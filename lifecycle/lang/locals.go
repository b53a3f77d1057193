package lang

import (
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// decodeLocals evaluates all locals, which may name each other in any order.
func (d *decoder) decodeLocals(blocks []*block) {
	l := &localsDecoder{decoder: d, all: map[string]*expression{}, values: map[string]cty.Value{}, done: map[string]bool{}}
	for _, b := range blocks {
		for _, name := range slices.Sorted(maps.Keys(b.attrs)) {
			if before, ok := l.all[name]; ok {
				d.report(problem(&b.attrs[name].name, "Local set twice", "local.%s is set at %s already.\nRemove one of them.", name, place(before.name)))
				continue
			}
			l.all[name] = b.attrs[name]
		}
	}
	for name := range l.all {
		l.values[name] = cty.DynamicVal // until it is evaluated, and where that fails: no mistake is told twice
	}
	d.locals = cty.ObjectVal(l.values)
	for _, name := range slices.Sorted(maps.Keys(l.all)) {
		l.evaluate(name, nil)
	}
}

type localsDecoder struct {
	*decoder
	all    map[string]*expression
	values map[string]cty.Value
	done   map[string]bool
}

// evaluate gives a local its value, after those it names. Path is how it was come to. A cycle is told once, and those in it stay
// unknown.
func (l *localsDecoder) evaluate(name string, path []string) {
	if i := slices.Index(path, name); i >= 0 {
		cycle := path[i:]
		if !l.done[name] {
			l.report(problem(&l.all[name].name, "Cycle of locals", "local.%s needs itself: %s.", name, strings.Join(append(slices.Clone(cycle), name), " -> ")))
		}
		for _, x := range cycle {
			l.done[x] = true
		}
		return
	}
	if l.done[name] {
		return
	}
	e := l.all[name]
	for _, t := range e.Variables() {
		if t.RootName() == "local" && len(t) > 1 {
			if other, ok := stepName(t[1]); ok && l.all[other] != nil {
				l.evaluate(other, append(slices.Clone(path), name))
			}
		}
	}
	if l.done[name] { // a cycle came back to it
		return
	}
	l.done[name] = true
	if v, ok := l.decoder.evaluate(e, atLoad); ok {
		l.values[name] = v
		l.locals = cty.ObjectVal(maps.Clone(l.values))
	}
}
