// Package reaper is everything that touches the kernel as PID 1: it takes signals, starts processes, signals them, and
// reaps what has ended.
//
// [Listen] takes every signal from main's first line on, with who sent it. [Start] starts a process from a [Spec], in a
// session of its own. A [Family] is the child with its session and the hooks beside it: [Family.Deliver] reaches the
// targets of the language, [Family.Count] says who is left of one. [Reap] collects every process that has ended, orphans
// among them.
//
// But for Listen's channels, all of it is called from one goroutine: who reaps is who signals, so that the pid of a
// process that was reaped is never signalled again. Nothing here waits for anything but the kernel.
//
// Errors are sentences for the log. What can't be read of /proc (hidepid, no /proc at all) is done without, as well as it
// can be: see [Family].
package reaper

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// Ended is a process that was reaped.
type Ended struct {
	PID int
	How lifecycle.ChildExited
}

// Reap collects every process that has ended. SIGCHLD does not count (one may stand for many, signal(7)), so it goes on
// until there is none; __WALL is for those that were cloned with another signal than SIGCHLD, who end here as orphans all
// the same (wait(2)).
func Reap() []Ended {
	var all []Ended
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, unix.WNOHANG|unix.WALL, nil)
		switch {
		case err == unix.EINTR:
		case err != nil || pid == 0:
			return all
		case status.Exited():
			all = append(all, Ended{pid, lifecycle.ChildExited{Status: status.ExitStatus()}})
		case status.Signaled():
			all = append(all, Ended{pid, lifecycle.ChildExited{Signal: lifecycle.Signal(status.Signal())}})
		}
	}
}

// HasChildren reports whether there is a child, an orphan that came here among them, that was not reaped yet.
func HasChildren() bool {
	var info unix.Siginfo
	return unix.Waitid(unix.P_ALL, 0, &info, unix.WNOHANG|unix.WNOWAIT|unix.WEXITED|unix.WALL, nil) != unix.ECHILD
}

// Suspend stops exeunt itself. PID 1 isn't stopped: the kernel spares it (pid_namespaces(7)).
func Suspend() error { return unix.Kill(unix.Getpid(), unix.SIGSTOP) }

// IsSubreaper reports whether orphans come here although this is not PID 1.
func IsSubreaper() bool {
	var is int32
	err := unix.Prctl(unix.PR_GET_CHILD_SUBREAPER, uintptr(unsafe.Pointer(&is)), 0, 0, 0)
	return err == nil && is == 1
}

// BecomeSubreaper makes orphans come to a process that is not PID 1 (prctl(2), PR_SET_CHILD_SUBREAPER).
func BecomeSubreaper() error {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("cannot become a subreaper: %w", err)
	}
	return nil
}

// SignalAtParentsDeath asks the kernel to send s to exeunt when its parent ends (prctl(2), PR_SET_PDEATHSIG).
func SignalAtParentsDeath(s lifecycle.Signal) error {
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(s), 0, 0, 0); err != nil {
		return fmt.Errorf("cannot ask for %v at the parent's death: %w", s, err)
	}
	return nil
}
