package main

import (
	"errors"
	"io"

	"exeunt/cmd/exeunt/commandline"
	"exeunt/cmd/exeunt/personality"
	"exeunt/lifecycle"
)

// options is a command line that runs a command.
type options struct {
	config      string
	level       lifecycle.Level
	json        bool
	logFD       int
	timeline    bool
	termination string            // the file for the last word; "none": no file
	flags       []string          // those that were given
	dashes      bool              // `--` stands before the command: its first word is no subcommand
	command     []string          // may be empty: child.command is the command then
	role        *personality.Role // what exeunt is instead of itself; nil: nothing
}

// parse reads `exeunt [flags] [--] COMMAND ...`. done says that there is nothing to run, and code is the exit status.
func parse(args []string, stdout, stderr io.Writer) (o options, code int, done bool) {
	row := commandline.Exeunt()
	line, err := row.Parse(args)
	switch {
	case errors.Is(err, commandline.ErrHelp):
		io.WriteString(stdout, row.Help())
		return o, 0, true
	case err != nil:
		return o, usageError(stderr, "", "%v", err), true
	case line.Given("version"):
		return o, printVersion(line, stdout, stderr), true
	}
	o = options{
		config:      line.Text("config"),
		level:       levelOf(line.Text("log-level")),
		json:        line.Text("log-format") == "json",
		logFD:       line.Number("log-fd"),
		timeline:    line.Given("timeline"),
		termination: line.Text("termination-log"),
		flags:       line.Flags(),
		dashes:      line.Dashes,
		command:     line.Rest,
	}
	if line.Given("verbose") {
		o.level = lifecycle.LevelDebug
	}
	return o, 0, false
}

func levelOf(word string) lifecycle.Level {
	switch word {
	case "debug":
		return lifecycle.LevelDebug
	case "warn":
		return lifecycle.LevelWarn
	case "error":
		return lifecycle.LevelError
	}
	return lifecycle.LevelInfo
}
