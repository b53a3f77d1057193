package commandline

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// golden compares text with a file of testdata, or rewrites it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is another (-update rewrites it):\n%s", path, got)
	}
}

// every returns all rows, exeunt's own first.
func every() []*Command { return append([]*Command{Exeunt()}, Subcommands()...) }

func TestHelp(t *testing.T) {
	for _, c := range every() {
		text := c.Help()
		golden(t, strings.TrimSuffix("exeunt-"+c.Name, "-")+".help", text)
		for _, line := range strings.Split(text, "\n") {
			if n := utf8.RuneCountInString(line); n > pageWidth {
				t.Errorf("exeunt %s: a line of %d characters: %s", c.Name, n, line)
			}
		}
	}
}

// What the help, the man pages and the completion take for granted of a row.
func TestRows(t *testing.T) {
	for _, c := range every() {
		sentence := func(what, text string) {
			if text == "" || strings.HasSuffix(text, ".") {
				t.Errorf("exeunt %s: %s is empty or ends with a full stop: %q", c.Name, what, text)
			}
		}
		sentence("the summary", c.Summary)
		seen := map[string]bool{"h": true, "help": true}
		for _, f := range c.Flags {
			sentence("the text of "+f.String(), f.Doc)
			for _, name := range []string{f.Name, f.Short} {
				if name != "" && seen[name] {
					t.Errorf("exeunt %s has two flags named %q", c.Name, name)
				}
				seen[name] = true
			}
			if len(f.Short) > 1 || f.Name == "" && f.Short == "" {
				t.Errorf("exeunt %s: a flag named %q and %q", c.Name, f.Name, f.Short)
			}
			if f.Argument == "" && (f.Default != "" || f.Values != nil || f.Repeats || f.Kind != Text) {
				t.Errorf("exeunt %s: %v is a switch, and takes a value", c.Name, &f)
			}
			if f.Default != "" && f.check(f.Default) != nil {
				t.Errorf("exeunt %s: the default of %v is wrong: %v", c.Name, &f, f.check(f.Default))
			}
		}
		for _, s := range c.Statuses {
			sentence("the text of status "+s.Code, s.Doc)
		}
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct {
		name, args string
		flags      string // those that are given
		operands   string
		rest       string
		dashes     bool
	}{
		{"", "", "", "", "", false},
		{"", "nginx -g x", "", "", "nginx -g x", false},
		{"", "-v nginx -v --help", "--verbose", "", "nginx -v --help", false},
		{"", "-c a --timeline -- check x", "--config --timeline", "", "check x", true},
		{"", "--config=a -log-level debug app -- b", "--config --log-level", "", "app -- b", false},
		{"", "--config --timeline app", "--config", "", "app", false}, // a value may look like a flag, as everywhere
		{"check", "", "", "", "", false},
		{"check", "lifecycle.hcl", "", "lifecycle.hcl", "", false},
		{"check", "-- -odd-", "", "-odd-", "", true},
		{"fmt", "a --check b", "--check", "a b", "", false},
		{"fmt", "-", "", "-", "", false},
		{"help", "check", "", "check", "", false},
	} {
		row := Exeunt()
		if test.name != "" {
			row = Find(test.name)
		}
		line, err := row.Parse(strings.Fields(test.args))
		if err != nil {
			t.Errorf("exeunt %s %s: %v", test.name, test.args, err)
			continue
		}
		got := []string{strings.Join(line.Flags(), " "), strings.Join(line.Operands, " "), strings.Join(line.Rest, " ")}
		if want := []string{test.flags, test.operands, test.rest}; !slices.Equal(got, want) || line.Dashes != test.dashes {
			t.Errorf("exeunt %s %s: %q %v, want %q %v", test.name, test.args, got, line.Dashes, want, test.dashes)
		}
	}
}

// row has what no subcommand may have yet.
var row = &Command{
	Name: "try", Runs: true,
	Flags: []Flag{
		{Name: "after", Argument: "DURATION", Kind: Duration, Default: "5s"},
		{Name: "repeat", Short: "n", Argument: "N", Kind: Number},
		{Name: "manifest", Argument: "PATH", Kind: File, Repeats: true},
		{Name: "shape", Argument: "SHAPE", Values: []string{"round", "square"}},
		{Name: "quick"},
	},
}

func TestValues(t *testing.T) {
	line, err := row.Parse(strings.Fields("--manifest a -n 3 --manifest=b --shape square --shape round -- app --quick"))
	if err != nil {
		t.Fatal(err)
	}
	if line.Duration("after").Seconds() != 5 || line.Number("repeat") != 3 || !slices.Equal(line.Texts("manifest"), []string{"a", "b"}) ||
		line.Text("shape") != "round" || line.Given("quick") || !slices.Equal(line.Rest, []string{"app", "--quick"}) {
		t.Errorf("%+v", line)
	}
}

func TestMistakes(t *testing.T) {
	for args, want := range map[string]string{
		"--manifst a":      "flag --manifst is not known: did you mean --manifest?",
		"--manifst=a":      "flag --manifst is not known: did you mean --manifest?",
		"-x":               "flag -x is not known: what belongs to the command comes after --",
		"--hlep":           "flag --hlep is not known: did you mean --help?",
		"--manifest":       "flag --manifest needs a value: write --manifest PATH",
		"--manifest -- x":  "flag --manifest needs a value: write --manifest PATH",
		"--manifest=":      `--manifest "": write a value`,
		"--quick=yes":      `flag --quick takes no value, "yes" was given`,
		"--after 5":        `--after "5": write a duration like "30s" or "1m30s"`,
		"--after=-5s":      `--after "-5s": write a duration like "30s" or "1m30s"`,
		"--repeat few":     `--repeat "few": write a whole number from 0 on`,
		"--shape triangle": `--shape "triangle": write round or square`,
		"app":              `try takes no argument, "app" was given: a command comes after --`,
	} {
		if _, err := row.Parse(strings.Fields(args)); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", args, err, want)
		}
	}
	for args, want := range map[string]string{
		"help a b":           "help takes one SUBCOMMAND, 2 were given",
		"check --format xml": `--format "xml": write text, json or sarif`,
		"version x":          `version takes no argument, "x" was given`,
		" --log-level loud":  `--log-level "loud": write debug, info, warn or error`,
		" --confg x":         "flag --confg is not known: did you mean --config?",
		" --nonsense":        "flag --nonsense is not known",
	} {
		name, rest, _ := strings.Cut(args, " ")
		c := Exeunt()
		if name != "" {
			c = Find(name)
		}
		if _, err := c.Parse(strings.Fields(rest)); err == nil || err.Error() != want {
			t.Errorf("exeunt %s: %v\nwant %s", args, err, want)
		}
	}
}

func TestHelpIsAskedFor(t *testing.T) {
	for _, args := range []string{"-h", "--help", "-help", "-v --help app"} {
		if _, err := Exeunt().Parse(strings.Fields(args)); !errors.Is(err, ErrHelp) {
			t.Errorf("%s: %v", args, err)
		}
	}
}

func TestNoSubcommand(t *testing.T) {
	if got := NoSubcommand("chekc").Error(); got != "there is no such subcommand: did you mean check?" {
		t.Error(got)
	}
}

// PID 1 pays for its own row only.
func BenchmarkParse(b *testing.B) {
	args := []string{"--", "true"}
	for b.Loop() {
		if _, err := Exeunt().Parse(args); err != nil {
			b.Fatal(err)
		}
	}
}
