package reaper

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// started is a process that a test began inside its own PID namespace, with what it prints.
type started struct {
	t     *testing.T
	pid   int
	lines *bufio.Scanner
}

// begin starts /bin/sh with a script and waits for a line "ready"; the script's other lines follow it.
func begin(t *testing.T, session Session, who *Identity, script string) *started {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := Start(Spec{Argv: []string{"/bin/sh", "-c", script}, Env: os.Environ(), Files: [3]*os.File{null, w, w}, Session: session, Who: who})
	w.Close()
	null.Close()
	if err != nil {
		t.Fatal(err)
	}
	s := &started{t, pid, bufio.NewScanner(r)}
	t.Cleanup(func() { unix.Kill(pid, unix.SIGKILL); r.Close() })
	s.wait("ready")
	return s
}

// wait reads lines until one begins with text.
func (s *started) wait(text string) string {
	s.t.Helper()
	r := make(chan string, 1)
	go func() {
		for s.lines.Scan() {
			if strings.HasPrefix(s.lines.Text(), text) {
				r <- s.lines.Text()
				return
			}
		}
		r <- ""
	}()
	line := <-r
	if line == "" {
		s.t.Fatalf("no line %q", text)
	}
	return line
}

func alive(pid int) bool {
	p, ok := lookAt(pid)
	return ok && p.living()
}

// reapUntil reaps until holds.
func reapUntil(t *testing.T, f *Family, what string, holds func() bool) {
	t.Helper()
	eventually(t, what, func() bool {
		for _, ended := range Reap() {
			if ended.PID == f.child {
				f.Reaped()
			}
		}
		f.Settle()
		return holds()
	})
}

func family(s *started) *Family {
	f := NewFamily(os.Getpid() == 1)
	f.Adopt(s.pid)
	return f
}

func deliver(t *testing.T, f *Family, s unix.Signal, to lifecycle.Target, cont bool) {
	t.Helper()
	if err := f.Deliver(lifecycle.Signal(s), to, cont); err != nil {
		t.Error(err)
	}
}

// tree is a session of three groups and a process that left it: the child's own with a job in it, a job-control group, and a daemon.
const tree = `sleep 1000 & echo same $!
bash -c 'set -m; sleep 1000 & echo other $!; exec sleep 1000' &
setsid sh -c 'echo gone $$; exec sleep 1000' &
trap : USR1 USR2
echo ready; while :; do sleep 1000 & wait $!; done`

// The targets, from the narrowest to the widest. The traps "a session whose processes are in several groups" (fails without: the
// session of members, Session being Group) and "setsid'd descendants, reached with to = container" (fails without: the container's kill).
func TestTargets(t *testing.T) {
	if !asPID1(t) {
		return
	}
	for _, c := range []struct {
		to   lifecycle.Target
		dies []string
	}{
		{lifecycle.ChildProcess, []string{"child"}},
		{lifecycle.Group, []string{"child", "same"}},
		{lifecycle.Session, []string{"child", "same", "other"}},
		{lifecycle.Container, []string{"child", "same", "other", "gone"}},
	} {
		t.Run(c.to.String(), func(t *testing.T) {
			s := begin(t, NewSession, nil, tree)
			f := family(s)
			pids := map[string]int{"child": s.pid}
			eventually(t, "all are there", func() bool {
				all, err := processes()
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range all {
					switch {
					case p.comm != "sleep":
					case p.session != s.pid:
						pids["gone"] = p.pid
					case p.group != s.pid:
						pids["other"] = p.pid
					case p.parent == s.pid && pids["same"] == 0:
						pids["same"] = p.pid
					}
				}
				return len(pids) == 4
			})
			hook := begin(t, NewSession, nil, "echo ready; exec sleep 1000")
			f.Hook(hook.pid)
			deliver(t, f, unix.SIGKILL, c.to, false)
			reapUntil(t, f, "the target is gone", func() bool { return f.Count(c.to) == 0 })
			var died []string
			for _, name := range []string{"child", "same", "other", "gone"} {
				if !alive(pids[name]) {
					died = append(died, name)
				}
			}
			if !slices.Equal(died, c.dies) {
				t.Errorf("died: %v, want %v", died, c.dies)
			}
			if !alive(hook.pid) {
				t.Error("a hook was not spared")
			}
			unix.Kill(-1, unix.SIGKILL)
			reapUntil(t, f, "all are gone", func() bool { all, _ := processes(); return len(all) == 1 })
		})
	}
}

// The trap "child gone, session alive": who is left is counted, listed and reached.
// Fails without: the session's leader kept after its end (Reaped with leader = 0).
func TestChildGoneSessionAlive(t *testing.T) {
	if !asPID1(t) {
		return
	}
	s := begin(t, NewSession, nil, "sleep 1000 & echo ready; exit 3")
	f := family(s)
	reapUntil(t, f, "the child is reaped", func() bool { return f.child == 0 })
	if n := f.Count(lifecycle.Session); n != 1 {
		t.Fatalf("%d live, want the one that was left", n)
	}
	eventually(t, "it is listed", func() bool {
		list := f.List(lifecycle.Session)
		return len(list) == 1 && list[0].Command == "sleep 1000"
	})
	deliver(t, f, unix.SIGTERM, lifecycle.Session, false)
	reapUntil(t, f, "the session is gone", func() bool { return f.Count(lifecycle.Session) == 0 })
}

// A stopped process is continued to see the signal it is to end by. Fails without: resume.
func TestStoppedChildIsContinued(t *testing.T) {
	if !asPID1(t) {
		return
	}
	s := begin(t, NewSession, nil, `trap "exit 7" TERM; echo ready; while :; do sleep 1000 & wait $!; done`)
	f := family(s)
	deliver(t, f, unix.SIGSTOP, lifecycle.Session, false)
	eventually(t, "it is stopped", func() bool { p, _ := lookAt(s.pid); return p.stopped() })
	deliver(t, f, unix.SIGTERM, lifecycle.ChildProcess, true)
	reapUntil(t, f, "the child is gone", func() bool { return f.child == 0 })
}

// The trap "a reused pid": the child's pid, group and session belong to a stranger by now, who is never hit.
// Fails without: Reaped, Settle and over, each (tried one by one, in "child", "group" without /proc, "session").
func TestReusedPID(t *testing.T) {
	if !asPID1(t) {
		return
	}
	for _, hidden := range []bool{false, true} {
		t.Run(fmt.Sprintf("without proc %v", hidden), func(t *testing.T) {
			s := begin(t, NewSession, nil, "echo ready; read never")
			f := family(s)
			reapUntil(t, f, "the child is reaped", func() bool { return f.child == 0 })
			if err := os.WriteFile("/proc/sys/kernel/ns_last_pid", []byte(strconv.Itoa(s.pid-1)), 0); err != nil {
				t.Fatal(err)
			}
			stranger := begin(t, NewSession, nil, "echo ready; exec sleep 1000")
			if stranger.pid != s.pid {
				t.Fatalf("the stranger has pid %d, not %d", stranger.pid, s.pid)
			}
			if hidden {
				hideProc(t)
			}
			for _, to := range []lifecycle.Target{lifecycle.ChildProcess, lifecycle.Group, lifecycle.Session} {
				if n := f.Count(to); n != 0 {
					t.Errorf("%v: %d live", to, n)
				}
				deliver(t, f, unix.SIGKILL, to, true)
			}
			var status unix.WaitStatus
			if pid, _ := unix.Wait4(stranger.pid, &status, unix.WNOHANG, nil); pid != 0 {
				t.Error("the stranger was hit")
			}
			unix.Kill(stranger.pid, unix.SIGKILL)
			unix.Wait4(stranger.pid, &status, 0, nil)
		})
	}
}

// hideProc puts an empty folder in the place of /proc.
func hideProc(t *testing.T) {
	t.Helper()
	if err := unix.Mount("tmpfs", "/proc", "tmpfs", 0, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Unmount("/proc", unix.MNT_DETACH) })
}

// The traps "/proc not mounted" and "/proc of another namespace": the child's group stands for its session, and the container is reached
// whole. Fails without: sendBlindly, and without the look at /proc/self for the second.
func TestWithoutProc(t *testing.T) {
	if !asPID1(t) {
		return
	}
	for _, kind := range []string{"empty", "foreign"} {
		for _, to := range []lifecycle.Target{lifecycle.ChildProcess, lifecycle.Group, lifecycle.Session, lifecycle.Container} {
			t.Run(fmt.Sprintf("%s %v", kind, to), func(t *testing.T) {
				s := begin(t, NewSession, nil, "sleep 1000 & echo ready; exec sleep 1000")
				if kind == "empty" {
					hideProc(t)
				} else if err := unix.Unmount("/proc", 0); err != nil { // the machine's own is under it
					t.Fatal(err)
				} else {
					t.Cleanup(func() { ownProc("") })
				}
				f := family(s)
				if n := f.Count(to); n == 0 {
					t.Error("nobody is counted")
				}
				if list := f.List(to); len(list) != 0 {
					t.Errorf("listed: %v", list)
				}
				deliver(t, f, unix.SIGTERM, to, true)
				reapUntil(t, f, "the child is gone", func() bool { return f.child == 0 })
				unix.Kill(-1, unix.SIGKILL)
				reapUntil(t, f, "all are gone", func() bool { return unix.Kill(-1, 0) == unix.ESRCH })
				if n := f.Count(to); n != 0 {
					t.Errorf("%d are counted, and nobody is there", n)
				}
			})
		}
	}
}

// The trap "/proc hides processes": as root without CAP_SYS_PTRACE, as in a container, a child that is another user can't be seen
// under hidepid=2 where the group that may is another (gid=). It is reached and counted all the same. Fails without: hidden.
func TestHiddenProcesses(t *testing.T) {
	if !asPID1(t) {
		return
	}
	runtime.LockOSThread() // capabilities are a thread's
	if err := unix.Mount("proc", "/proc", "proc", 0, "hidepid=2,gid=54321"); err != nil {
		t.Fatal(err)
	}
	dropCapability(t, unix.CAP_SYS_PTRACE)
	s := begin(t, NewSession, &Identity{UID: 33, GID: 33, Groups: []int{}}, "sleep 1000 & echo ready; exec sleep 1000")
	if _, seen := lookAt(s.pid); seen {
		t.Fatal("hidepid does not hide")
	}
	f := family(s)
	for _, to := range []lifecycle.Target{lifecycle.Group, lifecycle.Session, lifecycle.Container} {
		if n := f.Count(to); n != 1 {
			t.Errorf("%v: %d are counted, want 1", to, n)
		}
	}
	deliver(t, f, unix.SIGTERM, lifecycle.Session, true)
	reapUntil(t, f, "the session is gone", func() bool { return f.Count(lifecycle.Session) == 0 && f.Count(lifecycle.Container) == 0 })
}

func dropCapability(t *testing.T, number int) {
	t.Helper()
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var sets [2]unix.CapUserData
	if err := unix.Capget(&header, &sets[0]); err != nil {
		t.Fatal(err)
	}
	sets[number/32].Effective &^= 1 << (number % 32)
	sets[number/32].Permitted &^= 1 << (number % 32)
	if err := unix.Capset(&header, &sets[0]); err != nil {
		t.Fatal(err)
	}
}

// The trap "kill() failing": a process of another user may not be signalled, which is said; one that is gone is no failure.
// Fails without: kill's look at ESRCH, and Deliver's error.
func TestKillFails(t *testing.T) {
	if !asPID1(t) {
		return
	}
	s := begin(t, NewSession, nil, "echo ready; exec sleep 1000")
	f := family(s)
	if err := become(Identity{UID: 12345, GID: 12345, Groups: []int{}}); err != nil {
		t.Fatal(err)
	}
	for _, to := range []lifecycle.Target{lifecycle.ChildProcess, lifecycle.Group, lifecycle.Session} {
		if err := f.Deliver(lifecycle.SIGTERM, to, true); err == nil || !strings.Contains(err.Error(), "operation not permitted") {
			t.Errorf("%v: %v, want: operation not permitted", to, err)
		}
	}
	if err := kill(99999, unix.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := Send([]int{99999}, lifecycle.SIGTERM); err == nil || !strings.Contains(err.Error(), "no such process") {
		t.Error(err)
	}
}

// In exeunt's own group exeunt does not signal itself. Fails without: the look at the own pid in members (the test ended by SIGTERM).
func TestOwnGroupWithoutOneself(t *testing.T) {
	if !asPID1(t) {
		return
	}
	s := begin(t, SameGroup, nil, "echo ready; exec sleep 1000")
	f := family(s)
	for _, to := range []lifecycle.Target{lifecycle.Group, lifecycle.Session} {
		if list := f.List(to); len(list) != 1 || list[0].PID != s.pid {
			t.Errorf("%v is %v, want the child alone", to, list)
		}
	}
	deliver(t, f, unix.SIGTERM, lifecycle.Session, true)
	reapUntil(t, f, "the child is gone", func() bool { return f.child == 0 })
}

// A hook's whole session is ended, and seen to live on when its leader is gone.
func TestHookSession(t *testing.T) {
	if !asPID1(t) {
		return
	}
	s := begin(t, NewSession, nil, "sleep 1000 & echo ready; exit 0")
	f := NewFamily(true)
	f.Hook(s.pid)
	reapUntil(t, f, "the leader is gone", func() bool { return !alive(s.pid) })
	if !f.HookLives(s.pid) {
		t.Error("the hook's session is said to be gone")
	}
	if err := f.DeliverToHook(s.pid, lifecycle.SIGTERM); err != nil {
		t.Error(err)
	}
	reapUntil(t, f, "the hook's session is gone", func() bool { return !f.HookLives(s.pid) })
}
