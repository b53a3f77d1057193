package personality_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// The table test: exeunt called by another init's name and that init itself (Debian's), run with the same arguments, environment,
// signals and child, do the same: exit status, signals at the child in their order, lines on the streams. Pids, help and version
// texts aside, and exeunt's own lines. A row that differs says why, and what each of the two does.
//
// Nothing waits for time: a signal is followed by the test's own, 64, which the child marks. It is the last the kernel and every
// init give, so the mark says that the signal before it has come through, or that nobody got it.

// row is a run of both.
type row struct {
	claim string
	args  string // of the init, split at spaces; "~" is a space in a word
	env   string // variables, split at spaces
	child string // words of testdata/child.pl; "-" is no child at all: args are the whole command line
	do    string // steps, see (*running).step; "TERM!" is added where it has none that ends it
	where where
	under string // what starts the init, if not the test
	alter string // what starts the child, if not the init itself

	doTheirs string // of a row that differs: the steps of the original, where they are others
	mixed    bool   // the lines of two processes are mixed, piece by piece: only what they say is compared
	text     int    // help and version: only so many lines of each stream are compared, and that there are more

	differs string // why; "" where both have to be the same
	before  string // the version of the original from which on there is no difference; "": none
	ours    string // of a row that differs: what the outcome of exeunt has and theirs hasn't
	theirs  string
}

type where int

const (
	pid1     where = iota // as PID 1 of a new PID namespace
	leader                // and as the leader of a session
	terminal              // and with a terminal
	below                 // not PID 1: below a shell that is
	outlived              // and that shell does not end with it
	orphaned              // not PID 1, and its parent can be killed
	belowTTY              // not PID 1, below a shell that leads the session of a terminal
)

// peers are the programs and their rows.
var peers = map[string][]row{"dumb-init": dumbInitRows, "tini": tiniRows, "docker-init": dockerInitRows, "catatonit": catatonitRows}

// original is the program that a name stands for in Debian.
func original(name string) string {
	if name == "docker-init" {
		return "tini"
	}
	return name
}

func TestPeers(t *testing.T) {
	ours := exeunt(t)
	rows := 0
	for _, name := range []string{"dumb-init", "tini", "docker-init", "catatonit"} {
		needs(t, original(name))
		theirs := t.TempDir()
		path, _ := exec.LookPath(original(name))
		if err := os.Symlink(path, filepath.Join(theirs, name)); err != nil {
			t.Fatal(err)
		}
		for _, r := range peers[name] {
			rows++
			t.Run(name+"/"+r.claim, func(t *testing.T) {
				t.Parallel()
				want, got := play(t, theirs, name, r), play(t, ours, name, r)
				if r.before != "" && !isOlder(t, name, r.before) {
					r.differs = ""
				}
				r.compare(t, want, got)
			})
		}
	}
	if rows < 120 {
		t.Errorf("%d rows, want 120", rows)
	}
}

func (r row) compare(t *testing.T, want, got string) {
	t.Helper()
	if r.differs == "" {
		if got != want {
			t.Errorf("exeunt:\n%s\nthe original:\n%s", got, want)
		}
		return
	}
	if !strings.Contains(got, r.ours) || r.theirs != "" && strings.Contains(got, r.theirs) {
		t.Errorf("exeunt is to have %q and not %q:\n%s", r.ours, r.theirs, got)
	}
	if !strings.Contains(want, r.theirs) || r.ours != "" && strings.Contains(want, r.ours) {
		t.Errorf("the original is to have %q and not %q:\n%s", r.theirs, r.ours, want)
	}
	if got == want {
		t.Errorf("there is no difference:\n%s", got)
	}
}

// The Go runtime's own signals never reach the child, not even where the queue of signals is full, so that nobody can tell who sent one.
// Tried with a binary whose scheduler preempts by SIGURG: of 600 starts under load, 11 forwarded it.
func TestItsOwnSignalsAreItsOwn(t *testing.T) {
	needs(t, "prlimit")
	ours := exeunt(t)
	const starts, atOnce = 240, 8
	var group sync.WaitGroup
	for range atOnce {
		group.Go(func() {
			for range starts / atOnce {
				cmd := exec.Command("prlimit", "--sigpending=0:0", filepath.Join(ours, "dumb-init"), "-v", "true")
				if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), "Received signal 23.") {
					t.Errorf("%v:\n%s", err, out)
				}
			}
		})
	}
	group.Wait()
}

// isOlder holds the version of a program of Debian's against another, by their three numbers.
func isOlder(t *testing.T, name, than string) bool {
	t.Helper()
	out, _ := exec.Command(original(name), "--version").CombinedOutput()
	var have, want [3]int
	if _, err := fmt.Sscanf(regexp.MustCompile(`[0-9]+\.[0-9]+\.[0-9]+`).FindString(string(out)), "%d.%d.%d", &have[0], &have[1], &have[2]); err != nil {
		t.Fatalf("%s --version says %q", name, out)
	}
	fmt.Sscanf(than, "%d.%d.%d", &want[0], &want[1], &want[2])
	return slices.Compare(have[:], want[:]) < 0
}

// needs skips, or fails where every test has to run, without a program, root or namespaces.
func needs(t *testing.T, program string) {
	t.Helper()
	why := ""
	if _, err := exec.LookPath(program); err != nil {
		why = err.Error()
	} else if out, err := exec.Command("unshare", "--fork", "--pid", "--mount-proc", "true").CombinedOutput(); err != nil {
		why = fmt.Sprintf("no PID namespace: %v %s", err, out)
	}
	switch {
	case why == "":
	case os.Getenv("EXEUNT_REQUIRE") == "all":
		t.Fatal(why)
	default:
		t.Skipf("SKIPPED: %s; to run it: as root on Linux, apt-get install dumb-init tini catatonit", why)
	}
}

// exeunt is a folder with exeunt, built as `make build` does, under the names of the others.
func exeunt(t *testing.T) string {
	t.Helper()
	built.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "exeunt-peers-"); built.err != nil {
			return
		}
		cmd := exec.Command("make", "-C", "../../..", "build", "BIN="+built.dir, "VERSION=tested")
		cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=") // those of the make that runs this test are not meant for this one
		if out, err := cmd.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("cannot make build: %w\n%s", err, out)
			return
		}
		for name := range peers {
			if err := os.Symlink("exeunt", filepath.Join(built.dir, name)); err != nil {
				built.err = err
			}
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.dir
}

var built struct {
	sync.Once
	dir string
	err error
}

func TestMain(m *testing.M) {
	// Where another program has used up the user's queue of signals (RLIMIT_SIGPENDING), a signal loses who sent it.
	_ = unix.Prlimit(0, unix.RLIMIT_SIGPENDING, &unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY}, nil) // not root: no row runs
	code := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// pids are where the originals print them.
var pids = regexp.MustCompile(`(tini \(|catatonit:|PID |pid '|pid: '|pid=|pid1 \(|child process |LISTEN_PID=)[0-9]+\b( its own)?`)

// outcome is what a run came to, in a form that does not depend on pids, nor on how the lines of two processes happen to mix.
func (r row) outcome(status string, stdout, stderr []string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "status %s\n", status)
	for _, who := range []string{"group ", "session ", ""} {
		for _, line := range stdout {
			// A SIGTERM to those beside the child is a farewell: whether they still see it where PID 1 ends is up to the kernel.
			lost := r.where != outlived && r.ours != everything && (line == "group got 15" || line == "session got 15")
			if r.child != "-" && fromChild(line) && speaker(line) == who && !lost {
				if strings.HasSuffix(line, " its own") {
					line = pids.ReplaceAllString(line, "${1}N${2}")
				}
				fmt.Fprintf(&text, "child: %s\n", line)
			}
		}
	}
	r.init(&text, "stdout", slices.DeleteFunc(slices.Clone(stdout), func(line string) bool { return r.child != "-" && fromChild(line) }))
	r.init(&text, "stderr", slices.DeleteFunc(slices.Clone(stderr), func(line string) bool { return strings.HasPrefix(line, "exeunt: ") && r.ours != everything }))
	return text.String()
}

// childLine is what child.pl prints.
var childLine = regexp.MustCompile(`^((group |session )?got |mark |ready$|session |group |terminal |blocked |in |files |\w+=|child )`)

// everything, as what a row has of ours, keeps exeunt's own lines in the outcome.
const everything = "(exeunt's own lines too)"

// speaker is the process that a line of child.pl is from.
func speaker(line string) string {
	for _, who := range []string{"group ", "session "} {
		if strings.HasPrefix(line, who+"got ") {
			return who
		}
	}
	return ""
}

func fromChild(line string) bool { return childLine.MatchString(line) }

// init puts the lines of an init down. What dumb-init and catatonit say in the child, before they become it, comes first: when it does
// is up to the kernel. What tini says every second is left out, and that SIGCHLD has come where another signal came just before: tini
// reaps after that already, or not yet.
func (r row) init(text *strings.Builder, stream string, lines []string) {
	if r.text > 0 && len(lines) > r.text-1 {
		lines = append(slices.Clone(lines[:r.text-1]), "(text)")
	}
	early := regexp.MustCompile(`setsid complete|Unable to attach|^\[dumb-init\] \S+: |using stdin as tty|setting foreground|tcsetpgrp failed`)
	if r.mixed {
		lines = messages.FindAllString(strings.Join(lines, "\n"), -1)
		slices.Sort(lines)
	}
	signalled := r.child != "-" && !r.endsItself()
	for _, first := range []bool{true, false} {
		for _, line := range lines {
			line = pids.ReplaceAllString(line, "${1}N${2}")
			if early.MatchString(line) == first && !strings.HasSuffix(line, "No child to reap") && !(signalled && strings.HasSuffix(line, "Received SIGCHLD")) {
				fmt.Fprintf(text, "%s: %s\n", stream, line)
			}
		}
	}
}

// messages are what catatonit says in the child, beside what it says in the parent, and in pieces: they come out mixed.
var messages = regexp.MustCompile(`using stdin as tty fd: could not open /dev/tty: No such device or address|setting foreground process failed: no tty present: Inappropriate ioctl for device|failed to exec pid1: No such file or directory|spawned: [a-z]+|got ECHILD`)

// endsItself says that no signal ends the child.
func (r row) endsItself() bool {
	return strings.Contains(r.child, "exit=") || strings.Contains(r.child, "die=")
}
