package reaper

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The trap "no process left to have", inside exeunt: with as many system calls under way as a stop may have, the runtime needs no new
// thread, which it would end the program over. Fails without: ReserveThreads, as the second run shows.
func TestThreadsAtTheLimit(t *testing.T) {
	needRoot(t)
	binary := entryBinary(t) // without cgo, as exeunt is
	limited := func(c *exec.Cmd) {
		c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID}
	}
	r := launch(t, binary, limited, "threads", "reserve")
	r.wait("alive")
	r = launch(t, binary, limited, "threads")
	if status := r.ended(); status.ExitStatus() == 0 || strings.Contains(r.all.String(), "alive") || !strings.Contains(r.all.String(), "runtime") {
		t.Errorf("without a reserve the runtime had threads all the same: %v\n%s", status, r.all)
	}
}

// A limit of processes that has no room for a reserve does not end exeunt by it. Fails without: fewProcesses in room.
func TestNoRoomForAReserve(t *testing.T) {
	needRoot(t)
	launch(t, entryBinary(t), nil, "tiny").wait("alive")
}

// helpTiny reserves threads where there can be none.
func helpTiny([]string) error {
	if err := become(Identity{UID: 12346, GID: 12346, Groups: []int{}}); err != nil {
		return err
	}
	if err := unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{Cur: 1, Max: 1}); err != nil {
		return err
	}
	ReserveThreads()
	fmt.Println("alive")
	return nil
}

// helpThreads blocks some threads in system calls where no new one is to be had.
func helpThreads(args []string) error {
	if len(args) > 0 {
		ReserveThreads()
	}
	if err := become(Identity{UID: 12345, GID: 12345, Groups: []int{}}); err != nil { // root has no limit
		return err
	}
	if err := unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{Cur: 1, Max: 1}); err != nil {
		return err
	}
	var pipe [2]int
	if err := unix.Pipe(pipe[:]); err != nil {
		return err
	}
	for range lastingCalls {
		go unix.Read(pipe[0], make([]byte, 1))
	}
	for range lastingCalls {
		done := make(chan struct{})
		go func() { close(done) }()
		<-done
		time.Sleep(20 * time.Millisecond) // the runtime's, which takes blocked threads' places after 20 us to 10 ms
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	_, threads, _ := strings.Cut(string(status), "Threads:\t")
	threads, _, _ = strings.Cut(threads, "\n")
	fmt.Println("alive with", threads, "threads")
	return nil
}
