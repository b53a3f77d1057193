package board

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
)

// Status is a record as `exeunt status --format json` shows it, at the moment it is read: docs/status.md. Absent fields say nothing.
type Status struct {
	Schema  int           `json:"schema"` // 1
	Version string        `json:"version"`
	PID     int           `json:"pid"`
	State   string        `json:"state"`
	Uptime  float64       `json:"uptime_seconds"`
	Orphans uint64        `json:"orphans_reaped"`
	Child   *StatusChild  `json:"child,omitempty"` // absent: not started (yet)
	Stop    *StatusStop   `json:"stop,omitempty"`  // absent: nobody has asked
	Step    *StatusStep   `json:"step,omitempty"`  // absent: nothing is under way
	Steps   []StatusDone  `json:"steps,omitempty"` // those that are over, the last ones
	Omitted int           `json:"steps_omitted,omitempty"`
	Failure *StatusFailed `json:"last_failure,omitempty"`
}

// StatusChild is the child.
type StatusChild struct {
	PID     int      `json:"pid"`
	Command []string `json:"command"`
	Since   float64  `json:"since_seconds"`
	Awaited bool     `json:"daemon_awaited,omitempty"`
	Status  *int     `json:"status,omitempty"` // absent: it lives
	Signal  string   `json:"signal,omitempty"`
}

// StatusStop is the stop that was asked for.
type StatusStop struct {
	Name    string   `json:"name"`
	Trigger string   `json:"trigger"`
	Sender  *Sender  `json:"sender,omitempty"`
	Elapsed float64  `json:"elapsed_seconds"`
	Grace   *float64 `json:"grace_seconds,omitempty"`
	Left    *float64 `json:"left_seconds,omitempty"` // until everything has to be over: the grace period less its margin
	KillIn  *float64 `json:"kill_in_seconds,omitempty"`
}

// StatusStep is what is under way.
type StatusStep struct {
	Name    string   `json:"name"`
	Elapsed *float64 `json:"elapsed_seconds,omitempty"`
	Left    *float64 `json:"left_seconds,omitempty"` // absent: nothing bounds it
}

// StatusDone is a step that is over.
type StatusDone struct {
	Script  string  `json:"script"`
	Step    string  `json:"step"`
	Outcome string  `json:"outcome"`
	Took    float64 `json:"took_seconds"`
	Reason  string  `json:"reason,omitempty"`
}

// StatusFailed is what went wrong last.
type StatusFailed struct {
	Text string  `json:"text"`
	Ago  float64 `json:"ago_seconds"`
}

// Status reads the board.
func (r *Reader) Status() (*Status, error) {
	record, orphans, err := r.Read()
	if err != nil {
		return nil, err
	}
	return record.status(now(), orphans, r.PID), nil
}

func (r Record) status(at int64, orphans uint64, pid int) *Status {
	s := &Status{Schema: 1, Version: r.Version, PID: pid, State: r.State, Uptime: seconds(at - r.Began), Orphans: orphans, Omitted: r.Omitted}
	if c := r.Child; c.PID != 0 {
		s.Child = &StatusChild{PID: c.PID, Command: c.Command, Since: seconds(at - c.Began), Awaited: c.Awaited, Signal: c.Signal}
		if c.Ended {
			s.Child.Status = &c.Status
		}
	}
	if stop := r.Stop; stop != nil {
		s.Stop = &StatusStop{Name: stop.Name, Trigger: stop.Signal, Sender: stop.Sender, Elapsed: seconds(at - stop.Began)}
		if stop.Grace > 0 {
			grace := seconds(stop.Grace)
			s.Stop.Grace, s.Stop.Left, s.Stop.KillIn = &grace, until(at, stop.EndBy), until(at, stop.KillAt)
		}
	}
	if step := r.Step; step != nil {
		s.Step = &StatusStep{Name: step.Name, Left: until(at, step.Until)}
		if step.Since != 0 {
			elapsed := seconds(at - step.Since)
			s.Step.Elapsed = &elapsed
		}
	}
	for _, d := range r.Steps {
		s.Steps = append(s.Steps, StatusDone{Script: d.Script, Step: d.Step, Outcome: d.Outcome, Took: seconds(d.Took), Reason: d.Reason})
	}
	if r.Failure != nil {
		s.Failure = &StatusFailed{Text: r.Failure.Text, Ago: seconds(at - r.Failure.At)}
	}
	return s
}

// until is what is left until a moment; nil where there is none.
func until(at, moment int64) *float64 {
	if moment == 0 {
		return nil
	}
	left := max(0, seconds(moment-at))
	return &left
}

// JSON writes the status as one object.
func (s *Status) JSON(out io.Writer) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(s)
}

// Text writes the status for a reader, a line a fact.
func (s *Status) Text(out io.Writer) error {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-9s %s\n", name, Printable(fmt.Sprintf(format, args...)))
	}
	line("state", "%s", s.State)
	line("uptime", "%s, %s reaped", spoken(s.Uptime), count(s.Orphans, "orphan"))
	line("child", "%s", s.Child)
	if s.Stop != nil {
		line("stop", "%s", s.Stop)
	}
	if s.Step != nil {
		line("step", "%s", s.Step)
	}
	if s.Stop != nil && s.Stop.Grace != nil {
		line("budget", "%s granted: SIGKILL to what still lives in %s, all over in %s", spoken(*s.Stop.Grace), spoken(*s.Stop.KillIn), spoken(*s.Stop.Left))
	}
	name := "done"
	if s.Omitted > 0 {
		line(name, "%s more", count(uint64(s.Omitted), "step"))
		name = ""
	}
	for _, d := range s.Steps {
		line(name, "%s", d)
		name = ""
	}
	if s.Failure != nil {
		line("failure", "%s (%s ago)", s.Failure.Text, spoken(s.Failure.Ago))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func (c *StatusChild) String() string {
	switch {
	case c == nil:
		return "not started"
	case c.Signal != "":
		return fmt.Sprintf("ended by %s", c.Signal)
	case c.Status != nil:
		return fmt.Sprintf("ended with status %d", *c.Status)
	case c.Awaited:
		return fmt.Sprintf("%q is to leave a daemon, which is awaited", c.Command)
	}
	return fmt.Sprintf("pid %d for %s: %q", c.PID, spoken(c.Since), c.Command)
}

func (s *StatusStop) String() string {
	text := fmt.Sprintf("%q: %s", s.Name, s.Trigger)
	switch from := s.Sender; {
	case from == nil:
		text += " from outside the container"
	case from.Kernel:
		text += " from the kernel"
	case from.Command == "":
		text += fmt.Sprintf(" from pid %d (uid %d)", from.PID, from.UID)
	default:
		text += fmt.Sprintf(" from pid %d (%s, uid %d)", from.PID, from.Command, from.UID)
	}
	return text + fmt.Sprintf(", %s ago", spoken(s.Elapsed))
}

func (s *StatusStep) String() string {
	text := s.Name
	if s.Elapsed != nil {
		text += " for " + spoken(*s.Elapsed)
	}
	if s.Left != nil {
		text += fmt.Sprintf(", at most %s more", spoken(*s.Left))
	}
	return text
}

func (d StatusDone) String() string {
	text := fmt.Sprintf("%s %s", d.Step, d.Outcome)
	if d.Took > 0 {
		text += " after " + spoken(d.Took)
	}
	if d.Reason != "" {
		text += ": " + d.Reason
	}
	return text
}

func count(n uint64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// spoken is a number of seconds for a reader: 12ms, 5.2s, 3h12m4s.
func spoken(s float64) string {
	d := time.Duration(s * float64(time.Second))
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// Printable is a text in one line: it keeps what processes and files are called from moving a terminal's cursor.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}
