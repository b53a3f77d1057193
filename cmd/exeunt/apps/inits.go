package apps

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"exeunt/lifecycle"
)

// Init is the command line of another init: what it has that init do with signals.
type Init struct {
	Name     string
	Line     string // the command line without the command
	Child    bool   // signals reach the child alone
	Rewrites []Rewrite
	Zero     []int // exit statuses that become 0
	Lingers  bool  // what is left when the child is gone gets SIGTERM
	Notes    []string
	Command  []string
}

// Rewrite is a signal that becomes another one, or 0: none.
type Rewrite struct{ From, To lifecycle.Signal }

// ReadInit reads the command line of dumb-init, tini, docker-init or catatonit; nil where it is none of them. The error
// says what in it is wrong.
func ReadInit(command []string) (*Init, error) {
	if len(command) == 0 {
		return nil, nil
	}
	name := path.Base(command[0])
	var o *initOptions
	switch strings.TrimSuffix(strings.TrimSuffix(name, "-static"), "-amd64") {
	case "dumb-init":
		o = dumbInit()
	case "tini", "docker-init":
		o = tini(name)
	case "catatonit":
		o = catatonit()
	default:
		return nil, nil
	}
	rest, err := o.parse(command[1:])
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case len(rest) == 0:
		return nil, fmt.Errorf("%s: no command stands behind its options", name)
	}
	o.init.Name, o.init.Command = name, rest
	o.init.Line = strings.Join(command[:len(command)-len(rest)], " ")
	return o.init, nil
}

// Environment takes over what the init reads from its environment: TINI_KILL_PROCESS_GROUP, DUMB_INIT_SETSID.
func (in *Init) Environment(env map[string]string) {
	_, group := env["TINI_KILL_PROCESS_GROUP"]
	switch {
	case in.Name == "dumb-init" && env["DUMB_INIT_SETSID"] == "0":
		in.Child, in.Lingers, in.Notes = true, false, nil
	case in.Name != "dumb-init" && in.Name != "catatonit" && group:
		in.Child = false
	}
}

// initOptions reads the options of another init as getopt(3) does with a leading "+": the first other word ends them.
type initOptions struct {
	init  *Init
	long  map[string]byte // the letters of its long options
	value string          // the letters that take a value
	take  func(letter byte, value string) error
}

func (o *initOptions) parse(args []string) (rest []string, err error) {
	for len(args) > 0 {
		word := args[0]
		switch {
		case word == "--":
			return args[1:], nil
		case strings.HasPrefix(word, "--"):
			name, value, attached := strings.Cut(word[2:], "=")
			letter, ok := o.long[name]
			if !ok {
				return nil, fmt.Errorf("option --%s is not known", name)
			}
			args = args[1:]
			if strings.IndexByte(o.value, letter) >= 0 && !attached {
				if len(args) == 0 {
					return nil, fmt.Errorf("option --%s has no value", name)
				}
				value, args = args[0], args[1:]
			}
			if err := o.take(letter, value); err != nil {
				return nil, err
			}
		case len(word) > 1 && word[0] == '-':
			if args, err = o.cluster(word[1:], args[1:]); err != nil {
				return nil, err
			}
		default:
			return args, nil
		}
	}
	return nil, nil
}

// cluster reads letters in one word: "-vc", "-r15:3", "-r 15:3".
func (o *initOptions) cluster(letters string, after []string) ([]string, error) {
	for i := range len(letters) {
		if strings.IndexByte(o.value, letters[i]) < 0 {
			if err := o.take(letters[i], ""); err != nil {
				return nil, err
			}
			continue
		}
		value := letters[i+1:]
		if value == "" {
			if len(after) == 0 {
				return nil, fmt.Errorf("option -%c has no value", letters[i])
			}
			value, after = after[0], after[1:]
		}
		return after, o.take(letters[i], value)
	}
	return after, nil
}

func unknownOption(letter byte) error { return fmt.Errorf("option -%c is not known", letter) }

const noteVerbose = "-v: exeunt logs one line a transition on stderr; with -v it logs more."

func dumbInit() *initOptions {
	in := &Init{Lingers: true}
	in.note("SIGTSTP, SIGTTIN and SIGTTOU, which dumb-init turns into SIGSTOP, reach the session as they come.")
	return &initOptions{init: in, value: "r",
		long: map[string]byte{"single-child": 'c', "rewrite": 'r', "verbose": 'v', "help": 'h', "version": 'V'},
		take: func(letter byte, value string) error {
			switch letter {
			case 'c':
				in.Child, in.Lingers, in.Notes = true, false, nil
			case 'r':
				return in.rewrite(value)
			case 'v':
				in.note(noteVerbose)
			default:
				return unknownOption(letter)
			}
			return nil
		}}
}

func tini(name string) *initOptions {
	in := &Init{Child: true}
	return &initOptions{init: in, value: "pe",
		take: func(letter byte, value string) error {
			switch letter {
			case 'g':
				in.Child = false
			case 'e':
				code, err := strconv.Atoi(value)
				if err != nil || code < 0 || code > 255 {
					return fmt.Errorf("-e %q is no exit status from 0 to 255", value)
				}
				if !slices.Contains(in.Zero, code) && code != 0 {
					in.Zero = append(in.Zero, code)
				}
			case 's':
				in.note("-s: where exeunt is not PID 1 it becomes a subreaper by itself.")
			case 'p':
				in.note(fmt.Sprintf("-p %s is not taken over: a container ends when its PID 1 does, whatever started that.", value))
			case 'v':
				in.note(noteVerbose)
			case 'w':
				in.note("-w: exeunt says whom it reaps with --log-level debug.")
			default:
				return unknownOption(letter)
			}
			return nil
		}}
}

func catatonit() *initOptions {
	in := &Init{Child: true}
	return &initOptions{init: in,
		take: func(letter byte, value string) error {
			switch letter {
			case 'g':
				in.Child = false
			case 'P':
				return fmt.Errorf("-P runs no command, and has nothing to stop")
			default:
				return unknownOption(letter)
			}
			return nil
		}}
}

func (in *Init) note(text string) {
	if !slices.Contains(in.Notes, text) {
		in.Notes = append(in.Notes, text)
	}
}

// rewrite reads dumb-init's "15:3".
func (in *Init) rewrite(value string) error {
	a, b, ok := strings.Cut(value, ":")
	from, err1 := strconv.Atoi(a)
	to, err2 := strconv.Atoi(b)
	const last = 31 // dumb-init's
	if !ok || err1 != nil || err2 != nil || from < 1 || from > last || to < 0 || to > last {
		return fmt.Errorf("-r %q is no rewrite of two signal numbers like 15:3", value)
	}
	s := lifecycle.Signal(from)
	if !s.Catchable() || s == lifecycle.SIGCHLD {
		in.note(fmt.Sprintf("-r %s is left out: no init can take %s.", value, s))
		return nil
	}
	in.Rewrites = slices.DeleteFunc(in.Rewrites, func(r Rewrite) bool { return r.From == s })
	in.Rewrites = append(in.Rewrites, Rewrite{s, lifecycle.Signal(to)})
	return nil
}
