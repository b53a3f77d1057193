package reaper

import (
	"os"
	"os/signal"
	"syscall"

	"exeunt/lifecycle"
)

// listenByNotify is Listen by os/signal, for architectures without a handler of ours. It knows no sender. SIGPROF never
// comes, as the runtime keeps it, and SIGURG is dropped, as the runtime's scheduler sends that to its own threads and
// there is no telling (go.dev/issue/37942). So is SIGPIPE, which exeunt's own log may bring about. A burst that finds no room
// loses some.
func listenByNotify() *Signals {
	in := newIntake()
	in.anonymous = true
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
			in.got(lifecycle.SIGCHLD, nil)
		}
	}()
	go func() {
		for s := range others {
			if s != syscall.SIGPIPE {
				in.got(lifecycle.Signal(s.(syscall.Signal)), nil)
			}
		}
	}()
	return in.signals()
}
