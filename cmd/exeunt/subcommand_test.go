package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"exeunt/cmd/exeunt/commandline"
)

// exeunt runs a subcommand in this process.
func exeunt(args ...string) (code int, stdout, stderr string) {
	var out, errors bytes.Buffer
	code = run(args, nil, &out, &errors)
	return code, out.String(), errors.String()
}

// Every row of the table does something, and says its own help.
func TestEverySubcommand(t *testing.T) {
	for _, c := range commandline.Subcommands() {
		if subcommand(c.Name) == nil {
			t.Errorf("%s is in the table of the command line, and does nothing", c.Name)
			continue
		}
		for _, args := range [][]string{{"help", c.Name}, {c.Name, "--help"}, {c.Name, "-h"}} {
			if code, stdout, stderr := exeunt(args...); code != 0 || stdout != c.Help() || stderr != "" {
				t.Errorf("exeunt %s: status %d\n%s%s", strings.Join(args, " "), code, stdout, stderr)
			}
		}
		code, _, stderr := exeunt(c.Name, "--no-such-flag")
		if want := "exeunt: flag --no-such-flag is not known"; code != exitUsage || !strings.HasPrefix(stderr, want) || !strings.Contains(stderr, "\nexeunt: hint: exeunt help "+c.Name+" shows the command line\n") {
			t.Errorf("exeunt %s --no-such-flag: status %d\n%s", c.Name, code, stderr)
		}
	}
}

func TestCommandLine(t *testing.T) {
	for _, test := range []struct {
		args   string
		code   int
		stdout string // how it begins
		stderr string
	}{
		{"help", 0, "Run a command as PID 1 ", ""},
		{"--help", 0, "Run a command as PID 1 ", ""},
		{"--help check", 0, "Run a command as PID 1 ", ""},
		{"help chekc", 64, "", "exeunt: help \"chekc\": there is no such subcommand: did you mean check?\nexeunt: hint: exeunt help shows the command line\n"},
		{"help check fmt", 64, "", "exeunt: help takes one SUBCOMMAND, 2 were given\nexeunt: hint: exeunt help help shows the command line\n"},
		{"version", 0, "exeunt development go", ""},
		{"--version", 0, "exeunt development go", ""},
		{"version x", 64, "", "exeunt: version takes no argument, \"x\" was given\nexeunt: hint: exeunt help version shows the command line\n"},
		{"--confg x app", 64, "", "exeunt: flag --confg is not known: did you mean --config?\nexeunt: hint: exeunt help shows the command line\n"},
		{"-c x check", 64, "", "exeunt: flag --config stands before check, which is a subcommand: a subcommand's flags come after its name, and -- before a command of that name\nexeunt: hint: exeunt help check shows the command line\n"},
		{"", 64, "", "exeunt: no command: write it after the flags, or as child { command = [...] } in the file\nexeunt: hint: exeunt help shows the command line\n"},
	} {
		t.Setenv("EXEUNT_CONFIG", "")
		code, stdout, stderr := exeunt(strings.Fields(test.args)...)
		if code != test.code || !strings.HasPrefix(stdout, test.stdout) || stderr != test.stderr {
			t.Errorf("exeunt %s: status %d, want %d\n%s%s", test.args, code, test.code, stdout, stderr)
		}
	}
}

// A command that isn't there may be a subcommand misspelt; behind -- it is none.
func TestMisspeltSubcommand(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"chekc":                  "exeunt: hint: did you mean exeunt check?\n",
		"initt --app nginx":      "exeunt: hint: did you mean exeunt init?\n",
		"-- chekc":               "",
		"no-such-program-at-all": "",
		"sh -c exit 127":         "",
	} {
		words := strings.Split(args, " ")
		if words[0] == "sh" {
			words = []string{"sh", "-c", "exit 127"}
		}
		cmd := exec.Command(self, words...)
		cmd.Env = append(os.Environ(), asExeunt+"=1", "EXEUNT_CONFIG=")
		out, _ := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != exitNotFound {
			t.Errorf("exeunt %s: status %d\n%s", args, code, out)
		}
		if got := strings.Contains(string(out), "did you mean"); got != (want != "") || !strings.HasSuffix(string(out), want) {
			t.Errorf("exeunt %s:\n%swant %q at its end", args, out, want)
		}
	}
}
