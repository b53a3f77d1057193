package reaper

import (
	"os"
	"os/signal"
	"syscall"

	"exeunt/lifecycle"
)

// listenByNotify is Listen by os/signal, for architectures without a handler of ours. It knows no sender. SIGPROF never
// comes, as the runtime keeps it, and SIGURG is dropped, as the runtime's scheduler sends that to its own threads and
// there is no telling (go.dev/issue/37942).
func listenByNotify() *Signals {
	in := newIntake()
	// A channel each, so that SIGCHLD by the thousand does not crowd the others out: os/signal drops what finds no room.
	children, others := make(chan os.Signal, 1), make(chan os.Signal, queued)
	signal.Notify(children, syscall.SIGCHLD)
	for s := lifecycle.Signal(1); s <= lifecycle.SIGRTMAX; s++ {
		if s.Catchable() && s != lifecycle.SIGCHLD && s != lifecycle.Signal(syscall.SIGURG) {
			signal.Notify(others, syscall.Signal(s))
		}
	}
	go func() {
		for range children {
			in.got(lifecycle.SIGCHLD, nil, false)
		}
	}()
	go func() {
		for s := range others {
			// Without a sender the one that ReleaseTerminal brings about is taken for the kernel's.
			in.got(lifecycle.Signal(s.(syscall.Signal)), nil, true)
		}
	}()
	return in.signals()
}
