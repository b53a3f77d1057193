package manifest

import (
	"errors"
	"path"
	"slices"
	"strings"
)

// shellCommand is one simple command of a shell text: its words, with the keywords and assignments before it left out.
type shellCommand struct{ words []string }

// execs reports whether the command replaces the shell: exec with a program, not one that only redirects.
func (c shellCommand) execs() bool {
	for _, word := range c.words[min(1, len(c.words)):] {
		if strings.ContainsAny(word, "<>") {
			return false
		}
		if !strings.HasPrefix(word, "-") {
			return c.words[0] == "exec"
		}
	}
	return false
}

// managesItself reports whether the shell is not in the way: it execs, or it says what it does with signals.
func (c shellCommand) managesItself() bool { return c.execs() || c.words[0] == "trap" }

// program is the command without the exec before it.
func (c shellCommand) program() []string {
	if len(c.words) > 1 && c.words[0] == "exec" {
		return c.words[1:]
	}
	return c.words
}

// shellText is what a shell was given by -c, where argv is a shell that was.
func shellText(argv []string) (string, bool) {
	if len(argv) > 2 && base(argv[0]) == "busybox" {
		argv = argv[1:]
	}
	if len(argv) < 3 || !isShell(argv[0]) {
		return "", false
	}
	for i, arg := range argv[1 : len(argv)-1] {
		if strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") && strings.HasSuffix(arg, "c") {
			return argv[i+2], true
		}
	}
	return "", false
}

func isShell(program string) bool {
	return slices.Contains([]string{"sh", "bash", "dash", "ash", "zsh", "ksh", "mksh"}, base(program))
}

// base is the last element of a path, "" of none.
func base(program string) string {
	if program == "" {
		return ""
	}
	return path.Base(program)
}

// shellCommands splits a text at whatever ends a simple command. It knows quotes, comments and keywords, and not what an
// expansion would give: enough to see who is started, and whether by exec.
func shellCommands(text string) []shellCommand {
	s := splitter{rest: text, operators: true}
	for s.next() {
	}
	s.endCommand()
	return s.commands
}

// shellWords splits a text as a compose file's string form is: into words, with no shell.
func shellWords(text string) ([]string, error) {
	s := splitter{rest: text}
	for s.next() {
	}
	s.endWord()
	return s.words, s.err
}

// splitter takes a shell text apart.
type splitter struct {
	rest      string
	operators bool // ; & | ( ) and line ends separate commands, # begins a comment
	word      strings.Builder
	inWord    bool
	words     []string
	commands  []shellCommand
	err       error
}

// next takes one character, or what is quoted.
func (s *splitter) next() bool {
	if s.rest == "" {
		return false
	}
	c := s.rest[0]
	s.rest = s.rest[1:]
	switch {
	case c == '\\':
		if s.rest != "" && s.rest[0] != '\n' {
			s.add(s.rest[:1])
		}
		s.rest = s.rest[min(1, len(s.rest)):]
	case c == '\'' || c == '"':
		s.quoted(c)
	case s.operators && c == '#' && !s.inWord:
		_, s.rest, _ = strings.Cut(s.rest, "\n")
		s.endCommand()
	case s.operators && c == '&' && strings.HasSuffix(s.word.String(), ">"): // 2>&1
		s.add("&")
	case s.operators && strings.IndexByte(";&|()\n", c) >= 0:
		s.endWord()
		s.endCommand()
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		s.endWord()
	default:
		s.add(string(rune(c)))
	}
	return true
}

func (s *splitter) quoted(quote byte) {
	s.inWord = true
	for i := 0; i < len(s.rest); i++ {
		switch {
		case s.rest[i] == quote:
			s.rest = s.rest[i+1:]
			return
		case s.rest[i] == '\\' && quote == '"' && i+1 < len(s.rest):
			i++
		}
		s.word.WriteByte(s.rest[i])
	}
	s.rest = ""
	s.err = errors.New("a quote is not closed")
}

func (s *splitter) add(text string) {
	s.inWord = true
	s.word.WriteString(text)
}

func (s *splitter) endWord() {
	if s.inWord {
		s.words = append(s.words, s.word.String())
	}
	s.word.Reset()
	s.inWord = false
}

func (s *splitter) endCommand() {
	s.endWord()
	words := s.words
	for len(words) > 0 && (isKeyword(words[0]) || isAssignment(words[0])) {
		words = words[1:]
	}
	if len(words) > 0 {
		s.commands = append(s.commands, shellCommand{words})
	}
	s.words = nil
}

func isKeyword(word string) bool {
	return slices.Contains([]string{"if", "then", "else", "elif", "fi", "do", "done", "while", "until", "case", "esac", "{", "}", "!", "time"}, word)
}

func isAssignment(word string) bool {
	name, _, found := strings.Cut(word, "=")
	return found && isName(name)
}

// branches reports whether some of a text's commands may not run, or more than once.
func branches(text string) bool {
	return slices.ContainsFunc(strings.Fields(text), func(word string) bool {
		return slices.Contains([]string{"if", "while", "until", "for", "case", "||"}, word)
	})
}

// isName reports whether a text can be a variable's name.
func isName(text string) bool {
	for i := range len(text) {
		c := text[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return text != ""
}
