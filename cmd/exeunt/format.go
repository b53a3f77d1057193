package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"exeunt/cmd/exeunt/commandline"
)

// format rewrites files in HCL's canonical style. Exit status: 0; 1 where --check finds a file in another style; 78 where
// a file is no HCL.
func format(line *commandline.Line, stdout, stderr io.Writer) int {
	code, only := 0, line.Given("check")
	for _, path := range line.Operands {
		code = max(code, formatFile(path, only, stdout, stderr))
	}
	if len(line.Operands) > 0 {
		return code
	}
	src, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Fprintf(stderr, "exeunt: cannot read the standard input: %v\n", err)
		return exitFailed
	}
	formatted, diags := canonical("<stdin>", src)
	if diags.HasErrors() {
		return complain(stderr, diags)
	}
	if only {
		if !bytes.Equal(src, formatted) {
			return exitFinding
		}
		return 0
	}
	stdout.Write(formatted)
	return 0
}

func formatFile(path string, only bool, stdout, stderr io.Writer) int {
	src, err := os.ReadFile(path)
	if err != nil {
		fmt.Fprintf(stderr, "exeunt: cannot format: %v\n", err)
		return exitConfig
	}
	formatted, diags := canonical(path, src)
	if diags.HasErrors() {
		return complain(stderr, diags)
	}
	if bytes.Equal(src, formatted) {
		return 0
	}
	fmt.Fprintln(stdout, path)
	if only {
		return exitFinding
	}
	info, err := os.Stat(path)
	if err == nil {
		err = os.WriteFile(path, formatted, info.Mode().Perm())
	}
	if err != nil {
		fmt.Fprintf(stderr, "exeunt: cannot format: %v\n", err)
		return exitFailed
	}
	return 0
}

// canonical refuses what is no HCL: hclwrite.Format would make something of it.
func canonical(name string, src []byte) ([]byte, hcl.Diagnostics) {
	if _, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos); diags.HasErrors() {
		return nil, diags
	}
	return hclwrite.Format(src), nil
}

func complain(stderr io.Writer, diags hcl.Diagnostics) int {
	for _, d := range diags {
		fmt.Fprintf(stderr, "exeunt: cannot format: %v\n", d)
	}
	return exitConfig
}
