package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"exeunt/cmd/exeunt/pty"
)

// As tini, where the child's group has the foreground of a terminal that stops who writes from behind (stty tostop), the log is written all
// the same. Fails without: WriteFromBackground (the lines after the child's end were lost, and the child was sent SIGTTOU by the hundred).
func TestLogFromTheBackground(t *testing.T) {
	outer, inner := pty.Open(t)
	pty.Change(t, inner, func(settings *unix.Termios) { settings.Lflag |= unix.TOSTOP })
	cmd := exec.Command("/proc/self/exe", "-s", "-vvv", "--", "sh", "-c", "exit 3")
	cmd.Args[0] = "tini"
	cmd.Env = append(os.Environ(), asExeunt+"=1", "EXEUNT_CONFIG=")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = inner, inner, inner
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	inner.Close()
	if err := outer.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Log(err) // the test's own timeout is left
	}
	text, _ := io.ReadAll(outer) // ends with EIO when nobody holds the other end any more
	cmd.Wait()
	if !strings.Contains(string(text), "Main child exited normally (with status '3')") || cmd.ProcessState.ExitCode() != 3 {
		t.Errorf("%v:\n%s", cmd.ProcessState, text)
	}
}

// A subcommand dies of Ctrl-C, by the signal, as any program does. Fails without: Release in main (it went on reading).
func TestSubcommandDiesOfCtrlC(t *testing.T) {
	cmd := exec.Command("/proc/self/exe", "fmt")
	cmd.Env = append(os.Environ(), asExeunt+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	reads := func() bool { // its standard input, in some thread
		calls, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/syscall", cmd.Process.Pid))
		return slices.ContainsFunc(calls, func(path string) bool {
			call, _ := os.ReadFile(path)
			return strings.HasPrefix(string(call), fmt.Sprintf("%d 0x0 ", unix.SYS_READ))
		})
	}
	for end := time.Now().Add(20 * time.Second); !reads(); {
		if time.Now().After(end) {
			t.Fatal("it does not read")
		}
	}
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != unix.SIGINT {
		t.Errorf("ended with %v, want by SIGINT", cmd.ProcessState)
	}
}
