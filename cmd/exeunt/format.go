package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"exeunt/cmd/exeunt/commandline"
	"exeunt/lifecycle/lang"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// format rewrites files in HCL's canonical style. Exit status: 0; 1 where --check finds a file in another style; 78 where
// a file is no HCL or can't be read; of several the highest.
func format(line *commandline.Line, stdout, stderr io.Writer) int {
	f := formatter{only: line.Given("check"), stdout: stdout, stderr: stderr}
	if len(line.Operands) == 0 {
		return f.stream(os.Stdin)
	}
	code := 0
	for _, path := range line.Operands {
		if path == "-" {
			code = max(code, f.stream(os.Stdin))
			continue
		}
		code = max(code, f.path(path))
	}
	return code
}

type formatter struct {
	only           bool // say which files are to be changed, and change none
	stdout, stderr io.Writer
}

// stream formats what it reads to the standard output.
func (f formatter) stream(in io.Reader) int {
	src, err := io.ReadAll(in)
	if err != nil {
		return f.failed(exitFailed, "<stdin>", err)
	}
	formatted, ok := f.canonical("<stdin>", src)
	switch {
	case !ok:
		return exitConfig
	case !f.only:
		f.stdout.Write(formatted)
	case !bytes.Equal(src, formatted):
		fmt.Fprintln(f.stdout, "<stdin>")
		return exitFinding
	}
	return 0
}

// path formats a file, or those *.hcl of a directory that would be loaded.
func (f formatter) path(path string) int {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return f.failed(exitConfig, path, err)
	case !info.IsDir():
		return f.file(path, info)
	}
	names, err := filepath.Glob(filepath.Join(escapeGlob(path), "*.hcl"))
	if err != nil {
		return f.failed(exitConfig, path, err)
	}
	code := 0
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			code = max(code, f.failed(exitConfig, name, err))
			continue
		}
		code = max(code, f.file(name, info))
	}
	return code
}

// escapeGlob keeps the name of a directory from being a pattern.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

func (f formatter) file(path string, info os.FileInfo) int {
	if strings.HasSuffix(path, ".json") {
		fmt.Fprintf(f.stderr, "exeunt: %s is left alone: it is JSON, and this is the style of HCL\n", path)
		return 0
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return f.failed(exitConfig, path, err)
	}
	formatted, ok := f.canonical(path, src)
	switch {
	case !ok:
		return exitConfig
	case bytes.Equal(src, formatted):
		return 0
	}
	if f.only {
		fmt.Fprintln(f.stdout, path)
		return exitFinding
	}
	if err := os.WriteFile(path, formatted, info.Mode().Perm()); err != nil {
		return f.failed(exitFailed, path, err)
	}
	fmt.Fprintln(f.stdout, path)
	return 0
}

// canonical refuses what is no HCL: hclwrite.Format would make something of it.
func (f formatter) canonical(name string, src []byte) (formatted []byte, ok bool) {
	if _, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos); diags.HasErrors() {
		lang.Print(f.stderr, lang.Sources{name: src}, diags, colourful(f.stderr))
		fmt.Fprintf(f.stderr, "exeunt: cannot format %s: it is not HCL\n", name)
		return nil, false
	}
	return hclwrite.Format(src), true
}

func (f formatter) failed(code int, path string, err error) int {
	var inner *fs.PathError // which names the path once more
	if errors.As(err, &inner) {
		err = inner.Err
	}
	fmt.Fprintf(f.stderr, "exeunt: cannot format %s: %v\n", path, err)
	return code
}
