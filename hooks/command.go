package hooks

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"strconv"
	"strings"
	"time"

	"exeunt/lifecycle"
)

// Command is a process to start, in a session of its own.
type Command struct {
	Argv    []string          // at least one; the program is looked up in PATH where it has no slash
	Process lifecycle.Process // Env has all that is added: see Environment
}

// shell runs script hooks.
const shell = "/bin/sh"

func prepareExec(ctx context.Context, h *lifecycle.Hook, do *lifecycle.Exec, scope lifecycle.Scope, now time.Time) (*Command, error) {
	argv, err := evaluate(ctx, "exec", do.Argv, scope)
	if err != nil {
		return nil, err
	}
	if len(argv) == 0 || argv[0] == "" {
		return nil, fmt.Errorf(`exec names no program: write exec = ["/path/to/program", "argument"]`)
	}
	return prepare(ctx, h, argv, scope, now)
}

func prepareShell(ctx context.Context, h *lifecycle.Hook, do *lifecycle.Shell, shell string, scope lifecycle.Scope, now time.Time) (*Command, error) {
	text, err := evaluate(ctx, "script", do.Text, scope)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(shell); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf(`there is no %s here to run the script: write exec = ["/path/to/program", "argument"] instead`, shell)
	}
	return prepare(ctx, h, []string{shell, "-c", text}, scope, now)
}

func prepare(ctx context.Context, h *lifecycle.Hook, argv []string, scope lifecycle.Scope, now time.Time) (*Command, error) {
	env, err := evaluate(ctx, "env", h.Env, scope)
	if err != nil {
		return nil, err
	}
	// execve(2) takes strings that end with a zero byte: the rest of one that has it inside would be lost.
	for i, argument := range argv {
		if strings.ContainsRune(argument, 0) {
			return nil, fmt.Errorf("argument %d has a zero byte in it", i)
		}
	}
	for name, value := range env {
		if name == "" || strings.ContainsAny(name, "=\x00") || strings.ContainsRune(value, 0) {
			return nil, fmt.Errorf("env %q cannot be set: a name is neither empty nor has = in it, and nothing has a zero byte", name)
		}
	}
	command := &Command{Argv: argv, Process: h.Process}
	command.Process.Env = Environment(scope, now)
	maps.Copy(command.Process.Env, h.Process.Env)
	maps.Copy(command.Process.Env, env)
	return command, nil
}

// Environment is what every hook process is told:
//
//	EXEUNT_STOP           the stop's name
//	EXEUNT_SIGNAL         the signal that began the script: "SIGTERM"
//	EXEUNT_CHILD_PID      the child's pid
//	EXEUNT_DEADLINE       when the budget ends, by the wall clock: "2026-01-02T15:04:05Z" (RFC 3339, whole seconds, UTC)
//	EXEUNT_STATUS         in exit only: the child's exit status, 128+n for a signal
//	EXEUNT_STATUS_SIGNAL  in exit only: the signal that ended the child
//
// The first four are always there, so that `set -u` is safe; what isn't known is "". The hook's `env` wins over them.
func Environment(scope lifecycle.Scope, now time.Time) map[string]string {
	env := map[string]string{
		"EXEUNT_STOP":      scope.Stop,
		"EXEUNT_SIGNAL":    signalName(scope.Signal),
		"EXEUNT_CHILD_PID": "",
		"EXEUNT_DEADLINE":  "",
	}
	if scope.Child > 0 {
		env["EXEUNT_CHILD_PID"] = strconv.Itoa(scope.Child)
	}
	if scope.Remaining >= 0 {
		env["EXEUNT_DEADLINE"] = now.Add(scope.Remaining).UTC().Format(time.RFC3339)
	}
	if scope.Exited {
		env["EXEUNT_STATUS"] = strconv.Itoa(scope.Status)
		env["EXEUNT_STATUS_SIGNAL"] = signalName(scope.ChildSignal)
	}
	return env
}

func signalName(s lifecycle.Signal) string {
	if s == 0 {
		return ""
	}
	return s.String()
}
