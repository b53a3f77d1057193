// Package docs_test holds the documents against the code.
package docs_test

import (
	"flag"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"exeunt/cmd/exeunt/apps"
	"exeunt/cmd/exeunt/commandline"
	"exeunt/cmd/exeunt/manifest"
	"exeunt/lifecycle"
)

var update = flag.Bool("update", false, "rewrite what the code prints into the documents")

// The parts that the code prints; a document with several names each.
const (
	begin = "<!-- printed by the code: go test ./docs -update -->\n"
	end   = "<!-- end of what the code prints -->\n"
)

// The state table is the machine's own.
func TestStateTable(t *testing.T) { printed(t, "states.md", lifecycle.StateTable()) }

// The command line is the table's that parses it.
func TestCommandLine(t *testing.T) {
	printedPart(t, "reference.md", "the command line", commandline.Markdown())
}

// The applications are those that exeunt init knows.
func TestApplications(t *testing.T) { printed(t, "apps.md", apps.Table()) }

// The rules of exeunt check are those that it has.
func TestRuleTable(t *testing.T) { printed(t, "check.md", manifest.RuleTable()) }

// printed compares the part of a document that the code prints, or rewrites it.
func printed(t *testing.T, file, want string) {
	t.Helper()
	compare(t, file, begin, want)
}

// printedPart does that with one of several parts of a document.
func printedPart(t *testing.T, file, part, want string) {
	t.Helper()
	compare(t, file, strings.Replace(begin, "<!-- ", "<!-- "+part+", ", 1), want)
}

func compare(t *testing.T, file, begin, want string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	got, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no part that the code prints", file)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+want+end+after), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("%s is not what the code prints: go test ./docs -update", file)
	}
}

// Imports point one way, or the machine could not be pure.
func TestImports(t *testing.T) {
	mayImport := map[string]string{
		"exeunt/lifecycle":           "",
		"exeunt/lifecycle/lang":      "exeunt/lifecycle",
		"exeunt/hooks":               "exeunt/lifecycle",
		"exeunt/reaper":              "exeunt/lifecycle",
		"exeunt/cmd/exeunt/manifest": "exeunt/lifecycle exeunt/cmd/exeunt/shell",
		"exeunt/cmd/exeunt/shell":    "",
	}
	impure := map[string]bool{"os": true, "os/exec": true, "os/signal": true, "syscall": true, "net": true, "golang.org/x/sys/unix": true}
	for pkg, may := range mayImport {
		out, err := exec.Command("go", "list", "-f", `{{join .Imports "\n"}}`, pkg).Output()
		if err != nil {
			t.Fatalf("go list %s: %v", pkg, err)
		}
		for _, imported := range strings.Fields(string(out)) {
			if strings.HasPrefix(imported, "exeunt/") && !slices.Contains(strings.Fields(may), imported) {
				t.Errorf("%s imports %s", pkg, imported)
			}
			if pkg == "exeunt/lifecycle" && (impure[imported] || strings.Contains(imported, ".")) {
				t.Errorf("%s imports %s, and is to be pure", pkg, imported)
			}
		}
	}
}

// What only prepares itself at start-up is paid for by every PID 1: see docs/design.md.
func TestDeadWeight(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}} {{.Dir}}", "exeunt/cmd/exeunt").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		pkg, dir, _ := strings.Cut(strings.TrimSpace(line), " ")
		if pkg == "testing" || strings.Contains(pkg, "go-cmp") && !strings.Contains(dir, "nocmp") {
			t.Errorf("%s is in the binary", pkg)
		}
	}
}

// Nothing in lifecycle asks for the time: it is given.
func TestLifecycleHasNoClock(t *testing.T) {
	out, _ := exec.Command("grep", "-nE", `time\.(Now|Sleep|After|NewTimer|Since|Until)\b|^\s*go `, "-r", "../lifecycle", "--include=*.go", "--exclude=*_test.go", "--exclude-dir=lang").Output()
	if len(out) > 0 {
		t.Errorf("the machine has a clock or a goroutine of its own:\n%s", out)
	}
}
