package commandline

import "strings"

// bashCompletion needs bash 4 and nothing else; behind -- it uses bash-completion's _command_offset where that is there.
func bashCompletion() string {
	s := &script{}
	s.line("# Completes exeunt's command line in bash. Printed by `exeunt completion bash`.")
	s.line("")
	s.line("_exeunt() {")
	s.line("    local cur=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD - 1]} sub= at")
	s.line("    COMPREPLY=()")
	s.line("    # \"--flag=value\" is three words here.")
	s.line("    if [[ $cur == = ]]; then")
	s.line("        cur=")
	s.line("    elif [[ $flag == = ]]; then")
	s.line("        flag=${COMP_WORDS[COMP_CWORD - 2]}")
	s.line("    fi")
	s.line("    # The first word that is no flag, nor the value of one.")
	s.line("    for ((at = 1; at < COMP_CWORD; at++)); do")
	s.line("        case ${COMP_WORDS[at]} in")
	s.line("        %s)", strings.Join(exeunt().valued(), " | "))
	s.line("            [[ ${COMP_WORDS[at + 1]} == = ]] && ((at++))")
	s.line("            ((at++))")
	s.line("            ;;")
	s.line("        --)")
	s.line("            _exeunt_command $((at + 1))")
	s.line("            return")
	s.line("            ;;")
	s.line("        -*) ;;")
	s.line("        *)")
	s.line("            sub=${COMP_WORDS[at]}")
	s.line("            break")
	s.line("            ;;")
	s.line("        esac")
	s.line("    done")
	s.line("    case $sub in")
	s.line("    '')")
	bashValues(s, exeunt())
	bashFlags(s, exeunt())
	s.line("        _exeunt_words %s", shellQuoted(strings.Join(Names(), " ")))
	s.line("        [[ -z $cur ]] || COMPREPLY+=($(compgen -c -- \"$cur\"))")
	s.line("        ;;")
	for _, c := range Subcommands() {
		s.line("    %s)", c.Name)
		if c.Runs {
			s.line("        local end")
			s.line("        for ((end = at + 1; end < COMP_CWORD; end++)); do")
			s.line("            if [[ ${COMP_WORDS[end]} == -- ]]; then")
			s.line("                _exeunt_command $((end + 1))")
			s.line("                return")
			s.line("            fi")
			s.line("        done")
		}
		bashValues(s, c)
		bashFlags(s, c)
		bashOffer(s, "        ", c.Operand.Kind, c.Operand.Values, c.Operand.Name == "")
		s.line("        ;;")
	}
	s.line("    *) _exeunt_command $at ;;")
	s.line("    esac")
	s.line("}")
	s.line("")
	s.line("_exeunt_words() { COMPREPLY+=($(compgen -W \"$1\" -- \"$cur\")); }")
	s.line("")
	s.line("_exeunt_files() {")
	s.line("    compopt -o filenames 2>/dev/null")
	s.line("    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$cur\")")
	s.line("}")
	s.line("")
	s.line("# _exeunt_command completes the command to run, which begins at the word $1.")
	s.line("_exeunt_command() {")
	s.line("    if declare -F _command_offset >/dev/null; then")
	s.line("        _command_offset \"$1\"")
	s.line("    elif ((COMP_CWORD == $1)); then")
	s.line("        mapfile -t COMPREPLY < <(compgen -c -- \"$cur\")")
	s.line("    else")
	s.line("        _exeunt_files -f")
	s.line("    fi")
	s.line("}")
	s.line("")
	s.line("complete -F _exeunt exeunt")
	return s.String()
}

// bashValues completes the value of a flag and returns.
func bashValues(s *script, c *Command) {
	if len(c.valued()) == 0 {
		return
	}
	s.line("        case $flag in")
	for i := range c.Flags {
		f := &c.Flags[i]
		if f.Argument == "" {
			continue
		}
		s.line("        %s)", strings.Join(f.spellings(), " | "))
		bashOffer(s, "            ", f.Kind, f.Values, false)
		s.line("            return")
		s.line("            ;;")
	}
	s.line("        esac")
}

func bashFlags(s *script, c *Command) {
	var flags []string
	for _, f := range c.allFlags() {
		flags = append(flags, f.spellings()...)
	}
	s.line("        if [[ $cur == -* ]]; then")
	s.line("            _exeunt_words %s", shellQuoted(strings.Join(flags, " ")))
	s.line("            return")
	s.line("        fi")
}

func bashOffer(s *script, indent string, kind Kind, values []string, none bool) {
	switch {
	case none:
	case len(values) > 0:
		s.line("%s_exeunt_words %s", indent, shellQuoted(strings.Join(values, " ")))
	case kind == Subcommand:
		s.line("%s_exeunt_words %s", indent, shellQuoted(strings.Join(Names(), " ")))
	case kind == File:
		s.line("%s_exeunt_files -f", indent)
	case kind == Directory:
		s.line("%s_exeunt_files -d", indent)
	}
}

// shellQuoted puts a text into single quotes.
func shellQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
