package reaper

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// trampolineName is argv[0] of exeunt on its way to a command. Nobody names a program like that.
const trampolineName = "exeunt: on the way to a command"

// replyFile is the lowest descriptor the trampoline may answer on.
const replyFile = 64

// Trampoline is the first call of main. In a process that Start has begun it changes what Go's fork can't, executes the
// command and never returns; in any other it returns at once.
func Trampoline() {
	takeProcessorBack()
	if len(os.Args) != 2 || os.Args[0] != trampolineName {
		return
	}
	runtime.LockOSThread() // the signal mask is a thread's
	var o order
	what, err := strconv.Atoi(os.Args[1])
	if err != nil {
		return
	}
	if err := json.NewDecoder(io.NewSectionReader(os.NewFile(uintptr(what), "order"), 0, 1<<30)).Decode(&o); err != nil {
		os.Exit(125) // never: launch has written it
	}
	unix.CloseOnExec(what)
	unix.CloseOnExec(o.Reply)
	status, err := o.bounce()
	var errno syscall.Errno
	errors.As(err, &errno)
	fmt.Fprintf(os.NewFile(uintptr(o.Reply), "reply"), "%d %v", int(errno), err)
	os.Exit(status)
}

func (o order) bounce() (status int, err error) {
	argv := cooked(o.Argv)
	if err := o.prepare(); err != nil {
		return 125, fmt.Errorf("cannot start %q: %w", argv[0], err)
	}
	_, err = execute(cooked(o.Paths), argv, func(path string, argv []string) (int, error) { return 0, syscall.Exec(path, argv, os.Environ()) })
	var start *StartError
	if errors.As(err, &start) {
		return start.Status, err
	}
	return 125, err
}

// prepare goes from what needs rights to what takes them away; limits last but one, as they may forbid the rest.
func (o order) prepare() error {
	if o.Group {
		if err := foreground(o.InputTerminal); err != nil {
			return err
		}
	}
	if o.Umask != nil {
		unix.Umask(*o.Umask)
	}
	for name, limit := range o.Limits {
		if err := setLimit(name, limit); err != nil {
			return err
		}
	}
	if o.Who != nil {
		if err := become(*o.Who); err != nil {
			return err
		}
	}
	if o.NoNewPrivileges {
		if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
			return os.NewSyscallError("prctl PR_SET_NO_NEW_PRIVS", err)
		}
	}
	if o.CloseFiles {
		closeFiles()
	}
	if o.ListenPID {
		os.Setenv("LISTEN_PID", strconv.Itoa(os.Getpid()))
	}
	if err := ignore(o.Ignored); err != nil {
		return err
	}
	_, err := setMask(o.Mask)
	return err
}

// foreground puts this process group into the terminal's foreground, if it has one. Who does so from the background is sent
// SIGTTOU, unless it blocks or ignores it (tcsetpgrp(3)).
func foreground(input bool) error {
	terminal, err := os.Stdin, error(nil)
	if !input {
		if terminal, err = os.OpenFile("/dev/tty", os.O_RDWR|unix.O_CLOEXEC, 0); err == nil {
			defer terminal.Close()
		} else { // none: ENXIO, or no /dev/tty
			terminal = os.Stdin
		}
	}
	var old sigaction
	ignored := sigaction{handler: sigIgnore}
	if err := rtSigaction(lifecycle.Signal(unix.SIGTTOU), &ignored, &old); err != nil {
		return err
	}
	err = unix.IoctlSetPointerInt(int(terminal.Fd()), unix.TIOCSPGRP, unix.Getpgrp())
	if err := rtSigaction(lifecycle.Signal(unix.SIGTTOU), &old, nil); err != nil {
		return err
	}
	// tini goes on where the terminal isn't that of its session (ENOTTY, ENXIO), or where it is orphaned (EIO).
	if err != nil && err != unix.ENOTTY && err != unix.ENXIO && err != unix.EIO {
		return os.NewSyscallError("ioctl TIOCSPGRP", err)
	}
	return nil
}

// become switches the user; the groups go first, as only root may change them.
func become(who Identity) error {
	if who.Groups != nil {
		if err := syscall.Setgroups(who.Groups); err != nil {
			return os.NewSyscallError("setgroups", err)
		}
	}
	if err := syscall.Setresgid(who.GID, who.GID, who.GID); err != nil {
		return os.NewSyscallError("setresgid", err)
	}
	return os.NewSyscallError("setresuid", syscall.Setresuid(who.UID, who.UID, who.UID))
}

// limits are the resources of getrlimit(2), by the names prlimit(1) gives them.
var limits = [...]struct {
	name     string
	resource int
}{
	{"as", unix.RLIMIT_AS}, {"core", unix.RLIMIT_CORE}, {"cpu", unix.RLIMIT_CPU}, {"data", unix.RLIMIT_DATA}, {"fsize", unix.RLIMIT_FSIZE},
	{"locks", unix.RLIMIT_LOCKS}, {"memlock", unix.RLIMIT_MEMLOCK}, {"msgqueue", unix.RLIMIT_MSGQUEUE}, {"nice", unix.RLIMIT_NICE},
	{"nofile", unix.RLIMIT_NOFILE}, {"nproc", unix.RLIMIT_NPROC}, {"rss", unix.RLIMIT_RSS}, {"rtprio", unix.RLIMIT_RTPRIO},
	{"rttime", unix.RLIMIT_RTTIME}, {"sigpending", unix.RLIMIT_SIGPENDING}, {"stack", unix.RLIMIT_STACK},
}

func setLimit(name string, limit lifecycle.Limit) error {
	i := slices.IndexFunc(limits[:], func(l struct {
		name     string
		resource int
	}) bool {
		return l.name == name
	})
	if i < 0 {
		return fmt.Errorf("there is no limit %q: %s", name, strings.Join(LimitNames(), ", "))
	}
	if err := unix.Prlimit(0, limits[i].resource, &unix.Rlimit{Cur: limit.Soft, Max: limit.Hard}, nil); err != nil {
		return fmt.Errorf("cannot set the limit %q: %w", name, err)
	}
	return nil
}

// LimitNames lists the names of limits.
func LimitNames() []string {
	var names []string
	for _, l := range limits {
		names = append(names, l.name)
	}
	return names
}

// CloseInherited closes what exeunt was handed beside the standard three: the child has it by now. Exeunt's own files are told by
// their close-on-exec, which nothing handed over has.
func CloseInherited() {
	names, _ := os.ReadDir("/proc/self/fd")
	for _, name := range names {
		var fd int
		if _, err := fmt.Sscan(name.Name(), &fd); err != nil || fd <= 2 {
			continue
		}
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
			unix.Close(fd)
		}
	}
}

// closeFiles marks all but the first three to be closed by execve (close_range(2)); a kernel before 5.11 is asked one by one.
func closeFiles() {
	if err := unix.CloseRange(3, ^uint(0)>>1, unix.CLOSE_RANGE_CLOEXEC); err == nil {
		return
	}
	names, err := os.ReadDir("/proc/self/fd")
	for _, name := range names {
		var fd int
		if _, err := fmt.Sscan(name.Name(), &fd); err == nil && fd > 2 {
			unix.CloseOnExec(fd)
		}
	}
	for fd := 3; err != nil && fd < 1024; fd++ {
		unix.CloseOnExec(fd)
	}
}

// ignore ignores what exeunt was started with ignored; execve(2) keeps that, and resets all else to the default.
func ignore(signals uint64) error {
	for s := lifecycle.Signal(1); s <= lifecycle.SIGRTMAX; s++ {
		if signals>>(s-1)&1 == 0 || !s.Catchable() {
			continue
		}
		ignored := sigaction{handler: sigIgnore}
		if err := rtSigaction(s, &ignored, nil); err != nil {
			return err
		}
	}
	return nil
}

// setMask changes the signal mask of this thread, which execve keeps, and gives the one before.
func setMask(mask uint64) (old uint64, err error) {
	const set = 2 // SIG_SETMASK
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGPROCMASK, set, uintptr(unsafe.Pointer(&mask)), uintptr(unsafe.Pointer(&old)), 8, 0, 0)
	if errno != 0 {
		return 0, os.NewSyscallError("rt_sigprocmask", errno)
	}
	return old, nil
}

// sigaction is the kernel's struct, not the C library's; the architectures that Go runs on but MIPS share it.
type sigaction struct {
	handler  uintptr
	flags    uint64
	restorer uintptr
	mask     uint64
}

func rtSigaction(s lifecycle.Signal, action, old *sigaction) error {
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(s), uintptr(unsafe.Pointer(action)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
	if errno != 0 {
		return fmt.Errorf("cannot handle %v: %w", s, errno)
	}
	return nil
}
