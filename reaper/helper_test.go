package reaper

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// helpers are what the test binary does when it is run again. Each prints "ready pid=N" and a line an event, or "failed: ...".
var helpers = map[string]func(args []string) error{
	"listen":   helpListen,
	"count":    helpCount,
	"pending":  helpPending,
	"send":     helpSend,
	"timers":   helpTimers,
	"fault":    helpFault,
	"epipe":    helpEPIPE,
	"release":  helpRelease,
	"exec":     helpExec,
	"status":   helpStatus,
	"flags":    helpFlags,
	"sleep":    helpSleep,
	"pdeath":   helpParentsDeath,
	"orphan":   helpOrphan,
	"clone":    helpClone,
	"trace":    helpTrace,
	"tiny":     helpTiny,
	"forkless": helpForkless,
	"threads":  helpThreads,
	"before":   helpBefore,
}

func ready() { fmt.Printf("ready pid=%d\n", os.Getpid()) }

// listen is Listen, or with "notify" the way without a handler of ours.
func listen(args []string) (*Signals, error) {
	if len(args) > 0 && args[0] == "notify" {
		return listenByNotify(), nil
	}
	return Listen()
}

// helpListen prints each signal with its sender.
func helpListen(args []string) error {
	signals, err := listen(args)
	if err != nil {
		return err
	}
	ready()
	for {
		select {
		case r := <-signals.C:
			fmt.Printf("got %v from %v\n", r.Signal, r.From)
		case <-signals.Children:
			for _, ended := range Reap() {
				fmt.Printf("reaped %d: %v\n", ended.PID, ended.How)
			}
		}
	}
}

// helpCount counts the signals, under load with "load", from when it is told "go" on; "report" prints what came.
func helpCount(args []string) error {
	signals, err := listen(args)
	if err != nil {
		return err
	}
	// What waits in the kernel is counted by user: leave the others something.
	if err := unix.Setrlimit(unix.RLIMIT_SIGPENDING, &unix.Rlimit{Cur: 8000, Max: 8000}); err != nil {
		return err
	}
	stop := make(chan struct{})
	if len(args) > 0 && args[len(args)-1] == "load" {
		ReserveThreads()
		for range 4 {
			go spin(stop)
		}
	}
	ready()
	var counts [65]atomic.Int64
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		switch lines.Text() {
		case "go":
			go func() {
				for r := range signals.C {
					counts[r.Signal].Add(1)
				}
			}()
		case "report":
			var text []string
			for s := range counts {
				if n := counts[s].Load(); n > 0 {
					text = append(text, fmt.Sprintf("%d:%d", s, n))
				}
			}
			fmt.Println("counts", strings.Join(text, " "))
		}
	}
	return nil
}

var spun atomic.Int64

// spin is load that the scheduler has to preempt by SIGURG: its inner loop calls nothing.
func spin(stop chan struct{}) {
	for {
		n := 0
		for i := range 50_000_000 {
			n += i & 3
		}
		spun.Add(int64(n))
		select {
		case <-stop:
			return
		default:
		}
	}
}

// helpPending takes nothing from C, and at a line says what is pending.
func helpPending(args []string) error {
	signals, err := listen(args)
	if err != nil {
		return err
	}
	ready()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println("pending", len(signals.Pending()))
	}
	return nil
}

// helpSend sends a signal a number of times.
func helpSend(args []string) error {
	number := func(i int) int { n, _ := strconv.Atoi(args[i]); return n }
	for range number(2) {
		if err := unix.Kill(number(0), unix.Signal(number(1))); err != nil {
			return err
		}
	}
	ready()
	return nil
}

// helpTimers has the kernel send SIGALRM and SIGPROF, and a timer of its own send SIGUSR1.
func helpTimers(args []string) error {
	signals, err := Listen()
	if err != nil {
		return err
	}
	ready()
	for _, timer := range []struct {
		which unix.ItimerWhich
		want  unix.Signal
	}{{unix.ITIMER_REAL, unix.SIGALRM}, {unix.ITIMER_PROF, unix.SIGPROF}} {
		if _, err := unix.Setitimer(timer.which, unix.Itimerval{Value: unix.Timeval{Usec: 1000}}); err != nil {
			return err
		}
		for got := false; !got; {
			select {
			case r := <-signals.C:
				fmt.Printf("got %v from %v\n", r.Signal, r.From)
				got = r.Signal == lifecycle.Signal(timer.want)
			default: // the profiling timer runs on processor time
			}
		}
	}
	// struct sigevent: sigev_value, sigev_signo, sigev_notify (SIGEV_SIGNAL)
	event := [16]uint32{2: uint32(unix.SIGUSR1), 3: 0}
	var id int32
	if _, _, errno := unix.Syscall(unix.SYS_TIMER_CREATE, unix.CLOCK_MONOTONIC, uintptr(unsafe.Pointer(&event)), uintptr(unsafe.Pointer(&id))); errno != 0 {
		return errno
	}
	value := [4]int64{3: 1}
	if _, _, errno := unix.Syscall6(unix.SYS_TIMER_SETTIME, uintptr(id), 0, uintptr(unsafe.Pointer(&value)), 0, 0, 0); errno != 0 {
		return errno
	}
	r := <-signals.C
	fmt.Printf("got %v from %v\n", r.Signal, r.From)
	return nil
}

//go:noinline
func fault(p *int) int { return *p }

// helpFault faults, once with recover and once without.
func helpFault(args []string) error {
	if _, err := Listen(); err != nil {
		return err
	}
	ready()
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		fault(nil)
	}()
	fault(nil)
	return nil
}

// helpEPIPE writes to a standard error that nobody reads.
func helpEPIPE(args []string) error {
	signals, err := listen(args)
	if err != nil {
		return err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	r.Close()
	if err := unix.Dup3(int(w.Fd()), 2, 0); err != nil {
		return err
	}
	_, err = os.Stderr.WriteString("anybody?\n")
	fmt.Println("alive:", errors.Is(err, unix.EPIPE))
	ready()
	r2 := <-signals.C
	fmt.Printf("got %v\n", r2.Signal)
	return nil
}

// helpRelease takes the signals and lets go of them; with "notify" it then asks os/signal for SIGTERM.
func helpRelease(args []string) error {
	signals, err := Listen()
	if err != nil {
		return err
	}
	signals.Release()
	if len(args) > 0 {
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGTERM)
		ready()
		fmt.Println("got", <-c)
		return nil
	}
	ready()
	select {}
}

// helpExec ignores and blocks signals, "ignore=1,2" "mask=3,4", no others, whatever the tests were started with (make(1) leaves 32 and
// 33 ignored, a shell in the background SIGINT and SIGQUIT), and executes what follows as another helper.
func helpExec(args []string) error {
	runtime.LockOSThread()
	bits := func(text string) (set uint64) {
		for word := range strings.SplitSeq(text, ",") {
			if n, err := strconv.Atoi(word); err == nil {
				set |= 1 << (n - 1)
			}
		}
		return set
	}
	for s := lifecycle.Signal(1); s <= lifecycle.SIGRTMAX; s++ {
		if s.Catchable() {
			rtSigaction(s, &sigaction{handler: sigDefault}, nil)
		}
	}
	if err := ignore(bits(strings.TrimPrefix(args[0], "ignore="))); err != nil {
		return err
	}
	if _, err := setMask(bits(strings.TrimPrefix(args[1], "mask="))); err != nil {
		return err
	}
	os.Setenv(helperVariable, args[3])
	return syscall.Exec(args[2], args[2:3:3], append(os.Environ(), "ARG="+strings.Join(args[4:], " ")))
}

// helpStatus starts a process that shows its mask and its ignored signals: "own" for none, "far" by way of the trampoline.
func helpStatus([]string) error {
	args := os.Getenv("ARG")
	if _, err := Listen(); err != nil {
		return err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	spec := Spec{Argv: []string{"grep", "-E", "SigBlk|SigIgn", "/proc/self/status"}, Env: os.Environ(), Files: [3]*os.File{os.Stdin, w, w},
		OwnSignals: strings.Contains(args, "own")}
	if strings.Contains(args, "far") {
		umask := 0o22
		spec.Umask = &umask
	}
	if _, err := Start(spec); err != nil {
		return err
	}
	w.Close()
	var text []string
	for lines := bufio.NewScanner(r); lines.Scan(); {
		text = append(text, strings.Fields(lines.Text())[1])
	}
	fmt.Println("status", strings.Join(text, " "))
	return nil
}

// helpFlags says which signals entry has taken from the runtime's table, and whether Listen has given them back.
func helpFlags([]string) error {
	taken := flagsTaken
	if _, err := Listen(); err != nil {
		return err
	}
	given := 0
	for s := range runtimeFlags {
		if s > 0 && taken>>(s-1)&1 == 1 && *(*uint32)(unsafe.Add(runtimeTable(), s*24)) == runtimeFlags[s] {
			given++
		}
	}
	fmt.Printf("taken %#x given %d\n", taken, given)
	return nil
}

// helpSleep does nothing.
func helpSleep([]string) error {
	ready()
	for {
		time.Sleep(time.Hour)
	}
}

// helpParentsDeath starts "orphan", and ends when a line comes.
func helpParentsDeath([]string) error {
	os.Setenv(helperVariable, "orphan")
	pid, err := syscall.ForkExec("/proc/self/exe", []string{"orphan"}, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}})
	if err != nil {
		return err
	}
	fmt.Println("orphan-to-be", pid)
	bufio.NewReader(os.Stdin).ReadString('\n')
	return nil
}

// helpOrphan asks for SIGUSR1 at its parent's death.
func helpOrphan([]string) error {
	signals, err := Listen()
	if err != nil {
		return err
	}
	if err := SignalAtParentsDeath(lifecycle.Signal(unix.SIGUSR1)); err != nil {
		return err
	}
	ready()
	r := <-signals.C
	fmt.Println("got", r.Signal)
	return nil
}

// helpClone is a subreaper whose only child is a clone that tells nobody of its end: no exit signal.
func helpClone([]string) error {
	syscall.ForkLock.Lock()
	pid, _, errno := syscall.RawSyscall6(syscall.SYS_CLONE, 0, 0, 0, 0, 0, 0)
	if errno == 0 && pid == 0 {
		for {
			syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 9, 0, 0)
		}
	}
	syscall.ForkLock.Unlock()
	if errno != 0 {
		return errno
	}
	for {
		for _, ended := range Reap() {
			if ended.PID == int(pid) {
				fmt.Println("reaped the clone:", ended.How)
				return nil
			}
		}
	}
}

// helpBefore executes "listen" when it has a child that has ended.
func helpBefore([]string) error {
	pid, err := syscall.ForkExec("/bin/true", []string{"true"}, nil)
	if err != nil {
		return err
	}
	if err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil); err != nil {
		return err
	}
	fmt.Println("before", pid)
	os.Setenv(helperVariable, "listen")
	return syscall.Exec("/proc/self/exe", []string{"listen"}, os.Environ())
}

// helpTrace takes the exit status of a process before its parent can: it traces it (ptrace(2)).
func helpTrace(args []string) error {
	runtime.LockOSThread()
	pid, _ := strconv.Atoi(args[0])
	if err := unix.PtraceAttach(pid); err != nil {
		return err
	}
	var status unix.WaitStatus
	for first := true; ; first = false {
		if _, err := unix.Wait4(pid, &status, unix.WALL, nil); err != nil {
			return err
		}
		if status.Exited() {
			break
		}
		if status.Stopped() {
			pass := int(status.StopSignal())
			if first {
				pass = 0
			}
			if err := unix.PtraceCont(pid, pass); err != nil {
				return err
			}
			if first {
				ready()
			}
		}
	}
	fmt.Println("took status", status.ExitStatus())
	return nil
}
