package examples_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// slack is what a stop may take beyond its steps: the engine's own work, on a machine busy with other tests.
const slack = 1500 * time.Millisecond

// runPlain runs a command in the image of testdata/Dockerfile, with a file of testdata as lifecycle.hcl; config "" is no file.
func runPlain(t *testing.T, config string, args ...string) *container {
	t.Helper()
	return runPlainWith(t, config, nil, args...)
}

func runPlainWith(t *testing.T, config string, flags []string, args ...string) *container {
	t.Helper()
	e := needEngine(t)
	all := append([]string{"--network", "none"}, flags...)
	if config != "" {
		all = append(all, "--env", "EXEUNT_CONFIG=/lifecycle/"+config)
	}
	all = append(all, e.image(t, "plain"))
	return e.run(t, append(all, args...)...)
}

// Every example's file, and every file that a container test uses, has no mistake in it and fits its grace period. One is about not fitting.
func TestFilesAreClean(t *testing.T) {
	if err := buildExeunt(".."); err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, pattern := range []string{"*/lifecycle.hcl", "testdata/*.hcl"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("nothing matches %s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		want := 0
		if filepath.Base(file) == "impatient.hcl" {
			want = 1
		}
		check := exec.Command("../bin/exeunt", "check", file)
		if out, err := check.CombinedOutput(); check.ProcessState.ExitCode() != want {
			t.Errorf("exeunt check %s: %v, want exit status %d\n%s", file, err, want, out)
		}
	}
}

// A child that ignores SIGQUIT and SIGTERM is killed when the file says so.
func TestEscalation(t *testing.T) {
	for config, status := range map[string]int{"stubborn.hcl": 137, "stubborn-remapped.hcl": 0} {
		t.Run(strings.TrimSuffix(config, ".hcl"), func(t *testing.T) {
			t.Parallel()
			c := runPlain(t, config, "exeunt", "--", "init-child", "ignore", "3", "15")
			c.waitLine(t, "ready pid=")
			took := c.stop(t, 20*time.Second)
			c.wantExit(t, status)
			lines := c.wantOrder(t, `stop "stubborn" begins`, "forward SIGQUIT", "escalate SIGTERM", "escalate SIGKILL", "child was ended by SIGKILL")
			wantTook(t, "the way from SIGQUIT to SIGTERM", lines[2].at.Sub(lines[1].at), 2*time.Second, time.Second)
			wantTook(t, "the way from SIGTERM to SIGKILL", lines[3].at.Sub(lines[2].at), time.Second, time.Second)
			wantTook(t, "the stop", took, 3*time.Second, slack)
		})
	}
}

// A file that asks for more time than the platform grants does not make the platform kill exeunt.
func TestStopEndsWithinTheGracePeriod(t *testing.T) {
	t.Parallel()
	c := runPlain(t, "impatient.hcl", "exeunt", "--", "init-child", "ignore", "15")
	c.waitLine(t, "ready pid=")
	took := c.stop(t, 5*time.Second) // fails where the engine kills
	wantTook(t, "the stop", took, 4*time.Second, 1500*time.Millisecond)
	c.wantOrder(t, `hook "hang"`, "forward SIGTERM", "child was ended by SIGKILL")
	c.wantExit(t, 137)
}

// Hooks that hang, flood, fork, fail or are missing cost their timeouts and no more.
func TestBadHooks(t *testing.T) {
	t.Parallel()
	c := runPlain(t, "bad-hooks.hcl", "exeunt", "--", "sh", "-c", `trap "exit 0" TERM; echo ready; while :; do sleep 0.1; done`)
	c.waitLine(t, "ready")
	wantTook(t, "the stop", c.stop(t, 60*time.Second), 2*time.Second, 2*slack)
	c.wantOrder(t, `hook "missing"`, `hook "fails"`, `hook "daemon"`, `hook "flood"`, `hook "hang"`, "forward SIGTERM", "child exited: status 0")
	c.wantExit(t, 0)
}

// Ten thousand orphans come to PID 1 while a stop is under way; none of them stays.
func TestOrphansDuringAStop(t *testing.T) {
	c := runPlain(t, "hurry.hcl", "exeunt", "--", "init-child", "orphans", "10000")
	c.waitLine(t, "ready pid=")
	stopped := make(chan error, 1)
	go func() { // t.Fatal is not for this goroutine
		_, err := c.e.docker("stop", "-t", "110", c.name)
		stopped <- err
	}()
	drain := c.waitLine(t, "drain")
	done := c.waitLine(t, "orphans done: 10000")
	if !done.at.After(drain.at) {
		t.Error("the orphans were all there before the stop began")
	}
	c.wantNone(t, "forward")

	eventually(t, "no zombie is left", func() bool { return c.zombies(t) == 0 })
	t.Logf("no zombie %.2f s after the last orphan", time.Since(done.at).Seconds())
	if n := strings.Count(c.exec(t, "sh", "-c", "cat /proc/[0-9]*/comm"), "init-child"); n != 1 {
		t.Errorf("%d processes are called init-child, want the child alone", n)
	}

	c.kill(t, "TERM") // again = "hurry"
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	c.wantNeverKilled(t)
	c.wantOrder(t, `stop "hurry" begins`, `hook "first"`, "drain", "forward SIGTERM", "child exited: status 0")
	c.waitLine(t, "got SIGTERM")
	c.wantExit(t, 0)
}

// Without an init the same orphans stay as zombies for ever. This also shows that the test above can count them.
func TestOrphansWithoutExeunt(t *testing.T) {
	t.Parallel()
	c := runPlain(t, "", "init-child", "orphans", "100")
	c.waitLine(t, "orphans done: 100")
	eventually(t, "100 zombies", func() bool { return c.zombies(t) == 100 })
}

func (c *container) zombies(t *testing.T) int {
	t.Helper()
	return number(t, c.exec(t, "sh", "-c", `cat /proc/[0-9]*/stat 2>/dev/null | grep -c ") Z " || true`))
}

// With no file every signal that can be caught reaches the child as it came, from outside the container and from inside. SIGCHLD is PID 1's own.
func TestSignalsWithoutAFile(t *testing.T) {
	var signals []int
	for n := 1; n <= 64; n++ {
		if !slices.Contains([]int{9, 17, 19, 32, 33}, n) { // KILL, CHLD, STOP; the C library's two
			signals = append(signals, n)
		}
	}
	t.Run("from outside", func(t *testing.T) {
		t.Parallel()
		c := runPlain(t, "", "exeunt", "--", "print-signals.pl")
		c.waitLine(t, "ready pid=")
		for _, n := range signals {
			c.kill(t, fmt.Sprint(n))
			c.waitGot(t, n)
		}
		c.wantGot(t, signals)
		c.kill(t, "TERM")
		c.wantExit(t, 0)
	})
	t.Run("from inside", func(t *testing.T) {
		t.Parallel()
		c := runPlain(t, "", "exeunt", "--", "print-signals.pl")
		c.waitLine(t, "ready pid=")
		// All at once but SIGCONT: the kernel takes a pending one back when SIGTSTP, SIGTTIN or SIGTTOU comes (signal(7)).
		burst := slices.DeleteFunc(slices.Clone(signals), func(n int) bool { return n == 18 })
		c.exec(t, "sh", "-c", "for n in "+strings.Trim(fmt.Sprint(burst), "[]")+"; do kill -$n 1; done")
		for _, n := range burst {
			c.waitGot(t, n)
		}
		c.exec(t, "sh", "-c", "kill -18 1")
		c.waitGot(t, 18)
		c.wantGot(t, signals)
		c.kill(t, "TERM")
		c.wantExit(t, 0)
	})
}

// waitGot waits for print-signals.pl to have got signal n.
func (c *container) waitGot(t *testing.T, n int) {
	t.Helper()
	want := fmt.Sprintf("got %d", n)
	c.waitFor(t, want, func(l logLine) bool { return l.text == want })
}

// wantGot fails unless each signal came exactly once.
func (c *container) wantGot(t *testing.T, signals []int) {
	t.Helper()
	got := map[string]int{}
	log, _ := c.lines()
	for _, l := range log {
		if strings.HasPrefix(l.text, "got ") {
			got[l.text]++
		}
	}
	for _, n := range signals {
		if times := got[fmt.Sprintf("got %d", n)]; times != 1 {
			t.Errorf("signal %d came %d times", n, times)
		}
	}
	if len(got) != len(signals) {
		t.Errorf("%d signals came, want %d: %v", len(got), len(signals), got)
	}
}

// A log that nobody reads, its pipe full, holds up nothing.
func TestStalledLog(t *testing.T) {
	t.Parallel()
	// dd fills the pipe: it stops at the first write that would block. exeunt's standard error is that pipe, whose other end only exeunt itself holds.
	const script = `mkfifo /tmp/log; exec 3<>/tmp/log
dd if=/dev/zero of=/tmp/log bs=1 count=4096 oflag=nonblock 2>/dev/null
dd if=/dev/zero of=/tmp/log bs=4096 count=1024 oflag=nonblock 2>/dev/null
dd if=/dev/zero of=/tmp/log bs=1 count=4096 oflag=nonblock 2>/dev/null && echo "the pipe is not full"
exec exeunt -- init-child ignore 3 15 2>&3`
	c := runPlain(t, "stubborn.hcl", "sh", "-c", script)
	c.waitLine(t, "ready pid=")
	c.wantNone(t, "not full")
	wantTook(t, "the stop", c.stop(t, 20*time.Second), 3*time.Second, slack)
	c.wantExit(t, 137)
	c.wantNone(t, "exeunt: ") // else it was not the log that stalled
}

// exeunt needs no privilege and writes no file.
func TestUnprivileged(t *testing.T) {
	t.Parallel()
	flags := []string{"--read-only", "--user", "10001:10001", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"}
	c := runPlainWith(t, "plain.hcl", flags, "exeunt", "--", "sh", "-c", `trap "exit 7" TERM; echo ready; while :; do sleep 0.1; done`)
	c.waitLine(t, "ready")
	c.stop(t, 20*time.Second)
	c.wantOrder(t, `stop "plain" begins`, `hook "touch" done`, "drain", "forward SIGTERM", "child exited: status 7")
	c.wantExit(t, 7)
}

// docker run -it with a shell: Ctrl-C interrupts what the shell runs, not the shell, and the shell's status is the container's. Also where the file
// in the image names SIGINT: it is about another command.
func TestInteractiveShell(t *testing.T) {
	for name, flags := range map[string][]string{"no file": nil, "a file that names SIGINT": {"--env", "EXEUNT_CONFIG=/lifecycle/interrupt.hcl"}} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			interactiveShell(t, flags)
		})
	}
}

func interactiveShell(t *testing.T, flags []string) {
	t.Helper()
	e := needEngine(t)
	c := e.runTerminal(t, append(append([]string{"-i"}, flags...), e.image(t, "plain"), "exeunt", "--", "sh")...)
	say := func(text string) {
		t.Helper()
		if _, err := c.outer.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}

	// The sums keep what the shell prints apart from the terminal's echo of what was typed.
	say("echo begin $((40 + 2)); tty\n")
	c.waitLine(t, "begin 42")
	c.waitLine(t, "/dev/") // a terminal, not "not a tty"
	say("sleep 1000\n")
	eventually(t, "sleep runs", func() bool {
		return strings.Contains(c.exec(t, "sh", "-c", "cat /proc/[0-9]*/comm"), "sleep\n")
	})
	say("\x03")
	say("echo after $((40 + 3)) status $?\n")
	c.waitLine(t, "after 43 status 130")
	say("exit 7\n")
	if status := c.runEnds(t); status != 7 {
		t.Errorf("docker run ended with %d, want 7", status)
	}
	c.wantNone(t, "job control turned off")
}
