package personality

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
	"exeunt/reaper"
)

// tini 0.19.0, also as Docker calls it (docker-init -- COMMAND): the child leads a process group of tini's own session, in the
// foreground of its terminal, and gets what comes; with -g its group does. tini tells its levels apart by stream, too: warnings
// and worse go to standard error, all else to standard output.

// The levels of -v.
const (
	tiniFatal = iota
	tiniWarns
	tiniInforms
	tiniDebugs
	tiniTraces
)

// tini is its command line.
type tini struct {
	subreaper, group, warns bool
	verbosity               int
	parentsEnd              lifecycle.Signal
	statuses                map[int]int
}

func parseTini(c *call) (*Role, error) {
	if len(c.argv) == 2 && c.argv[1] == "--version" { // docker info wants the words before the first " - " to be these
		fmt.Fprintf(c.stdout, "tini version %s\n", c.version)
		return nil, done{0}
	}
	o := tini{verbosity: tiniWarns, statuses: map[int]int{}}
	_, posix := c.env("POSIXLY_CORRECT")
	words, err := getopt{name: c.argv[0], stops: posix, say: c.complain, options: []option{
		{'h', "", false}, {'s', "", false}, {'p', "", true}, {'v', "", false}, {'w', "", false}, {'g', "", false}, {'e', "", true}, {'l', "", false},
	}}.parse(c.argv[1:], func(letter byte, value string) error { return o.take(c, letter, value) })
	if err != nil {
		return nil, err
	}
	o.environment(c)
	return o.role(c, words), nil
}

func (o *tini) take(c *call, letter byte, value string) error {
	switch letter {
	case 'h':
		io.WriteString(c.stdout, tiniHelp)
		return done{0}
	case 'l':
		io.WriteString(c.stdout, license)
		return done{0}
	case 's':
		o.subreaper = true
	case 'v':
		o.verbosity++
	case 'w':
		o.warns = true
	case 'g':
		o.group = true
	case 'p':
		if o.parentsEnd = tiniSignal(value); o.parentsEnd == 0 {
			fmt.Fprintf(c.stderr, "[FATAL tini (%d)] Not a valid option for -p: %s\n", c.self.PID, value)
			return done{1}
		}
	case 'e':
		status, err := strtol(value)
		if err != nil || status < 0 || status > 255 {
			fmt.Fprintf(c.stderr, "[FATAL tini (%d)] Not a valid option for -e: %s\n", c.self.PID, value)
			return done{1}
		}
		o.statuses[status] = 0
	default:
		io.WriteString(c.stderr, tiniHelp)
		return done{1}
	}
	return nil
}

// strtol is strtol(3) of a whole text: nothing at all is 0.
func strtol(text string) (int, error) {
	if text = strings.TrimLeft(text, " \t\n\v\f\r"); text == "" {
		return 0, nil
	}
	return strconv.Atoi(text)
}

// tiniSignal knows whole names of ordinary signals, and not all of them; 0: it is none.
func tiniSignal(name string) lifecycle.Signal {
	s, err := lifecycle.ParseSignal(name)
	if err != nil || s > 31 || s.String() != name {
		return 0
	}
	switch unix.Signal(s) {
	case unix.SIGSTKFLT, unix.SIGIO, unix.SIGPWR:
		return 0
	}
	return s
}

func (o *tini) environment(c *call) {
	if _, ok := c.env("TINI_SUBREAPER"); ok {
		o.subreaper = true
	}
	if _, ok := c.env("TINI_KILL_PROCESS_GROUP"); ok {
		o.group = true
	}
	if text, ok := c.env("TINI_VERBOSITY"); ok { // it wins over -v
		o.verbosity, _ = leadingNumber(text)
		o.verbosity = max(0, o.verbosity)
	}
}

func (o *tini) role(c *call, words []string) *Role {
	v := &tiniVoice{self: c.self, verbosity: o.verbosity, warnsOfOrphans: o.warns}
	to := lifecycle.ChildProcess
	if o.group {
		to = lifecycle.Group
	}
	r := &Role{Command: words, Voice: v, Talkative: o.verbosity >= tiniInforms, Subreaper: o.subreaper, ParentsEnd: o.parentsEnd,
		Child:    Placement{Session: reaper.NewGroup, InputTerminal: true},
		Plan:     &lifecycle.Lifecycle{Unnamed: lifecycle.Unnamed{To: &to}, Exit: lifecycle.Exit{Status: o.statuses}},
		StatusOf: tiniStatus,
		Refuse: func() int {
			io.WriteString(c.stderr, tiniHelp)
			return 1
		},
	}
	r.Plan.Signals = keptSignals(c.self.PID == 1, unix.SIGTTIN, unix.SIGTTOU)
	if len(words) > 0 {
		v.begins(o.subreaper)
	}
	return r
}

// faults are the signals tini and catatonit leave to the kernel: to PID 1 it doesn't give them at all, any other process dies by them.
// Where that would leave the child behind, it gets them instead, and mostly ends with the same status.
var faults = [...]unix.Signal{unix.SIGFPE, unix.SIGILL, unix.SIGSEGV, unix.SIGBUS, unix.SIGABRT, unix.SIGTRAP, unix.SIGSYS}

// keptSignals are the scripts of those that do not reach the child.
func keptSignals(pid1 bool, kept ...unix.Signal) []*lifecycle.Script {
	if pid1 {
		kept = append(kept, faults[:]...)
	}
	var scripts []*lifecycle.Script
	for _, s := range kept {
		scripts = append(scripts, swallow(lifecycle.Signal(s)))
	}
	return scripts
}

// tiniStatus is execvp(3)'s errno as a shell shows it, 1 for all that a shell has no number for.
func tiniStatus(err *reaper.StartError) int {
	switch err.Errno {
	case unix.ENOENT:
		return 127
	case unix.EACCES:
		return 126
	}
	return 1
}

// tiniVoice speaks on both streams.
type tiniVoice struct {
	mute
	self           Self
	verbosity      int
	warnsOfOrphans bool
}

func (v *tiniVoice) fatal(format string, args ...any) {
	v.self.Err(fmt.Sprintf("[FATAL tini (%d)] ", v.self.PID) + fmt.Sprintf(format, args...))
}

func (v *tiniVoice) warn(format string, args ...any) {
	if v.verbosity >= tiniWarns {
		v.self.Err(fmt.Sprintf("[WARN  tini (%d)] ", v.self.PID) + fmt.Sprintf(format, args...))
	}
}

func (v *tiniVoice) out(level int, word, format string, args ...any) {
	if v.verbosity >= level {
		v.self.Out(fmt.Sprintf("[%s tini (%d)] ", word, v.self.PID) + fmt.Sprintf(format, args...))
	}
}

func (v *tiniVoice) info(format string, args ...any)  { v.out(tiniInforms, "INFO ", format, args...) }
func (v *tiniVoice) debug(format string, args ...any) { v.out(tiniDebugs, "DEBUG", format, args...) }
func (v *tiniVoice) trace(format string, args ...any) { v.out(tiniTraces, "TRACE", format, args...) }

func (v *tiniVoice) begins(subreaper bool) {
	if subreaper {
		v.trace("Registered as child subreaper")
	}
	if v.self.PID != 1 && !subreaper && !v.self.IsSubreaper {
		v.warn("Tini is not running as PID 1 and isn't registered as a child subreaper.\n" +
			"Zombie processes will not be re-parented to Tini, so zombie reaping won't work.\n" +
			"To fix the problem, use the -s option or set the environment variable TINI_SUBREAPER to register Tini as a child subreaper, or run Tini as PID 1.")
	}
}

func (v *tiniVoice) Started(pid int, command []string) {
	v.info("Spawned child process '%s' with pid '%d'", command[0], pid)
}

func (v *tiniVoice) NotStarted(pid int, command []string, err *reaper.StartError) {
	if err.Errno == 0 {
		v.fatal("%v", err)
		return
	}
	v.Started(pid, command)
	if !v.self.InputTerminal {
		v.debug("tcsetpgrp failed: no tty (ok to proceed)")
	}
	v.fatal("exec %s failed: %s", command[0], errnoText(err.Errno))
	v.ChildrenEnded()
	v.Reaped(reaper.Ended{PID: pid, How: lifecycle.ChildExited{Status: tiniStatus(err)}}, true)
	v.AllReaped(false)
	v.Ends(0)
}

func (v *tiniVoice) Delivered(s, on lifecycle.Signal, err error) {
	if on == 0 {
		return
	}
	v.debug("Passing signal: '%s'", describe(on))
	v.AllReaped(true) // it looks after every signal
	if err != nil {
		v.warn("Unexpected error when forwarding signal: '%v'", err)
	}
}

func (v *tiniVoice) ChildrenEnded() { v.debug("Received SIGCHLD") }

func (v *tiniVoice) Reaped(e reaper.Ended, child bool) {
	v.debug("Reaped child with pid: '%d'", e.PID)
	switch {
	case child && e.How.Signal != 0:
		v.info("Main child exited with signal (with signal '%s')", describe(e.How.Signal))
	case child:
		v.info("Main child exited normally (with status '%d')", e.How.Status)
	case v.warnsOfOrphans:
		v.warn("Reaped zombie process with pid=%d", e.PID)
	}
}

func (v *tiniVoice) AllReaped(some bool) {
	if some {
		v.trace("No child to reap")
	} else {
		v.trace("No child to wait")
	}
}

func (v *tiniVoice) Ends(int) { v.trace("Exiting: child has exited") }
