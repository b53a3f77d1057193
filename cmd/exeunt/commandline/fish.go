package commandline

import (
	"fmt"
	"strings"
)

func fishCompletion() string {
	s := &script{}
	s.line("# Completes exeunt's command line in fish. Printed by `exeunt completion fish`.")
	s.line("")
	s.line("# __exeunt_words prints the subcommand and what stands behind it, or -- and the command to run; nothing where neither has begun.")
	s.line("function __exeunt_words")
	s.line("    set -l words (commandline -opc)")
	s.line("    set -e words[1]")
	s.line("    while set -q words[1]")
	s.line("        switch $words[1]")
	s.line("            case %s", strings.Join(exeunt().valued(), " "))
	s.line("                set -e words[1]")
	s.line("            case --")
	s.line("                break")
	s.line("            case '-*'")
	s.line("            case %s", strings.Join(Names(), " "))
	s.line("                break")
	s.line("            case '*'")
	s.line("                set -p words --")
	s.line("                break")
	s.line("        end")
	s.line("        set -e words[1]")
	s.line("    end")
	s.line("    string join \\n -- $words")
	s.line("end")
	s.line("")
	s.line("# __exeunt_is says whether the line is one of the subcommand $argv[1], '' for none yet.")
	s.line("function __exeunt_is")
	s.line("    set -l words (__exeunt_words)")
	s.line("    test \"$words[1]\" = \"$argv[1]\"; and not contains -- -- $words[2..-1]")
	s.line("end")
	s.line("")
	s.line("# __exeunt_runs says whether the line has come to the command to run.")
	s.line("function __exeunt_runs")
	s.line("    contains -- -- (__exeunt_words)")
	s.line("end")
	s.line("")
	s.line("function __exeunt_command")
	s.line("    set -l words (__exeunt_words)")
	s.line("    set -l from (contains -i -- -- $words)")
	s.line("    set -e words[1..$from]")
	s.line("    complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))")
	s.line("end")
	s.line("")
	s.line("complete -c exeunt -f")
	s.line("complete -c exeunt -n __exeunt_runs -a '(__exeunt_command)'")
	s.line("")
	fishRow(s, exeunt())
	for _, c := range Subcommands() {
		s.line("complete -c exeunt -n '__exeunt_is \"\"' -a %s -d %s", c.Name, fishQuoted(c.Summary))
	}
	s.line("complete -c exeunt -n '__exeunt_is \"\"; and string length -q -- (commandline -ct)' -a '(__fish_complete_command)'")
	for _, c := range Subcommands() {
		s.line("")
		fishRow(s, c)
		switch o := c.Operand; {
		case o.Name == "":
		case len(o.Values) > 0:
			s.line("complete -c exeunt -n '__exeunt_is %s' -a %s", c.Name, fishQuoted(strings.Join(o.Values, " ")))
		case o.Kind == Subcommand:
			s.line("complete -c exeunt -n '__exeunt_is %s' -a %s", c.Name, fishQuoted(strings.Join(Names(), " ")))
		case o.Kind == File, o.Kind == Directory:
			s.line("complete -c exeunt -n '__exeunt_is %s' -F", c.Name)
		}
	}
	return s.String()
}

// fishRow writes the flags of a row.
func fishRow(s *script, c *Command) {
	name := c.Name
	if name == "" {
		name = `""`
	}
	for _, f := range c.allFlags() {
		line := fmt.Sprintf("complete -c exeunt -n '__exeunt_is %s'", name)
		if f.Short != "" {
			line += " -s " + f.Short
		}
		if f.Name != "" {
			line += " -l " + f.Name
		}
		switch {
		case f.Argument == "":
		case len(f.Values) > 0:
			line += " -x -a " + fishQuoted(strings.Join(f.Values, " "))
		case f.Kind == File:
			line += " -r -F"
		case f.Kind == Directory:
			line += " -x -a '(__fish_complete_directories)'"
		default:
			line += " -x"
		}
		s.line("%s -d %s", line, fishQuoted(f.Doc))
	}
}

func fishQuoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
