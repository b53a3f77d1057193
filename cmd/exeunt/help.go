package main

import (
	"fmt"
	"io"
	"runtime"
)

const helpText = `exeunt runs a command as PID 1 of a container, forwards signals to it, reaps orphans, and stops it as
lifecycle.hcl declares.

Usage:
  exeunt [flags] [--] COMMAND [ARG ...]   run COMMAND; after -- any word is the command
  exeunt [flags]                          run child.command of the file
  exeunt check [FILE|DIRECTORY]           check a file, and each stop against grace_period
  exeunt fmt [--check] [FILE ...]         rewrite files in canonical style; without FILE, stdin to stdout
  exeunt version
  exeunt help

Flags:
  -c, --config PATH        the file, or a directory of *.hcl and *.hcl.json files
                           (default: $EXEUNT_CONFIG, else /etc/exeunt/lifecycle.hcl if it exists, else none:
                           every signal is forwarded as it comes)
      --log-level LEVEL    debug, info, warn or error (default: info: one line a transition, on stderr)
      --log-format FORMAT  text or json (default: text)
  -v                       the same as --log-level debug
      --timeline           at the end of a stop, print what happened when
      --version

Exit status:
  the command's own; 128+n when signal n ended it; exit.status of the file maps it
  64 the command line is wrong, 78 the file is, 125 exeunt failed, 126 COMMAND can't be executed, 127 it isn't found
`

func help(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		return usageError(stderr, "help takes no argument, %q was given", args[0])
	}
	io.WriteString(stdout, helpText)
	return 0
}

func printVersion(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		return usageError(stderr, "version takes no argument, %q was given", args[0])
	}
	fmt.Fprintf(stdout, "exeunt %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return 0
}
