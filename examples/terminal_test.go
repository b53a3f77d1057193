package examples_test

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"exeunt/cmd/exeunt/pty"
)

// A terminalContainer is one that docker run -t ties to a terminal. Its log is the terminal's text.
type terminalContainer struct {
	*container
	outer *os.File // what a person's terminal window holds
	run   *exec.Cmd
}

// runTerminal starts a container under docker run -t, in the foreground. args are more flags, the image and the command.
func (e *engine) runTerminal(t *testing.T, args ...string) terminalContainer {
	t.Helper()
	outer, inner := pty.Open(t)
	c := terminalContainer{
		container: newContainer(e, nameFor(t)),
		outer:     outer,
	}
	c.run = exec.Command("docker", append([]string{"run", "--name", c.name, "--label", e.label, "--network", "none", "-t"}, args...)...)
	c.run.Env, c.run.Stdin, c.run.Stdout, c.run.Stderr = e.env, inner, inner, inner
	c.run.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.run.Start(); err != nil {
		t.Fatal(err)
	}
	inner.Close()
	t.Cleanup(func() {
		e.docker("rm", "--force", "--volumes", c.name)
		c.run.Wait()
		if t.Failed() {
			t.Logf("the terminal's text:\n%s", c)
		}
	})
	go func() {
		c.read(outer, false)
		close(c.ended)
	}()
	return c
}

// resize is what a window manager does when its user pulls at a corner.
func (c terminalContainer) resize(t *testing.T, rows, columns uint16) {
	t.Helper()
	if err := unix.IoctlSetWinsize(int(c.outer.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: rows, Col: columns}); err != nil {
		t.Fatal(err)
	}
}

// runEnds waits for docker run and gives its exit status, the container's.
func (c terminalContainer) runEnds(t *testing.T) int {
	t.Helper()
	ended := make(chan struct{})
	go func() {
		c.run.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatalf("docker run has not ended within %v", patience)
	}
	return c.run.ProcessState.ExitCode()
}
