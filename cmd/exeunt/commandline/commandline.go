// Package commandline is exeunt's command line as a table. Flag parsing, the help, the shells' completion, the man pages
// and the command line's section of docs/reference.md all come from it, so that none of them can say what another does not.
//
// [Exeunt] is exeunt itself, which runs a command; [Subcommands] are the words that are no command to run. A row is a
// [Command]; a subcommand has a file of its own here. Nothing is built before it is asked for: `exeunt -- true` pays for
// the one row it is parsed by.
package commandline

import (
	"fmt"
	"strings"
)

// Command is a row: exeunt itself, or a subcommand.
type Command struct {
	Name      string   // "" is exeunt itself
	Summary   string   // what it does, in the imperative: lower case, no full stop
	Text      []string // more of it, in paragraphs
	Forms     []Form   // how it is written, where one line made of the fields below does not say it
	Operand   Operand  // the words that are no flags; its zero value: it takes none
	Runs      bool     // what follows `--` is a command line: Line.Rest
	Flags     []Flag
	Statuses  []Status // its exit statuses
	Variables []Variable
	Examples  []Example

	// stops says that the first word that is no flag ends the flags, as before a command to run.
	stops bool
}

// Form is one way of writing a command.
type Form struct{ Line, Doc string }

// Operand is what the words are that are no flags.
type Operand struct {
	Name     string // "FILE"
	Optional bool
	Many     bool
	Kind     Kind
	Values   []string // the only ones that are right; nil: any
}

// Flag is a flag, a switch where Argument is "".
type Flag struct {
	Name     string // without its dashes; "": it has the short name only
	Short    string // one letter; "": none
	Argument string // what the help calls its value: "PATH"
	Kind     Kind
	Values   []string // the only ones that are right; nil: any
	Others   bool     // other values than Values may be right too: they are what a shell offers
	Default  string   // what it is where it is not given; "": nothing
	Repeats  bool     // it may be given more than once, and each counts; of any other the last does
	Doc      string   // lower case, no full stop
}

// Kind is what a value is: a shell completes it by that, and a duration is held against its form.
type Kind int

// The kinds of values.
const (
	Text Kind = iota
	File
	Directory
	Duration   // of time.ParseDuration, not negative
	Number     // an integer from 0 on
	Subcommand // the name of one
)

// Status is an exit status and when it is that.
type Status struct{ Code, Doc string }

// Variable is one that is read from the environment.
type Variable struct{ Name, Doc string }

// Example is a command line worth showing.
type Example struct{ Line, Doc string }

// Exeunt is the row of exeunt itself.
func Exeunt() *Command { return exeunt() }

// Subcommands are all rows but exeunt's own, in the order the help lists them.
func Subcommands() []*Command {
	return []*Command{check(), plan(), format(), initialise(), ready(), status(), rehearse(), completion(), man(), help(), version()}
}

// Find returns a subcommand's row, nil where there is none of that name.
func Find(name string) *Command {
	for _, c := range Subcommands() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Names are the subcommands' names.
func Names() []string {
	var names []string
	for _, c := range Subcommands() {
		names = append(names, c.Name)
	}
	return names
}

// Usage is how the command is written, a line a form.
func (c *Command) Usage() []Form {
	if len(c.Forms) > 0 {
		return c.Forms
	}
	line := "exeunt " + c.Name
	if len(c.Flags) > 0 {
		line += " [flags]"
	}
	if c.Operand.Name != "" {
		line += " " + c.Operand.String()
	}
	if c.Runs {
		line += " [-- COMMAND [ARG ...]]"
	}
	return []Form{{Line: line, Doc: c.Summary}}
}

// String is the operand as a usage line has it: "[FILE ...]".
func (o Operand) String() string {
	text := o.Name
	if o.Many {
		text += " ..."
	}
	if o.Optional {
		text = "[" + text + "]"
	}
	return text
}

// flag finds a flag by its name or its letter.
func (c *Command) flag(name string) *Flag {
	for i := range c.Flags {
		if f := &c.Flags[i]; name != "" && (f.Name == name || f.Short == name) {
			return f
		}
	}
	return nil
}

// String is the flag as it is written: "--config", "-v" where it has no other name.
func (f *Flag) String() string {
	if f.Name == "" {
		return "-" + f.Short
	}
	return "--" + f.Name
}

// key is what a Line knows the flag's value by.
func (f *Flag) key() string {
	if f.Name == "" {
		return f.Short
	}
	return f.Name
}

// NoSubcommand says that there is no subcommand of a name, and which was probably meant.
func NoSubcommand(name string) error {
	if near := Nearest(name, Names()); near != "" {
		return fmt.Errorf("there is no such subcommand: did you mean %s?", near)
	}
	return fmt.Errorf("there is no such subcommand: they are %s", strings.Join(Names(), ", "))
}
