package reaper

import (
	"os"

	"golang.org/x/sys/unix"
)

// The signals between execve and Listen. The kernel drops those that a PID 1 has no handler for; the Go runtime, which is there a
// moment later, ends itself with status 2 at SIGTERM, throws at SIGQUIT and swallows SIGUSR1. So where the linker was told to begin
// at entry (entry_*.s) all of them are blocked from the first instruction on: blocked, they wait, also for a PID 1 (signal(7)), and
// come when Listen unblocks them. The runtime would unblock those that it has to die of: entry takes the flags that say so out
// of the runtime's table, where it finds what it expects, and Listen puts them back. The linker has to allow that: the build tag
// entry goes with -checklinkname=0.
//
// Without that entry (go test, go run) a signal in this window, about a millisecond, does what the runtime makes of it.

var (
	// entered says that entry ran.
	entered uint8

	// inheritedIgnores are the signals that were ignored when exeunt was started, signal n as bit n-1. Without entry it holds what the
	// runtime leaves alone, SIGHUP and SIGINT.
	inheritedIgnores uint64

	// inheritedMask is the signal mask exeunt was started with, in the same way; without entry less what the runtime has unblocked.
	inheritedMask uint64

	// oneProcessor is what entry adds to the environment that the Go runtime reads: an init waits, and one thread that runs Go at a
	// time is enough for that. For each more, one for every CPU of the machine, the runtime would keep memory of its own: 0.2 MB for
	// the second alone. To change the number later costs more than it saves: the runtime then files away what each holds.
	//lint:ignore U1000 entry_*.s uses it
	oneProcessor = [...]byte{'G', 'O', 'M', 'A', 'X', 'P', 'R', 'O', 'C', 'S', '=', '1', 0}

	// processorGiven says that entry has added it: the environment had no such variable, and the child's is to have none.
	processorGiven uint8

	// entryAction is what the kernel writes to while entry asks.
	//lint:ignore U1000 entry_*.s uses it
	entryAction [4]uint64

	// earlyMask is what entry blocks: everything but faults, SIGURG, which the runtime's scheduler needs and whose default is to
	// be ignored, and what the runtime or the C library keep for themselves.
	//lint:ignore U1000 entry_*.s uses it
	earlyMask uint64 = ^uint64(1<<(unix.SIGSEGV-1) | 1<<(unix.SIGBUS-1) | 1<<(unix.SIGFPE-1) | 1<<(unix.SIGILL-1) | 1<<(unix.SIGTRAP-1) |
		1<<(unix.SIGSYS-1) | 1<<(unix.SIGURG-1) | 1<<(32-1) | 1<<(33-1))
)

// The flags of the runtime's table (runtime/runtime2.go) that matter here.
const (
	runtimeNotifies = 1 // os/signal may have it: all that entry leaves
	runtimeDies     = 2
	runtimeThrows   = 4
	runtimeUnblocks = 128
)

// runtimeFlags are the flags that entry expects and takes out, by signal; 0: it leaves them.
var runtimeFlags = [65]uint32{
	unix.SIGHUP:    runtimeNotifies | runtimeDies,
	unix.SIGINT:    runtimeNotifies | runtimeDies,
	unix.SIGTERM:   runtimeNotifies | runtimeDies,
	unix.SIGQUIT:   runtimeNotifies | runtimeThrows,
	unix.SIGABRT:   runtimeNotifies | runtimeThrows,
	unix.SIGSTKFLT: runtimeThrows | runtimeUnblocks,
	unix.SIGPROF:   runtimeNotifies | runtimeUnblocks,
}

// flagsTaken are the signals whose flags entry has taken out, as bits.
var flagsTaken uint64

// sigIgnore and sigDefault are SIG_IGN and SIG_DFL as handlers.
const (
	sigDefault = 0
	sigIgnore  = 1
)

// takeProcessorBack leaves the environment as exeunt was given it.
func takeProcessorBack() {
	if processorGiven != 0 {
		os.Unsetenv("GOMAXPROCS")
	}
}
