package commandline

import (
	"fmt"
	"strings"
)

func completion() *Command {
	return &Command{
		Name:    "completion",
		Summary: "print what completes exeunt's command line in a shell",
		Text: []string{
			"The script completes subcommands, flags and their values, and behind -- the command to run and its arguments. It does not call exeunt: print it again when there is a new version.",
		},
		Operand: Operand{Name: "SHELL", Values: shells()},
		Statuses: []Status{
			{"0", "the script is printed"},
			{"64", "the command line is wrong"},
		},
		Examples: []Example{
			{"source <(exeunt completion bash)", "in ~/.bashrc; or save it as /usr/share/bash-completion/completions/exeunt"},
			{"exeunt completion zsh >_exeunt", "in a folder that $fpath names"},
			{"exeunt completion fish >~/.config/fish/completions/exeunt.fish", "where fish looks for it"},
		},
	}
}

func shells() []string { return []string{"bash", "zsh", "fish"} }

// Completion is the script for a shell, of shells.
func Completion(shell string) string {
	switch shell {
	case "bash":
		return bashCompletion()
	case "zsh":
		return zshCompletion()
	}
	return fishCompletion()
}

// script is a completion script in the making.
type script struct{ strings.Builder }

func (s *script) line(format string, args ...any) { fmt.Fprintf(s, format+"\n", args...) }

// spellings are the ways that a flag is written: "--config", "-c".
func (f *Flag) spellings() []string {
	var all []string
	if f.Name != "" {
		all = append(all, "--"+f.Name)
	}
	if f.Short != "" {
		all = append(all, "-"+f.Short)
	}
	return all
}

// helpFlag is what Parse knows without a row.
func helpFlag() Flag { return Flag{Name: "help", Short: "h", Doc: "say how it is called"} }

// allFlags are the flags of a row, and --help.
func (c *Command) allFlags() []Flag { return append(append([]Flag(nil), c.Flags...), helpFlag()) }

// valued are the spellings of the flags that take a value.
func (c *Command) valued() []string {
	var all []string
	for i := range c.Flags {
		if c.Flags[i].Argument != "" {
			all = append(all, c.Flags[i].spellings()...)
		}
	}
	return all
}
