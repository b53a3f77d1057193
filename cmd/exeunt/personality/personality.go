// Package personality is exeunt called by another init's name: dumb-init, tini, docker-init, catatonit.
//
// A personality is a translation: [As] turns a command line and an environment into a [Role], which is the plain data that the
// language makes, how the child is started, and a [Voice] that says what that program would say of what happens. Nothing in
// here runs anything.
//
// What scripts may know of the originals is theirs to the letter: options, environment variables, exit statuses, streams,
// levels, lines. Help and explanations are our own, and the version says that it is exeunt. Where exeunt does better than an
// original it says so in one line; docs/drop-in.md lists them all, and a table test holds exeunt against the originals.
package personality

import (
	"fmt"
	"io"

	"exeunt/lifecycle"
	"exeunt/reaper"
)

// Role is what exeunt is in another init's place.
type Role struct {
	Name    string // of the program: "tini" also where it is called docker-init
	Version string // the one that exeunt stands in for
	Command []string
	Plan    *lifecycle.Lifecycle // what the command line and the environment ask for
	File    *lifecycle.Lifecycle // what the file says: see Under

	Child       Placement
	Subreaper   bool             // where exeunt is not PID 1
	ParentsEnd  lifecycle.Signal // what exeunt gets at its parent's end; 0: nothing
	CloseFiles  bool             // exeunt holds nothing open of what it was handed, once the child has it
	StatusOf    func(*reaper.StartError) int
	Voice       Voice
	Talkative   bool       // the original was asked to be: exeunt's own lines at info are shown too
	ToTheLetter bool       // the original's ways are asked for
	Refuse      func() int // says that there is no command, as the original does; the exit status
}

// Placement is how the child is started; the fields are reaper.Spec's.
type Placement struct {
	Session       reaper.Session
	InputTerminal bool
	OwnSignals    bool
	Blocked       uint64
	ListenPID     bool
}

// Letter is the variable that asks for the original's ways, with "1", where exeunt has better ones of its own.
const Letter = "EXEUNT_TO_THE_LETTER"

// program is an init that exeunt stands in for.
type program struct {
	name, version string
	parse         func(*call) (*Role, error)
}

func find(base string) *program {
	switch base {
	case "dumb-init":
		return &program{"dumb-init", "1.2.5", parseDumbInit}
	case "tini", "tini-static", "docker-init":
		return &program{"tini", "0.19.0", parseTini}
	case "catatonit", "podman-init": // podman mounts its init, catatonit, under a name of its own
		return &program{"catatonit", "0.2.1", parseCatatonit}
	}
	return nil
}

// call is how exeunt was called.
type call struct {
	argv           []string
	env            func(string) (string, bool)
	stdout, stderr io.Writer
	self           Self
	version        string // of the program, and of exeunt, as --version prints them
}

// Self is what a role depends on of the process it is played by.
type Self struct {
	PID           int
	LeadsSession  bool
	OwnsTerminal  bool // the standard input is the controlling terminal of the session it leads
	HasTerminal   bool // the standard input is the controlling terminal
	InputTerminal bool // the standard input is a terminal
	DevTTY        bool // /dev/tty can be opened
	IsSubreaper   bool
	Out, Err      func(line string) // print a line, without waiting for a slow reader
}

// done is the error of a command line that has been answered: nothing is to be run.
type done struct{ status int }

func (d done) Error() string { return fmt.Sprintf("exit status %d", d.status) }

// As reads the command line of the program called base. ok is false where that is none that exeunt stands in for; role is nil
// where nothing is to be run, and status is the exit status then. A role without a command may get one from the file.
func As(base string, argv []string, env func(string) (string, bool), self Self, exeunt string, stdout, stderr io.Writer) (role *Role, status int, ok bool) {
	p := find(base)
	if p == nil {
		return nil, 0, false
	}
	c := &call{argv: argv, env: env, stdout: stdout, stderr: stderr, self: self, version: fmt.Sprintf("%s (exeunt %s)", p.version, exeunt)}
	role, err := p.parse(c)
	if d, ends := err.(done); ends {
		return nil, d.status, true
	}
	role.Name, role.Version = p.name, p.version
	role.ToTheLetter = c.is(Letter, "1")
	role.Plan.Unnamed.Sleep = role.ToTheLetter
	return role, 0, true
}

// is reports whether a variable has a value.
func (c *call) is(name, value string) bool {
	have, ok := c.env(name)
	return ok && have == value
}

// Known reports whether exeunt called so is somebody else.
func Known(base string) bool { return find(base) != nil }

// swallow is the script of a signal that nobody gets.
func swallow(s lifecycle.Signal) *lifecycle.Script { return script(s) }

func script(s lifecycle.Signal, steps ...lifecycle.Step) *lifecycle.Script {
	return &lifecycle.Script{Kind: lifecycle.SignalScript, Name: s.String(), On: []lifecycle.Signal{s}, Steps: steps}
}

// complain prints a line of the command line's mistakes.
func (c *call) complain(line string) { io.WriteString(c.stderr, line+"\n") }
