// Package lifecycle says how a container stops.
//
// It is pure: plain data in, actions out. A [Lifecycle] is what lifecycle.hcl declares, or the zero value for an init
// that only forwards. A [Machine] runs it: [Machine.Step] takes the time and an [Event] and returns [Action]s for
// the caller to carry out in order; [Machine.Deadline] and [Machine.Watching] say what the caller has to
// report next. There is no clock, no process and no goroutine in here: the same events at the same times give the
// same actions.
//
// All durations are time.Duration, all times are the caller's (monotonic) clock.
package lifecycle

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Lifecycle is a whole lifecycle.hcl. Its zero value is the transparent init: every signal is forwarded, nothing else.
type Lifecycle struct {
	Grace   time.Duration // what the platform grants from the first trigger to its SIGKILL; 0: not declared
	Child   Child
	Start   *Script   // before the child; nil: none
	Stops   []*Script // at most one of them runs
	Signals []*Script // one per signal
	Unnamed Unnamed   // the signals that no block names
	Exit    Exit
}

// Unnamed is how a signal goes that no block names: as it came, at once. The zero value is the language's own; the others are
// for exeunt in the place of another init.
type Unnamed struct {
	To    *Target // nil: the session
	Sleep bool    // who is stopped stays so, whatever comes; it holds for signal scripts too
}

// Child is what exeunt starts.
type Child struct {
	Command []string // the command line after `--` wins over it
	Process Process
	PIDFile string     // a daemon that forks away: the process named in here is the child
	Ready   Live[bool] // what `exeunt ready` asks; nil: nothing
	None    bool       // there is no child: exeunt waits for a stop, runs its steps, and ends with 0
}

// Process is how a process is started; zero values mean "as exeunt's own".
type Process struct {
	Dir             string
	Env             map[string]string // added to exeunt's environment
	User, Group     string            // name or number
	Umask           *int
	NoNewPrivileges bool
	Limits          map[string]Limit // by the names of prlimit(1): "nofile", "core"
}

// Limit is a resource limit (getrlimit(2)); ^uint64(0) is unlimited.
type Limit struct{ Soft, Hard uint64 }

// ScriptKind says which block a script is.
type ScriptKind int

// The blocks that are scripts.
const (
	StartScript ScriptKind = iota + 1
	StopScript
	SignalScript
	ExitScript
)

// Script is a block whose steps run from top to bottom.
type Script struct {
	Kind  ScriptKind
	Name  string   // of a stop: its label; of a signal: the signal; otherwise ""
	On    []Signal // the triggers; of a signal script: the one it names
	Again Again    // of a stop: what its own trigger does once it runs
	Steps []Step
}

// String names the script as the log does: `stop "graceful"`, `signal SIGHUP`, `start`, `exit`.
func (s *Script) String() string {
	switch s.Kind {
	case StartScript:
		return "start"
	case StopScript:
		return fmt.Sprintf("stop %q", s.Name)
	case SignalScript:
		return "signal " + s.Name
	case ExitScript:
		return "exit"
	}
	return "script"
}

// Again is what a repeat of a stop's own trigger does.
type Again int

// The values of `again`.
const (
	Ignore     Again = iota // log it
	Hurry                   // end the current wait, go to the next step
	ForwardToo              // deliver it to the child as well
)

// Step is one of *Hook, *Parallel, *Drain, *Forward, *Escalate, *Suspend.
type Step interface{ step() }

// Hook runs one action, once or with retries, within its timeout.
type Hook struct {
	Name       string
	Do         Doing
	Timeout    time.Duration // of the whole hook, its retries included: its worst case
	Retries    int
	RetryDelay time.Duration // before the first retry; doubles
	Abort      bool          // on_failure = "abort"
	Always     bool          // runs although the child is gone
	WaitExit   bool          // the script waits for the child within what is left of Timeout
	When       Live[bool]    // nil: always
	Process    Process       // how exec and script are started
	Env        Live[map[string]string]
}

// Parallel runs hooks at once and is done when all are.
type Parallel struct{ Hooks []*Hook }

// Drain waits Delay, then polls Until until it is true or Timeout is over.
type Drain struct {
	Delay   time.Duration
	Until   Live[bool] // nil: the delay is the drain
	Every   time.Duration
	Timeout time.Duration // of the polling; 0: as long as the budget allows
}

// Forward delivers a signal.
type Forward struct {
	Signal Signal // 0: the one received
	To     Target
}

// Escalate waits up to After for the target to be gone, then delivers.
type Escalate struct {
	After  time.Duration
	Signal Signal
	To     Target
}

// Suspend stops exeunt itself, as a shell's job: whoever sent the signal waits for that. PID 1 can't be stopped, and goes on.
// The language has no word for it.
type Suspend struct{}

func (*Hook) step()     {}
func (*Parallel) step() {}
func (*Drain) step()    {}
func (*Forward) step()  {}
func (*Escalate) step() {}
func (*Suspend) step()  {}

// Target is whom a signal is delivered to.
type Target int

// The targets. A process group is what kill(-pgid) reaches; a session holds one or more of them (credentials(7)).
const (
	ChildProcess Target = iota // the child
	Group                      // the child's process group
	Session                    // every process of the child's session, whatever its process group
	Container                  // every process but exeunt and its hooks; only as PID 1
)

var targetNames = [...]string{ChildProcess: "child", Group: "group", Session: "session", Container: "container"}

// String is the word of the language.
func (t Target) String() string { return targetNames[t] }

// ParseTarget reads the word of the language.
func ParseTarget(text string) (Target, error) {
	for t, name := range targetNames {
		if text == name {
			return Target(t), nil
		}
	}
	return 0, fmt.Errorf("%q is no target: %s", text, strings.Join(TargetNames(), ", "))
}

// TargetNames lists the words of the language.
func TargetNames() []string { return targetNames[:] }

// Exit says when the container ends, and how.
type Exit struct {
	When     Target        // ChildProcess (the default), Session or Container: what has to be gone
	Linger   time.Duration // what is left of the session gets SIGTERM, this long, then SIGKILL; 0: left to the kernel
	Farewell *Forward      // where nobody lingers: what is left of a target gets this and is not waited for; nil: nothing
	Status   map[int]int   // the exit status is looked up here last
	Hooks    *Script       // nil: none
}

// Live is a value of the file that is not known before its step begins. Eval may block (a probe asks the network): it is
// never called by the machine, and ends when ctx does.
type Live[T any] interface {
	Eval(ctx context.Context, scope Scope) (T, error)
	String() string // the source text, for the log
}

// Scope is what a live value and a hook's environment can see.
type Scope struct {
	Signal      Signal        // what began the script; 0: none did
	Sender      *Sender       // nil: from outside the container, or not known
	Stop        string        // the stop's name; "" outside one
	Elapsed     time.Duration // since the first trigger
	Remaining   time.Duration // of the budget; negative: there is none
	Child       int           // pid; 0: there is none
	Exited      bool          // the two below are known
	Status      int           // the child's exit status, 128+n for a signal
	ChildSignal Signal        // what ended the child; 0: it ended by itself
}

// Sender is who sent a signal (sigaction(2), si_pid and si_uid).
type Sender struct {
	PID, UID int
	Command  string // "" where /proc doesn't tell
	Kernel   bool   // no process: a terminal that hung up, a parent's death, a timer
}

// String is how the log names the sender.
func (s *Sender) String() string {
	if s == nil {
		return "outside the container"
	}
	if s.Kernel {
		return "the kernel"
	}
	if s.Command == "" {
		return fmt.Sprintf("pid %d (uid %d)", s.PID, s.UID)
	}
	return fmt.Sprintf("pid %d (%s, uid %d)", s.PID, s.Command, s.UID)
}

// Doing is what a hook does: one of *Exec, *Shell, *HTTP, *TCP, *Send, *Write, *Remove.
type Doing interface{ doing() }

// Exec runs a program, no shell between.
type Exec struct{ Argv Live[[]string] }

// Shell runs a text through /bin/sh -c.
type Shell struct{ Text Live[string] }

// HTTP sends one request; a status that is not expected is a failure.
type HTTP struct {
	Method  string
	URL     Live[string] // http, https, or http+unix with the socket's path percent-encoded as the host
	Headers Live[map[string]string]
	Body    Live[string]
	Expect  []int  // empty: 200 to 299
	CAFile  string // PEM; trusted beside the system's
}

// TCP connects and closes.
type TCP struct{ Address Live[string] }

// Send signals another process, named as `to` says: a pid file's path or a process name.
type Send struct {
	Signal Signal
	To     Live[string]
}

// Write makes or replaces a file.
type Write struct {
	Path    Live[string]
	Content Live[string]
	Mode    uint32
}

// Remove removes a file; one that isn't there is no failure.
type Remove struct{ Path Live[string] }

func (*Exec) doing()   {}
func (*Shell) doing()  {}
func (*HTTP) doing()   {}
func (*TCP) doing()    {}
func (*Send) doing()   {}
func (*Write) doing()  {}
func (*Remove) doing() {}
