package reaper

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// The trap "coalesced SIGCHLD": a hundred end while nobody looks; one look reaps them all.
// Fails without: the loop in Reap.
func TestReapAllAtOnce(t *testing.T) {
	if !asPID1(t) {
		return
	}
	const n = 100
	for range n {
		null, _ := os.Open(os.DevNull)
		if _, err := Start(Spec{Argv: []string{"true"}, Env: os.Environ(), Files: [3]*os.File{null, null, null}}); err != nil {
			t.Fatal(err)
		}
		null.Close()
	}
	eventually(t, "all have ended", func() bool {
		all, err := processes()
		if err != nil {
			t.Fatal(err)
		}
		zombies := 0
		for _, p := range all {
			if p.state == 'Z' {
				zombies++
			}
		}
		return zombies == n
	})
	if got := len(Reap()); got != n {
		t.Errorf("%d were reaped, want %d", got, n)
	}
}

// Children that ended before exeunt was there are reaped: execve(2) hands them down, and their SIGCHLD has been.
// Fails without: the token that newIntake puts into the channel.
func TestChildrenFromBefore(t *testing.T) {
	r := launch(t, "/proc/self/exe", nil, "before")
	var pid int
	if _, err := fmt.Sscanf(r.wait("before"), "before %d", &pid); err != nil {
		t.Fatal(err)
	}
	r.wait(fmt.Sprintf("reaped %d: child exited: status 0", pid))
}

// A clone with no exit signal is reaped too. Fails without: __WALL.
func TestReapClones(t *testing.T) {
	r := launch(t, "/proc/self/exe", nil, "clone")
	if got := r.wait("reaped"); got != "reaped the clone: child exited: status 9" {
		t.Error(got)
	}
}

// The trap "a status stolen by another waiter": a tracer takes the child's exit status first (ptrace(2)); it comes here all the same.
// That nothing of exeunt's own waits for a process is what TestOneWaiter is about.
func TestStatusTakenByATracer(t *testing.T) {
	if !asPID1(t) {
		return
	}
	s := begin(t, NewSession, nil, `trap "exit 7" TERM; echo ready; while :; do sleep 1000 & wait $!; done`)
	f := family(s)
	tracer := exec.Command("/proc/self/exe", fmt.Sprint(s.pid))
	tracer.Env = append(os.Environ(), helperVariable+"=trace", insideVariable+"=")
	out, err := tracer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := tracer.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if lines.Scan(); !strings.HasPrefix(lines.Text(), "ready") {
		t.Fatal(lines.Text())
	}
	if err := f.Deliver(15, 0, true); err != nil {
		t.Fatal(err)
	}
	if lines.Scan(); lines.Text() != "took status 7" {
		t.Fatal(lines.Text())
	}
	eventually(t, "the child's own status", func() bool {
		for _, ended := range Reap() {
			if ended.PID == s.pid {
				if ended.How.Status != 7 {
					t.Errorf("%v", ended.How)
				}
				return true
			}
		}
		return false
	})
}

// The parent's end is a signal to who asked for it. Fails without: the prctl.
func TestParentsDeath(t *testing.T) {
	r := launch(t, "/proc/self/exe", nil, "pdeath")
	r.wait("orphan-to-be")
	r.wait("ready")
	r.say("end")
	r.wait("got SIGUSR1")
}

// Orphans come to a subreaper. Fails without: the prctl.
func TestSubreaper(t *testing.T) {
	if err := BecomeSubreaper(); err != nil {
		t.Fatal(err)
	}
	defer unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
	s := begin(t, NewSession, nil, "sleep 1000 & echo $!; echo ready")
	eventually(t, "the orphan came", func() bool {
		all, _ := processes()
		for _, p := range all {
			if p.parent == os.Getpid() && p.comm == "sleep" && p.session == s.pid {
				unix.Kill(p.pid, unix.SIGKILL)
				unix.Wait4(p.pid, nil, 0, nil)
				unix.Wait4(s.pid, nil, 0, nil)
				return true
			}
		}
		return false
	})
}
