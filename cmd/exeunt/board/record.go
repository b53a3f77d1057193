package board

import (
	"time"
	"unicode/utf8"

	"exeunt/lifecycle"
)

// Record is what the board shows. Its times are moments of CLOCK_MONOTONIC.
type Record struct {
	Version string   `json:"version,omitempty"`
	PID     int      `json:"pid,omitempty"` // exeunt's, in its own PID namespace
	State   string   `json:"state,omitempty"`
	Began   int64    `json:"began,omitempty"`
	Child   Child    `json:"child,omitempty"`
	Ready   bool     `json:"ready,omitempty"` // the file has child.ready, and is kept beside the board
	Stop    *Stop    `json:"stop,omitempty"`
	Step    *Step    `json:"step,omitempty"`
	Steps   []Done   `json:"steps,omitempty"`   // the last ones that are over
	Omitted int      `json:"omitted,omitempty"` // how many before them
	Failure *Failure `json:"failure,omitempty"` // the last
}

// Child is what exeunt runs. A PID of 0: it was not started.
type Child struct {
	PID     int      `json:"pid,omitempty"`
	Command []string `json:"command,omitempty"`
	Began   int64    `json:"began,omitempty"`
	Awaited bool     `json:"awaited,omitempty"` // the command is to leave a daemon, which isn't there yet
	Ended   bool     `json:"ended,omitempty"`
	Status  int      `json:"status,omitempty"` // 128+n for a signal
	Signal  string   `json:"signal,omitempty"` // what ended it
}

// Stop is a stop under way.
type Stop struct {
	Name   string  `json:"name,omitempty"`
	Signal string  `json:"signal,omitempty"`
	Sender *Sender `json:"sender,omitempty"` // nil: outside the container, or not known
	Began  int64   `json:"began,omitempty"`
	Grace  int64   `json:"grace,omitempty"` // 0: not declared
	KillAt int64   `json:"kill_at,omitempty"`
	EndBy  int64   `json:"end_by,omitempty"`
}

// Sender is who sent a signal.
type Sender struct {
	PID     int    `json:"pid,omitempty"`
	UID     int    `json:"uid,omitempty"`
	Command string `json:"command,omitempty"`
	Kernel  bool   `json:"kernel,omitempty"`
}

// Step is what is under way.
type Step struct {
	Name  string `json:"name,omitempty"`
	Since int64  `json:"since,omitempty"`
	Until int64  `json:"until,omitempty"` // it is over at the latest; 0: nothing bounds it
}

// Done is a step that is over.
type Done struct {
	Script  string `json:"script,omitempty"`
	Step    string `json:"step,omitempty"`
	Outcome string `json:"outcome,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Took    int64  `json:"took,omitempty"`
}

// Failure is what went wrong, as the log says it.
type Failure struct {
	Text string `json:"text,omitempty"`
	At   int64  `json:"at,omitempty"`
}

// The longest texts and lists of a record: what a child is called or a hook fails with has no bound of its own.
const (
	maxSteps   = 16
	maxWord    = 160 // bytes of a text
	maxCommand = 12  // words
)

// Look takes over where a lifecycle stands.
func (r *Record) Look(s lifecycle.Snapshot) {
	r.State = s.State.String()
	if r.Child.PID != s.Child && s.Child != 0 {
		r.Child.PID, r.Child.Began = s.Child, now()
	}
	if s.Ended {
		r.Child.Ended, r.Child.Status = true, s.How.Code()
		if s.How.Signal != 0 {
			r.Child.Signal = s.How.Signal.String()
		}
	}
	r.Stop = nil
	if s.Stop != "" {
		r.Stop = &Stop{Name: shorten(s.Stop), Signal: s.By.Signal.String(), Sender: (*Sender)(s.By.From), Began: moment(s.Began),
			Grace: int64(s.Grace), KillAt: moment(s.KillAt), EndBy: moment(s.EndBy)}
	}
	r.Step = nil
	if s.Step != "" {
		r.Step = &Step{Name: shorten(s.Step), Since: moment(s.Since), Until: moment(s.Until)}
	}
}

// Runs says what the child is.
func (r *Record) Runs(command []string) { r.Child.Command = shortened(command) }

// See takes over what a note says, and reports whether it changed anything.
func (r *Record) See(n lifecycle.Note) bool {
	switch n.What {
	case lifecycle.StepEnds:
		r.add(Done{Script: shorten(n.Script), Step: shorten(n.Step), Outcome: n.Outcome, Reason: shorten(n.Reason), Took: int64(n.Took)})
	case lifecycle.LingerEnds:
		r.add(Done{Script: "exit", Step: "linger", Outcome: n.Outcome, Took: int64(n.Took)})
	}
	if failed(n) {
		r.Failure = &Failure{Text: shorten(n.Text), At: now()}
	}
	return n.What == lifecycle.StepEnds || n.What == lifecycle.LingerEnds || failed(n)
}

// failed reports whether a note tells of something that did not go as declared.
func failed(n lifecycle.Note) bool {
	return n.Level >= lifecycle.LevelWarn
}

func (r *Record) add(d Done) {
	if len(r.Steps) == maxSteps {
		r.Steps = append(r.Steps[:0:0], r.Steps[1:]...)
		r.Omitted++
	}
	r.Steps = append(r.Steps, d)
}

// fit is the record's JSON in at most n bytes: the oldest steps go first, then the words of the command.
func (r Record) fit(n int) []byte {
	for {
		text := r.encode()
		switch {
		case len(text) <= n:
			return text
		case len(r.Steps) > 0:
			r.Steps, r.Omitted = r.Steps[1:], r.Omitted+1
		case len(r.Child.Command) > 1:
			r.Child.Command = r.Child.Command[:1]
		default:
			r = Record{Version: shorten(r.Version), PID: r.PID, State: r.State, Began: r.Began, Child: Child{PID: r.Child.PID, Ended: r.Child.Ended}}
		}
	}
}

func shortened(words []string) []string {
	var short []string
	for i, word := range words {
		if i == maxCommand {
			return append(short, "...")
		}
		short = append(short, shorten(word))
	}
	return short
}

// shorten cuts a text at a whole rune.
func shorten(text string) string {
	if len(text) <= maxWord {
		return text
	}
	cut := maxWord
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "..."
}

// seconds is a duration for programs, to the millisecond.
func seconds(ns int64) float64 {
	return float64(time.Duration(ns).Round(time.Millisecond).Milliseconds()) / 1000
}

// Start says since when exeunt runs.
func (r *Record) Start(at time.Time) { r.Began = moment(at) }
