package reaper

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// The trap "who sent it": a signal brings its sender, by pid, uid and command.
// Fails without: the call of sender in record.
func TestSenderIsKnown(t *testing.T) {
	r := help(t, "listen")
	for _, s := range []unix.Signal{unix.SIGUSR1, unix.SIGTERM, unix.SIGPROF, unix.SIGURG, unix.SIGHUP, unix.SIGPIPE, unix.Signal(34), unix.Signal(64)} {
		sender := help(t, "send", strconv.Itoa(r.pid()), strconv.Itoa(int(s)), "1")
		got := r.wait("got")
		want := fmt.Sprintf("got %v from pid %d", lifecycle.Signal(s), sender.pid())
		if !strings.HasPrefix(got, want) || !strings.Contains(got, "uid "+strconv.Itoa(os.Getuid())) {
			t.Errorf("%q, want %q and the uid", got, want)
		}
	}
}

// A sender that has no number in the PID namespace is one outside the container.
func TestSenderOutsideTheNamespace(t *testing.T) {
	needRoot(t)
	r := helpWith(t, "/proc/self/exe", func(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID} }, "listen")
	r.send(unix.SIGTERM)
	if got := r.wait("got"); got != "got SIGTERM from outside the container" {
		t.Errorf("%q", got)
	}
}

// What the kernel or a timer sends has no sender, although fields of the siginfo look like one. SIGPROF comes too, which the
// runtime keeps to itself otherwise. Fails without: the codes in record (the end of the timer came "from outside the container").
func TestSentByTheKernel(t *testing.T) {
	r := help(t, "timers")
	for _, s := range []string{"SIGALRM", "SIGPROF", "SIGUSR1"} {
		if got, want := r.wait("got"), "got "+s+" from the kernel"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// The trap "SIGURG": under load the scheduler sends it to its own threads, which is not to be seen, and a real one is.
// Fails without: isUrgent in kinds (dozens were seen).
func TestUrgentOfTheSchedulerIsNoSignal(t *testing.T) {
	r := help(t, "count", "load")
	r.say("go")
	time.Sleep(500 * time.Millisecond) // the scheduler's time: it preempts every 10 ms
	r.say("report")
	if got := r.wait("counts"); got != "counts " {
		t.Errorf("nobody sent a signal, and there is %q", got)
	}
	r.send(unix.SIGURG)
	last := ""
	defer func() { t.Log(last) }()
	eventually(t, "SIGURG came", func() bool {
		r.say("report")
		last = r.wait("counts")
		return last == "counts 23:1"
	})
}

// Signals that also stand for faults are signals like any other where a process sent them.
// Fails without: the look at si_code in the handler (the helper died of SIGSEGV).
func TestFaultSignalsOfUsers(t *testing.T) {
	r := help(t, "listen")
	for _, s := range []unix.Signal{unix.SIGSEGV, unix.SIGBUS, unix.SIGFPE, unix.SIGILL, unix.SIGTRAP, unix.SIGSYS, unix.SIGABRT, unix.SIGSTKFLT} {
		r.send(s)
		if got := r.wait("got"); !strings.HasPrefix(got, "got "+unix.SignalName(s)) {
			t.Errorf("%q, want %v", got, s)
		}
	}
}

// A real fault stays what it is in Go.
// Fails without: the jump to the runtime's handlers (the helper filled its pipe for ever).
func TestRealFaultIsAPanic(t *testing.T) {
	r := help(t, "fault")
	if got := r.wait("recovered"); !strings.Contains(got, "nil pointer dereference") {
		t.Error(got)
	}
	r.wait("panic: runtime error: invalid memory address or nil pointer dereference")
	if status := r.ended(); status.ExitStatus() != 2 {
		t.Errorf("ended with %v", status)
	}
}

// queue is sigqueue(3). kill(2) on a full queue counts a real-time signal once for all that find no room; this one says EAGAIN.
func queue(pid int, s unix.Signal) error {
	var info [siginfoSize]byte
	native := binary.NativeEndian
	native.PutUint32(info[0:], uint32(s))
	native.PutUint32(info[8:], 0xffffffff) // SI_QUEUE
	native.PutUint32(info[16:], uint32(os.Getpid()))
	native.PutUint32(info[20:], uint32(os.Getuid()))
	if _, _, errno := unix.Syscall(unix.SYS_RT_SIGQUEUEINFO, uintptr(pid), uintptr(s), uintptr(unsafe.Pointer(&info))); errno != 0 {
		return errno
	}
	return nil
}

// sendAll sends each of the signals n times, and waits where the kernel's queue is full.
func sendAll(t *testing.T, pid, n int, signals []unix.Signal) {
	t.Helper()
	for range n {
		for _, s := range signals {
			err := queue(pid, s)
			for ; err == unix.EAGAIN; err = queue(pid, s) {
				time.Sleep(time.Millisecond)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// wantCounts waits for the helper to have each real-time signal exactly n times, and the others at least once and at most n times.
func wantCounts(t *testing.T, r *running, n int, signals []unix.Signal) {
	t.Helper()
	counts := func() map[int]int {
		r.say("report")
		all := map[int]int{}
		for _, word := range strings.Fields(r.wait("counts"))[1:] {
			var s, count int
			fmt.Sscanf(word, "%d:%d", &s, &count)
			all[s] = count
		}
		return all
	}
	last := map[int]int{}
	defer func() {
		if t.Failed() {
			t.Logf("came: %v", last)
		}
	}()
	eventually(t, "every signal came", func() bool {
		last = counts()
		for _, s := range signals {
			if last[int(s)] == 0 || s >= 34 && last[int(s)] < n {
				return false
			}
		}
		return true
	})
	for _, s := range signals {
		if got := last[int(s)]; s >= 34 && got != n || got > n {
			t.Errorf("signal %d came %d times, want %d", s, got, n)
		}
	}
	if len(last) != len(signals) {
		t.Errorf("%d kinds came, want %d: %v", len(last), len(signals), last)
	}
}

var twentyKinds = []unix.Signal{1, 2, 3, 10, 12, 14, 15, 23, 27, 28, 34, 35, 36, 40, 45, 50, 55, 60, 63, 64}

// The trap "signals sent in a burst": 20 kinds, a thousand times each, none lost: of each standard one at least one comes (the kernel
// merges what is pending already, signal(7)), the real-time ones come a thousand times.
func TestBurst(t *testing.T) {
	r := help(t, "count", "load")
	r.say("go")
	sendAll(t, r.pid(), 1000, twentyKinds)
	wantCounts(t, r, 1000, twentyKinds)
}

// The trap "a full pipe": nobody takes a signal for a while; 6,000 are sent, the pipe holds 512. Not one is lost.
// Fails without: the count in the handler (`JEQ done` turned into JMP: some 600 of each kind came).
func TestFullPipeLosesNothing(t *testing.T) {
	kinds := []unix.Signal{15, 34, 35, 40, 64}
	r := help(t, "count")
	sendAll(t, r.pid(), 1500, kinds)
	eventually(t, "all were delivered", func() bool { return nothingPending(r.pid()) })
	r.say("go")
	wantCounts(t, r, 1500, kinds)
}

// nothingPending reports whether the kernel has delivered what was sent, and every thread has gone to sleep after it.
func nothingPending(pid int) bool {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil || !strings.Contains(string(status), "ShdPnd:\t0000000000000000") {
		return false
	}
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	return len(threads) > 0 && !slices.ContainsFunc(threads, func(path string) bool {
		stat, _ := os.ReadFile(path)
		return !strings.Contains(string(stat), ") S ")
	})
}

// 200,000 signals while the scheduler is busy; EXEUNT_SOAK=10000000 for the long one.
func TestSoak(t *testing.T) {
	n := 200_000
	if text := os.Getenv("EXEUNT_SOAK"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	kinds := []unix.Signal{10, 15, 23, 27, 34, 35, 50, 64}
	r := help(t, "count", "load")
	r.say("go")
	began := time.Now()
	sendAll(t, r.pid(), n/len(kinds), kinds)
	wantCounts(t, r, n/len(kinds), kinds)
	t.Logf("%d signals in %.1f s", n, time.Since(began).Seconds())
}

// What exeunt brings upon itself is not for the child, and does not end exeunt: a log that nobody reads any more.
// Fails without: the runtime's belief that SIGPIPE is ignored (the helper ended by SIGPIPE), and without the look at the sender's pid
// (SIGPIPE came before SIGTERM).
func TestLogWithoutAReader(t *testing.T) {
	for _, way := range []string{"handler", "notify"} {
		t.Run(way, func(t *testing.T) {
			r := launch(t, "/proc/self/exe", nil, "epipe", way)
			if got := r.wait("alive"); got != "alive: true" {
				t.Error(got)
			}
			r.wait("ready")
			r.send(unix.SIGTERM)
			if got := r.wait("got"); got != "got SIGTERM" {
				t.Error(got)
			}
		})
	}
}

// What came before Pending is in it, also where it was still on its way.
// Fails without: the mark (14 of 300).
func TestPending(t *testing.T) {
	r := help(t, "pending")
	sendAll(t, r.pid(), 100, []unix.Signal{34, 35, 36})
	eventually(t, "all were delivered", func() bool { return nothingPending(r.pid()) })
	r.say("look")
	if got := r.wait("pending"); got != "pending 300" {
		t.Error(got)
	}
}

// A subcommand dies of Ctrl-C like any program, by the signal, and os/signal works in it.
// Fails without: the loop in Release (the helper lived on).
func TestRelease(t *testing.T) {
	r := help(t, "release")
	r.send(unix.SIGINT)
	if status := r.ended(); !status.Signaled() || status.Signal() != unix.SIGINT {
		t.Errorf("ended with %v, want by SIGINT", status)
	}
	r = help(t, "release", "notify")
	r.send(unix.SIGTERM)
	r.wait("got terminated")
}

// Without a handler of ours every signal comes all the same, but for what notify.go names.
func TestListenByNotify(t *testing.T) {
	r := help(t, "listen", "notify")
	for n := unix.Signal(1); n <= 64; n++ {
		if n == unix.SIGKILL || n == unix.SIGSTOP || n == unix.SIGCHLD || n == unix.SIGPROF || n == unix.SIGURG || n == unix.SIGPIPE || n >= 32 && n <= 34 {
			continue // KILL and STOP can't be; 32 to 34 are the C libraries' as the runtime sees it
		}
		r.send(n)
		if got := r.wait("got"); !strings.HasPrefix(got, fmt.Sprintf("got %v ", lifecycle.Signal(n))) {
			t.Errorf("%q, want signal %d", got, n)
		}
	}
}

// Every signal that can be caught comes by the handler, to the last.
func TestEverySignal(t *testing.T) {
	r := help(t, "listen")
	for n := unix.Signal(1); n <= 64; n++ {
		if n == unix.SIGKILL || n == unix.SIGSTOP || n == unix.SIGCHLD || n == 32 || n == 33 {
			continue
		}
		r.send(n)
		if got := r.wait("got"); !strings.HasPrefix(got, fmt.Sprintf("got %v ", lifecycle.Signal(n))) {
			t.Errorf("%q, want signal %d", got, n)
		}
	}
}
