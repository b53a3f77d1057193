package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"exeunt/cmd/exeunt/commandline"
)

// man prints a manual page, or writes all of them. Exit status: 0; 125 where they can't be written.
func man(line *commandline.Line, stdout, stderr io.Writer) int {
	pages := commandline.Pages(version)
	if line.Given("all") {
		if len(line.Operands) > 0 {
			return usageError(stderr, "man", "--all writes every page, and takes no %s", line.Operands[0])
		}
		return writePages(pages, line.Text("all"), stderr)
	}
	name := "exeunt"
	if len(line.Operands) > 0 {
		name = line.Operands[0]
	}
	for _, p := range pages {
		if p.Name == name || strings.TrimPrefix(p.Name, "exeunt-") == name {
			io.WriteString(stdout, p.Text)
			return 0
		}
	}
	return usageError(stderr, "man", "man %q: %v", name, commandline.NoSubcommand(name))
}

// writePages writes each page as DIRECTORY/manN/NAME.N, where man looks for it.
func writePages(pages []commandline.Page, directory string, stderr io.Writer) int {
	for _, p := range pages {
		folder := filepath.Join(directory, "man"+p.Section)
		err := os.MkdirAll(folder, 0o777)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, p.Name+"."+p.Section), []byte(p.Text), 0o666)
		}
		if err != nil {
			fmt.Fprintf(stderr, "exeunt: cannot write a manual page: %v\n", err)
			return exitFailed
		}
	}
	return 0
}

func completion(line *commandline.Line, stdout, _ io.Writer) int {
	io.WriteString(stdout, commandline.Completion(line.Operands[0]))
	return 0
}
