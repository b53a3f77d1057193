package main

import (
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// keepsTerminal reports whether exeunt stays in the terminal's foreground instead of handing the terminal to the child. A terminal sends its signals
// (termios(3), ISIG; tty_ioctl(4), TIOCSWINSZ) to the processes in its foreground, past PID 1. Where the file says what one of them is to do,
// only so does it get to exeunt: Ctrl-C begins the stop that names SIGINT, and a resize does not end an Apache httpd whose file swallows SIGWINCH.
// The child reads and writes the terminal all the same, but has no job control. A shell that somebody types into has to have that,
// whatever the file in its image is about.
func keepsTerminal(plan *lifecycle.Lifecycle, command []string) bool {
	sent := []lifecycle.Signal{lifecycle.Signal(unix.SIGINT), lifecycle.Signal(unix.SIGQUIT), lifecycle.Signal(unix.SIGTSTP), lifecycle.Signal(unix.SIGWINCH)}
	named := slices.ContainsFunc(slices.Concat(plan.Stops, plan.Signals), func(script *lifecycle.Script) bool {
		return slices.ContainsFunc(sent, func(s lifecycle.Signal) bool { return slices.Contains(script.On, s) })
	})
	return named && len(command) > 0 && !isInteractiveShell(command)
}

// isInteractiveShell reports whether a command is a shell with neither a script nor a text to run.
func isInteractiveShell(command []string) bool {
	name := strings.TrimPrefix(filepath.Base(command[0]), "-") // of a login shell
	if !slices.Contains([]string{"sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish"}, name) {
		return false
	}
	return !slices.ContainsFunc(command[1:], func(arg string) bool {
		option := strings.HasPrefix(arg, "-")
		return !option || !strings.HasPrefix(arg, "--") && strings.Contains(arg, "c")
	})
}
