//go:build linux && (amd64 || arm64)

package reaper

import (
	"encoding/binary"
	"os"
	"runtime"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// A signal handler of our own, in assembly (handler_*.s), instead of os/signal. It writes the kernel's siginfo to a pipe
// and returns: so the sender is known, SIGPROF comes too, which the Go runtime keeps to itself, and SIGURG, which the
// runtime's scheduler sends to its own threads: those are told by their sender and left to the runtime.
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
	emptyRecord [siginfoSize]byte
)

// addresses gives the entry of the handler and of what the kernel returns through after it (amd64 only).
func addresses() (handler, restorer uintptr)

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
	for s := lifecycle.Signal(1); s <= lifecycle.SIGRTMAX; s++ {
		if err := handle(s); err != nil {
			return nil, err
		}
	}
	unblock()
	in := newIntake()
	go in.read(os.NewFile(uintptr(pipe[0]), "signals"))
	return in.signals(), nil
}

// handle installs the handler for a signal, and keeps what was there before.
func handle(s lifecycle.Signal) error {
	if !s.Catchable() || s == 32 || s == 33 { // the last two are the C library's and the runtime's (nptl(7))
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
	if old.handler == sigIgnore {
		inheritedIgnores |= 1 << (s - 1) // SIGHUP and SIGINT: the runtime leaves those as it was given them
	}
	return rtSigaction(s, &action, nil)
}

// unblock lets in what exeunt was started with blocked: the runtime unblocks only some of it. One thread is enough, as the
// kernel gives a signal to any that takes it; the child gets the mask as it was (see Start).
func unblock() {
	var mask uint64
	if _, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGPROCMASK, 0, 0, uintptr(unsafe.Pointer(&mask)), 8, 0, 0); errno != 0 || mask == 0 {
		return
	}
	done := make(chan struct{})
	go func() {
		runtime.LockOSThread()
		setMask(0)
		close(done)
		select {}
	}()
	<-done
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
				in.got(lifecycle.Signal(s), nil, false)
			}
		}
	}
}

func (in *intake) record(info []byte) {
	native := binary.NativeEndian
	signal, code := lifecycle.Signal(native.Uint32(info)), int32(native.Uint32(info[8:]))
	pid, uid := int(int32(native.Uint32(info[16:]))), int(native.Uint32(info[20:]))
	switch {
	case signal == 0: // the empty record
	case code > 0:
		in.got(signal, &lifecycle.Sender{Kernel: true}, true)
	case pid == 0: // a process this PID namespace has no number for (pid_namespaces(7))
		in.got(signal, nil, false)
	default:
		in.got(signal, in.sender(pid, uid), pid == int(handlerPID))
	}
}
