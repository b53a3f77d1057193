package apps

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"exeunt/cmd/exeunt/shell"
)

// Found is what a command line runs.
type Found struct {
	App   *App
	Port  int      // that its flags say; 0: none
	Notes []string // what stands between it and its signals: sentences
}

// Recognise finds the application that a command line runs, behind whatever stands before it: another init, a shell, env,
// gosu, `bundle exec`, `python -m` and the like. Its App is nil where it is not known.
func Recognise(command []string) Found {
	var f Found
	f.find(command, 0)
	return f
}

// deepest is how many wrappers are taken off: more would be a joke.
const deepest = 16

func (f *Found) find(command []string, depth int) {
	if len(command) == 0 || depth > deepest {
		return
	}
	if in, err := ReadInit(command); err == nil && in != nil {
		f.find(in.Command, depth+1)
		return
	}
	name, rest := path.Base(command[0]), command[1:]
	if inner, ok := unwrap(name, rest); ok {
		f.find(inner, depth+1)
		return
	}
	switch {
	case isShell(name):
		f.shell(name, rest, depth)
	case matches("python*", name) || matches("ruby*", name) || name == "rake" || name == "rails" || name == "php":
		f.script(name, rest)
	default:
		f.App = ofProgram(name)
	}
	if f.App == nil {
		return
	}
	f.Port = portIn(f.App, rest)
	f.about(name)
}

// about notes programs that are no more than scripts around an application.
func (f *Found) about(name string) {
	switch name {
	case "apachectl", "apache2ctl":
		f.note("%s is a shell script, and signals for the child stop at it: run httpd or apache2 itself, with -D FOREGROUND.", name)
	case "npm", "yarn", "pnpm", "npx":
		f.note("%s starts the program as a process of its own: run node itself, and its status is the container's.", name)
	case "mysqld_safe", "mariadbd-safe":
		f.note("%s starts a server that ends again: run the server itself.", name)
	}
}

func (f *Found) note(format string, args ...any) {
	f.Notes = append(f.Notes, fmt.Sprintf(format, args...))
}

// unwrap takes off a program that runs another one in its place, or passes signals on to it.
func unwrap(name string, rest []string) (inner []string, ok bool) {
	skip := func(valued string) []string { return afterFlags(rest, valued) }
	switch name {
	case "exec", "nohup", "setsid", "command", "ddtrace-run", "opentelemetry-instrument", "pipenv", "poetry", "uv", "pdm", "bundle", "newrelic-admin":
		inner = skip("")
		switch name {
		case "pipenv", "poetry", "uv", "pdm", "bundle", "newrelic-admin":
			if len(inner) > 0 && slices.Contains([]string{"exec", "run", "run-program"}, inner[0]) {
				inner = afterFlags(inner[1:], "")
			} else {
				return nil, false
			}
		}
	case "exeunt":
		inner = afterFlags(rest, "c")
	case "nice":
		inner = skip("n")
	case "ionice":
		inner = skip("cn")
	case "stdbuf":
		inner = skip("ioe")
	case "chpst":
		inner = skip("uUebdlomnprfcts/")
	case "setpriv":
		inner = skip("")
	case "gosu", "su-exec":
		if len(rest) > 0 {
			inner = rest[1:]
		}
	case "env":
		inner = skip("uCS")
		for len(inner) > 0 && strings.Contains(inner[0], "=") {
			inner = inner[1:]
		}
	default:
		// An entrypoint script that is given a command runs it in its place: all official images' do.
		if (strings.Contains(name, "entrypoint")) && len(rest) > 0 {
			return rest, true
		}
		return nil, false
	}
	return inner, len(inner) > 0
}

// afterFlags skips flags, and the value of the letters in valued where it is a word of its own.
func afterFlags(args []string, valued string) []string {
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		word := args[0]
		args = args[1:]
		if word == "--" {
			break
		}
		if len(word) == 2 && strings.Contains(valued, word[1:]) && len(args) > 0 {
			args = args[1:]
		}
	}
	return args
}

// script finds what an interpreter or a task runner runs.
func (f *Found) script(name string, rest []string) {
	if name == "rake" {
		f.task(rest)
		return
	}
	if name == "rails" {
		if len(rest) > 0 && (rest[0] == "server" || rest[0] == "s") {
			f.App = Find("puma")
		}
		f.task(rest)
		return
	}
	args := afterFlags(rest, "WXIr") // -m MODULE: a module of that name is the program
	if len(args) == 0 {
		return
	}
	switch program := path.Base(args[0]); program {
	case "rake", "rails":
		f.script(program, args[1:])
	default:
		f.App = ofProgram(program)
	}
}

func (f *Found) task(args []string) {
	if slices.ContainsFunc(args, func(a string) bool {
		return a == "resque:work" || a == "environment" && slices.Contains(args, "resque:work")
	}) {
		f.App = Find("resque")
	}
}

func isShell(name string) bool {
	return slices.Contains([]string{"sh", "bash", "dash", "ash", "zsh", "busybox"}, name)
}

// shell finds the last command of a shell's text, which is what it waits for.
func (f *Found) shell(name string, rest []string, depth int) {
	if name == "busybox" {
		f.find(rest, depth+1)
		return
	}
	for len(rest) > 0 && strings.HasPrefix(rest[0], "-") {
		flags := rest[0]
		rest = rest[1:]
		if strings.HasPrefix(flags, "--") || !strings.Contains(flags, "c") || len(rest) == 0 {
			continue
		}
		commands := shell.Commands(rest[0])
		if len(commands) == 0 {
			return
		}
		last := commands[len(commands)-1]
		f.find(last, depth+1)
		if f.App != nil && last[0] != "exec" {
			f.note("A shell stands before %s and may not pass signals on: write exec before it, or no shell.", f.App.Title)
		}
		return
	}
	if len(rest) > 0 {
		f.find(rest, depth+1) // sh /docker-entrypoint.sh nginx
	}
}

// portIn looks for the port in the flags that give it: ":8000", "0.0.0.0:8000", "8000".
func portIn(a *App, args []string) int {
	for i, word := range args {
		name, value, attached := strings.Cut(word, "=")
		if !slices.Contains(a.Ports, name) {
			continue
		}
		if !attached {
			if i+1 == len(args) {
				break
			}
			value = args[i+1]
		}
		if port, err := strconv.Atoi(value[strings.LastIndexByte(value, ':')+1:]); err == nil && port > 0 && port < 1<<16 {
			return port
		}
	}
	return 0
}
