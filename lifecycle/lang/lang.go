// Package lang reads lifecycle.hcl: HCL in, the plain data of package lifecycle out.
//
// [Locate] says which file is meant, [Load] reads a file or a directory, [Parse] a text. They give every mistake at once,
// as hcl.Diagnostics in the order of the file; [Print] is the one place where they become text. Warnings are in the same
// list, and a file that has only those is usable.
//
// What a block may hold stands in one table, [Schema]; docs/reference.md is held against it. A file per block type decodes it.
//
// Most values are evaluated once, here. Live ones become a lifecycle.Live, checked here with values that have a type but are not
// known yet, and evaluated when the machine asks. Whatever a function or HCL itself does, Eval returns an error and never panics.
//
// Everything is made within Load and Parse, nothing at start-up: a process without a file pays nothing for this package.
package lang

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"

	"exeunt/lifecycle"
)

// DefaultPath is read where nothing else is asked for and it exists.
const DefaultPath = "/etc/exeunt/lifecycle.hcl"

// maxFile is far above what a person writes, and far below what would hurt a container with little memory.
const maxFile = 1 << 20

// Options are what a file can see of the world.
type Options struct {
	Env     []string // "NAME=value", as os.Environ gives them
	Probes  Probes   // nil: a probe fails when it is asked
	Command []string // the command line after `--`, which wins over child.command; for warnings
}

// Probes is what a live expression can ask. The context is Eval's.
type Probes interface {
	Connections(ctx context.Context, ports []int) (int, error)
	Processes(ctx context.Context, name string) (int, error)
	HTTPStatus(ctx context.Context, url string) (int, error)
	TCPOpen(ctx context.Context, address string) (bool, error)
	FileExists(path string) (bool, error)
}

// Sources are the texts that were read, by the names diagnostics use.
type Sources map[string][]byte

// Locate says which file is to be read: flag, else $EXEUNT_CONFIG, else DefaultPath where it exists; "" for none.
func Locate(flag string, getenv func(string) string) (path string, err error) {
	if flag != "" {
		return flag, nil
	}
	if path := getenv("EXEUNT_CONFIG"); path != "" {
		return path, nil
	}
	switch _, err := os.Stat(DefaultPath); {
	case err == nil:
		return DefaultPath, nil
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	default:
		return "", fmt.Errorf("cannot look for %s: %w", DefaultPath, err)
	}
}

// Load reads a file, or of a directory all *.hcl and *.hcl.json in name order as one body. The lifecycle is to be used
// only where the diagnostics have no errors.
func Load(path string, o Options) (*lifecycle.Lifecycle, Sources, hcl.Diagnostics) {
	d := newDecoder(o)
	names, err := filesOf(path)
	if err != nil {
		d.report(problem(nil, "Unreadable file", "Cannot read %q: %v.", path, err))
		return &lifecycle.Lifecycle{}, d.sources, d.diags
	}
	for _, name := range names {
		src, err := readFile(name)
		if err != nil {
			d.report(problem(nil, "Unreadable file", "Cannot read %q: %v.", name, err))
			continue
		}
		d.add(name, src)
	}
	return d.decode(), d.sources, d.sorted()
}

// Parse reads a text as Load does a file; a name that ends with .json says that it is JSON.
func Parse(name string, src []byte, o Options) (*lifecycle.Lifecycle, Sources, hcl.Diagnostics) {
	d := newDecoder(o)
	d.add(name, src)
	return d.decode(), d.sources, d.sorted()
}

func filesOf(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, bare(err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path) // in name order
	if err != nil {
		return nil, bare(err)
	}
	var names []string
	for _, e := range entries {
		if n := e.Name(); strings.HasSuffix(n, ".hcl") || strings.HasSuffix(n, ".hcl.json") {
			names = append(names, filepath.Join(path, n))
		}
	}
	if len(names) == 0 {
		return nil, errors.New("the directory has no *.hcl and no *.hcl.json in it")
	}
	return names, nil
}

// readFile reads a regular file: what has no end, or blocks, is none.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, bare(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case info.Size() > maxFile:
		return nil, fmt.Errorf("it has %d bytes, and more than %d are refused", info.Size(), maxFile)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, bare(err)
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxFile))
}

// bare is the cause of an error of package os, which names operation and path once more.
func bare(err error) error {
	var inner *fs.PathError
	if errors.As(err, &inner) {
		return inner.Err
	}
	return err
}

// add parses one file.
func (d *decoder) add(name string, src []byte) {
	d.sources[name] = src
	d.order[name] = len(d.order)
	var file *hcl.File
	var diags hcl.Diagnostics
	if strings.HasSuffix(name, ".json") {
		file, diags = hcljson.Parse(src, name)
	} else {
		file, diags = hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	}
	d.report(diags...)
	if !diags.HasErrors() {
		d.bodies = append(d.bodies, file.Body)
	}
}
