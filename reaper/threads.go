package reaper

import (
	"runtime"
	"sync"
)

// spareThreads is how many threads ReserveThreads makes. A stop needs one that runs Go, and one for each system call that
// lasts: a log line that its reader stalls, a file of a hook, a program being started. Each takes some 20 kB.
const spareThreads = 3

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
