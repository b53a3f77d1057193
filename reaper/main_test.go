package reaper

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long a test waits for a line or a state. It only ends tests that fail.
const patience = 30 * time.Second

const (
	helperVariable = "EXEUNT_TEST_HELPER" // the helper that the test binary is to be
	insideVariable = "EXEUNT_TEST_INSIDE" // the test that runs once more, as PID 1
)

// TestMain is also the processes that tests start: the test binary again.
func TestMain(m *testing.M) {
	Trampoline()
	if helper := helpers[os.Getenv(helperVariable)]; helper != nil {
		os.Unsetenv(helperVariable)
		if err := helper(os.Args[1:]); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if os.Getenv(insideVariable) != "" {
		if err := ownProc(""); err != nil {
			fmt.Println("cannot mount /proc:", err)
			os.Exit(1)
		}
	}
	code := m.Run()
	os.RemoveAll(entryFolder)
	os.Exit(code)
}

// entryFolder holds what withEntry makes.
var entryFolder string

// ownProc shows a new PID namespace its own processes.
func ownProc(options string) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	return unix.Mount("proc", "/proc", "proc", 0, options)
}

// asPID1 runs the test that calls it once more, as PID 1 of a PID namespace with its own /proc, and reports whether this is that run.
// Where namespaces are refused it skips, aloud.
func asPID1(t *testing.T) (inside bool) {
	t.Helper()
	if os.Getenv(insideVariable) == t.Name() {
		return true
	}
	needRoot(t)
	cmd := exec.Command("/proc/self/exe", "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=60s")
	cmd.Env = append(os.Environ(), insideVariable+"="+t.Name())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS, Setsid: true} // as runc does
	out, err := cmd.CombinedOutput()
	if errors.Is(err, unix.EPERM) {
		skip(t, "a new PID namespace is refused")
	}
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("as PID 1: %v\n%s", err, out)
	}
	return false
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		skip(t, "not root")
	}
}

// skip is for what the environment lacks, unless every test is asked for.
func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("EXEUNT_REQUIRE") == "all" {
		t.Fatal(why)
	}
	t.Skip("SKIPPED, " + why)
}

// running is a helper under way.
type running struct {
	t     *testing.T
	cmd   *exec.Cmd
	stdin *os.File
	lines chan string
	all   *strings.Builder
}

// help starts a helper of the test binary and waits until it is ready.
func help(t *testing.T, name string, args ...string) *running {
	t.Helper()
	return helpWith(t, "/proc/self/exe", nil, name, args...)
}

func helpWith(t *testing.T, binary string, change func(*exec.Cmd), name string, args ...string) *running {
	t.Helper()
	r := launch(t, binary, change, name, args...)
	r.wait("ready")
	return r
}

// launch starts a helper.
func launch(t *testing.T, binary string, change func(*exec.Cmd), name string, args ...string) *running {
	t.Helper()
	r := &running{t: t, cmd: exec.Command(binary, args...), lines: make(chan string, 1000), all: &strings.Builder{}}
	r.cmd.Env = append(os.Environ(), helperVariable+"="+name)
	in, stdin, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.stdin, r.cmd.Stdin, r.cmd.Stdout, r.cmd.Stderr = stdin, in, out, out
	if change != nil {
		change(r.cmd)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	out.Close()
	go func() {
		scanner := bufio.NewScanner(stdout)
		for scanner.Scan() {
			r.lines <- scanner.Text()
		}
		stdout.Close()
		close(r.lines)
	}()
	t.Cleanup(func() {
		r.cmd.Process.Kill()
		r.cmd.Wait()
		stdin.Close()
	})
	return r
}

func (r *running) pid() int { return r.cmd.Process.Pid }

// wait waits for a line that begins with text and gives it.
func (r *running) wait(text string) string {
	r.t.Helper()
	over := time.After(patience)
	for {
		select {
		case line, ok := <-r.lines:
			if !ok {
				r.t.Fatalf("no line %q, and the helper is gone; it said\n%s", text, r.all)
			}
			fmt.Fprintln(r.all, line)
			if strings.HasPrefix(line, text) {
				return line
			}
		case <-over:
			r.t.Fatalf("no line %q within %v; the helper said\n%s", text, patience, r.all)
		}
	}
}

// say writes a line to the helper.
func (r *running) say(line string) {
	r.t.Helper()
	if _, err := r.stdin.WriteString(line + "\n"); err != nil {
		r.t.Fatal(err)
	}
}

func (r *running) send(s unix.Signal) {
	r.t.Helper()
	if err := unix.Kill(r.pid(), s); err != nil {
		r.t.Fatal(err)
	}
}

// ended waits for the end and gives the status.
func (r *running) ended() syscall.WaitStatus {
	r.t.Helper()
	done := make(chan struct{})
	go func() {
		for line := range r.lines {
			fmt.Fprintln(r.all, line)
		}
		r.cmd.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(patience):
		r.t.Fatal("the helper does not end")
	}
	return r.cmd.ProcessState.Sys().(syscall.WaitStatus)
}

// withEntry is the test binary linked as the Makefile links exeunt: it begins at entry.
var withEntry = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "exeunt-reaper-")
	if err != nil {
		return "", err
	}
	entryFolder = dir
	binary := filepath.Join(dir, "with-entry")
	cmd := exec.Command("go", "test", "-c", "-o", binary, "-tags", "entry", "-ldflags", "-E=exeunt/reaper.entry -checklinkname=0", ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return binary, nil
})

// entryBinary is withEntry for a test.
func entryBinary(t *testing.T) string {
	t.Helper()
	binary, err := withEntry()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// eventually waits for a state that no line tells.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}
