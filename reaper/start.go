package reaper

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// Start starts a process and gives its pid. It gets the signal mask and the ignored signals that exeunt itself was given, and
// no file but its standard three and what exeunt inherited without close-on-exec. It returns once the program runs, or
// couldn't: the error is a *StartError.
//
// What Go's fork can't do (ignored signals, umask, limits, a foreground process group) is done on the way, by exeunt
// executed once more: see [Trampoline].
func Start(s Spec) (pid int, err error) {
	if len(s.Argv) == 0 || s.Argv[0] == "" {
		return 0, &StartError{127, errors.New("cannot start a command without a name"), unix.ENOENT}
	}
	if s.Dir != "" {
		if info, err := os.Stat(s.Dir); err != nil || !info.IsDir() {
			return 0, &StartError{125, fmt.Errorf("cannot start %q: its workdir %q is no directory", s.Argv[0], s.Dir), 0}
		}
	}
	paths, err := lookUp(s)
	if err != nil {
		return 0, err
	}
	if s.needsTrampoline() {
		return s.bounce(paths)
	}
	return s.fork(paths)
}

// lookUp gives the files that may be the program, as execvp(3) tries them.
func lookUp(s Spec) ([]string, error) {
	name := s.Argv[0]
	if strings.Contains(name, "/") {
		return []string{name}, nil
	}
	path, found := variable(s.Env, "PATH")
	if !found {
		path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" // Docker's own default
	}
	var paths []string
	for dir := range strings.SplitSeq(path, ":") { // an empty PATH is one empty entry
		if dir == "" {
			dir = "."
		}
		file := filepath.Join(dir, name)
		if !filepath.IsAbs(file) {
			file = "./" + file
		}
		if _, err := os.Stat(s.at(file)); err == nil || errors.Is(err, unix.EACCES) {
			paths = append(paths, file)
		}
	}
	if len(paths) == 0 {
		return nil, &StartError{127, fmt.Errorf("cannot start %q: it is not found in PATH=%q", name, path), unix.ENOENT}
	}
	return paths, nil
}

// at is a path as the process will see it from its workdir.
func (s Spec) at(path string) string {
	if filepath.IsAbs(path) || s.Dir == "" {
		return path
	}
	return filepath.Join(s.Dir, path)
}

func variable(env []string, name string) (value string, found bool) {
	for _, entry := range env {
		if rest, ok := strings.CutPrefix(entry, name+"="); ok {
			value, found = rest, true
		}
	}
	return value, found
}

func (s Spec) needsTrampoline() bool {
	return s.Session == NewGroup && s.hasTerminal() || s.ListenPID || s.Umask != nil || s.NoNewPrivileges || len(s.Limits) > 0 || s.CloseFiles ||
		inheritedIgnores&^libraryOwn != 0 && !s.OwnSignals
}

// libraryOwn are the two signals that the C library keeps for itself (nptl(7)), as bits. Its posix_spawn(3) leaves them ignored in what
// it starts, make(1) for one: nobody means that, so it is not worth a second exec.
const libraryOwn = 1<<(32-1) | 1<<(33-1)

// hasTerminal reports whether there is a terminal that the process is to be in the foreground of.
func (s Spec) hasTerminal() bool {
	terminal := s.Files[0]
	if !s.InputTerminal {
		if tty, err := os.OpenFile("/dev/tty", os.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0); err == nil {
			tty.Close()
			return true
		}
	}
	_, err := unix.IoctlGetInt(int(terminal.Fd()), unix.TIOCGPGRP)
	return err == nil
}

// fork tries the files one after the other.
func (s Spec) fork(paths []string) (int, error) {
	attr := &syscall.ProcAttr{Dir: s.Dir, Env: s.Env, Sys: &syscall.SysProcAttr{
		Setsid: s.Session == NewSession || s.Session == NewTerminal, Setctty: s.Session == NewTerminal,
		Setpgid: s.Session == NewGroup,
	}}
	for _, file := range s.Files {
		attr.Files = append(attr.Files, file.Fd())
	}
	if s.Who != nil {
		defer stayDumpable()()
		attr.Sys.Credential = &syscall.Credential{Uid: uint32(s.Who.UID), Gid: uint32(s.Who.GID), NoSetGroups: s.Who.Groups == nil}
		for _, group := range s.Who.Groups {
			attr.Sys.Credential.Groups = append(attr.Sys.Credential.Groups, uint32(group))
		}
	}
	mask := inheritedMask
	if s.OwnSignals {
		mask = 0
	}
	return execute(paths, s.Argv, func(path string, argv []string) (int, error) { return forkMasked(mask|s.Blocked, path, argv, attr) })
}

// forkMasked forks with a signal mask: the child's is that of the thread that forks.
func forkMasked(mask uint64, path string, argv []string, attr *syscall.ProcAttr) (int, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	old, err := setMask(mask)
	if err != nil {
		return 0, err
	}
	defer setMask(old)
	return syscall.ForkExec(path, argv, attr)
}

// stayDumpable undoes what a fork to another user does to exeunt itself. The kernel makes the memory of a process that changes its
// user undumpable (prctl(2), PR_SET_DUMPABLE), and until its execve Go's fork shares exeunt's: nobody could look into
// exeunt's /proc any more, `exeunt status` included. What it returns is to be called after the execve.
func stayDumpable() func() {
	before, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	return func() {
		if err == nil && before == 1 {
			_ = unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0) // it can't fail
		}
	}
}

// shell runs a script that has no first line to say what runs it (execvp(3)).
const shell = "/bin/sh"

// execute calls do for each file until one works, and says of the failure that counts: a file that may not be executed is worth more
// than one that isn't there.
func execute(paths, argv []string, do func(path string, argv []string) (int, error)) (int, error) {
	var denied, last error
	for _, path := range paths {
		pid, err := do(path, argv)
		if errors.Is(err, unix.ENOEXEC) {
			pid, err = do(shell, append([]string{shell, path}, argv[1:]...))
		}
		switch {
		case err == nil:
			return pid, nil
		case errors.Is(err, unix.EACCES):
			denied = err
		case errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENOTDIR):
			last = err
		default:
			return 0, startError(argv[0], err)
		}
	}
	if denied != nil {
		last = denied
	}
	return 0, startError(argv[0], last)
}

func startError(name string, err error) *StartError {
	status := 126
	var errno syscall.Errno
	errors.As(err, &errno)
	hint := ""
	switch errno {
	case unix.ENOENT, unix.ENOTDIR:
		status, hint = 127, " (or what its first line names, or its dynamic loader, is not there)"
	case unix.EAGAIN, unix.ENOMEM:
		status, hint = 125, " (the limit of processes or memory is reached)"
	case unix.ENOEXEC:
		hint = " (is it for another architecture?)"
	case unix.EACCES:
		hint = " (is it executable? may this user read it?)"
	case unix.EPERM:
		status, hint = 125, " (does exeunt have the rights to switch the user?)"
	}
	return &StartError{status, fmt.Errorf("cannot start %q: %w%s", name, err, hint), errno}
}

// bounce starts the process by way of the trampoline, which answers on a pipe: nothing and its end where the program runs, else
// what went wrong.
func (s Spec) bounce(paths []string) (int, error) {
	order := order{Paths: raw(paths), Argv: raw(s.Argv), Group: s.Session == NewGroup, InputTerminal: s.InputTerminal, ListenPID: s.ListenPID, Mask: s.Blocked, Who: s.Who, Umask: s.Umask,
		NoNewPrivileges: s.NoNewPrivileges, Limits: s.Limits, CloseFiles: s.CloseFiles}
	if !s.OwnSignals {
		order.Ignored, order.Mask = inheritedIgnores, order.Mask|inheritedMask
	}
	answer, reply, err := os.Pipe()
	if err != nil {
		return 0, &StartError{125, fmt.Errorf("cannot start %q: %w", s.Argv[0], err), 0}
	}
	defer answer.Close()
	// Out of the way of what was handed down to exeunt, sockets from 3 on (sd_listen_fds(3)); nobody else forks meanwhile.
	if order.Reply, err = unix.FcntlInt(reply.Fd(), unix.F_DUPFD, replyFile); err == unix.EINVAL { // above the limit of files
		order.Reply, err = unix.FcntlInt(reply.Fd(), unix.F_DUPFD, 3)
	}
	reply.Close()
	if err != nil {
		return 0, &StartError{125, fmt.Errorf("cannot start %q: %w", s.Argv[0], err), 0}
	}
	pid, err := s.launch(order)
	unix.Close(order.Reply)
	if err != nil {
		return 0, startError(s.Argv[0], err)
	}
	failure, err := io.ReadAll(answer)
	if err == nil && len(failure) == 0 {
		return pid, nil
	}
	var status unix.WaitStatus
	for _, err := unix.Wait4(pid, &status, 0, nil); err == unix.EINTR; _, err = unix.Wait4(pid, &status, 0, nil) {
	}
	number, reason, _ := strings.Cut(string(failure), " ")
	errno, _ := strconv.Atoi(number)
	return 0, &StartError{status.ExitStatus(), errors.New(reason), syscall.Errno(errno)}
}

// launch forks the trampoline.
func (s Spec) launch(o order) (int, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return 0, err
	}
	self, err := own()
	if err != nil {
		return 0, err
	}
	what, err := orderFile(text)
	if err != nil {
		return 0, err
	}
	defer unix.Close(what)
	attr := &syscall.ProcAttr{Dir: s.Dir, Env: s.Env, Files: []uintptr{s.Files[0].Fd(), s.Files[1].Fd(), s.Files[2].Fd()},
		Sys: &syscall.SysProcAttr{Setsid: s.Session == NewSession || s.Session == NewTerminal, Setctty: s.Session == NewTerminal,
			Setpgid: s.Session == NewGroup}}
	return syscall.ForkExec(self, []string{trampolineName, strconv.Itoa(what)}, attr)
}

// orderFile is a file in memory with the order in it, as a command line may be longer than an argument can. It is handed on.
func orderFile(text []byte) (fd int, err error) {
	file, err := unix.MemfdCreate("exeunt-order", unix.MFD_CLOEXEC)
	if err != nil {
		return 0, os.NewSyscallError("memfd_create", err)
	}
	defer unix.Close(file)
	if _, err := unix.Pwrite(file, text, 0); err != nil {
		return 0, os.NewSyscallError("write", err)
	}
	if fd, err = unix.FcntlInt(uintptr(file), unix.F_DUPFD, replyFile); err == unix.EINVAL { // as for the reply
		fd, err = unix.FcntlInt(uintptr(file), unix.F_DUPFD, 3)
	}
	return fd, os.NewSyscallError("fcntl", err)
}

// own is the path that executes exeunt itself.
func own() (string, error) {
	const link = "/proc/self/exe"
	if _, err := os.Stat(link); err == nil {
		return link, nil
	}
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("exeunt does not find itself without /proc: %w", err)
	}
	return self, nil
}

func raw(text []string) (all [][]byte) {
	for _, s := range text {
		all = append(all, []byte(s))
	}
	return all
}

func cooked(text [][]byte) (all []string) {
	for _, s := range text {
		all = append(all, string(s))
	}
	return all
}

// order is what the trampoline is told.
type order struct {
	Paths, Argv     [][]byte // a string of JSON holds no byte that isn't UTF-8
	Group           bool
	InputTerminal   bool
	ListenPID       bool
	Reply           int // the descriptor to answer on
	Who             *Identity
	Umask           *int
	NoNewPrivileges bool
	Limits          map[string]lifecycle.Limit
	CloseFiles      bool
	Ignored, Mask   uint64 // signal n as bit n-1
}
