package manifest

import (
	"path"
	"slices"
	"strings"

	"exeunt/cmd/exeunt/shell"
)

// shellCommand is one simple command of a shell text: its words, with the keywords and assignments before it left out.
type shellCommand struct{ words []string }

// execs reports whether the command replaces the shell: exec with a program, not one that only redirects.
func (c shellCommand) execs() bool {
	for _, word := range c.words[min(1, len(c.words)):] {
		if strings.ContainsAny(word, "<>") {
			return false
		}
		if !strings.HasPrefix(word, "-") {
			return c.words[0] == "exec"
		}
	}
	return false
}

// managesItself reports whether the shell is not in the way: it execs, or it says what it does with signals.
func (c shellCommand) managesItself() bool { return c.execs() || c.words[0] == "trap" }

// program is the command without the exec before it.
func (c shellCommand) program() []string {
	if len(c.words) > 1 && c.words[0] == "exec" {
		return c.words[1:]
	}
	return c.words
}

// shellText is what a shell was given by -c, where argv is a shell that was.
func shellText(argv []string) (string, bool) {
	if len(argv) > 2 && base(argv[0]) == "busybox" {
		argv = argv[1:]
	}
	if len(argv) < 3 || !isShell(argv[0]) {
		return "", false
	}
	for i, arg := range argv[1 : len(argv)-1] {
		if strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") && strings.HasSuffix(arg, "c") {
			return argv[i+2], true
		}
	}
	return "", false
}

func isShell(program string) bool {
	return slices.Contains([]string{"sh", "bash", "dash", "ash", "zsh", "ksh", "mksh"}, base(program))
}

// base is the last element of a path, "" of none.
func base(program string) string {
	if program == "" {
		return ""
	}
	return path.Base(program)
}

// shellCommands are the simple commands of a text, with the keywords and assignments before each left out.
func shellCommands(text string) []shellCommand {
	var list []shellCommand
	for _, words := range shell.Commands(text) {
		for len(words) > 0 && (isKeyword(words[0]) || isAssignment(words[0])) {
			words = words[1:]
		}
		if len(words) > 0 {
			list = append(list, shellCommand{words})
		}
	}
	return list
}

func isKeyword(word string) bool {
	return slices.Contains([]string{"if", "then", "else", "elif", "fi", "do", "done", "while", "until", "case", "esac", "{", "}", "!", "time"}, word)
}

func isAssignment(word string) bool {
	name, _, found := strings.Cut(word, "=")
	return found && isName(name)
}

// branches reports whether some of a text's commands may not run, or more than once.
func branches(text string) bool {
	return slices.ContainsFunc(strings.Fields(text), func(word string) bool {
		return slices.Contains([]string{"if", "while", "until", "for", "case", "||"}, word)
	})
}

// isName reports whether a text can be a variable's name.
func isName(text string) bool {
	for i := range len(text) {
		c := text[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return text != ""
}
