package personality_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// underFile is a run of exeunt by another init's name, with a lifecycle.hcl.
type underFile struct {
	claim string
	name  string
	file  string
	row
	has   []string // lines of the outcome
	hasnt []string
}

// Any lifecycle.hcl works under any name; what it says wins over what the name, its options and its variables say, block by block.
var underFiles = []underFile{
	{claim: "a stop takes its signals from a rewrite", name: "dumb-init", file: `stop "graceful" {
  on = ["SIGTERM"]
  forward {
    signal = "SIGQUIT"
  }
}`, row: row{args: "-r 15:10 -r 1:12", child: "out=3=5", do: "HUP TERM!"}, has: []string{"status 5", "child: got 12", "child: got 3", `exeunt: stop "graceful" begins`}, hasnt: []string{"child: got 10"}},
	{claim: "a signal block does too", name: "dumb-init", file: `signal "SIGHUP" {}`,
		row: row{args: "-r 1:12", child: "", do: "HUP USR1"}, has: []string{"child: got 10"}, hasnt: []string{"child: got 12", "child: got 1\n"}},
	{claim: "a signal no block names goes where the original sends it", name: "tini", file: `signal "SIGHUP" {
  forward {
    to = "group"
  }
}`, row: row{child: "group", do: "USR1 HUP"}, has: []string{"child: got 1\n", "child: got 10", "child: group got 1\n"}, hasnt: []string{"group got 10"}},
	{claim: "a block that names a signal which the original keeps lets it through", name: "catatonit", file: `signal "SIGTSTP" {
  forward {}
}`, row: row{child: "", do: "TSTP TTIN USR1"}, has: []string{"child: got 20"}, hasnt: []string{"child: got 21"}},
	{claim: "exit.status wins over -e, for the statuses it maps", name: "tini", file: `exit {
  status = { "3" = 9 }
}`, row: row{args: "-e 3 -e 4", child: "exit=3"}, has: []string{"status 9"}},
	{claim: "-e maps the others", name: "tini", file: `exit {
  status = { "3" = 9 }
}`, row: row{args: "-e 3 -e 4", child: "exit=4"}, has: []string{"status 0"}},
	{claim: "a linger replaces the farewell, and is waited for", name: "dumb-init", file: `exit {
  linger = "20s"
}`, row: row{child: "group exit=3"}, has: []string{"status 3", "child: group got 15", "exeunt: the session is not gone"}},
	{claim: "hooks run beside a pause, which a stop ends", name: "catatonit", file: `stop "bye" {
  on = ["SIGTERM"]
  hook "last" {
    script  = "echo goodbye"
    timeout = "20s"
  }
  forward {}
}`, row: row{args: "-P", child: "-", do: "TERM!"}, has: []string{"status 0", "last: goodbye"}},
	{claim: "child.command is the command where the command line has none", name: "tini", file: `child {
  command = ["sh", "-c", "exit 6"]
}`, row: row{child: "-"}, has: []string{"status 6"}},
	{claim: "docker-init, as dockerd starts it, under a file", name: "docker-init", file: `stop "graceful" {
  on = ["SIGTERM"]
  forward {
    signal = "SIGINT"
  }
}`, row: row{child: "out=2=8"}, has: []string{"status 8", "child: got 2", "exeunt: in the place of tini 0.19.0"}},
	{claim: "a Ctrl-C that the file names gets to it", name: "docker-init", file: `stop "interrupted" {
  on = ["SIGINT"]
  forward {
    signal = "SIGUSR1"
  }
}`, row: row{child: "out=10=4", where: terminal, do: "type:^C line:got~10 none!"}, has: []string{"status 4", "child: got 10", `exeunt: stop "interrupted" begins`}, hasnt: []string{"child: got 2\n"}},
	{claim: "with -c the session is the child alone, and exeunt does not end itself", name: "dumb-init", file: `stop "hard" {
  on = ["SIGTERM"]
  forward {}
  escalate {
    after  = "1ms"
    signal = "SIGKILL"
  }
}`, row: row{args: "-c", child: "out=2=0", where: below, do: "TERM!"}, has: []string{"status 137", "exeunt: child was ended by SIGKILL"}},
	{claim: "a wrong file is refused before the command starts", name: "tini", file: `stop "x" {`,
		row: row{args: "touch /nowhere/at/all", child: "-"}, has: []string{"status 78", "exeunt: cannot use"}},
}

func TestUnderAFile(t *testing.T) {
	ours := exeunt(t)
	needs(t, "perl")
	for _, u := range underFiles {
		t.Run(u.name+"/"+u.claim, func(t *testing.T) {
			t.Parallel()
			if u.claim == "a linger replaces the farewell, and is waited for" {
				u.file = strings.Replace(u.file, "20s", "500ms", 1) // the group's process outlives SIGTERM
			}
			path := filepath.Join(t.TempDir(), "lifecycle.hcl")
			if err := os.WriteFile(path, []byte(u.file+"\n"), 0o666); err != nil {
				t.Fatal(err)
			}
			u.row.env, u.row.ours = "EXEUNT_CONFIG="+path, everything
			got := play(t, ours, u.name, u.row)
			for _, want := range u.has {
				if !strings.Contains(got, want) {
					t.Errorf("no %q:\n%s", want, got)
				}
			}
			for _, not := range u.hasnt {
				if strings.Contains(got, not) {
					t.Errorf("%q:\n%s", not, got)
				}
			}
		})
	}
}

// What got better is said in one line each, where the original is asked to be talkative: not by default.
func TestWhatGotBetter(t *testing.T) {
	ours := exeunt(t)
	needs(t, "perl")
	for _, b := range []struct {
		name string
		row
		says []string
	}{
		{"dumb-init", row{args: "-v", child: "exit=0"}, []string{"exeunt: in the place of dumb-init 1.2.5"}},
		{"dumb-init", row{child: "exit=0"}, nil},
		{"tini", row{args: "-v", child: "exit=0"}, []string{"exeunt: in the place of tini 0.19.0"}},
		{"tini", row{env: "TINI_VERBOSITY=1", child: "exit=0"}, nil},
		{"tini", row{args: "-v", child: "", do: "USR1 child:STOP child=T TERM!"}, []string{
			"exeunt: in the place of tini 0.19.0",
			"exeunt: SIGCONT after SIGTERM, as the child is stopped and would not see it; tini leaves it stopped: EXEUNT_TO_THE_LETTER=1 does too"}},
		{"tini", row{args: "-v -s", child: "out=6=0", where: below, do: "ABRT!"}, []string{
			"exeunt: in the place of tini 0.19.0",
			"exeunt: SIGABRT goes to the child; tini would die by it and leave the child behind: that has no way back"}},
		{"tini", row{args: "-v", under: "setpriv --bounding-set=-kill", alter: "setpriv --reuid=65534 --clear-groups", child: "", do: "USR1? child:TERM"}, []string{
			"exeunt: in the place of tini 0.19.0",
			"exeunt: cannot deliver SIGUSR1 to child: kill: operation not permitted",
			"exeunt: going on although it can't be signalled; tini would end with status 1 here: that has no way back"}},
		{"tini", row{args: "-v", env: "EXEUNT_TO_THE_LETTER=1", child: "exit=0"}, []string{
			"exeunt: in the place of tini 0.19.0", "exeunt: with all of its habits, as EXEUNT_TO_THE_LETTER=1 asks"}},
		{"catatonit", row{env: "CATATONIT_DEBUG=1", child: "exit=0"}, []string{
			"exeunt: in the place of catatonit 0.2.1",
			"exeunt: the command can be stopped from its terminal: SIGTSTP, SIGTTIN and SIGTTOU are not blocked for it; catatonit blocks them: EXEUNT_TO_THE_LETTER=1 does too"}},
		{"catatonit", row{child: "exit=0"}, nil},
		{"docker-init", row{child: "exit=0"}, nil},
	} {
		b.row.ours = everything
		var says []string
		for _, line := range strings.Split(play(t, ours, b.name, b.row), "\n") {
			if text, ok := strings.CutPrefix(line, "stderr: "); ok && strings.HasPrefix(text, "exeunt: ") {
				says = append(says, text)
			}
		}
		if !slices.Equal(says, b.says) {
			t.Errorf("%s %s says %q, want %q", b.name, b.args, says, b.says)
		}
	}
}
