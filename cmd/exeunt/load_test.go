package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// A file with eight different mistakes: all eight are printed, in its order, nothing is started, the status is 78.
func TestEightMistakes(t *testing.T) {
	archive, err := txtar.ParseFile("../../lifecycle/lang/testdata/diagnostics/eight_mistakes.txtar")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	var want string
	for _, f := range archive.Files {
		switch f.Name {
		case "lifecycle.hcl":
			if err := os.WriteFile(f.Name, f.Data, 0o666); err != nil {
				t.Fatal(err)
			}
		case "text":
			want = string(f.Data)
		}
	}
	if n := strings.Count(want, ": error: "); n != 8 {
		t.Fatalf("the file has %d mistakes", n)
	}
	code, stdout, stderr := exeunt("--config", "lifecycle.hcl", "--", "touch", "started")
	if want += "exeunt: cannot use lifecycle.hcl: 8 mistakes\n"; code != exitConfig || stdout != "" || stderr != want {
		t.Errorf("status %d\n%s%s\nwant\n%s", code, stdout, stderr, want)
	}
	if started, _ := filepath.Glob("started"); len(started) > 0 {
		t.Errorf("the command was started")
	}
}

// A file that was asked for, by whatever way, and isn't there is a mistake.
func TestNoSuchFile(t *testing.T) {
	t.Chdir(t.TempDir())
	const want = "exeunt: error: Unreadable file\nexeunt:   Cannot read \"missing.hcl\": no such file or directory.\nexeunt: cannot use missing.hcl: one mistake\n"
	if code, _, stderr := exeunt("-c", "missing.hcl", "--", "touch", "started"); code != exitConfig || stderr != want {
		t.Errorf("by the flag: status %d\n%s", code, stderr)
	}
	t.Setenv("EXEUNT_CONFIG", "missing.hcl")
	if code, _, stderr := exeunt("--", "touch", "started"); code != exitConfig || stderr != want {
		t.Errorf("by the variable: status %d\n%s", code, stderr)
	}
}
