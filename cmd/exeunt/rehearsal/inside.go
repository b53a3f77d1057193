// Package rehearsal stops a real application before anybody else does: it starts exeunt under the real file with the real
// command, waits until the application is ready, asks for the stop, and judges what happened.
//
// What happened is what exeunt itself says: its events ([timeline.Event]) come on a descriptor of their own, how it stands on its
// [board.Board]. Nothing here knows how to stop anything.
//
// A rehearsal is the PID 1 of a PID namespace of its own where the kernel grants one, so that it holds no process but its
// own, and nothing of it is left when it ends. Where it doesn't, exeunt runs as a subreaper below this process, which is one too.
package rehearsal

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"exeunt/reaper"
)

// insideName is argv[0] of exeunt on its way into a namespace. Nobody names a program like that.
const insideName = "exeunt: on the way to a rehearsal"

// tryWord is what follows it where nothing is to be run: the namespace was only to be tried.
const tryWord = "try"

// Inside is one of the first calls of main. In a process that is to be the PID 1 of a rehearsal it makes the namespace what
// a container has, executes exeunt and never returns; in any other it returns at once.
func Inside() {
	if len(os.Args) < 2 || os.Args[0] != insideName {
		return
	}
	runtime.LockOSThread() // what prctl(2) changes is a thread's
	if err := inside(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func inside(argv []string) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("cannot keep its mounts to itself: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("cannot mount its own /proc: %w", err)
	}
	// The right to do that was for this alone. What fails here was not there.
	_ = unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	if os.Geteuid() != 0 {
		disinherit()
	}
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return os.NewSyscallError("prctl PR_SET_PDEATHSIG", err)
	}
	if argv[0] == tryWord {
		return nil
	}
	if err := reaper.RestoreMask(); err != nil {
		return err
	}
	return os.NewSyscallError("execve", syscall.Exec("/proc/self/exe", argv, os.Environ()))
}

// disinherit takes away what attributes has made inheritable, which for a user without rights is all of it.
func disinherit() {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var sets [2]unix.CapUserData
	if unix.Capget(&header, &sets[0]) == nil {
		sets[0].Inheritable, sets[1].Inheritable = 0, 0
		_ = unix.Capset(&header, &sets[0])
	}
}

// Place is where a rehearsal runs.
type Place struct {
	Namespace bool   // as PID 1 of a PID namespace of its own
	User      bool   // by a user namespace: this user may not make one of PIDs otherwise
	Why       string // there is no namespace
}

// String is how the reports say it.
func (p Place) String() string {
	switch {
	case p.User:
		return "as PID 1 of a PID namespace, by a user namespace"
	case p.Namespace:
		return "as PID 1 of a PID namespace"
	}
	return "as a subreaper"
}

// FindPlace finds out what the kernel grants.
func FindPlace() Place {
	var why string
	for _, p := range []Place{{Namespace: true}, {Namespace: true, User: true}} {
		cmd := exec.Command("/proc/self/exe")
		cmd.Args = []string{insideName, tryWord}
		cmd.SysProcAttr = p.attributes()
		var said bytes.Buffer
		cmd.Stderr = &said
		err := cmd.Run()
		if err == nil {
			return p
		}
		if why == "" {
			why = err.Error()
			if said.Len() > 0 {
				why = strings.TrimSpace(said.String())
			}
		}
	}
	return Place{Why: why}
}

// attributes are those of exeunt's process. It ends with this thread, whatever ends that: in a namespace, with all that is in
// it; else as a stop.
func (p Place) attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGTERM} // a session of its own: Ctrl-C is not for it
	if p.Namespace {
		attr.Pdeathsig = syscall.SIGKILL
		attr.Cloneflags = unix.CLONE_NEWPID | unix.CLONE_NEWNS
	}
	if p.User {
		attr.Cloneflags |= unix.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Geteuid(), HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getegid(), HostID: os.Getegid(), Size: 1}}
		attr.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN}
	}
	return attr
}
