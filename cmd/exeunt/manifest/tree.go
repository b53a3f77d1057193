package manifest

import (
	"iter"
	"strings"

	"go.yaml.in/yaml/v3"
)

// tree is a node of a manifest. The zero tree is one that isn't there; every question about it has an answer.
type tree struct {
	n    *yaml.Node
	file string
}

// deref goes through documents and aliases to what is meant; null is as good as nothing.
func (t tree) deref() tree {
	for t.n != nil {
		switch {
		case t.n.Kind == yaml.AliasNode:
			t.n = t.n.Alias
		case t.n.Kind == yaml.DocumentNode && len(t.n.Content) > 0:
			t.n = t.n.Content[0]
		case t.n.Kind == yaml.DocumentNode, t.n.Kind == 0, t.n.ShortTag() == "!!null":
			return tree{}
		default:
			return t
		}
	}
	return tree{}
}

func (t tree) ok() bool    { return t.n != nil }
func (t tree) isMap() bool { return t.n != nil && t.n.Kind == yaml.MappingNode }
func (t tree) isList() bool {
	return t.n != nil && t.n.Kind == yaml.SequenceNode
}
func (t tree) isText() bool { return t.n != nil && t.n.Kind == yaml.ScalarNode }

// at is where the node begins.
func (t tree) at() Pos {
	if t.n == nil {
		return Pos{}
	}
	return Pos{t.file, t.n.Line, t.n.Column}
}

// text is a scalar as it is written, "" for anything else.
func (t tree) text() string {
	if !t.isText() {
		return ""
	}
	return t.n.Value
}

// value is a scalar with its place.
func (t tree) value() Value[string] {
	if !t.isText() {
		return Value[string]{}
	}
	return Value[string]{t.n.Value, t.at()}
}

// get follows keys into mappings, merge keys included.
func (t tree) get(keys ...string) tree {
	for _, want := range keys {
		var found tree
		for key, value := range t.pairs() {
			if key.n.Value == want {
				found = value
				break
			}
		}
		t = found
	}
	return t
}

// items are the elements of a list; those that are null are left out.
func (t tree) items() iter.Seq[tree] {
	return func(yield func(tree) bool) {
		if !t.isList() {
			return
		}
		for _, n := range t.n.Content {
			if item := (tree{n, t.file}).deref(); item.ok() && !yield(item) {
				return
			}
		}
	}
}

// pairs are the keys and values of a mapping: its own first, then what its merge keys (<<) bring and it doesn't have.
func (t tree) pairs() iter.Seq2[tree, tree] {
	return func(yield func(tree, tree) bool) {
		t.eachPair(map[string]bool{}, yield)
	}
}

func (t tree) eachPair(seen map[string]bool, yield func(tree, tree) bool) bool {
	if !t.isMap() {
		return true
	}
	var merged []tree
	for i := 0; i+1 < len(t.n.Content); i += 2 {
		key, value := tree{t.n.Content[i], t.file}.deref(), tree{t.n.Content[i+1], t.file}.deref()
		switch {
		case !key.isText():
		case key.n.ShortTag() == "!!merge":
			merged = append(merged, value)
		case !seen[key.n.Value]:
			seen[key.n.Value] = true
			if !yield(key, value) {
				return false
			}
		}
	}
	for _, m := range merged {
		if m.isMap() {
			if !m.eachPair(seen, yield) {
				return false
			}
			continue
		}
		for one := range m.items() {
			if !one.eachPair(seen, yield) {
				return false
			}
		}
	}
	return true
}

// truth is a boolean, in the spellings of YAML 1.1 too: that is what Kubernetes and compose read.
func (t tree) truth() (value, ok bool) {
	switch strings.ToLower(t.text()) {
	case "true", "yes", "on":
		return true, true
	case "false", "no", "off":
		return false, true
	}
	return false, false
}

// where is the place of a boolean that is true, a zero Pos otherwise.
func (t tree) where() Pos {
	if yes, _ := t.truth(); yes {
		return t.at()
	}
	return Pos{}
}

// list gives the scalars of a list.
func (t tree) list() []string {
	if !t.isList() {
		return nil
	}
	list := []string{}
	for item := range t.items() {
		list = append(list, item.text())
	}
	return list
}
