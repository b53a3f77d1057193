package lifecycle

import (
	"fmt"
	"time"
)

// Action is what the caller has to do: one of StartChild, Deliver, SuspendSelf, List, RunHook, EndHook, Poll, EndPoll, Note, End, Bug.
// Actions are carried out in their order. Its String is the text of the log and of the scenarios.
type Action interface {
	action()
	fmt.Stringer
}

// StartChild starts the child. The answer is Started or NotStarted, and comes before any other event.
type StartChild struct{}

// Deliver sends a signal to all of a target; nobody there is no failure.
type Deliver struct {
	Signal   Signal
	To       Target
	Continue bool // a stopped process gets SIGCONT after it, or it would sleep on
}

// SuspendSelf stops exeunt by SIGSTOP. It goes on once somebody continues it; PID 1 goes on at once.
type SuspendSelf struct{}

// List logs who lives in a target: pid, state, command.
type List struct{ To Target }

// RunHook begins a hook, or one more try of it. The answer is HookEnded, once, also after EndHook.
type RunHook struct {
	ID    int
	Hook  *Hook
	Scope Scope
}

// EndHook ends a hook: its whole session gets the signal, what it does inside exeunt is cancelled.
type EndHook struct {
	ID     int
	Hook   *Hook
	Signal Signal
}

// Poll evaluates an `until`. The answer is Polled.
type Poll struct {
	ID    int
	Until Live[bool]
	Scope Scope
}

// EndPoll cancels a poll whose answer no longer matters.
type EndPoll struct{ ID int }

// End is the last action: exeunt exits with Status.
type End struct{ Status int }

// Bug is an event that can't happen in the state it came in: tests fail on it, PID 1 logs it and carries on.
type Bug struct{ Text string }

func (StartChild) action()  {}
func (Deliver) action()     {}
func (SuspendSelf) action() {}
func (List) action()        {}
func (RunHook) action()     {}
func (EndHook) action()     {}
func (Poll) action()        {}
func (EndPoll) action()     {}
func (Note) action()        {}
func (End) action()         {}
func (Bug) action()         {}

func (StartChild) String() string  { return "start the child" }
func (SuspendSelf) String() string { return "stop exeunt itself" }
func (a List) String() string      { return fmt.Sprintf("list %v", a.To) }
func (a RunHook) String() string   { return fmt.Sprintf("run hook %q as #%d", a.Hook.Name, a.ID) }
func (a EndHook) String() string {
	return fmt.Sprintf("end hook %q #%d by %v", a.Hook.Name, a.ID, a.Signal)
}
func (a Poll) String() string    { return fmt.Sprintf("poll %v as #%d", a.Until, a.ID) }
func (a EndPoll) String() string { return fmt.Sprintf("end poll #%d", a.ID) }
func (a Bug) String() string     { return "internal error: " + a.Text }

func (a End) String() string { return fmt.Sprintf("exit %d", a.Status) }

func (a Deliver) String() string {
	if a.Continue {
		return fmt.Sprintf("deliver %v to %v, continue the stopped", a.Signal, a.To)
	}
	return fmt.Sprintf("deliver %v to %v", a.Signal, a.To)
}

// Level is how much a note matters.
type Level int

// The levels, as --log-level names them. LevelInfo is the default.
const (
	LevelDebug Level = iota
	LevelInfo
	LevelWarn
	LevelError
)

// What is the fixed word of a note, for programs.
type What string

// The notes of a machine. They are the schema of --log-format json together with the fields of Note.
const (
	ChildStarted     What = "child_started"
	ChildNotStarted  What = "child_not_started"
	ChildEnded       What = "child_ended"
	SignalHeld       What = "signal_held"      // it waits until the child exists
	SignalForwarded  What = "signal_forwarded" // no block names it
	SignalIgnored    What = "signal_ignored"
	StopHurried      What = "stop_hurried" // a repeat of the trigger ends the current wait
	ScriptBegins     What = "script_begins"
	ScriptEnds       What = "script_ends"
	StepBegins       What = "step_begins"
	StepEnds         What = "step_ends"
	StepRetries      What = "step_retries"
	HookKilled       What = "hook_killed" // it did not end by SIGTERM
	BudgetOver       What = "budget_over" // exeunt kills before the platform does
	LingerBegins     What = "linger_begins"
	LingerEnds       What = "linger_ends"
	ProcessUnkilled  What = "process_unkilled"
	LifecycleEnds    What = "lifecycle_ends"
	PollFailed       What = "poll_failed"
	WaitingForTheEnd What = "waiting" // the script is over, the child is not
)

// Note is one line of the log. Zero fields are absent.
type Note struct {
	What    What
	Level   Level
	Script  string // `stop "graceful"`
	Step    string // `hook "deregister"`, "drain", "forward SIGQUIT", "escalate SIGKILL"
	Outcome string // of a step that ends: see the Outcome constants
	Reason  string // of the outcome
	Took    time.Duration
	Limit   time.Duration // what a step that begins may take; of a stop that begins: what the platform grants
	Status  int
	Signal  Signal   // received, delivered, or what ended the child
	From    *Sender  // of a signal received; nil: outside the container, or not known
	To      string   // whom Signal is delivered to
	PID     int      // of the child, or of a process
	Command []string // of the child; of a process its name
	State   string   // of a process, as in proc(5)
	Text    string   // the whole sentence
}

func (n Note) String() string { return n.Text }

// The outcomes of a step.
const (
	Done      = "done"
	Failed    = "failed"
	TimedOut  = "timed out"
	Cut       = "cut"     // the budget is needed by what follows
	Skipped   = "skipped" // by `when`, because the child is gone, or by an aborting hook
	Hurried   = "hurried" // a repeat of the trigger ended the wait
	Moot      = "moot"    // what it waited for had happened: the child or the target is gone
	TakenOver = "taken over"
)
