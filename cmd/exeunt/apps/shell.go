package apps

import "strings"

// split takes a shell's text apart into its commands, each a list of words. It knows quotes, comments and what stands
// between commands; what a shell would expand stays as it is. That is enough to see which program runs.
func split(text string) [][]string {
	s := &splitter{}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case s.quote != 0:
			i += s.quoted(text[i:])
		case c == '\'' || c == '"':
			s.quote, s.open = c, true
		case c == '\\' && i+1 < len(text):
			i++
			if text[i] != '\n' {
				s.put(text[i])
			}
		case c == '#' && !s.open:
			for i+1 < len(text) && text[i+1] != '\n' {
				i++
			}
		case c == ' ' || c == '\t':
			s.endWord()
		case strings.IndexByte("\n;&|()", c) >= 0:
			s.endCommand()
		default:
			s.put(c)
		}
	}
	s.endCommand()
	return s.commands
}

type splitter struct {
	commands [][]string
	words    []string
	word     strings.Builder
	open     bool // a word is under way, though it may be empty
	quote    byte // the quote it is in
}

// quoted takes what stands within quotes, and says how many bytes more than one that was.
func (s *splitter) quoted(text string) int {
	switch {
	case text[0] == s.quote:
		s.quote = 0
	case text[0] == '\\' && s.quote == '"' && len(text) > 1:
		s.put(text[1])
		return 1
	default:
		s.put(text[0])
	}
	return 0
}

func (s *splitter) put(c byte) {
	s.word.WriteByte(c)
	s.open = true
}

func (s *splitter) endWord() {
	if s.open {
		s.words = append(s.words, s.word.String())
	}
	s.word.Reset()
	s.open = false
}

func (s *splitter) endCommand() {
	s.endWord()
	if len(s.words) > 0 {
		s.commands = append(s.commands, s.words)
	}
	s.words = nil
}
