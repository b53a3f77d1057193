package examples_test

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// say types text into the terminal.
func (c terminalContainer) say(t *testing.T, text string) {
	t.Helper()
	if _, err := c.outer.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

// sleeps waits for the container's one sleep to be in a state, as ps(1) shows it.
func (c terminalContainer) sleeps(t *testing.T, state string) {
	t.Helper()
	eventually(t, "sleep is "+state, func() bool {
		return strings.Contains(c.exec(t, "sh", "-c", "cat /proc/[0-9]*/stat 2>/dev/null; true"), "(sleep) "+state+" ")
	})
}

// shows waits until the terminal shows that print-signals.pl has got each of the signals, and fails if it got one twice or any other.
func (c terminalContainer) shows(t *testing.T, signals ...int) {
	t.Helper()
	got := map[string]int{}
	eventually(t, fmt.Sprint("got ", signals), func() bool {
		clear(got)
		log, _ := c.lines()
		for _, l := range log {
			if _, signal, ok := strings.Cut(strings.TrimSpace(l.text), "got "); ok { // ^C may stand before it
				got[signal]++
			}
		}
		return len(got) >= len(signals)
	})
	for _, n := range signals {
		if got[strconv.Itoa(n)] != 1 || len(got) != len(signals) {
			t.Errorf("came: %v, want each of %v once", got, signals)
		}
	}
}

// An interactive shell as the child has job control: Ctrl-Z, fg, bg and Ctrl-C reach what runs in the foreground, a new window size comes
// once, and neither reaches the shell by way of exeunt too. Fails without: the hand-over in StartChild (Ctrl-Z stopped nothing).
func TestJobControl(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	// Some docker commands send PID 1 the SIGWINCH that they get themselves, beside the kernel's for the terminal's foreground.
	c := e.runTerminal(t, "-i", "--sig-proxy=false", e.image(t, "plain"), "exeunt", "--", "bash", "--norc")
	c.say(t, "echo begin $((40 + 2))\n")
	c.waitLine(t, "begin 42")
	c.say(t, "sleep 1000\n")
	c.sleeps(t, "S")
	c.say(t, "\x1a") // Ctrl-Z
	c.waitLine(t, "Stopped")
	c.sleeps(t, "T")
	c.say(t, "fg\n")
	c.sleeps(t, "S")
	c.say(t, "\x1a")
	c.sleeps(t, "T")
	c.say(t, "bg\n")
	c.sleeps(t, "S")
	c.say(t, "jobs; kill %1; wait; echo gone $((40 + 3))\n")
	c.waitLine(t, "Running")
	c.waitLine(t, "gone 43")

	c.say(t, "print-signals.pl\n")
	c.waitLine(t, "ready pid=")
	c.resize(t, 40, 100)
	c.shows(t, 28)
	c.say(t, "\x03") // Ctrl-C
	c.shows(t, 28, 2)
	const term = `for p in /proc/[0-9]*; do [ "$(cat $p/comm 2>/dev/null)" = print-signals.p ] && kill -TERM ${p#/proc/}; done; true`
	c.exec(t, "sh", "-c", term)
	c.shows(t, 28, 2, 15)
	c.exec(t, "sh", "-c", term)
	c.say(t, "stty size; exit 7\n")
	c.waitLine(t, "40 100")
	if status := c.runEnds(t); status != 7 {
		t.Errorf("docker run ended with %d, want 7", status)
	}
	c.wantNone(t, "no job control")
}

// A child that is not interactive, with a terminal, gets no signal that nobody sent: giving the terminal up sends SIGHUP and SIGCONT to
// exeunt. Fails without: the drop of what exeunt brings upon itself (SIGHUP and SIGCONT came).
func TestTerminalWithoutAShell(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	c := e.runTerminal(t, e.image(t, "plain"), "exeunt", "--", "print-signals.pl")
	c.waitLine(t, "ready pid=")
	c.kill(t, "TERM")
	c.shows(t, 15)
	c.kill(t, "TERM")
	if status := c.runEnds(t); status != 0 {
		t.Errorf("docker run ended with %d, want 0", status)
	}
}

// exeunt typed into somebody's shell leaves that shell its terminal: it is not exeunt's to hand over. What the terminal sends to exeunt's
// group reaches the child once. Fails without: leadsSession in OwnsTerminal (the shell had lost its terminal).
func TestExeuntInAShell(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	c := e.runTerminal(t, "-i", e.image(t, "plain"), "bash", "--norc")
	c.say(t, "exeunt -- print-signals.pl\n")
	c.waitLine(t, "ready pid=")
	c.say(t, "\x03")
	c.shows(t, 2)
	c.say(t, "\x1a")
	c.shows(t, 2, 20)
	c.exec(t, "sh", "-c", `kill -TERM $(cat /proc/1/task/1/children)`)
	c.shows(t, 2, 20, 15)
	c.exec(t, "sh", "-c", `kill -TERM $(cat /proc/1/task/1/children)`)
	c.say(t, "echo after $((40 + 2)) status $?; sleep 1000\n")
	c.waitLine(t, "after 42 status 0")
	c.sleeps(t, "S")
	c.say(t, "\x03")
	c.say(t, "echo then $((40 + 3)) status $?; exit 5\n")
	c.waitLine(t, "then 43 status 130")
	if status := c.runEnds(t); status != 5 {
		t.Errorf("docker run ended with %d, want 5", status)
	}
}

// docker run -i without -t: the child reads what is piped in, to its end.
func TestInputWithoutATerminal(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	cmd := exec.Command("docker", "run", "--rm", "--name", nameFor(t), "--label", e.label, "--network", "none", "-i", e.image(t, "plain"), "exeunt", "--", "sh", "-c", "cat; exit 9")
	cmd.Env, cmd.Stdin = e.env, strings.NewReader("through\n")
	out, err := cmd.Output()
	if string(out) != "through\n" || cmd.ProcessState.ExitCode() != 9 {
		t.Errorf("%q, %v, want the line and status 9", out, err)
	}
}
