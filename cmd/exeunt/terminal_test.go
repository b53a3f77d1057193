package main

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// Who gets the terminal; that it matters is seen in a container (examples, TestCtrlC, TestInteractiveShell, TestApacheOutlivesAResize).
func TestKeepsTerminal(t *testing.T) {
	naming := func(s unix.Signal) *lifecycle.Lifecycle {
		return &lifecycle.Lifecycle{Stops: []*lifecycle.Script{{Kind: lifecycle.StopScript, On: []lifecycle.Signal{lifecycle.SIGTERM, lifecycle.Signal(s)}}}}
	}
	swallows := &lifecycle.Lifecycle{Signals: []*lifecycle.Script{{Kind: lifecycle.SignalScript, On: []lifecycle.Signal{lifecycle.Signal(unix.SIGWINCH)}}}}
	for _, c := range []struct {
		name    string
		plan    *lifecycle.Lifecycle
		command string
		keeps   bool
	}{
		{"no file", &lifecycle.Lifecycle{}, "nginx", false},
		{"no signal of a terminal's", naming(unix.SIGUSR1), "nginx", false},
		{"Ctrl-C", naming(unix.SIGINT), "nginx -g", true},
		{"Ctrl-\\", naming(unix.SIGQUIT), "nginx", true},
		{"Ctrl-Z", naming(unix.SIGTSTP), "nginx", true},
		{"a resize", swallows, "apache2 -D FOREGROUND", true},
		{"a shell", naming(unix.SIGINT), "bash", false},
		{"a login shell", swallows, "/bin/sh -l", false},
		{"a login shell by its name", naming(unix.SIGINT), "-zsh", false},
		{"a shell with a long option", naming(unix.SIGINT), "bash --norc -i", false},
		{"a shell with a text", naming(unix.SIGINT), "sh -ec sleep", true},
		{"a script", naming(unix.SIGINT), "bash /run.sh", true},
	} {
		if got := keepsTerminal(c.plan, strings.Fields(c.command)); got != c.keeps {
			t.Errorf("%s (%s): keepsTerminal is %t", c.name, c.command, got)
		}
	}
}
