package reaper

// inheritedIgnores are the signals that were ignored when exeunt was started, signal n as bit n-1. The Go runtime installs
// its own handlers before any Go code runs, so this is known in full only where the linker was told to begin at entry
// (entry_*.s); otherwise it holds what the runtime leaves alone, SIGHUP and SIGINT.
var inheritedIgnores uint64

// inheritedMask is the signal mask exeunt was started with, in the same way. Where it isn't known the runtime's own way has to
// do: it keeps the mask it was started with for the processes it forks.
var inheritedMask uint64

// entryAction is what the kernel writes to while entry asks.
var entryAction [4]uint64

// sigIgnore is SIG_IGN as a handler.
const sigIgnore = 1
