package lifecycle

import "fmt"

// Event is what happened: one of Begin, Started, Adopted, NotStarted, Received, ChildExited, Gone, HookEnded, Polled, Deadline.
// Its String is the text of the log and of the scenarios.
type Event interface {
	event()
	fmt.Stringer
}

// Begin is the first event.
type Begin struct{}

// Started answers StartChild.
type Started struct {
	PID     int
	Command []string
}

// Adopted says that the command has ended, as it should, and that the daemon it left is the child from now on.
type Adopted struct{ PID int }

// NotStarted answers StartChild: Status is what exeunt exits with (125, 126, 127).
type NotStarted struct {
	Status int
	Reason string
}

// Received is a signal that came to exeunt. SIGCHLD is never one (see ChildExited).
type Received struct {
	Signal Signal
	From   *Sender // nil: outside the container, or not known
}

// ChildExited is the end of the child: its own status, or the signal that ended it.
type ChildExited struct {
	Status int
	Signal Signal // 0: it ended by itself
}

// Gone says that a target of Machine.Watching has no living process (a zombie is none). It never comes for a target that
// holds the child before ChildExited does.
type Gone struct{ To Target }

// HookEnded is the end of what RunHook began, whatever ended it. A hook whose `when` is false is Skipped.
type HookEnded struct {
	ID      int
	Skipped bool
	Err     error // nil: it did what it should
}

// Polled answers Poll.
type Polled struct {
	ID   int
	True bool
	Err  error // counts as false
}

// Deadline says that the time of Machine.Deadline has come.
type Deadline struct{}

func (Begin) event()       {}
func (Started) event()     {}
func (Adopted) event()     {}
func (NotStarted) event()  {}
func (Received) event()    {}
func (ChildExited) event() {}
func (Gone) event()        {}
func (HookEnded) event()   {}
func (Polled) event()      {}
func (Deadline) event()    {}

func (Begin) String() string        { return "begin" }
func (e Started) String() string    { return fmt.Sprintf("started pid %d", e.PID) }
func (e Adopted) String() string    { return fmt.Sprintf("adopted pid %d", e.PID) }
func (e NotStarted) String() string { return fmt.Sprintf("not started: %s", e.Reason) }
func (e Received) String() string   { return fmt.Sprintf("received %v", e.Signal) }
func (e Gone) String() string       { return fmt.Sprintf("%v is gone", e.To) }
func (Deadline) String() string     { return "deadline" }

func (e ChildExited) String() string {
	if e.Signal != 0 {
		return fmt.Sprintf("child was ended by %v", e.Signal)
	}
	return fmt.Sprintf("child exited: status %d", e.Status)
}

// Code is the exit status a shell would show: 128+n for signal n.
func (e ChildExited) Code() int {
	if e.Signal != 0 {
		return 128 + int(e.Signal)
	}
	return e.Status
}

func (e HookEnded) String() string {
	switch {
	case e.Skipped:
		return fmt.Sprintf("hook #%d skipped", e.ID)
	case e.Err != nil:
		return fmt.Sprintf("hook #%d failed: %v", e.ID, e.Err)
	}
	return fmt.Sprintf("hook #%d ok", e.ID)
}

func (e Polled) String() string {
	if e.Err != nil {
		return fmt.Sprintf("poll #%d failed: %v", e.ID, e.Err)
	}
	return fmt.Sprintf("poll #%d %t", e.ID, e.True)
}
