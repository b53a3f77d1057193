package main

import (
	"fmt"
	"io"
	"os"

	"github.com/hashicorp/hcl/v2"
	"golang.org/x/sys/unix"

	"exeunt/hooks"
	"exeunt/lifecycle"
	"exeunt/lifecycle/lang"
)

// load finds and reads the file, and prints what is wrong with it. The path is "" where no file is asked for and none
// exists; the lifecycle is then the transparent init. Command is the command line after `--`.
func load(flag string, command []string, stderr io.Writer, colour bool) (plan *lifecycle.Lifecycle, path string, ok bool) {
	plan, path, _, ok = loadSources(flag, command, stderr, colour)
	return plan, path, ok
}

// loadSources is load with the texts that were read.
func loadSources(flag string, command []string, stderr io.Writer, colour bool) (plan *lifecycle.Lifecycle, path string, sources lang.Sources, ok bool) {
	path, err := lang.Locate(flag, os.Getenv)
	if err != nil {
		fmt.Fprintf(stderr, "exeunt: %v\n", err)
		return nil, "", nil, false
	}
	if path == "" {
		return &lifecycle.Lifecycle{}, "", nil, true
	}
	plan, sources, diags := lang.Load(path, lang.Options{Env: os.Environ(), Probes: hooks.Probes{}, Command: command})
	if !tell(path, sources, diags, stderr, colour) {
		return nil, path, sources, false
	}
	return plan, path, sources, true
}

// tell prints what is wrong with a file, and reports whether it can be used all the same.
func tell(path string, sources lang.Sources, diags hcl.Diagnostics, stderr io.Writer, colour bool) bool {
	lang.Print(stderr, sources, diags, colour)
	n := lang.Mistakes(diags)
	if n == 0 {
		return true
	}
	mistakes := "one mistake"
	if n > 1 {
		mistakes = fmt.Sprintf("%d mistakes", n)
	}
	fmt.Fprintf(stderr, "exeunt: cannot use %s: %s\n", path, mistakes)
	return false
}

// colourful reports whether colour will be seen as such, and is wanted (https://no-color.org).
func colourful(stderr io.Writer) bool {
	file, ok := stderr.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	_, err := unix.IoctlGetTermios(int(file.Fd()), unix.TCGETS)
	return err == nil
}
