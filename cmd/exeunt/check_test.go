package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"exeunt/cmd/exeunt/manifest"
)

var updateChecks = flag.Bool("update", false, "rewrite what the checks print")

// A check is a txtar file: what it shows, `args`, the files it is run among, `stdin` if any, and what it prints and returns. The
// files' own names are written under `files/`.
func TestCheck(t *testing.T) {
	paths, err := filepath.Glob("testdata/check/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no checks", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { runCheck(t, path) })
	}
}

func runCheck(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	path, err = filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	args := unpack(t, archive)
	code, stdout, stderr := exeunt(args...)
	for i := range archive.Files {
		f := &archive.Files[i]
		got, isOutput := map[string]string{"stdout": stdout, "stderr": stderr, "status": fmt.Sprintln(code)}[f.Name]
		switch {
		case !isOutput:
		case *updateChecks:
			f.Data = []byte(got)
		case got != string(f.Data):
			t.Errorf("%s of exeunt %s:\n%s\nwant:\n%s", f.Name, strings.Join(args, " "), got, f.Data)
		}
	}
	if *updateChecks {
		if err := os.WriteFile(path, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// unpack writes a check's files to a folder of their own, goes there, and gives the arguments.
func unpack(t *testing.T, archive *txtar.Archive) (args []string) {
	t.Helper()
	t.Chdir(t.TempDir())
	t.Setenv("EXEUNT_CONFIG", "")
	for _, f := range archive.Files {
		name, isFile := strings.CutPrefix(f.Name, "files/")
		switch {
		case f.Name == "args":
			args = strings.Fields(string(f.Data))
		case f.Name == "stdin":
			name, isFile = ".stdin", true
		}
		if !isFile {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
		if name == ".stdin" {
			input, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			before := os.Stdin
			os.Stdin = input
			t.Cleanup(func() { os.Stdin = before; input.Close() })
		}
	}
	return args
}

// The rules that come from loading the file have a check each; package manifest has the others.
func TestFileRulesHaveAGolden(t *testing.T) {
	paths, _ := filepath.Glob("testdata/check/*.txtar")
	found := map[string]bool{}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			var report struct{ Findings []struct{ Rule string } }
			if f.Name == "stdout" && bytes.HasPrefix(f.Data, []byte("{")) && json.Unmarshal(f.Data, &report) == nil {
				for _, finding := range report.Findings {
					found[finding.Rule] = true
				}
			}
		}
	}
	for _, rule := range []string{manifest.RuleFileWrong, manifest.RuleFileWarning, manifest.RuleStopTooLong, manifest.RuleUnreadable} {
		if !found[rule] {
			t.Errorf("no check shows %s as JSON", rule)
		}
	}
}

// The example's own file and Dockerfile fit, but for the grace period that docker stop has unless it is told otherwise.
func TestCheckTheExamples(t *testing.T) {
	t.Chdir("../..")
	dockerfiles, _ := filepath.Glob("examples/*/Dockerfile")
	for _, path := range dockerfiles {
		file := filepath.Join(filepath.Dir(path), "lifecycle.hcl")
		if _, err := os.Stat(file); err != nil {
			continue
		}
		code, stdout, stderr := exeunt("check", file, "--manifest", path)
		if code != 0 || !strings.Contains(stdout, "1 container checked") {
			t.Errorf("%s: status %d\n%s%s", path, code, stdout, stderr)
		}
	}
	if len(dockerfiles) == 0 {
		t.Error("there are no examples")
	}
}

// The guide's example gives what the guide says it does.
func TestTheGuide(t *testing.T) {
	guide, err := filepath.Abs("../../docs/check.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "```")
	archive := &txtar.Archive{}
	for i, want := range []string{"sh", "hcl", "yaml", "dockerfile", ""} {
		kind, body, _ := strings.Cut(blocks[2*i+1], "\n")
		if kind != want {
			t.Fatalf("the block %d of the guide is %q, not %q", i, kind, want)
		}
		name := map[string]string{"sh": "args", "hcl": "files/lifecycle.hcl", "yaml": "files/deploy/web.yaml", "dockerfile": "files/Dockerfile"}[kind]
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(strings.TrimPrefix(body, "exeunt "))})
	}
	code, stdout, stderr := exeunt(unpack(t, archive)...)
	if code != exitFinding || stderr != "" {
		t.Errorf("status %d\n%s", code, stderr)
	}
	if *updateChecks {
		blocks[9] = "\n" + stdout
		if err := os.WriteFile(guide, []byte(strings.Join(blocks, "```")), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if blocks[9] != "\n"+stdout {
		t.Errorf("the guide says\n%s\nand what comes out is\n%s", blocks[9], stdout)
	}
}
