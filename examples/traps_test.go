package examples_test

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// The traps of being PID 1 in a container, each by its name. "Fails without" says what was taken out of the code to see the test fail.

// fill forks children until no process is left to have, and ends with status 3 at SIGTERM.
const fill = `$SIG{TERM} = sub { exit 3 }; $| = 1;
while (defined(my $pid = fork)) { if (!$pid) { $SIG{TERM} = "DEFAULT"; sleep 1000; exit } }
print "ready pid=$$\n"; sleep 1 while 1`

// The trap "fork failing at --pids-limit during a stop": the hooks that need a process fail, the others work, and exeunt's runtime
// has the threads it needs . That guard is taken out in TestThreadsAtTheLimit of package reaper; here the whole of it is seen.
func TestTrapPidsLimitDuringAStop(t *testing.T) {
	t.Parallel()
	c := runPlainWith(t, "traps.hcl", []string{"--pids-limit", "40"}, "exeunt", "--", "perl", "-e", fill)
	c.waitLine(t, "ready pid=")
	c.stop(t, 20*time.Second)
	c.wantOrder(t, `stop "traps" begins`, `cannot start "true": resource temporarily unavailable (the limit of processes or memory is reached)`, `hook "write" done`, "forward SIGTERM", "child exited: status 3")
	c.wantExit(t, 3)
}

// The trap's other side: where the limit leaves no room for threads in reserve, exeunt does without them. Fails without: room in
// ReserveThreads (status 2, "failed to create new OS thread").
func TestTrapTinyPidsLimit(t *testing.T) {
	for limit := 6; limit <= 12; limit++ {
		t.Run(strconv.Itoa(limit), func(t *testing.T) {
			t.Parallel()
			c := runPlainWith(t, "", []string{"--pids-limit", strconv.Itoa(limit)}, "exeunt", "--", "sleep", "0.2")
			c.waitLine(t, "child exited: status 0")
			c.wantExit(t, 0)
		})
	}
}

// The trap "memory limit reached by the child": exeunt lives, says what it was, and its status is that of the kill.
// Fails without: the look at the cgroup's count in childEnded (no word of memory).
func TestTrapMemoryLimit(t *testing.T) {
	t.Parallel()
	c := runPlainWith(t, "", []string{"--memory", "64m", "--memory-swap", "64m"}, "exeunt", "--", "perl", "-e", `print "ready\n"; my @all; push @all, "x" x 1e6 while 1`)
	c.waitLine(t, "child was ended by SIGKILL")
	c.waitLine(t, "out of memory")
	c.wantExit(t, 137)
}

// The trap "a frozen and thawed container": the clock goes on, as the platform's does; a drain that is over by then ends at once, and
// nothing happens twice. There is no guard to take out: exeunt has one clock, and it goes on in a freeze.
func TestTrapPausedDuringADrain(t *testing.T) {
	t.Parallel()
	c := runPlainWith(t, "traps.hcl", nil, "exeunt", "--", "sh", "-c", `trap "echo once; exit 4" TERM; echo ready; while :; do sleep 0.1; done`)
	c.waitLine(t, "ready")
	c.kill(t, "TERM")
	c.waitLine(t, "drain begins")
	c.e.must(t, "pause", c.name)
	c.e.must(t, "unpause", c.name)
	c.wantOrder(t, `stop "traps" begins`, "drain done", "forward SIGTERM", "child exited: status 4")
	c.wantExit(t, 4)
	if n := strings.Count(c.String(), "once\n"); n != 1 {
		t.Errorf("the child heard of its end %d times", n)
	}
}

// The trap "a shared PID namespace": exeunt is not PID 1 and touches nobody but its own, also when all that is left is SIGKILL; its
// orphans come to it. Fails without: pid1 in NewMachine (nobody was killed), without that and Family.PID1 (the neighbour was killed), without
// BecomeSubreaper.
func TestTrapSharedPIDNamespace(t *testing.T) {
	t.Parallel()
	neighbour := runPlain(t, "", "init-child", "ignore", "15")
	neighbour.waitLine(t, "ready pid=")
	c := runPlainWith(t, "impatient.hcl", []string{"--pid", "container:" + neighbour.name}, "exeunt", "--", "sh", "-c",
		`(setsid sleep 1001 &); exec init-child ignore 3 15`)
	c.waitLine(t, "not PID 1")
	c.waitLine(t, "ready pid=")
	eventually(t, "the orphan came to exeunt", func() bool {
		parent := neighbour.exec(t, "sh", "-c", `for p in /proc/[0-9]*; do grep -qz 1001 $p/cmdline 2>/dev/null && cat /proc/$(cut -d" " -f4 $p/stat)/comm; done; true`)
		return strings.Contains(parent, "exeunt")
	})
	c.stop(t, 20*time.Second)
	c.wantOrder(t, `stop "impatient" begins`, "forward SIGTERM", "SIGKILL to the session", "child was ended by SIGKILL")
	c.wantExit(t, 137)
	if state := neighbour.e.must(t, "inspect", "--format", "{{.State.Running}}", neighbour.name); state != "true" {
		t.Error("the neighbour was hit")
	}
}

// The trap "/proc hidden (hidepid, or not mounted at all)": a stop goes on as it should.
// Fails without: Family.hidden and sendBlindly (SIGTERM did not come).
func TestTrapProc(t *testing.T) {
	for name, prepare := range map[string]string{
		"hidepid":     "mount -t proc -o hidepid=2,gid=54321 proc /proc",
		"not mounted": "mount -t tmpfs none /proc",
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			c := runPlainWith(t, "other-user.hcl", []string{"--cap-add", "SYS_ADMIN", "--security-opt", "apparmor=unconfined"}, "sh", "-c",
				prepare+` && exec exeunt -- sh -c 'sleep 1000 & trap "echo bye; exit 5" TERM; echo ready; while :; do sleep 0.1; done'`)
			c.waitLine(t, "ready")
			c.stop(t, 20*time.Second)
			c.waitLine(t, "bye")
			c.wantExit(t, 5)
		})
	}
}

// The trap "TERM before the child exists", with start hooks: they are ended, the child is never started, 128+15.
// Fails without: cancelStart in the machine's table.
func TestTrapTermBeforeTheChild(t *testing.T) {
	t.Parallel()
	c := runPlain(t, "slow-start.hcl", "exeunt", "--", "echo", "the child was started")
	c.waitLine(t, `hook "slow"`)
	took := c.stop(t, 20*time.Second)
	wantTook(t, "docker stop", took, 0, slack)
	c.wantOrder(t, `hook "slow"`, "child not started: SIGTERM from outside the container came before it")
	c.wantNone(t, "the child was started")
	c.wantExit(t, 143)
}

// The trap "TERM twice": the second changes nothing, and is logged with who sent it.
// Fails without: ignoreTrigger (the stop began anew).
func TestTrapTermTwice(t *testing.T) {
	t.Parallel()
	c := runPlain(t, "traps.hcl", "exeunt", "--", "sh", "-c", `trap "echo once; exit 4" TERM; echo ready; while :; do sleep 0.1; done`)
	c.waitLine(t, "ready")
	c.kill(t, "TERM")
	c.waitLine(t, "drain begins")
	c.exec(t, "sh", "-c", "kill -TERM 1; sleep 0.3") // who is gone at once has no name any more
	c.wantOrder(t, `stop "traps" begins: SIGTERM from outside the container`, "drain begins", "SIGTERM from pid", "drain done", "forward SIGTERM", "child exited: status 4")
	c.waitFor(t, "of the second SIGTERM, by a shell of root's", func(l logLine) bool {
		return strings.Contains(l.text, "(sh, uid 0) ignored: stopping")
	})
	c.wantExit(t, 4)
	if n := strings.Count(c.String(), "once\n"); n != 1 {
		t.Errorf("the child heard of its end %d times", n)
	}
}

// The trap "a grandchild that holds stdout": the child's end is the end, whoever else holds its output. There is no guard to take out: nothing of
// exeunt's reads it, the child has exeunt's own descriptors.
func TestTrapGrandchildHoldsStdout(t *testing.T) {
	t.Parallel()
	c := runPlain(t, "", "exeunt", "--", "sh", "-c", "setsid sleep 1000 & echo ready; exit 6")
	c.waitLine(t, "child exited: status 6")
	c.wantExit(t, 6)
}

// The trap "setsid'd descendants": `to = "container"` reaches who has left the session, and a hook is not hit.
// Fails without: the container in Family.send.
func TestTrapEscapedDescendant(t *testing.T) {
	t.Parallel()
	c := runPlain(t, "container.hcl", "exeunt", "--", "sh", "-c",
		`setsid sh -c 'trap "echo escaped; exit" TERM; echo up; while :; do sleep 0.1; done' & trap "wait; exit 0" TERM; wait; wait`)
	c.waitLine(t, "up")
	c.stop(t, 20*time.Second)
	c.waitLine(t, "escaped")
	c.wantOrder(t, `stop "container" begins`, "forward SIGTERM", "child exited: status 0")
	c.wantExit(t, 0)
}

// The trap "a stopped child": its SIGTERM is followed by SIGCONT, with a file and without one.
// Fails without: Signal.Stops (docker stop had to kill).
func TestTrapStoppedChild(t *testing.T) {
	for name, config := range map[string]string{"no-file": "", "file": "traps.hcl"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := runPlain(t, config, "exeunt", "--", "sh", "-c", `trap "exit 8" TERM; echo ready $$; kill -STOP $$; while :; do sleep 0.1; done`)
			c.waitLine(t, "ready")
			eventually(t, "it is stopped", func() bool {
				return strings.Contains(c.exec(t, "sh", "-c", "cat /proc/[0-9]*/stat 2>/dev/null; true"), ") T ")
			})
			c.stop(t, 20*time.Second)
			c.wantExit(t, 8)
		})
	}
}
