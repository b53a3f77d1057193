package personality

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
	"exeunt/reaper"
)

// dumb-init 1.2.5: the child leads a session, and its group gets what comes; with -c it is in dumb-init's own group, and gets
// it alone. What is left of the group is sent SIGTERM when the child ends.

// dumbInitSignals is the last signal it rewrites: it knows no real-time ones, but passes them.
const dumbInitSignals = 31

// dumbInit is its command line.
type dumbInit struct {
	single  bool
	debug   bool
	rewrite map[lifecycle.Signal]lifecycle.Signal
	command []string
}

func parseDumbInit(c *call) (*Role, error) {
	o := dumbInit{rewrite: map[lifecycle.Signal]lifecycle.Signal{}}
	words, err := getopt{name: c.argv[0], long: true, stops: true, say: c.complain, options: []option{
		{'h', "help", false}, {'c', "single-child", false}, {'r', "rewrite", true}, {'v', "verbose", false}, {'V', "version", false},
	}}.parse(c.argv[1:], func(letter byte, value string) error { return o.take(c, letter, value) })
	if err != nil {
		return nil, err
	}
	o.command = words
	return o.role(c), nil
}

func (o *dumbInit) take(c *call, letter byte, value string) error {
	switch letter {
	case 'h':
		io.WriteString(c.stderr, dumbInitHelp)
		return done{0}
	case 'V':
		fmt.Fprintf(c.stderr, "dumb-init v%s\n", c.version)
		return done{0}
	case 'c':
		o.single = true
	case 'v':
		o.debug = true
	case 'r':
		if !o.takeRewrite(value) {
			fmt.Fprintf(c.stderr, "Usage: -r option takes <signum>:<signum>, where <signum> is between 1 and %d.\n"+
				"This option can be specified multiple times.\nUse --help for full usage.\n", dumbInitSignals)
			return done{1}
		}
	default:
		return done{1}
	}
	return nil
}

// takeRewrite reads "15:3", as sscanf(3) does: what follows the second number does not count. Names are exeunt's own: "TERM:QUIT"
// (Yelp/dumb-init#87).
func (o *dumbInit) takeRewrite(text string) bool {
	from, to, ok := strings.Cut(text, ":")
	s, rest := leadingNumber(from)
	t, _ := leadingNumber(to)
	if ok && s >= 1 && s <= dumbInitSignals && rest == "" && t >= 0 && t <= dumbInitSignals {
		o.rewrite[lifecycle.Signal(s)] = lifecycle.Signal(t)
		return true
	}
	if !ok || s >= 0 || t >= 0 {
		return false
	}
	named, err := lifecycle.ParseSignal(from)
	as, err2 := lifecycle.ParseSignal(to)
	if err != nil || err2 != nil {
		return false
	}
	o.rewrite[named] = as
	return true
}

// leadingNumber is what %d of sscanf(3) reads, -1 where that is none; rest is what it leaves.
func leadingNumber(text string) (n int, rest string) {
	text = strings.TrimLeft(text, " \t\n\v\f\r")
	digits := strings.TrimPrefix(text, "+")
	end := 0
	for end < len(digits) && digits[end] >= '0' && digits[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(digits[:end])
	if err != nil {
		return -1, text
	}
	return n, digits[end:]
}

// role is the plain data. The order of what it says is the original's.
func (o *dumbInit) role(c *call) *Role {
	v := &dumbInitVoice{say: c.self.Err, debug: o.debug}
	if len(o.command) > 0 {
		if c.is("DUMB_INIT_DEBUG", "1") {
			v.debug = true
			v.line("Running in debug mode.")
		}
		if c.is("DUMB_INIT_SETSID", "0") {
			o.single = true
			v.line("Not running in setsid mode.")
		}
	}
	to := lifecycle.Group
	r := &Role{Command: o.command, Plan: &lifecycle.Lifecycle{}, Voice: v, Talkative: v.debug,
		Child:    Placement{Session: reaper.NewSession, OwnSignals: true},
		StatusOf: dumbInitStatus,
		Refuse: func() int {
			fmt.Fprintf(c.stderr, "Usage: %s [option] program [args]\nTry %s --help for full usage.\n", c.argv[0], c.argv[0])
			return 1
		},
	}
	if o.single {
		to, r.Child.Session = lifecycle.ChildProcess, reaper.SameGroup
	} else if len(o.command) > 0 {
		v.detaches(c.self)
	}
	v.rewrite, v.setsid = o.rewrite, !o.single
	r.Plan.Unnamed.To = &to
	o.scripts(r.Plan, to)
	if farewell := o.rewritten(lifecycle.SIGTERM); farewell != 0 {
		r.Plan.Exit.Farewell = &lifecycle.Forward{Signal: farewell, To: to}
	}
	return r
}

// dumbInitStatus is 2 where the command is the trouble, 1 where a process is.
func dumbInitStatus(err *reaper.StartError) int {
	if err.Errno == unix.EAGAIN || err.Errno == unix.ENOMEM {
		return 1
	}
	return 2
}

func (o *dumbInit) rewritten(s lifecycle.Signal) lifecycle.Signal {
	if as, ok := o.rewrite[s]; ok {
		return as
	}
	return s
}

// scripts are those of signals that do not go through as they came. The three that a terminal stops a job with become SIGSTOP, as
// the child's group is orphaned and the kernel would drop them; then dumb-init stops itself, so that the shell it was typed
// into sees its job stop.
func (o *dumbInit) scripts(plan *lifecycle.Lifecycle, to lifecycle.Target) {
	for s := lifecycle.Signal(1); s <= lifecycle.SIGRTMAX; s++ {
		as, rewritten := o.rewrite[s]
		if !s.Catchable() || s == lifecycle.SIGCHLD {
			continue
		}
		job := isJobControl(s)
		if !rewritten && job && !o.single {
			as, rewritten = lifecycle.SIGSTOP, true
		}
		if !rewritten {
			as = s
		}
		var steps []lifecycle.Step
		if as != 0 {
			steps = append(steps, &lifecycle.Forward{Signal: as, To: to})
		}
		if job {
			steps = append(steps, &lifecycle.Suspend{})
		}
		if rewritten || job {
			plan.Signals = append(plan.Signals, script(s, steps...))
		}
	}
}

func isJobControl(s lifecycle.Signal) bool {
	return s == lifecycle.Signal(unix.SIGTSTP) || s == lifecycle.Signal(unix.SIGTTIN) || s == lifecycle.Signal(unix.SIGTTOU)
}

// dumbInitVoice speaks on standard error, and but for what it could not start only when it debugs.
type dumbInitVoice struct {
	mute
	say      func(string)
	debug    bool
	rewrite  map[lifecycle.Signal]lifecycle.Signal
	setsid   bool
	attached syscall.Errno // why the child does not get the terminal; 0: it does
}

func (v *dumbInitVoice) line(format string, args ...any) {
	if v.debug {
		v.say("[dumb-init] " + fmt.Sprintf(format, args...))
	}
}

func (v *dumbInitVoice) detaches(self Self) {
	switch {
	case self.OwnsTerminal:
		v.attached = 0
		v.line("Detached from controlling tty, ignoring the first SIGHUP and SIGCONT we receive.")
	case self.HasTerminal:
		v.attached = unix.EPERM
		v.line("Detached from controlling tty, but was not session leader.")
	default:
		v.attached = unix.ENOTTY
		v.line("Unable to detach from controlling tty (errno=%d %s).", int(unix.ENOTTY), errnoText(unix.ENOTTY))
	}
}

func (v *dumbInitVoice) spawned(pid int) {
	v.line("Child spawned with PID %d.", pid)
	if v.setsid {
		if v.attached != 0 {
			v.line("Unable to attach to controlling tty (errno=%d %s).", int(v.attached), errnoText(v.attached))
		}
		v.line("setsid complete.")
	}
}

func (v *dumbInitVoice) Started(pid int, _ []string) {
	v.spawned(pid)
	if v.setsid && v.attached == 0 { // the kernel has sent them when the terminal was let go
		for _, s := range []lifecycle.Signal{lifecycle.SIGHUP, lifecycle.SIGCONT} {
			v.line("Received signal %d.", int(s))
			v.line("Ignoring tty hand-off signal %d.", int(s))
		}
	}
}

func (v *dumbInitVoice) NotStarted(pid int, command []string, err *reaper.StartError) {
	if err.Errno == 0 {
		v.say("[dumb-init] " + err.Error())
		return
	}
	v.spawned(pid)
	v.say(fmt.Sprintf("[dumb-init] %s: %s", command[0], errnoText(err.Errno)))
	v.ChildrenEnded()
	v.Reaped(reaper.Ended{PID: pid, How: lifecycle.ChildExited{Status: 2}}, true)
	as, ok := v.rewrite[lifecycle.SIGTERM]
	switch {
	case !ok:
		v.Delivered(lifecycle.SIGTERM, 0, nil)
	case as != 0:
		v.Delivered(as, 0, nil)
	}
	v.Ends(2)
}

func (v *dumbInitVoice) Received(s lifecycle.Signal) {
	v.line("Received signal %d.", int(s))
	v.translates(s)
}

func (v *dumbInitVoice) translates(s lifecycle.Signal) {
	as, ok := v.rewrite[s]
	if !ok && isJobControl(s) && v.setsid {
		as, ok = lifecycle.SIGSTOP, true
	}
	if ok {
		v.line("Translating signal %d to %d.", int(s), int(as))
	}
}

func (v *dumbInitVoice) Delivered(s, on lifecycle.Signal, _ error) {
	v.line("Forwarded signal %d to children.", int(s))
}

func (v *dumbInitVoice) Swallowed(lifecycle.Signal) {
	v.line("Not forwarding signal 0 to children (ignored).")
}

func (v *dumbInitVoice) Suspends()      { v.line("Suspending self due to TTY signal.") }
func (v *dumbInitVoice) ChildrenEnded() { v.line("Received signal %d.", int(lifecycle.SIGCHLD)) }

func (v *dumbInitVoice) Reaped(e reaper.Ended, child bool) {
	if e.How.Signal != 0 {
		v.line("A child with PID %d was terminated by signal %d.", e.PID, int(e.How.Signal))
	} else {
		v.line("A child with PID %d exited with exit status %d.", e.PID, e.How.Status)
	}
	if as, ok := v.rewrite[lifecycle.SIGTERM]; child && ok {
		v.translates(lifecycle.SIGTERM)
		if as == 0 {
			v.Swallowed(lifecycle.SIGTERM)
		}
	}
}

func (v *dumbInitVoice) Ends(status int) { v.line("Child exited with status %d. Goodbye.", status) }
