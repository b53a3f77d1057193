package main

import (
	"fmt"
	"io"
	"runtime"

	"exeunt/cmd/exeunt/commandline"
)

func help(line *commandline.Line, stdout, stderr io.Writer) int {
	row := commandline.Exeunt()
	if len(line.Operands) > 0 {
		if row = commandline.Find(line.Operands[0]); row == nil {
			return usageError(stderr, "", "help %q: %v", line.Operands[0], commandline.NoSubcommand(line.Operands[0]))
		}
	}
	io.WriteString(stdout, row.Help())
	return 0
}

func printVersion(_ *commandline.Line, stdout, _ io.Writer) int {
	fmt.Fprintf(stdout, "exeunt %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return 0
}
