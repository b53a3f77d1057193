package personality

import (
	"fmt"
	"strings"
)

// option is one of getopt(3)'s: a letter, and maybe a long name for it.
type option struct {
	letter byte
	long   string // "": it has none
	value  bool   // it takes one
}

// getopt reads options as the C library of the originals does, its messages included: letters in a bunch, values attached or
// in the next word, long names shortened as long as they are unambiguous.
type getopt struct {
	name    string // argv[0], for the messages
	options []option
	long    bool // getopt_long(3)
	stops   bool // at the first word that is no option; else options may stand after it
	say     func(line string)
}

// parse calls take for each option, in order; it returns the words that are no options. An option that isn't known has been
// complained about, and is letter '?'.
func (g getopt) parse(args []string, take func(letter byte, value string) error) ([]string, error) {
	var words []string
	for len(args) > 0 {
		word := args[0]
		args = args[1:]
		switch {
		case word == "--":
			return append(words, args...), nil
		case len(word) < 2 || word[0] != '-':
			words = append(words, word)
			if g.stops {
				return append(words, args...), nil
			}
			continue
		}
		var err error
		if g.long && strings.HasPrefix(word, "--") {
			args, err = g.longOption(word[2:], args, take)
		} else {
			args, err = g.letters(word[1:], args, take)
		}
		if err != nil {
			return nil, err
		}
	}
	return words, nil
}

func (g getopt) letters(bunch string, args []string, take func(byte, string) error) ([]string, error) {
	for i := 0; i < len(bunch); i++ {
		o := g.letter(bunch[i])
		var err error
		switch {
		case o == nil:
			g.complain("invalid option -- '%c'", bunch[i])
			err = take('?', "")
		case !o.value:
			err = take(o.letter, "")
		case i+1 < len(bunch):
			return args, take(o.letter, bunch[i+1:])
		case len(args) > 0:
			return args[1:], take(o.letter, args[0])
		default:
			g.complain("option requires an argument -- '%c'", o.letter)
			err = take('?', "")
		}
		if err != nil {
			return args, err
		}
	}
	return args, nil
}

func (g getopt) longOption(text string, args []string, take func(byte, string) error) ([]string, error) {
	name, value, attached := strings.Cut(text, "=")
	found := g.named(name)
	switch {
	case len(found) == 0:
		g.complain("unrecognized option '--%s'", name)
	case len(found) > 1:
		list := ""
		for _, o := range found {
			list += " '--" + o.long + "'"
		}
		g.complain("option '--%s' is ambiguous; possibilities:%s", text, list)
	case found[0].value && !attached && len(args) == 0:
		g.complain("option '--%s' requires an argument", found[0].long)
	case found[0].value && !attached:
		return args[1:], take(found[0].letter, args[0])
	case attached && !found[0].value:
		g.complain("option '--%s' doesn't allow an argument", found[0].long)
	default:
		return args, take(found[0].letter, value)
	}
	return args, take('?', "")
}

// named are the options that a long name may stand for.
func (g getopt) named(name string) []option {
	var found []option
	for _, o := range g.options {
		if o.long == name {
			return []option{o}
		}
		if o.long != "" && strings.HasPrefix(o.long, name) {
			found = append(found, o)
		}
	}
	return found
}

func (g getopt) letter(letter byte) *option {
	for i := range g.options {
		if g.options[i].letter == letter {
			return &g.options[i]
		}
	}
	return nil
}

func (g getopt) complain(format string, args ...any) {
	g.say(g.name + ": " + fmt.Sprintf(format, args...))
}
