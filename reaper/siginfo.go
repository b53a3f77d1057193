//go:build linux && (amd64 || arm64)

package reaper

import (
	"encoding/binary"
	"os"
	"os/signal"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// A signal handler of our own, in assembly (handler_*.s), instead of os/signal. It writes the kernel's siginfo to a pipe
// and returns: so the sender is known, SIGPROF comes too, which the Go runtime keeps to itself, and SIGURG, which the
// runtime's scheduler sends to its own threads: those are told by their sender and left to the runtime.
//
// What exeunt brings upon itself is dropped: its pid is the sender's. So are SIGHUP and SIGCONT where it gives the terminal up
// (see ReleaseTerminal), SIGPIPE where nobody reads its log any more, SIGXFSZ where a file of its own meets a limit.
//
// Nothing is lost: where the pipe is full the handler counts the signal, and then tries to write an empty record. If that
// fails as well, the pipe was full after the count, so the reader will read once more, and it looks at the counts after
// each read. What is counted has no sender.
const siginfoSize = 128 // si_signo at 0, si_code at 8, si_pid at 16, si_uid at 20 (sigaction(2), linux/asm-generic/siginfo.h)

// What the handler does with a signal.
const (
	keepIt   = iota // it is ours
	isFault         // ours if a process sent it (si_code <= 0); a real fault is the runtime's
	isUrgent        // ours, unless one of our own threads sent it to another (SI_TKILL): that is the scheduler's
)

// The handler's memory.
var (
	handlerPipe int32       // the end it writes to
	handlerPID  int32       // our own pid
	kinds       [65]uint8   // by signal: keepIt, isFault, isUrgent
	uncounted   [65]uint32  // by signal: came while the pipe was full
	goHandlers  [65]uintptr // the runtime's own handlers, for what is theirs
	//lint:ignore U1000 handler_*.s writes it
	emptyRecord [siginfoSize]byte
)

// markRecord is signo of a record that no signal wrote: see Pending.
const markRecord = 1 << 16

// addresses gives the entry of the handler and of what the kernel returns through after it (amd64 only).
func addresses() (handler, restorer uintptr)

// runtimeTable gives the runtime's table of signals, nil where it may not be known (entry_*.s).
func runtimeTable() unsafe.Pointer

const (
	saNoChildStop = 0x1
	saSiginfo     = 0x4
	saRestorer    = 0x04000000
	saOnStack     = 0x08000000
	saRestart     = 0x10000000
)

// Listen takes every signal that can be caught, from its first line on. It is called once.
func Listen() (*Signals, error) {
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		return nil, os.NewSyscallError("pipe2", err)
	}
	handlerPipe, handlerPID = int32(pipe[1]), int32(os.Getpid())
	for _, s := range []unix.Signal{unix.SIGSEGV, unix.SIGBUS, unix.SIGFPE, unix.SIGILL, unix.SIGTRAP, unix.SIGSYS} {
		kinds[s] = isFault
	}
	kinds[unix.SIGURG] = isUrgent
	// Where a write to standard error fails because nobody reads it, the runtime ends the process by SIGPIPE, even as PID 1, unless
	// it believes the signal to be ignored. It is not: the handler comes next.
	signal.Ignore(unix.SIGPIPE)
	for s := lifecycle.Signal(1); s <= lifecycle.SIGRTMAX; s++ {
		if err := handle(s); err != nil {
			return nil, err
		}
	}
	giveFlagsBack()
	letIn()
	in := newIntake()
	in.mark = markPipe
	go in.read(os.NewFile(uintptr(pipe[0]), "signals"))
	return in.signals(), nil
}

// Release gives the signals back, for a program that turns out not to be an init: they do again what they do in any Go program,
// and os/signal works.
func (s *Signals) Release() {
	for n := lifecycle.Signal(1); n <= lifecycle.SIGRTMAX; n++ {
		if !taken(n) {
			continue
		}
		action := sigaction{handler: goHandlers[n], flags: saSiginfo | saOnStack | saRestart, mask: ^uint64(0)}
		if goHandlers[n] <= sigIgnore {
			action.flags = 0
		} else if _, restorer := addresses(); restorer != 0 {
			action.flags, action.restorer = action.flags|saRestorer, restorer
		}
		rtSigaction(n, &action, nil) // what was set once can be set again
	}
	again := make(chan os.Signal, 1) // Ignore is undone by Notify, and Notify by Stop
	signal.Notify(again, unix.SIGPIPE)
	signal.Stop(again)
}

// taken says that a signal is one that the handler is for: all but those that can't be, and the C library's and the runtime's own
// (nptl(7)).
func taken(s lifecycle.Signal) bool { return s.Catchable() && s != 32 && s != 33 }

// handle installs the handler for a signal, and keeps what was there before.
func handle(s lifecycle.Signal) error {
	if !taken(s) {
		return nil
	}
	handler, restorer := addresses()
	action := sigaction{handler, saSiginfo | saOnStack | saRestart, restorer, ^uint64(0)}
	if restorer != 0 {
		action.flags |= saRestorer
	}
	if s == lifecycle.SIGCHLD {
		action.flags |= saNoChildStop
	}
	var old sigaction
	if err := rtSigaction(s, nil, &old); err != nil {
		return err
	}
	goHandlers[s] = old.handler
	if old.handler == sigIgnore && s != lifecycle.Signal(unix.SIGPIPE) {
		inheritedIgnores |= 1 << (s - 1) // SIGHUP and SIGINT: the runtime leaves those as it was given them
	}
	return rtSigaction(s, &action, nil)
}

// letIn lets in what is blocked, by entry or by whoever started exeunt. This thread is enough: no thread of Go's ever ends, and the
// kernel gives a signal of the process to any that takes it. The child gets the mask exeunt was given (see Start).
func letIn() {
	if mask, err := setMask(0); err == nil && entered == 0 {
		inheritedMask = mask
	}
}

// read takes what the handler wrote. The reading end is the runtime's to poll: no thread is bound by it.
func (in *intake) read(pipe *os.File) {
	records := make([]byte, 32*siginfoSize)
	for {
		n, err := pipe.Read(records)
		if err != nil {
			return // never: the writing end is never closed
		}
		for at := 0; at+siginfoSize <= n; at += siginfoSize {
			in.record(records[at : at+siginfoSize])
		}
		for s := range uncounted {
			for range atomic.SwapUint32(&uncounted[s], 0) {
				in.got(lifecycle.Signal(s), nil)
			}
		}
	}
}

func (in *intake) record(info []byte) {
	native := binary.NativeEndian
	s, code := lifecycle.Signal(native.Uint32(info)), int32(native.Uint32(info[8:]))
	pid, uid := int(int32(native.Uint32(info[16:]))), int(native.Uint32(info[20:]))
	switch {
	case s == 0: // the empty record
	case s == markRecord:
		in.marks <- struct{}{}
	case code > 0 || code == codeTimer || code == codePolled:
		in.got(s, &lifecycle.Sender{Kernel: true})
	case pid == 0: // a process this PID namespace has no number for (pid_namespaces(7))
		in.got(s, nil)
	case pid == int(handlerPID): // exeunt's own doing
	default:
		in.got(s, in.sender(pid, uid))
	}
}

// The codes below 0 that no process stands behind, whose fields are not a pid and a uid: a timer's end (SI_TIMER), and a file
// that is ready or a request that is done (SI_SIGIO, SI_ASYNCIO, sigaction(2)).
const (
	codeTimer  = -2
	codePolled = -5
)

// markPipe writes a mark behind what is in the pipe. There may be no room.
func markPipe() bool {
	record := make([]byte, siginfoSize)
	binary.NativeEndian.PutUint32(record, markRecord)
	n, err := unix.Write(int(handlerPipe), record)
	return err == nil && n == siginfoSize
}

// giveFlagsBack undoes what entry did to the runtime's table: threads that begin from now on unblock what they always do.
func giveFlagsBack() {
	const size = 24 // of an entry: flags, padding, a string
	for s := range runtimeFlags {
		if s > 0 && flagsTaken>>(s-1)&1 == 1 {
			*(*uint32)(unsafe.Add(runtimeTable(), s*size)) = runtimeFlags[s]
		}
	}
	flagsTaken = 0
}
