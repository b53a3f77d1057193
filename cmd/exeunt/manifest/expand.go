package manifest

import "strings"

// maxValue is what a variable's value may have: each can be twice the one before.
const maxValue = 1 << 16

// expander replaces $NAME, ${NAME}, ${NAME:-default} and their kin, as docker build and compose do.
type expander struct {
	lookup func(name string) (value string, set, known bool)
	escape byte // before a $ it takes its meaning away: the escape character of a Dockerfile, $ in a compose file
	opaque bool // something could not be known
	depth  int
}

// expand gives the text and whether all of it is known; what is not stays as it was written.
func (e *expander) expand(text string) (string, bool) {
	e.opaque = false
	return e.replace(text), !e.opaque
}

func (e *expander) replace(text string) string {
	var out strings.Builder
	for text != "" {
		if out.Len() > maxValue {
			e.opaque = true
			return out.String()[:maxValue]
		}
		at := strings.IndexAny(text, "$"+string(rune(e.escape)))
		if at < 0 {
			break
		}
		out.WriteString(text[:at])
		text = text[at:]
		switch {
		case len(text) > 1 && text[0] == e.escape && text[1] == '$':
			out.WriteByte('$')
			text = text[2:]
		case text[0] == '$':
			value, used := e.variable(text)
			out.WriteString(value)
			text = text[used:]
		default:
			out.WriteByte(text[0])
			text = text[1:]
		}
	}
	out.WriteString(text)
	return out.String()
}

// variable replaces the one that text begins with, and says how long its name was.
func (e *expander) variable(text string) (value string, used int) {
	if !strings.HasPrefix(text, "${") {
		end := 1
		for end < len(text) && isName(text[1:end+1]) {
			end++
		}
		if end == 1 {
			return "$", 1
		}
		return e.plain(text[:end], text[1:end]), end
	}
	end := closing(text)
	if end < 0 {
		e.opaque = true
		return text, len(text)
	}
	whole, body := text[:end+1], text[2:end]
	n := 0
	for n < len(body) && isName(body[:n+1]) {
		n++
	}
	name, op := body[:n], body[n:]
	if op == "" {
		return e.plain(whole, name), end + 1
	}
	return e.modified(whole, name, op), end + 1
}

// closing is the index of the brace that closes the one text begins with, -1 if none does.
func closing(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func (e *expander) plain(whole, name string) string {
	value, _, known := e.lookup(name)
	if !known {
		e.opaque = true
		return whole
	}
	return value
}

// modified is a variable with an operator: a default, an alternative, an error. What is not known counts as not set: a default
// is what its writer expects.
func (e *expander) modified(whole, name, op string) string {
	value, set, known := e.lookup(name)
	set = set && known
	if rest, colon := strings.CutPrefix(op, ":"); colon {
		op, set = rest, set && value != ""
	}
	if op == "" || name == "" || e.depth > 20 {
		e.opaque = true
		return whole
	}
	e.depth++
	defer func() { e.depth-- }()
	switch {
	case op[0] == '-' && set, op[0] == '?' && set:
		return value
	case op[0] == '-':
		return e.replace(op[1:])
	case op[0] == '+' && set:
		return e.replace(op[1:])
	case op[0] == '+' && known:
		return ""
	}
	e.opaque = true
	return whole
}
