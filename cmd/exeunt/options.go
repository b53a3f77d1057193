package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"exeunt/lifecycle"
)

// options is a command line that runs a command.
type options struct {
	config   string
	level    lifecycle.Level
	json     bool
	timeline bool
	dashes   bool     // `--` stands before the command: its first word is no subcommand
	command  []string // may be empty: child.command is the command then
}

// parse reads `exeunt [flags] [--] COMMAND ...`. done says that there is nothing to run, and code is the exit status.
func parse(args []string, stdout, stderr io.Writer) (o options, code int, done bool) {
	var level, format string
	var verbose, printVersionToo bool
	flags := flag.NewFlagSet("exeunt", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.config, "config", "", "")
	flags.StringVar(&o.config, "c", "", "")
	flags.StringVar(&level, "log-level", "info", "")
	flags.StringVar(&format, "log-format", "text", "")
	flags.BoolVar(&verbose, "v", false, "")
	flags.BoolVar(&o.timeline, "timeline", false, "")
	flags.BoolVar(&printVersionToo, "version", false, "")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return o, help(nil, stdout, stderr), true
	case err != nil:
		return o, usageError(stderr, "%v", err), true
	case printVersionToo:
		return o, printVersion(nil, stdout, stderr), true
	}
	var ok bool
	if o.level, ok = levels[level]; !ok {
		return o, usageError(stderr, "--log-level %q: write debug, info, warn or error", level), true
	}
	if verbose {
		o.level = lifecycle.LevelDebug
	}
	if format != "text" && format != "json" {
		return o, usageError(stderr, "--log-format %q: write text or json", format), true
	}
	o.json = format == "json"
	o.command = flags.Args()
	before := len(args) - len(o.command) - 1
	o.dashes = before >= 0 && args[before] == "--"
	return o, 0, false
}

var levels = map[string]lifecycle.Level{
	"debug": lifecycle.LevelDebug, "info": lifecycle.LevelInfo, "warn": lifecycle.LevelWarn, "error": lifecycle.LevelError,
}

func usageError(stderr io.Writer, format string, args ...any) int {
	fmt.Fprintf(stderr, "exeunt: "+format+"\nexeunt: hint: exeunt help shows the command line\n", args...)
	return exitUsage
}
