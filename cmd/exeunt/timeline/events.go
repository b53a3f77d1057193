package timeline

import (
	"encoding/json"
	"strings"
	"time"

	"exeunt/lifecycle"
)

// Event is a line of --log-format json: docs/events.md is printed from it and from the tables in schema.go. Absent fields say nothing.
type Event struct {
	Time    time.Time      `json:"time"`
	Mono    Seconds        `json:"mono_seconds"`
	Run     string         `json:"run"`
	Level   string         `json:"level"`
	Event   lifecycle.What `json:"event"`
	Msg     string         `json:"msg"`
	Script  string         `json:"script,omitempty"`
	Step    string         `json:"step,omitempty"`
	Outcome string         `json:"outcome,omitempty"`
	Reason  string         `json:"reason,omitempty"`
	Took    *Seconds       `json:"took_seconds,omitempty"`
	Limit   *Seconds       `json:"limit_seconds,omitempty"`
	Signal  string         `json:"signal,omitempty"`
	Sender  *Sender        `json:"sender,omitempty"`
	To      string         `json:"to,omitempty"`
	PID     int            `json:"pid,omitempty"`
	Command []string       `json:"command,omitempty"`
	State   string         `json:"state,omitempty"`
	Status  *int           `json:"status,omitempty"`
	Report  *Happened      `json:"report,omitempty"`
}

// levels are the words of `level`, by lifecycle.Level.
var levels = [...]string{"DEBUG", "INFO", "WARN", "ERROR"}

// NewEvent is the line of a note that was made at a time by an exeunt that runs since start.
func NewEvent(start, at time.Time, n lifecycle.Note) Event {
	e := Event{Time: at, Mono: Seconds(at.Sub(start)), Run: runID(start), Level: levels[n.Level], Event: n.What, Msg: n.Text,
		Script: n.Script, Step: n.Step, Outcome: n.Outcome, Reason: n.Reason, Sender: (*Sender)(n.From), To: n.To,
		PID: n.PID, Command: n.Command, State: n.State}
	if n.What == "" {
		e.Event = Message
	}
	if n.Took > 0 || n.Outcome != "" || n.What == StopReport {
		e.Took = (*Seconds)(&n.Took)
	}
	if n.Limit > 0 {
		e.Limit = (*Seconds)(&n.Limit)
	}
	if n.Signal != 0 {
		e.Signal = n.Signal.String()
	}
	switch n.What {
	case lifecycle.ChildEnded, lifecycle.LifecycleEnds, lifecycle.ChildNotStarted, StopReport:
		e.Status = &n.Status
	case Diagnosed:
		if n.Status != 0 {
			e.Status = &n.Status
		}
	}
	return e
}

// Line is the event as one line of JSON.
func (e Event) Line() string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return "" // no value of these types has no JSON
	}
	return b.String()
}

// note is what NewEvent was made of.
func (e Event) note() lifecycle.Note {
	n := lifecycle.Note{What: e.Event, Text: e.Msg, Script: e.Script, Step: e.Step, Outcome: e.Outcome, Reason: e.Reason,
		From: (*lifecycle.Sender)(e.Sender), To: e.To, PID: e.PID, Command: e.Command, State: e.State}
	if e.Took != nil {
		n.Took = time.Duration(*e.Took)
	}
	if e.Limit != nil {
		n.Limit = time.Duration(*e.Limit)
	}
	if e.Status != nil {
		n.Status = *e.Status
	}
	if s, err := lifecycle.ParseSignal(e.Signal); err == nil {
		n.Signal = s
	}
	return n
}

// runID tells the lines of one exeunt from those of another in the same log: it began at another time.
func runID(start time.Time) string {
	const digits = "0123456789abcdefghjkmnpqrstvwxyz"
	id := make([]byte, 10)
	for i, n := len(id)-1, uint64(start.UnixNano()); i >= 0; i, n = i-1, n>>5 {
		id[i] = digits[n&31]
	}
	return string(id)
}
