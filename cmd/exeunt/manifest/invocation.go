package manifest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// defaultConfig is where exeunt looks for its file where nothing else says so.
const defaultConfig = "/etc/exeunt/lifecycle.hcl"

// defaultTermination is where Kubernetes looks for a last message, and exeunt writes one, where nothing else is said.
const defaultTermination = "/dev/termination-log"

// invocation is how a container starts exeunt.
type invocation struct {
	program string   // exeunt, or the personality it is called by
	above   string   // the shell or script that starts it, "" if nothing does
	text    string   // of that, where it is known
	config  string   // the file it reads
	report  string   // where it writes what is to stand in `kubectl describe pod`
	child   []string // the command it is given
	at      Pos

	byDocker bool // the engine puts it there: its command is the image's, and exeunt is PID 1
}

// personalities are the other names that exeunt answers to, with their options that take a value.
var personalities = [...]struct {
	name   string
	values []string
}{
	{"exeunt", nil}, // Options.ValueFlags
	{"dumb-init", []string{"r", "rewrite"}},
	{"tini", []string{"p", "e"}},
	{"tini-static", []string{"p", "e"}},
	{"docker-init", []string{"p", "e"}},
	{"catatonit", nil},
}

// argv is the command line that a container starts with; known is false where its image has a part in it that can't be seen.
func (c *Container) argv() (argv []string, at Pos, known bool) {
	entry, args := c.Entrypoint, c.Args
	if entry == nil {
		if c.image == nil {
			return argvOf(nil, args), args.where(), false
		}
		entry = c.image.Entrypoint
		if args == nil {
			args = c.image.Cmd
		}
	}
	known = entry != nil || c.image.complete()
	if at = entry.where(); entry == nil || len(entry.Argv) == 0 {
		at = args.where()
	}
	return argvOf(entry, args), at, known
}

// argvOf joins an entrypoint and its arguments; a shell that is given a text ignores them.
func argvOf(entry, args *Command) []string {
	var argv []string
	if entry != nil {
		argv = slices.Clone(entry.Argv)
		if entry.Shell != "" {
			return argv
		}
	}
	if args != nil {
		argv = append(argv, args.Argv...)
	}
	return argv
}

func (c *Command) where() Pos {
	if c == nil {
		return Pos{}
	}
	return c.At
}

// complete reports whether nothing unseen is behind the image: its base is nothing at all, or one of Docker's own.
func (i *Image) complete() bool {
	return i != nil && i.baseSet && (i.Base == "scratch" || parseReference(i.Base).official())
}

// variable is an environment variable of the container, from the manifest or from its image.
func (c *Container) variable(name string) string {
	if v, ok := c.Env[name]; ok {
		return v.V
	}
	if c.image != nil {
		return c.image.Env[name]
	}
	return ""
}

// findExeunt looks for exeunt in a command line. Where it isn't there, why says what is.
func (o *Options) findExeunt(c *Container, argv []string, at Pos) (inv *invocation, why string) {
	if len(argv) == 0 {
		return nil, "its command is empty"
	}
	if argv[0] == "exec" && len(argv) > 1 { // in a compose file's string: no shell runs it
		argv = argv[1:]
	}
	if text, ok := shellText(argv); ok {
		if list := singleQuoted(text); list != nil {
			if inv, _ := o.started(c, list); inv != nil {
				inv.at = at
				return inv, ""
			}
		}
		for _, command := range shellCommands(text) {
			if inv, _ := o.started(c, command.program()); inv != nil {
				inv.above, inv.text, inv.at = argv[0], text, at
				return inv, ""
			}
		}
		return nil, fmt.Sprintf("its command is %s, not exeunt", abbreviate(text))
	}
	inv, why = o.started(c, argv)
	if inv == nil && isScript(argv[0]) {
		for i := range argv[1:] {
			if inv, _ = o.started(c, argv[i+1:]); inv != nil {
				inv.above, inv.text = argv[0], o.script(c, argv[0])
				break
			}
		}
	}
	if inv != nil {
		inv.at = at
	}
	return inv, why
}

// singleQuoted is the array that a Dockerfile's shell form was meant to be, nil if it was meant to be none.
func singleQuoted(text string) []string {
	var list []string
	if json.Unmarshal([]byte(strings.ReplaceAll(text, "'", `"`)), &list) != nil {
		return nil
	}
	return list
}

// started reads a command line that begins with exeunt.
func (o *Options) started(c *Container, argv []string) (inv *invocation, why string) {
	if len(argv) == 0 {
		return nil, ""
	}
	inv = &invocation{program: base(argv[0]), config: c.variable("EXEUNT_CONFIG"), report: defaultTermination}
	for _, p := range personalities {
		if p.name != inv.program {
			continue
		}
		if p.name != "exeunt" && inv.config == "" {
			return nil, fmt.Sprintf("its command is %s, and EXEUNT_CONFIG is not set", p.name)
		}
		values := p.values
		if p.name == "exeunt" {
			values = o.ValueFlags
		}
		inv.options(argv[1:], values)
		if p.name == "exeunt" && len(inv.child) > 0 && slices.Contains(o.Subcommands, inv.child[0]) && !slices.Contains(argv, "--") {
			return nil, "its command is exeunt " + inv.child[0]
		}
		if inv.config == "" {
			inv.config = defaultConfig
		}
		return inv, ""
	}
	return nil, fmt.Sprintf("its command is %s, not exeunt", abbreviate(argv[0]))
}

// options reads what stands before the command.
func (inv *invocation) options(args []string, values []string) {
	for len(args) > 0 {
		arg := args[0]
		if arg == "--" || !strings.HasPrefix(arg, "-") || arg == "-" {
			inv.child = args
			if arg == "--" {
				inv.child = args[1:]
			}
			return
		}
		name, value, given := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		args = args[1:]
		if slices.Contains(values, name) && !given && len(args) > 0 {
			value, args = args[0], args[1:]
		}
		switch {
		case inv.program != "exeunt":
		case name == "c" || name == "config":
			inv.config = value
		case name == "termination-log":
			inv.report = value
		}
	}
}

// isScript reports whether a program is likely to be a script that ends with exec "$@".
func isScript(program string) bool {
	name := base(program)
	return strings.HasSuffix(name, ".sh") || strings.Contains(name, "entrypoint")
}

// abbreviate quotes the beginning of a text.
func abbreviate(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 50 {
		text = string(r[:50]) + "..."
	}
	return fmt.Sprintf("%q", text)
}
