// Command exeunt is a PID-1 init that stops containers as a file, lifecycle.hcl, declares it: see docs/reference.md for
// the language and `exeunt help`, or package commandline, for the command line.
//
// Exit statuses: the child's own, 128+n when signal n ended it, as exit.status maps it; 125 exeunt failed, 126 the
// command can't be executed, 127 it isn't found, 78 the file is wrong (EX_CONFIG), 64 the command line is (EX_USAGE).
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"exeunt/cmd/exeunt/personality"
	"exeunt/cmd/exeunt/rehearsal"
	"exeunt/reaper"
)

// The exit statuses that are exeunt's own; 64 and 78 are those of sysexits.h, 125 to 127 those of a shell and of Docker.
const (
	exitUsage    = 64
	exitConfig   = 78
	exitFailed   = 125
	exitNotFound = 127
	exitFinding  = 1 // of check: a stop does not fit
)

// version is set by the Makefile.
var version = "development"

func main() {
	reaper.Trampoline() // returns unless this process is one that exeunt itself began, on its way to a command
	rehearsal.Inside()  // or to a rehearsal
	signals, err := reaper.Listen()
	if err != nil {
		fmt.Fprintf(os.Stderr, "exeunt: cannot take signals: %v\n", err)
		os.Exit(exitFailed)
	}
	if base := filepath.Base(os.Args[0]); personality.Known(base) {
		os.Exit(act(base, signals, os.Stdout, os.Stderr))
	}
	os.Exit(run(os.Args[1:], signals, os.Stdout, os.Stderr))
}

func run(args []string, signals *reaper.Signals, stdout, stderr io.Writer) int {
	o, code, done := parse(args, stdout, stderr)
	if done {
		return code
	}
	if len(o.command) > 0 && !o.dashes {
		if sub := subcommand(o.command[0]); sub != nil {
			signals.Release() // a subcommand dies of Ctrl-C as any program does
			return call(sub, o, stdout, stderr)
		}
	}
	return supervise(o, signals, stderr)
}
