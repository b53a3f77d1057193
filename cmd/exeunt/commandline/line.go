package commandline

import (
	"fmt"
	"strconv"
	"time"
)

// The flags of a Line are asked for by their long name, or by their letter where they have no other. A name that the row
// does not have is a mistake of ours, and panics: every subcommand asks for all of its flags, so its first test finds it.

// Given reports whether a flag was given: the value of a switch.
func (l *Line) Given(name string) bool { return len(l.given(name)) > 0 }

// Text is a flag's value, or its default.
func (l *Line) Text(name string) string {
	if values := l.given(name); len(values) > 0 {
		return values[len(values)-1]
	}
	return l.Command.flag(name).Default
}

// Texts are all values of a flag that repeats.
func (l *Line) Texts(name string) []string { return l.given(name) }

// Duration is the value of a flag of that kind, 0 where it has none.
func (l *Line) Duration(name string) time.Duration {
	d, _ := time.ParseDuration(l.Text(name)) // Parse has held it against its form
	return d
}

// Number is the value of a flag of that kind, 0 where it has none.
func (l *Line) Number(name string) int {
	n, _ := strconv.Atoi(l.Text(name)) // Parse has held it against its form
	return n
}

// Flags are the flags that were given, as they are written.
func (l *Line) Flags() []string {
	var given []string
	for i := range l.Command.Flags {
		if f := &l.Command.Flags[i]; l.Given(f.key()) {
			given = append(given, f.String())
		}
	}
	return given
}

func (l *Line) given(name string) []string {
	f := l.Command.flag(name)
	if f == nil {
		panic(fmt.Sprintf("internal error: the command line's table has no flag %q of %q", name, l.Command.Name))
	}
	return l.values[f.key()]
}
