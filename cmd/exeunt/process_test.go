package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"exeunt/reaper"
)

// asExeunt in its environment makes the test binary exeunt.
const asExeunt = "EXEUNT_TEST_MAIN"

func TestMain(m *testing.M) {
	reaper.Trampoline()
	if os.Getenv(asCounter) != "" {
		count()
	}
	if os.Getenv(asExeunt) != "" {
		if err := ownProc(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(exitFailed)
		}
		os.Unsetenv(asExeunt)
		main()
	}
	status := m.Run()
	removeBuilt()
	os.Exit(status)
}

// ownProc shows a new PID namespace its own processes.
func ownProc() error {
	if os.Getpid() != 1 {
		return nil
	}
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return err
	}
	return syscall.Mount("proc", "/proc", "proc", 0, "")
}

// process is a real exeunt, the PID 1 of a namespace where that is granted.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	pid1  bool
	lines chan said
	all   strings.Builder // of the lines that were waited for
	ended chan error
	at    time.Time // it ended
}

// said is a line and when it came.
type said struct {
	at   time.Time
	text string
}

// start runs exeunt with its stderr and stdout to be read, a file's text as its lifecycle, and /bin/sh with a script as its child.
func start(t *testing.T, lifecycle string, flags []string, script string) *process {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lifecycle.hcl")
	if err := os.WriteFile(path, []byte(lifecycle), 0o666); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := append(append([]string{"-c", path}, flags...), "--", "/bin/sh", "-c", script)
	p := &process{t: t, lines: make(chan said, 1000), ended: make(chan error, 1)}
	for _, p.pid1 = range []bool{true, false} {
		p.cmd = exec.Command(self, args...)
		p.cmd.Env = append(os.Environ(), asExeunt+"=1", "EXEUNT_CONFIG=")
		if p.pid1 {
			p.cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS}
		}
		out, err := p.cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		p.cmd.Stderr = p.cmd.Stdout
		if err = p.cmd.Start(); err == nil {
			go p.read(out)
			break
		}
		if !p.pid1 || !errors.Is(err, syscall.EPERM) {
			t.Fatal(err)
		}
		if os.Getenv("EXEUNT_REQUIRE") != "" {
			t.Fatalf("no PID namespace is granted: %v", err)
		}
		t.Logf("not as PID 1: no PID namespace is granted: %v", err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

func (p *process) read(out io.Reader) {
	in := bufio.NewScanner(out)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		p.lines <- said{time.Now(), in.Text()}
	}
	close(p.lines)
	err := p.cmd.Wait()
	p.at = time.Now()
	p.ended <- err
}

// line waits for a line that is a text, the child's own word, and says when it came.
func (p *process) line(text string) time.Time {
	p.t.Helper()
	return p.wait(text, func(line string) bool { return line == text })
}

// holding waits for a line that has a text in it.
func (p *process) holding(text string) time.Time {
	p.t.Helper()
	return p.wait(text, func(line string) bool { return strings.Contains(line, text) })
}

func (p *process) wait(text string, is func(line string) bool) time.Time {
	p.t.Helper()
	timeout := time.After(30 * time.Second)
	for {
		select {
		case line, ok := <-p.lines:
			if !ok {
				p.t.Fatalf("it ended before it said %q:\n%s", text, p.all.String())
			}
			fmt.Fprintln(&p.all, line.text)
			if is(line.text) {
				return line.at
			}
		case <-timeout:
			p.t.Fatalf("it did not say %q:\n%s", text, p.all.String())
		}
	}
}

// end waits for the end and returns the exit status and all that was said.
func (p *process) end() (status int, all string) {
	p.t.Helper()
	for line := range p.lines {
		fmt.Fprintln(&p.all, line.text)
	}
	if err := <-p.ended; err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			p.t.Fatal(err)
		}
	}
	return p.cmd.ProcessState.ExitCode(), p.all.String()
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}
