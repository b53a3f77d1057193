package reaper

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The variable that entry adds for the Go runtime is exeunt's alone: neither the child has it, nor one that is started by way of the
// trampoline, and one that was given is left as it is.
func TestOneProcessorIsExeuntsOwn(t *testing.T) {
	dir := t.TempDir()
	build := exec.Command("make", "-C", "..", "build", "BIN="+dir)
	build.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("make build: %v\n%s", err, out)
	}
	file := filepath.Join(dir, "lifecycle.hcl")
	if err := os.WriteFile(file, []byte("child {\n  umask = \"027\"\n}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, flags := range [][]string{nil, {"-c", file}} {
		for _, given := range [][]string{nil, {"A=b"}, {"A=b", "GOMAXPROCS=1"}, {"GOMAXPROCS=3", "A="}, {"GOMAXPROCS_=1"}} {
			cmd := exec.Command(filepath.Join(dir, "exeunt"), append(append([]string{"--log-level", "error"}, flags...), "--", "/usr/bin/env")...)
			cmd.Env = append([]string{}, given...)
			out, err := cmd.Output()
			if got := strings.Fields(string(out)); err != nil || strings.Join(got, " ") != strings.Join(given, " ") {
				t.Errorf("%q: the child's environment is %q, want %q; %v", flags, got, given, err)
			}
		}
	}
}
