package timeline

import (
	"time"

	"exeunt/lifecycle"
)

// The words of events that are no machine's notes: the loop's own.
const (
	SignalReceived  lifecycle.What = "signal_received"  // before anything is done about it
	ProcessLeft     lifecycle.What = "process_left"     // who is about to get SIGKILL, or did not go of it
	ProcessOutlives lifecycle.What = "process_outlives" // it lives when exeunt ends: the kernel kills it, or nobody does
	HookOutput      lifecycle.What = "hook_output"
	Diagnosed       lifecycle.What = "diagnosed" // what is wrong with the file
	LogDropped      lifecycle.What = "log_dropped"
	StopReport      lifecycle.What = "stop_report"
	Message         lifecycle.What = "message" // of no other kind
	Trace           lifecycle.What = "trace"   // what the machine was told and what it wants, one line each
)

// Schema is the version of Happened and Planned in JSON. Fields may be added to one version; a changed or removed one makes another.
const Schema = 1

// Happened is a stop after it happened, or the part of it that is known: `report` of the event stop_report.
type Happened struct {
	Schema   int       `json:"schema"`
	Stop     string    `json:"stop,omitempty"`      // the one that ran last; none: the child ended by itself
	TookOver []string  `json:"took_over,omitempty"` // the stops before it, which it cut short
	Trigger  string    `json:"trigger,omitempty"`   // the signal that began it
	Sender   *Sender   `json:"sender,omitempty"`    // of the trigger; none: outside the container, or not known
	Began    time.Time `json:"began"`               // wall clock; the times below count from here
	Mono     Seconds   `json:"began_mono_seconds"`
	Grace    Seconds   `json:"grace_seconds,omitempty"` // what the platform grants; none: not declared
	Ended    bool      `json:"ended"`                   // false: the rest is not known, exeunt was killed before it was over
	Took     Seconds   `json:"took_seconds"`            // so far, where it has not ended
	Left     *Seconds  `json:"left_seconds,omitempty"`  // of the grace period, at the end
	Status   int       `json:"status"`                  // exeunt's own
	Child    Child     `json:"child"`
	Steps    []Done    `json:"steps"`
	Moments  []Moment  `json:"moments"`
	Omitted  int       `json:"omitted,omitempty"`  // steps and moments: a flood of signals is not kept
	Killed   []Victim  `json:"killed,omitempty"`   // who got SIGKILL from exeunt, hooks not among them
	Unkilled []Victim  `json:"unkilled,omitempty"` // who was not gone a second after SIGKILL
	Outlived []Victim  `json:"outlived,omitempty"` // who lived when exeunt ended
	Output   []Line    `json:"output,omitempty"`   // of hooks; only where it was asked for
}

// Child is the end of the child.
type Child struct {
	PID    int     `json:"pid,omitempty"`
	Ended  bool    `json:"ended"`
	At     Seconds `json:"ended_seconds,omitempty"`
	Status int     `json:"status,omitempty"` // 128+n for signal n
	Signal string  `json:"signal,omitempty"` // what ended it; none: it ended by itself
}

// Done is a step that happened, or was skipped.
type Done struct {
	Script  string  `json:"script"` // `stop "graceful"`, "exit", "signal SIGHUP"
	Step    string  `json:"step"`   // `hook "deregister"`, "drain", "forward SIGQUIT", "escalate SIGKILL", "linger"
	Begin   Seconds `json:"begin_seconds"`
	Took    Seconds `json:"took_seconds"`
	Limit   Seconds `json:"limit_seconds,omitempty"` // what it might have taken
	Outcome string  `json:"outcome,omitempty"`       // an outcome of lifecycle; none: its end is not known
	Reason  string  `json:"reason,omitempty"`
	Retries int     `json:"retries,omitempty"`
	Killed  bool    `json:"killed,omitempty"` // a hook that did not end by SIGTERM
	Signal  string  `json:"signal,omitempty"` // what it delivered
	To      string  `json:"to,omitempty"`
}

func (d Done) end() Seconds { return d.Begin + d.Took }

// Moment is what happened at one time and is no step.
type Moment struct {
	At     Seconds `json:"at_seconds"`
	Event  string  `json:"event"`
	Signal string  `json:"signal,omitempty"`
	Sender *Sender `json:"sender,omitempty"`
	Text   string  `json:"text"`
}

// Victim is a process that exeunt killed.
type Victim struct {
	At      Seconds `json:"at_seconds"`
	PID     int     `json:"pid"`
	Command string  `json:"command,omitempty"`
	State   string  `json:"state,omitempty"` // as in proc(5): "S", "D"
	By      string  `json:"by,omitempty"`    // "escalate SIGKILL", "the budget", "linger"
}

// Line is what a hook printed.
type Line struct {
	At   Seconds `json:"at_seconds"`
	Step string  `json:"step"`
	Text string  `json:"text"`
}
