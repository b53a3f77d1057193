package reaper

import (
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// Signals is what comes in.
type Signals struct {
	C        <-chan lifecycle.Received // every signal but SIGCHLD; each as often as the kernel delivered it
	Children <-chan struct{}           // SIGCHLD: at least one process has ended since the last one was taken; one slot
	intake   *intake
}

// queued is how many signals wait for the loop in C. Those after them wait in the pipe, and in the counters behind it.
const queued = 64

// senderAge is how long the name of a sender is taken to be the same: one process that sends thousands is looked up once.
const senderAge = 100 * time.Millisecond

// intake turns what the handler (or os/signal) saw into what the loop takes.
type intake struct {
	c        chan lifecycle.Received
	children chan struct{}

	mark  func() bool   // puts a mark behind all that the reader has not read yet; nil: there is nothing to read
	marks chan struct{} // the reader has come to a mark

	anonymous      bool        // no sender is known
	hangup, resume atomic.Bool // and so the next SIGHUP, SIGCONT is taken for our own making: see ReleaseTerminal

	last   lifecycle.Sender
	lastAt time.Time
}

func newIntake() *intake {
	in := &intake{c: make(chan lifecycle.Received, queued), children: make(chan struct{}, 1), marks: make(chan struct{}, 1)}
	in.children <- struct{}{} // whose end came before anybody listened: exeunt may have been given children by execve(2)
	return in
}

func (in *intake) signals() *Signals { return &Signals{C: in.c, Children: in.children, intake: in} }

// got takes one signal.
func (in *intake) got(s lifecycle.Signal, from *lifecycle.Sender) {
	switch {
	case s == lifecycle.SIGCHLD:
		select {
		case in.children <- struct{}{}:
		default: // there is one that was not taken yet: it stands for this one too
		}
	case s == lifecycle.SIGHUP && in.hangup.CompareAndSwap(true, false):
	case s == lifecycle.SIGCONT && in.resume.CompareAndSwap(true, false):
	default:
		in.c <- lifecycle.Received{Signal: s, From: from}
	}
}

// sender says who pid is, as long as it can be seen.
func (in *intake) sender(pid, uid int) *lifecycle.Sender {
	if now := time.Now(); in.last.PID != pid || in.last.UID != uid || now.Sub(in.lastAt) > senderAge {
		in.last, in.lastAt = lifecycle.Sender{PID: pid, UID: uid, Command: comm(pid)}, now
	}
	from := in.last
	return &from
}

// Pending takes all that has come until now: also what the reader has not brought to C yet.
func (s *Signals) Pending() []lifecycle.Received {
	var all []lifecycle.Received
	for s.intake.mark != nil && !s.intake.mark() { // the pipe is full
		select {
		case r := <-s.C:
			all = append(all, r)
		case <-time.After(time.Millisecond):
		}
	}
	for s.intake.mark != nil {
		select {
		case r := <-s.C:
			all = append(all, r)
			continue
		case <-s.intake.marks:
		}
		break
	}
	for {
		select {
		case r := <-s.C:
			all = append(all, r)
		default:
			return all
		}
	}
}

// ReleaseTerminal gives the controlling terminal up, so that the child's session can have it. The kernel then sends SIGHUP and
// SIGCONT to the foreground process group of a session leader that does so (tty_ioctl(4), TIOCNOTTY), which is exeunt's
// own: the child is not to hear of them. Their sender is exeunt itself, where that can be known.
func (s *Signals) ReleaseTerminal(terminal *os.File) error {
	foreground, err := unix.IoctlGetInt(int(terminal.Fd()), unix.TIOCGPGRP)
	inForeground := s.intake.anonymous && err == nil && foreground == unix.Getpgrp()
	s.intake.hangup.Store(inForeground)
	s.intake.resume.Store(inForeground)
	if err := unix.IoctlSetInt(int(terminal.Fd()), unix.TIOCNOTTY, 0); err != nil {
		s.intake.hangup.Store(false)
		s.intake.resume.Store(false)
		return os.NewSyscallError("ioctl TIOCNOTTY", err)
	}
	return nil
}
