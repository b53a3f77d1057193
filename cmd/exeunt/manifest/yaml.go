package manifest

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxNodes is how many values a file may have with its aliases written out. A file of nine lines can have a billion.
const maxNodes = 1 << 20

const renderFirst = "render it first: helm template ... | exeunt check FILE --manifest -"

// readYAML reads Kubernetes objects or a compose file.
func readYAML(name, text string) (*Document, *ReadError) {
	trees, err := parseYAML(name, text)
	if err != nil {
		return nil, err
	}
	doc := &Document{Name: name}
	var unknown *ReadError
	for _, t := range trees {
		switch {
		case t.get("apiVersion").ok() && t.get("kind").ok():
			err = readObject(doc, t)
		case t.get("services").isMap():
			err = readCompose(doc, t)
		default:
			err = nil
			if unknown == nil {
				unknown = unrecognised(t)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	if doc.Platform == 0 {
		if unknown == nil {
			unknown = &ReadError{Trouble: Unrecognised, At: Pos{File: name}, Problem: "there is nothing in it but comments"}
		}
		return nil, unknown
	}
	return doc, nil
}

// unrecognised says what a tree is that is no object and no compose file.
func unrecognised(t tree) *ReadError {
	e := &ReadError{Trouble: Unrecognised, At: t.at(), Problem: "it is no Kubernetes object, no compose file and no Dockerfile"}
	first := t
	for item := range t.items() {
		first = item
		break
	}
	switch {
	case first.get("op").ok() && first.get("path").ok():
		e.Trouble, e.Problem = Kustomize, "it is a patch, and says little without what it patches"
	case t.get("resources").ok() && (t.get("patches").ok() || t.get("namePrefix").ok() || t.get("images").ok()):
		e.Trouble, e.Problem = Kustomize, "it is a kustomization"
	}
	if e.Trouble == Kustomize {
		e.Change = renderKustomize
	}
	return e
}

const renderKustomize = "render it first: kubectl kustomize FOLDER | exeunt check FILE --manifest -"

// parseYAML gives the documents of a stream, those with nothing in them left out.
func parseYAML(name, text string) ([]tree, *ReadError) {
	decoder := yaml.NewDecoder(strings.NewReader(plainJSON(text)))
	var trees []tree
	left := maxNodes
	for {
		var n yaml.Node
		err := decoder.Decode(&n)
		if errors.Is(err, io.EOF) {
			return trees, nil
		}
		if err != nil {
			return nil, yamlError(name, text, err)
		}
		walk := walker{file: name, sizes: map[*yaml.Node]int{}}
		if left -= walk.size(&n); walk.bad != nil {
			return nil, walk.bad
		}
		if left < 0 {
			return nil, broken(Pos{File: name}, "give a file without such aliases", "its aliases, written out, are more than %d values", maxNodes)
		}
		if t := (tree{&n, name}).deref(); t.ok() {
			trees = append(trees, t)
		}
	}
}

// plainJSON writes out the two escapes of JSON that the parser doesn't know, a slash and a pair of surrogates. Other texts stay
// as they are.
func plainJSON(text string) string {
	if !strings.HasPrefix(strings.TrimSpace(text), "{") || !strings.Contains(text, `\/`) && !strings.Contains(text, `\u`) || !json.Valid([]byte(text)) {
		return text
	}
	var out strings.Builder
	for {
		at := strings.IndexByte(text, '\\')
		if at < 0 || at+1 >= len(text) {
			return out.String() + text
		}
		out.WriteString(text[:at])
		escape := text[at:min(at+2, len(text))]
		if pair := text[at:min(at+12, len(text))]; len(pair) == 12 && pair[1] == 'u' && pair[6:8] == `\u` {
			high, _ := strconv.ParseUint(pair[2:6], 16, 16)
			low, _ := strconv.ParseUint(pair[8:12], 16, 16)
			if r := utf16.DecodeRune(rune(high), rune(low)); r != utf8.RuneError {
				out.WriteRune(r)
				text = text[at+12:]
				continue
			}
		}
		if escape == `\/` {
			escape = "/"
		}
		out.WriteString(escape)
		text = text[at+2:]
	}
}

// yamlError says what the parser says, and more where it is known to be brief.
func yamlError(name, text string, err error) *ReadError {
	e := broken(Pos{File: name}, "", "%s", strings.TrimPrefix(err.Error(), "yaml: "))
	if rest, ok := strings.CutPrefix(e.Problem, "line "); ok {
		number, problem, _ := strings.Cut(rest, ": ")
		if line, err := strconv.Atoi(number); err == nil {
			e.At.Line, e.Problem = line, problem
		}
	}
	e.Problem = "it is no YAML: " + e.Problem
	tab := tabbed(text)
	switch {
	case strings.Contains(text, "{{"):
		e.Trouble, e.Problem, e.Change = Template, "it is a template", renderFirst
	case tab > 0 && strings.Contains(err.Error(), "cannot start any token"):
		e.At.Line, e.Problem, e.Change = tab, "a tab indents this line", "indent it with spaces"
	}
	return e
}

// tabbed is the first line that a tab indents, 0 if none does.
func tabbed(text string) int {
	number := 0
	for line := range strings.Lines(text) {
		number++
		space := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if strings.Contains(space, "\t") && strings.TrimSpace(line) != "" {
			return number
		}
	}
	return 0
}

// walker goes once through a document before anything else does.
type walker struct {
	file  string
	sizes map[*yaml.Node]int // of anchored nodes; 0: it is being walked
	bad   *ReadError
}

// size is how many values a node has, its aliases written out. The first thing wrong on the way is kept in bad.
func (w *walker) size(n *yaml.Node) int {
	if w.bad != nil {
		return 0
	}
	if n.Kind == yaml.AliasNode {
		size, walked := w.sizes[n.Alias]
		if walked && size == 0 {
			w.bad = broken(tree{n, w.file}.at(), "", "the anchor %q contains itself", n.Value)
		}
		return size
	}
	if n.Anchor != "" {
		w.sizes[n] = 0
	}
	if n.Kind == yaml.MappingNode {
		w.keys(n)
	}
	size := 1
	for _, child := range n.Content {
		size = min(size+w.size(child), maxNodes+1)
	}
	if n.Anchor != "" {
		w.sizes[n] = size
	}
	return size
}

// keys refuses a key that is there twice: what a reader does with it is anybody's guess.
func (w *walker) keys(n *yaml.Node) {
	seen := make(map[string]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind == yaml.MappingNode && key.Style&yaml.FlowStyle != 0:
			// {{ .Values.x }} is YAML by accident: a mapping whose key is a mapping.
			w.bad = &ReadError{Trouble: Template, At: tree{n, w.file}.at(), Problem: "it is a template", Change: renderFirst}
			return
		case key.Kind != yaml.ScalarNode:
		case seen[key.Value]:
			w.bad = broken(tree{key, w.file}.at(), "keep one of them", "the key %q is there twice", key.Value)
			return
		default:
			seen[key.Value] = true
		}
	}
}
