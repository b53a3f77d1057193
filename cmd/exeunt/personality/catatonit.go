package personality

import (
	"fmt"
	"io"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
	"exeunt/reaper"
)

// catatonit: the child leads a process group of catatonit's own session, in the foreground of its terminal, and gets what comes;
// with -g its group does. It is a subreaper where it isn't PID 1, keeps no file above 2 open, and with -P it has no child.

type catatonit struct{ group, pause bool }

func parseCatatonit(c *call) (*Role, error) {
	if _, ok := c.env("CATATONIT_LOG"); ok {
		fmt.Fprintf(c.stderr, "ERROR (catatonit:%d): CATATONIT_LOG is reserved for future use\n", c.self.PID)
		return nil, done{1}
	}
	var o catatonit
	_, posix := c.env("POSIXLY_CORRECT")
	words, err := getopt{name: c.argv[0], long: true, stops: posix, say: c.complain, options: []option{
		{'g', "", false}, {'h', "", false}, {'L', "", false}, {'P', "", false}, {'V', "version", false},
	}}.parse(c.argv[1:], func(letter byte, _ string) error { return o.take(c, letter) })
	if err != nil {
		return nil, err
	}
	return o.role(c, words), nil
}

func (o *catatonit) take(c *call, letter byte) error {
	switch letter {
	case 'g':
		o.group = true
	case 'P':
		o.pause = true
	case 'h':
		io.WriteString(c.stderr, catatonitHelp)
		return done{0}
	case 'L':
		io.WriteString(c.stdout, license)
		return done{0}
	case 'V': // its own trick: docker info wants tini's words
		fmt.Fprintf(c.stdout, "tini version %s\n", catatonitVersion(c.version))
		return done{0}
	default:
		io.WriteString(c.stderr, catatonitUsage)
		return done{1}
	}
	return nil
}

// catatonitVersion puts its name behind its number, as it does.
func catatonitVersion(version string) string {
	for i := range version {
		if version[i] == ' ' {
			return version[:i] + "_catatonit" + version[i:]
		}
	}
	return version + "_catatonit"
}

func (o *catatonit) role(c *call, words []string) *Role {
	_, debug := c.env("CATATONIT_DEBUG")
	v := &catatonitVoice{self: c.self, debugs: debug}
	to := lifecycle.ChildProcess
	if o.group {
		to = lifecycle.Group
	}
	r := &Role{Command: words, Voice: v, Talkative: debug, Subreaper: true, CloseFiles: true,
		Child:    Placement{Session: reaper.NewGroup, ListenPID: listensTo(c)},
		Plan:     &lifecycle.Lifecycle{Unnamed: lifecycle.Unnamed{To: &to}},
		StatusOf: func(*reaper.StartError) int { return 1 },
		Refuse: func() int {
			fmt.Fprintf(c.stderr, "ERROR (catatonit:%d): missing program name\n%s", c.self.PID, catatonitUsage)
			return 1
		},
	}
	r.Plan.Signals = keptSignals(c.self.PID == 1, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU)
	if o.pause {
		r.pauses()
	}
	if c.is(Letter, "1") { // it hands its own mask down
		for _, s := range []unix.Signal{unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU} {
			r.Child.Blocked |= 1 << (s - 1)
		}
	}
	return r
}

// pauses makes it the first process of a pod: there is no child, and nothing but a stop ends it.
func (r *Role) pauses() {
	r.Command, r.Plan.Child.None = nil, true
	r.Plan.Stops = []*lifecycle.Script{{Kind: lifecycle.StopScript, Name: "pause", On: []lifecycle.Signal{lifecycle.SIGTERM, lifecycle.SIGINT}}}
}

// listensTo reports whether sockets were handed to this very process: then they are the child's.
func listensTo(c *call) bool {
	text, ok := c.env("LISTEN_PID")
	pid, _ := leadingNumber(text)
	return ok && pid == c.self.PID
}

// catatonitVoice speaks on standard error; what is below an error only where CATATONIT_DEBUG is set.
type catatonitVoice struct {
	mute
	self   Self
	debugs bool
}

func (v *catatonitVoice) line(pid int, level, format string, args ...any) {
	if v.debugs || level == "ERROR" {
		v.self.Err(fmt.Sprintf("%s (catatonit:%d): ", level, pid) + fmt.Sprintf(format, args...))
	}
}

func (v *catatonitVoice) debug(format string, args ...any) {
	v.line(v.self.PID, "DEBUG", format, args...)
}

func (v *catatonitVoice) Started(pid int, command []string) {
	v.debug("pid1 (%d) spawned: %s", pid, command[0])
	if v.self.DevTTY {
		return
	}
	v.line(pid, "INFO", "using stdin as tty fd: could not open /dev/tty: %s", errnoText(unix.ENXIO))
	if !v.self.InputTerminal {
		v.line(pid, "DEBUG", "setting foreground process failed: no tty present: %s", errnoText(unix.ENOTTY))
	}
}

func (v *catatonitVoice) NotStarted(pid int, command []string, err *reaper.StartError) {
	if err.Errno == 0 {
		v.line(v.self.PID, "ERROR", "failed to spawn pid1: %v", err)
		return
	}
	if pid == 0 { // it never was
		pid = v.self.PID
	}
	v.Started(pid, command)
	v.line(pid, "ERROR", "failed to exec pid1: %s", errnoText(err.Errno))
	v.AllReaped(false)
}

func (v *catatonitVoice) Delivered(s, on lifecycle.Signal, err error) {
	if err != nil {
		v.line(v.self.PID, "WARN", "forwarding of signal %d to pid1 failed: %v", int(s), err)
	}
}

func (v *catatonitVoice) Swallowed(s lifecycle.Signal) {
	if isJobControl(s) {
		v.debug("ignoring kernel attempting to stop us: tty has TOSTOP set")
	}
}

func (v *catatonitVoice) Reaped(e reaper.Ended, child bool) {
	switch {
	case child:
	case e.How.Signal != 0:
		v.debug("child process %d exited due to signal %d", e.PID, int(e.How.Signal))
	default:
		v.debug("child process %d exited with code %d", e.PID, e.How.Status)
	}
}

func (v *catatonitVoice) AllReaped(some bool) {
	if !some {
		v.debug("got ECHILD: no children left to monitor")
	}
}
