package manifest

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// instruction is one of a Dockerfile, its continued lines joined.
type instruction struct {
	name  string // in capitals
	args  string
	flags map[string]string // --from=build
	docs  map[string]string // here-documents by name
	at    Pos
}

// list is the exec form: a JSON array of strings. In any other form a shell gets the text, single quotes among them.
func (i instruction) list() ([]string, bool) {
	if !strings.HasPrefix(i.args, "[") {
		return nil, false
	}
	list := []string{}
	if json.Unmarshal([]byte(i.args), &list) != nil {
		return nil, false
	}
	return list, true
}

// words splits the arguments at blanks, quotes and all.
func (i instruction) words() []string { return strings.Fields(i.args) }

// dockerLines reads a Dockerfile line by line.
type dockerLines struct {
	file   string
	lines  []string
	at     int // the next line
	escape byte
}

// instructions takes a Dockerfile apart.
func instructions(name, text string) (list []instruction, escape byte, bad *ReadError) {
	r := &dockerLines{file: name, lines: strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), escape: '\\'}
	r.directives()
	for r.at < len(r.lines) {
		line := r.lines[r.at]
		trimmed := strings.TrimLeft(line, " \t")
		if trimmed == "" || trimmed[0] == '#' {
			r.at++
			continue
		}
		at := Pos{name, r.at + 1, 1 + utf8.RuneCountInString(line) - utf8.RuneCountInString(trimmed)}
		next := r.parse(r.logical(), at)
		if bad := r.heredocs(&next); bad != nil {
			return nil, 0, bad
		}
		list = append(list, next)
	}
	return list, r.escape, nil
}

// directives are comments of the form key=value before anything else; of them escape changes how the rest is read.
func (r *dockerLines) directives() {
	for _, line := range r.lines {
		body, comment := strings.CutPrefix(strings.TrimSpace(line), "#")
		key, value, found := strings.Cut(body, "=")
		if !comment || !found {
			return
		}
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "escape":
			if strings.TrimSpace(value) == "`" {
				r.escape = '`'
			}
		case "syntax", "check":
		default:
			return
		}
	}
}

// logical takes a line with those that continue it. Comments and empty lines among them don't end it.
func (r *dockerLines) logical() string {
	var joined strings.Builder
	for first := true; r.at < len(r.lines); first = false {
		line := r.lines[r.at]
		r.at++
		if trimmed := strings.TrimLeft(line, " \t"); !first && (trimmed == "" || trimmed[0] == '#') {
			continue
		}
		body, continues := r.continues(line)
		joined.WriteString(body)
		if !continues {
			break
		}
	}
	return strings.TrimSpace(joined.String())
}

// continues reports whether a line ends with the escape character, blanks after it or not, and gives it without.
func (r *dockerLines) continues(line string) (string, bool) {
	trimmed := strings.TrimRight(line, " \t")
	n := len(trimmed)
	if n == 0 || trimmed[n-1] != r.escape || n > 1 && trimmed[n-2] == r.escape {
		return line, false
	}
	return trimmed[:n-1], true
}

func (r *dockerLines) parse(line string, at Pos) instruction {
	name, args := line, ""
	if end := strings.IndexAny(line, " \t"); end >= 0 {
		name, args = line[:end], strings.TrimSpace(line[end:])
	}
	next := instruction{name: strings.ToUpper(name), flags: map[string]string{}, docs: map[string]string{}, at: at}
	for strings.HasPrefix(args, "--") {
		flag, rest, _ := strings.Cut(args, " ")
		key, value, _ := strings.Cut(flag[2:], "=")
		if key == "" {
			break
		}
		next.flags[key], args = value, strings.TrimSpace(rest)
	}
	next.args = args
	return next
}

// heredocs takes the here-documents that RUN, COPY and ADD may have; a build takes them nowhere else.
func (r *dockerLines) heredocs(next *instruction) *ReadError {
	if next.name != "RUN" && next.name != "COPY" && next.name != "ADD" {
		return nil
	}
	for _, word := range next.words() {
		name, strip, ok := heredoc(word)
		if !ok {
			continue
		}
		var body strings.Builder
		for closed := false; !closed; r.at++ {
			if r.at >= len(r.lines) {
				return broken(next.at, "end it with a line of "+name, "the here-document %s has no end", name)
			}
			line := r.lines[r.at]
			if strip {
				line = strings.TrimLeft(line, "\t")
			}
			if closed = line == name; !closed {
				body.WriteString(line + "\n")
			}
		}
		next.docs[name] = body.String()
	}
	return nil
}

// heredoc reads a word like <<EOF, <<-EOF, 3<<"EOF".
func heredoc(word string) (name string, strip, ok bool) {
	word = strings.TrimLeft(word, "0123456789")
	word, ok = strings.CutPrefix(word, "<<")
	if !ok {
		return "", false, false
	}
	word, strip = strings.CutPrefix(word, "-")
	if n := len(word); n > 1 && (word[0] == '"' || word[0] == '\'') && word[n-1] == word[0] {
		word = word[1 : n-1]
	}
	return word, strip, word != "" && !strings.ContainsAny(word, `<>"'$&|;()`)
}
