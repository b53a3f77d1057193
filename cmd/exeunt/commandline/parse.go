package commandline

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrHelp is what Parse returns where -h or --help is given.
var ErrHelp = errors.New("help is asked for")

// Line is a command line that fits its row.
type Line struct {
	Command  *Command
	Operands []string // the words that are no flags
	Rest     []string // of a command that runs one: what follows `--`
	Dashes   bool     // `--` was given
	values   map[string][]string
}

// Parse reads the words after a command's name. A flag is -c, --config or -config, its value the next word or what
// follows a "="; flags and operands may be mixed, `--` ends the flags. The errors name what was written and what to write.
func (c *Command) Parse(args []string) (*Line, error) {
	line := &Line{Command: c, values: map[string][]string{}}
	for len(args) > 0 {
		word := args[0]
		switch {
		case word == "--":
			line.Dashes = true
			if c.Runs {
				line.Rest = args[1:]
			} else {
				line.Operands = append(line.Operands, args[1:]...)
			}
			return line, line.checkOperands()
		case len(word) > 1 && word[0] == '-':
			rest, err := line.takeFlag(word, args[1:])
			if err != nil {
				return nil, err
			}
			args = rest
		case c.stops:
			line.Rest = args
			return line, nil
		default:
			line.Operands = append(line.Operands, word)
			args = args[1:]
		}
	}
	return line, line.checkOperands()
}

// takeFlag reads a flag and, where it has one, its value; it returns the words after them.
func (l *Line) takeFlag(word string, after []string) ([]string, error) {
	name, value, attached := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(word, "-"), "-"), "=")
	f := l.Command.flag(name)
	switch {
	case f == nil && (name == "h" || name == "help"):
		return nil, ErrHelp
	case f == nil:
		return nil, l.Command.unknown(strings.TrimSuffix(word, "="+value), name)
	case f.Argument == "" && attached:
		return nil, fmt.Errorf("flag %v takes no value, %q was given", f, value)
	case f.Argument == "":
		l.values[f.key()] = []string{""}
		return after, nil
	case !attached && (len(after) == 0 || after[0] == "--"):
		return nil, fmt.Errorf("flag %v needs a value: write %v %s", f, f, f.Argument)
	case !attached:
		value, after = after[0], after[1:]
	}
	if err := f.check(value); err != nil {
		return nil, err
	}
	if f.Repeats {
		l.values[f.key()] = append(l.values[f.key()], value)
	} else {
		l.values[f.key()] = []string{value}
	}
	return after, nil
}

func (c *Command) unknown(word, name string) error {
	var names []string
	for _, f := range c.Flags {
		if f.Name != "" {
			names = append(names, f.Name)
		}
	}
	if near := Nearest(name, append(names, "help")); near != "" {
		return fmt.Errorf("flag %s is not known: did you mean --%s?", word, near)
	}
	if c.Runs && !c.stops {
		return fmt.Errorf("flag %s is not known: what belongs to the command comes after --", word)
	}
	return fmt.Errorf("flag %s is not known", word)
}

// check holds a value against what the flag takes.
func (f *Flag) check(value string) error {
	switch {
	case len(f.Values) > 0 && !f.Others && !slices.Contains(f.Values, value):
		return fmt.Errorf("%v %q: write %s", f, value, choice(f.Values))
	case f.Kind == Duration:
		if d, err := time.ParseDuration(value); err != nil || d < 0 {
			return fmt.Errorf("%v %q: write a duration like \"30s\" or \"1m30s\"", f, value)
		}
	case f.Kind == Number:
		if n, err := strconv.Atoi(value); err != nil || n < 0 {
			return fmt.Errorf("%v %q: write a whole number from 0 on", f, value)
		}
	case value == "":
		return fmt.Errorf("%v %q: write a value", f, value)
	}
	return nil
}

func (l *Line) checkOperands() error {
	o, given := l.Command.Operand, l.Operands
	switch {
	case o.Name == "" && len(given) > 0 && l.Command.Runs:
		return fmt.Errorf("%s takes no argument, %q was given: a command comes after --", l.Command.Name, given[0])
	case o.Name == "" && len(given) > 0:
		return fmt.Errorf("%s takes no argument, %q was given", l.Command.Name, given[0])
	case !o.Many && len(given) > 1:
		return fmt.Errorf("%s takes one %s, %d were given", l.Command.Name, o.Name, len(given))
	case o.Name != "" && !o.Optional && len(given) == 0:
		return fmt.Errorf("%s needs a %s: write exeunt %s %v", l.Command.Name, o.Name, l.Command.Name, o)
	}
	for _, value := range given {
		if len(o.Values) > 0 && !slices.Contains(o.Values, value) {
			return fmt.Errorf("%s %q: write %s", l.Command.Name, value, choice(o.Values))
		}
	}
	return nil
}

// choice says which values are right.
func choice(values []string) string {
	last := len(values) - 1
	if last == 0 {
		return values[0]
	}
	return strings.Join(values[:last], ", ") + " or " + values[last]
}

// Nearest is the name that word was probably meant to be, "" where none is near.
func Nearest(word string, names []string) string {
	best, near := "", max(1, len(word)/3)+1
	for _, name := range names {
		if d := distance(word, name); d < near {
			best, near = name, d
		}
	}
	return best
}

// distance is the number of letters to add, leave out, change or swap with their neighbour that make b of a.
func distance(a, b string) int {
	var before, above []int // the rows of two letters ago and of one
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, above, row = above, row, make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			change := above[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
