package docs_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// The README shows what `make demo` prints: a whole stop of a real process, for real, but for numbers, the folder's name and the
// length of bars. Two processes write there, so that a line of one may come before or after the other's.
func TestDemo(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "<!-- what it printed: docs/demo_test.go runs it -->\n```\n")
	shown, _, closed := strings.Cut(rest, "\n```")
	if !found || !closed {
		t.Fatal("README.md shows no demo")
	}
	demo := exec.Command("make", "-C", "..", "demo", "BIN="+t.TempDir())
	demo.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=")
	out, err := demo.CombinedOutput()
	if err != nil {
		t.Fatalf("make demo: %v\n%s", err, out)
	}
	if strings.Contains(string(out), "an ordinary process") {
		if os.Getenv("EXEUNT_REQUIRE") == "all" {
			t.Fatalf("the demo got no PID namespace")
		}
		t.Skip("SKIPPED: no PID namespace is granted here: the demo ran without one, as root it would have")
	}
	for _, who := range []string{"exeunt: ", "server: ", "("} {
		got, want := about(string(out), who), about(shown, who)
		if !strings.Contains(got, want) {
			t.Errorf("README.md shows of %q\n%s\nand make demo prints\n%s", who, want, got)
		}
	}
}

var (
	bars    = regexp.MustCompile(`[█░◆┊┃]+`)
	folder  = regexp.MustCompile(`/tmp/(tmp\.\w+/)?`)
	numbers = regexp.MustCompile(`[0-9][0-9.]*(ms|µs|s|m)?\b`)
	spaces  = regexp.MustCompile(` +`)
)

// about gives the lines of who, without what differs from run to run.
func about(text, who string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, who) {
			for _, what := range []*regexp.Regexp{bars, folder, numbers} {
				line = what.ReplaceAllString(line, "")
			}
			lines = append(lines, strings.TrimSpace(spaces.ReplaceAllString(line, " ")))
		}
	}
	return strings.Join(lines, "\n")
}
