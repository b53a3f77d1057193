// Package shell takes a shell's text apart: enough of it to see which programs run. What an expansion would give stays as
// it is written.
package shell

import (
	"errors"
	"strings"
)

// Commands are the simple commands of a text, each a list of words with quotes taken off: at ; & | ( ) and the ends of lines
// one ends. Keywords and assignments are words as any other.
func Commands(text string) [][]string {
	s := splitter{rest: text, operators: true}
	for s.next() {
	}
	s.endCommand()
	return s.commands
}

// Words splits a text into words where no shell will run it: in such a text only blanks and quotes mean anything.
func Words(text string) ([]string, error) {
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
	commands  [][]string
	err       error
}

// next takes one character, or what is quoted.
func (s *splitter) next() bool {
	if s.rest == "" {
		return false
	}
	c, one := s.rest[0], s.rest[:1]
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
		s.add(one)
	case s.operators && strings.IndexByte(";&|()\n", c) >= 0:
		s.endWord()
		s.endCommand()
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		s.endWord()
	default:
		s.add(one)
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
	if len(s.words) > 0 {
		s.commands = append(s.commands, s.words)
	}
	s.words = nil
}
