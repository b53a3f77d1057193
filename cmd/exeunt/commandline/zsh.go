package commandline

import (
	"fmt"
	"strings"
)

// zshCompletion is a function for $fpath, and works sourced too.
func zshCompletion() string {
	s := &script{}
	s.line("#compdef exeunt")
	s.line("# Completes exeunt's command line in zsh. Printed by `exeunt completion zsh`.")
	s.line("")
	s.line("_exeunt() {")
	s.line("    local curcontext=$curcontext state line ret=1")
	s.line("    local -a all=(\"${words[@]}\")")
	s.line("    typeset -A opt_args")
	zshArguments(s, "-C -S -A '-*'", append(zshFlags(exeunt()), "'1: :->first'", "'*:: :->rest'"))
	s.line("    (( $? )) || ret=0")
	s.line("    case $state in")
	s.line("    first)")
	s.line("        _exeunt_subcommands && ret=0")
	s.line("        [[ -n $PREFIX ]] && _path_commands && ret=0")
	s.line("        ;;")
	s.line("    rest)")
	s.line("        # Behind -- any word is the command.")
	s.line("        local sub=$words[1]")
	s.line("        [[ ${all[$#all-$#words]} == -- ]] && sub=--")
	s.line("        case $sub in")
	for _, c := range Subcommands() {
		s.line("        %s) _exeunt_%s && ret=0 ;;", c.Name, c.Name)
	}
	s.line("        *) _normal && ret=0 ;;")
	s.line("        esac")
	s.line("        ;;")
	s.line("    esac")
	s.line("    return ret")
	s.line("}")
	s.line("")
	s.line("_exeunt_subcommands() {")
	s.line("    local -a subcommands=(")
	for _, c := range Subcommands() {
		s.line("        %s", shellQuoted(c.Name+":"+c.Summary))
	}
	s.line("    )")
	s.line("    _describe -t subcommands subcommand subcommands")
	s.line("}")
	for _, c := range Subcommands() {
		s.line("")
		s.line("_exeunt_%s() {", c.Name)
		if c.Runs {
			s.line("    local -i end=${words[(i)--]}")
			s.line("    if (( end < CURRENT )); then")
			s.line("        shift $end words")
			s.line("        (( CURRENT -= end ))")
			s.line("        _normal")
			s.line("        return")
			s.line("    fi")
		}
		specs := zshFlags(c)
		if o := c.Operand; o.Name != "" {
			many := ""
			if o.Many {
				many = "*"
			}
			specs = append(specs, shellQuoted(fmt.Sprintf("%s:%s:%s", many, zshText(strings.ToLower(o.Name)), zshAction(o.Kind, o.Values))))
		}
		zshArguments(s, "-S", specs)
		s.line("}")
	}
	s.line("")
	s.line("if [[ $funcstack[1] == _exeunt ]]; then")
	s.line("    _exeunt \"$@\"")
	s.line("else")
	s.line("    compdef _exeunt exeunt")
	s.line("fi")
	return s.String()
}

func zshArguments(s *script, options string, specs []string) {
	s.line("    _arguments %s \\\n        %s", options, strings.Join(specs, " \\\n        "))
}

// zshFlags are the specifications of a row's flags.
func zshFlags(c *Command) []string {
	var specs []string
	for _, f := range c.allFlags() {
		all := f.spellings()
		excluded := shellQuoted("(" + strings.Join(all, " ") + ")")
		if f.Repeats {
			excluded = "'*'"
		}
		value := ""
		if f.Argument != "" {
			value = fmt.Sprintf(":%s:%s", zshText(strings.ToLower(f.Argument)), zshAction(f.Kind, f.Values))
		}
		names := make([]string, len(all))
		for i, name := range all {
			if names[i] = name; f.Argument != "" && strings.HasPrefix(name, "--") {
				names[i] += "=" // its value may stand behind a "="
			}
		}
		spelt := names[0]
		if len(names) > 1 {
			spelt = "{" + strings.Join(names, ",") + "}"
		}
		specs = append(specs, excluded+spelt+shellQuoted("["+zshText(f.Doc)+"]"+value))
	}
	return specs
}

func zshAction(kind Kind, values []string) string {
	switch {
	case len(values) > 0:
		return "(" + strings.Join(values, " ") + ")"
	case kind == Subcommand:
		return "_exeunt_subcommands"
	case kind == File:
		return "_files"
	case kind == Directory:
		return "_files -/"
	}
	return " "
}

// zshText keeps a text from ending a specification.
func zshText(text string) string {
	return strings.NewReplacer(`\`, `\\`, ":", `\:`, "[", `\[`, "]", `\]`).Replace(text)
}
