package main

import (
	"errors"
	"fmt"
	"io"
	"os/exec"

	"exeunt/cmd/exeunt/commandline"
)

// subcommand returns what a word that is no command to run does, nil where it is one; after `--` any word is. What it
// takes stands in package commandline, and call has held the line against it.
func subcommand(name string) func(line *commandline.Line, stdout, stderr io.Writer) int {
	switch name {
	case "check":
		return check
	case "fmt":
		return format
	case "init":
		return initialise
	case "completion":
		return completion
	case "man":
		return man
	case "help":
		return help
	case "ready":
		return ready
	case "status":
		return status
	case "rehearse":
		return rehearse
	case "plan":
		return drawPlan
	case "version":
		return printVersion
	}
	return nil
}

// call parses what follows a subcommand's name, and does it.
func call(sub func(*commandline.Line, io.Writer, io.Writer) int, o options, stdout, stderr io.Writer) int {
	name := o.command[0]
	if len(o.flags) > 0 {
		return usageError(stderr, name, "flag %s stands before %s, which is a subcommand: a subcommand's flags come after its name, and -- before a command of that name", o.flags[0], name)
	}
	row := commandline.Find(name)
	line, err := row.Parse(o.command[1:])
	switch {
	case errors.Is(err, commandline.ErrHelp):
		io.WriteString(stdout, row.Help())
		return 0
	case err != nil:
		return usageError(stderr, name, "%v", err)
	}
	return sub(line, stdout, stderr)
}

// misspelt is the subcommand that a command which isn't there was probably meant to be, "" where none is near.
func misspelt(o options, status int) string {
	if status != exitNotFound || o.dashes || o.json || len(o.command) == 0 {
		return ""
	}
	if _, err := exec.LookPath(o.command[0]); err == nil {
		return "" // the status is the command's own
	}
	return commandline.Nearest(o.command[0], commandline.Names())
}

// usageError says what is wrong with a command line, and where to read how it is right: of a subcommand, or of exeunt itself ("").
func usageError(stderr io.Writer, name, format string, args ...any) int {
	of := ""
	if name != "" {
		of = " " + name
	}
	fmt.Fprintf(stderr, "exeunt: "+format+"\nexeunt: hint: exeunt help%s shows the command line\n", append(args, of)...)
	return exitUsage
}
