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

// The mask and the ignored signals exeunt was given are the child's, by fork and by way of the trampoline, unless it is to have
// none. Fails without: the linker's -E (the runtime had unblocked SIGTERM and handled what was ignored), without the mask in
// fork, without the order's Ignored and Mask.
func TestInheritedMaskAndIgnores(t *testing.T) {
	binary := entryBinary(t)
	for _, c := range []struct{ ignore, mask, how, want string }{
		{"", "", "near", "0000000000000000 0000000000000000"},
		{"", "", "far", "0000000000000000 0000000000000000"},
		{"", "10,15,27,35", "near", "0000000404004200 0000000000000000"},
		{"", "10,15,27,35", "far", "0000000404004200 0000000000000000"},
		{"1,2,13,15,17,27,64", "", "near", "0000000000000000 8000000004015003"},
		{"1,2,13,15,17,27,64", "1,12,34", "far", "0000000200000801 8000000004015003"},
		{"15", "10", "own near", "0000000000000000 0000000000000000"},
		{"15", "10", "own far", "0000000000000000 0000000000000000"},
	} {
		t.Run(fmt.Sprintf("ignore %s mask %s %s", c.ignore, c.mask, c.how), func(t *testing.T) {
			r := launch(t, "/proc/self/exe", nil, "exec", "ignore="+c.ignore, "mask="+c.mask, binary, "status", c.how)
			if got := r.wait("status"); got != "status "+c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// Without entry what the runtime leaves is still handed on: ignored SIGHUP and SIGINT (nohup), blocked SIGUSR1.
func TestInheritedWithoutEntry(t *testing.T) {
	r := launch(t, "/proc/self/exe", nil, "exec", "ignore=1,2", "mask=10", "/proc/self/exe", "status", "near")
	if got := r.wait("status"); got != "status 0000000000000200 0000000000000003" {
		t.Error(got)
	}
}

// entry knows the runtime's table of signals, and Listen gives back what it took. A Go whose table is another one fails here: see
// runtimeFlags.
func TestRuntimeTable(t *testing.T) {
	r := launch(t, entryBinary(t), nil, "flags")
	if got := r.wait("taken"); got != "taken 0x400c027 given 7" {
		t.Error(got)
	}
}

// The trap "TERM before exeunt listens": from entry on no signal is lost to a PID 1, whatever the runtime is just doing.
// Fails without: the mask in entry (some of each kind did not come), without the flags it takes (SIGTERM: status 2).
func TestSignalBeforeListen(t *testing.T) {
	needRoot(t)
	binary := entryBinary(t)
	for _, s := range []unix.Signal{unix.SIGTERM, unix.SIGUSR1, unix.SIGQUIT, unix.SIGPROF} {
		t.Run(unix.SignalName(s), func(t *testing.T) {
			for i := range 25 {
				r := launch(t, binary, func(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID} }, "listen")
				eventually(t, "entry has run", func() bool { return blocksOrCatches(r.pid(), s) })
				for until := time.Now().Add(time.Duration(i) * 40 * time.Microsecond); time.Now().Before(until); { // all along the start
				}
				r.send(s)
				if got := r.wait("got"); !strings.HasPrefix(got, "got "+unix.SignalName(s)) {
					t.Fatal(got)
				}
				r.cmd.Process.Kill()
				r.ended()
			}
		})
	}
}

func blocksOrCatches(pid int, s unix.Signal) bool {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(status)) {
		var set uint64
		if n, _ := fmt.Sscanf(line, "SigBlk: %x", &set); n == 1 && set>>(s-1)&1 == 1 {
			return true
		}
		if n, _ := fmt.Sscanf(line, "SigCgt: %x", &set); n == 1 && set>>(s-1)&1 == 1 {
			return true
		}
	}
	return false
}
