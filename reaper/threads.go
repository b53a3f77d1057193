package reaper

import (
	"runtime"
	"sync"
)

// lastingCalls is how many system calls that last a stop may have under way beside its own work: a log line that its reader stalls, a
// file of a hook, a program being started.
const lastingCalls = 3

// spareThreads is how many threads ReserveThreads makes: one for each of those, and one that the runtime wakes to look for work.
// Each takes some 20 kB.
const spareThreads = lastingCalls + 1

// ReserveThreads makes the threads now that a stop may need. The Go runtime starts one when it comes to need it, and where that
// fails, because a limit of processes is reached (docker run --pids-limit, RLIMIT_NPROC), it ends the whole program: the child
// would lose its init. Threads that are there are used again and never given back.
func ReserveThreads() {
	var there sync.WaitGroup
	enough := make(chan struct{})
	for range spareThreads {
		there.Add(1)
		go func() {
			runtime.LockOSThread() // so that each has to have one of its own
			defer runtime.UnlockOSThread()
			setMask(0)
			there.Done()
			<-enough
		}()
	}
	there.Wait()
	close(enough)
}
