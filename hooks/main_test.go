package hooks

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"exeunt/lifecycle"
)

// patience is how long a test waits for what has to happen. It only ends tests that fail.
const patience = 20 * time.Second

// TestMain is also the processes that tests start: the test binary again, with helperVariable naming one of helpers.
func TestMain(m *testing.M) {
	if helper := helpers[os.Getenv(helperVariable)]; helper != nil {
		if err := helper(); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const helperVariable = "EXEUNT_TEST_HELPER"

// helpers are what the test binary does when it is run again. Each prints a line that begins with "ready" or "failed".
var helpers = map[string]func() error{
	"wait":          helpWait,
	"count":         helpCount,
	"hold":          helpHold,
	"count-refused": helpCountRefused,
	"write":         helpWrite,
	"silent-names":  helpSilentNames,
}

// helpWait lives until its stdin ends.
func helpWait() error {
	fmt.Println("ready")
	os.Stdin.Read(make([]byte, 1))
	return nil
}

// help starts a helper and gives the line it prints. It lives until the test ends.
func help(t *testing.T, name string, change func(*exec.Cmd)) (command *exec.Cmd, line string) {
	t.Helper()
	command = exec.Command("/proc/self/exe")
	command.Env = append(os.Environ(), helperVariable+"="+name)
	command.Stderr = os.Stderr
	if change != nil {
		change(command)
	}
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		command.Wait()
	})
	line, err = bufio.NewReader(stdout).ReadString('\n')
	if err != nil && line == "" {
		t.Fatalf("helper %q says nothing: %v", name, err)
	}
	return command, strings.TrimSpace(line)
}

// is is a live value that is known.
func is[T any](value T) lifecycle.Live[T] { return live[T]{value: value} }

// fails is a live value that can't be evaluated.
func fails[T any](text string) lifecycle.Live[T] { return live[T]{err: errors.New(text)} }

type live[T any] struct {
	value T
	err   error
}

func (l live[T]) Eval(context.Context, lifecycle.Scope) (T, error) { return l.value, l.err }
func (l live[T]) String() string                                   { return fmt.Sprint(l.value) }

// asks is a live value that a function gives.
type asks[T any] func(context.Context, lifecycle.Scope) (T, error)

func (a asks[T]) Eval(ctx context.Context, scope lifecycle.Scope) (T, error) { return a(ctx, scope) }
func (a asks[T]) String() string                                             { return "asks()" }

// run runs a hook of one action to its end.
func run(t *testing.T, do lifecycle.Doing) Result {
	t.Helper()
	return Begin(t.Context(), &lifecycle.Hook{Name: "h", Do: do}, lifecycle.Scope{}, time.Now())
}

// wantError checks the whole text of an error; "" is none.
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("error is\n\t%q, not\n\t%q", got, want)
	}
}

// await waits until state is true.
func await(t *testing.T, what string, state func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !state(); {
		if time.Now().After(end) {
			t.Fatalf("waited %v for: %s", patience, what)
		}
	}
}
