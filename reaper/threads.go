package reaper

import (
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// lastingCalls is how many system calls that last a stop may have under way beside its own work: a log line that its reader stalls, a
// file of a hook, a program being started.
const lastingCalls = 3

// spareThreads is how many threads ReserveThreads makes: one for each of those, and one that the runtime wakes to look for work.
// Each takes some 20 kB.
const spareThreads = lastingCalls + 1

// ReserveThreads makes the threads now that a stop may need. The Go runtime starts one when it comes to need it, and where that
// fails, because a limit of processes is reached (docker run --pids-limit, RLIMIT_NPROC), it ends the whole program: the child
// would lose its init. Threads that are there are used again and never given back. Where
// the limit leaves room for few, half of it is the child's.
func ReserveThreads() {
	var there, free sync.WaitGroup // a thread that is there is free once its goroutine has let go of it
	enough := make(chan struct{})
	for range min(spareThreads, room()/2) {
		there.Add(1)
		free.Add(1)
		go func() {
			runtime.LockOSThread() // so that each has to have one of its own
			setMask(0)
			there.Done()
			<-enough
			runtime.UnlockOSThread()
			free.Done()
		}()
	}
	there.Wait()
	close(enough)
	free.Wait()
}

// fewProcesses is a limit of processes that nobody sets who does not mean it.
const fewProcesses = 64

// room is how many more processes and threads the container may have, by the limit of its cgroup; a great many where there is none, or
// where it can't be known.
func room() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NPROC, &limit); err == nil && limit.Cur < fewProcesses && os.Getuid() != 0 {
		return 0 // of this user's how many there are, in whatever container, can't be known
	}
	for _, dir := range []string{"/sys/fs/cgroup", "/sys/fs/cgroup/pids"} { // version 2, version 1
		limit, err := numberIn(dir + "/pids.max")
		if err != nil {
			continue // "max", or not there
		}
		if now, err := numberIn(dir + "/pids.current"); err == nil {
			return max(0, limit-now)
		}
	}
	return math.MaxInt
}

func numberIn(path string) (int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}
