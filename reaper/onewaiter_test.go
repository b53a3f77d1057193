package reaper

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The trap "a status stolen by another waiter", from within: what runs beside the loop, package hooks, waits for no process and starts
// none (os/exec does both, and beside a wait4(-1) loses statuses); wait4 is here, in the files that the loop's goroutine calls.
// Tried with os/exec in hooks/command.go.
func TestOneWaiter(t *testing.T) {
	for _, dir := range []string{"../hooks", "../lifecycle", "../lifecycle/lang", "../reaper"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s: %v", dir, err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, imported := range parsed.Imports {
				if imported.Path.Value == `"os/exec"` {
					t.Errorf("%s imports os/exec", path)
				}
			}
			for _, word := range []string{"Wait4(", "Waitid(", "StartProcess(", "ForkExec("} {
				allowed := []string{"../reaper/reaper.go", "../reaper/start.go"}
				if strings.Contains(string(text), word) && !slices.Contains(allowed, path) {
					t.Errorf("%s calls %s", path, strings.TrimSuffix(word, "("))
				}
			}
		}
	}
}
