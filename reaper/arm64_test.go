package reaper

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// The handler and the entry of arm64, in qemu's emulation. That has a part of the real-time signals for itself and gives a program
// another's mask, so those are left out.
func TestARM64(t *testing.T) {
	const qemu = "qemu-aarch64-static"
	if runtime.GOARCH == "arm64" {
		return // every test is one of arm64 there
	}
	if _, err := exec.LookPath(qemu); err != nil {
		skip(t, qemu+" is missing: apt-get install qemu-user-static")
	}
	binary := filepath.Join(t.TempDir(), "arm64")
	build := exec.Command("go", "test", "-c", "-o", binary, "-tags", "entry", "-ldflags", "-E=exeunt/reaper.entry -checklinkname=0", ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOARCH=arm64", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}

	if got := launch(t, qemu, nil, "flags", binary).wait("taken"); got != "taken 0x400c027 given 7" {
		t.Error(got)
	}
	fault := launch(t, qemu, nil, "fault", binary)
	fault.wait("recovered: runtime error: invalid memory address")
	fault.wait("panic: runtime error: invalid memory address")

	r := helpWith(t, qemu, nil, "listen", binary)
	for _, s := range []unix.Signal{unix.SIGHUP, unix.SIGINT, unix.SIGUSR1, unix.SIGTERM, unix.SIGURG, unix.SIGPROF, unix.SIGWINCH, unix.SIGPIPE} {
		r.send(s)
		if got, want := r.wait("got"), fmt.Sprintf("got %v from pid %d", lifecycle.Signal(s), os.Getpid()); !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	full := helpWith(t, qemu, nil, "pending", binary)
	for range 2000 {
		full.send(unix.SIGUSR1) // the kernel merges them: none may be one too many, and one has to come
	}
	eventually(t, "all were delivered", func() bool { return nothingPending(full.pid()) })
	full.say("look")
	var n int
	if fmt.Sscanf(full.wait("pending"), "pending %d", &n); n < 1 || n > 2000 {
		t.Errorf("%d came of 2000", n)
	}
}
