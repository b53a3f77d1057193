package timeline

import (
	"strconv"
	"strings"
	"time"

	"exeunt/lifecycle"
)

// What is kept of a flood.
const (
	maxSteps   = 500 // of signal scripts; a stop has the steps that the file has
	maxMoments = 200
	maxVictims = 1000
	maxLines   = 1000
)

// Recorder makes a Happened of the notes of a run. Its zero value is ready. It keeps nothing before a stop begins or the child ends.
type Recorder struct {
	Start      time.Time // exeunt's, for Happened.Mono; zero: not known
	KeepOutput bool      // of hooks

	began bool
	at    time.Time
	out   Happened
	open  map[int]bool // by index in out.Steps: begun and not ended
	waits int          // 1 + the index of the wait for the child, while it goes on
	by    string       // who kills
	pid   int          // of the child
}

// Began reports whether there is anything to tell.
func (r *Recorder) Began() bool { return r.began }

// Happened is what was recorded so far.
func (r *Recorder) Happened() *Happened {
	h := r.out
	h.Steps = append([]Done{}, h.Steps...)
	h.Moments = append([]Moment{}, h.Moments...)
	if !h.Ended {
		for i := range r.open {
			h.Steps[i].Took = max(0, h.Took-h.Steps[i].Begin)
		}
	}
	return &h
}

// See takes a note and the time it was made at, which never goes back.
func (r *Recorder) See(at time.Time, n lifecycle.Note) {
	if len(r.out.Steps) >= maxSteps && strings.HasPrefix(n.Script, "signal ") {
		r.out.Omitted++
		return
	}
	if n.What == lifecycle.ChildStarted {
		r.pid = n.PID
	}
	if !r.began && !r.begins(at, n) {
		return
	}
	now := Seconds(at.Sub(r.at))
	r.out.Took = max(r.out.Took, now)
	r.endWait(now, n)
	switch n.What {
	case lifecycle.StepBegins:
		r.stepBegins(now, n)
	case lifecycle.StepEnds:
		r.stepEnds(now, n)
	case lifecycle.StepRetries, lifecycle.HookKilled:
		r.hookNote(n)
	case lifecycle.LingerBegins:
		r.begin(Done{Script: "exit", Step: "linger", Begin: now, Limit: Seconds(n.Limit)})
	case lifecycle.LingerEnds:
		r.lingerEnds(now, n)
	case lifecycle.WaitingForTheEnd:
		r.begin(Done{Script: n.Script, Step: "wait for the " + n.To, Begin: now})
		r.waits = len(r.out.Steps)
	case ProcessLeft:
		r.processLeft(now, n)
	case ProcessOutlives:
		r.out.Outlived = addVictim(r.out.Outlived, Victim{At: now, PID: n.PID, State: n.State, Command: firstOf(n.Command)})
	case HookOutput:
		if r.KeepOutput && len(r.out.Output) < maxLines {
			r.out.Output = append(r.out.Output, Line{At: now, Step: n.Step, Text: n.Text})
		}
	default:
		r.moment(now, n)
	}
	if n.Signal == lifecycle.SIGKILL && n.What != lifecycle.ChildEnded {
		r.kills(n)
	}
}

// begins reports whether a note is the first worth keeping: a stop's trigger, or the end of a child that nobody stopped.
func (r *Recorder) begins(at time.Time, n lifecycle.Note) bool {
	switch n.What {
	case lifecycle.ScriptBegins:
		if !strings.HasPrefix(n.Script, "stop ") {
			return false
		}
	case lifecycle.ChildEnded, lifecycle.ChildNotStarted:
	default:
		return false
	}
	r.began, r.at, r.open = true, at, map[int]bool{}
	r.out = Happened{Schema: Schema, Began: at.Round(0).UTC(), Grace: Seconds(n.Limit), Child: Child{PID: r.pid}}
	if !r.Start.IsZero() {
		r.out.Mono = Seconds(at.Sub(r.Start))
	}
	return true
}

// endWait ends the wait for the child, where a note says that it is over.
func (r *Recorder) endWait(now Seconds, n lifecycle.Note) {
	outcome := lifecycle.Done
	switch n.What {
	case lifecycle.BudgetOver:
		outcome = lifecycle.Cut
	case lifecycle.ScriptEnds:
		outcome = n.Outcome
	case lifecycle.LingerBegins, lifecycle.LifecycleEnds:
	case lifecycle.StepBegins, lifecycle.StepEnds:
		if n.Script != "exit" {
			return
		}
	default:
		return
	}
	if r.waits == 0 || outcome == "" {
		return
	}
	d := &r.out.Steps[r.waits-1]
	d.Took, d.Outcome = now-d.Begin, outcome
	delete(r.open, r.waits-1)
	r.waits = 0
}

func (r *Recorder) begin(d Done) {
	r.open[len(r.out.Steps)] = true
	r.out.Steps = append(r.out.Steps, d)
}

// stepBegins takes a step's begin; of a hook that goes on to wait for the child, the second one is no new step.
func (r *Recorder) stepBegins(now Seconds, n lifecycle.Note) {
	if i := r.last(n); i >= 0 && kindOf(n.Step) == Hook && n.Limit == 0 && !r.open[i] {
		r.open[i] = true
		return
	}
	r.begin(Done{Script: n.Script, Step: n.Step, Begin: now, Limit: Seconds(n.Limit)})
}

func (r *Recorder) stepEnds(now Seconds, n lifecycle.Note) {
	begin := now - Seconds(n.Took)
	i := r.last(n)
	goesOn := i >= 0 && kindOf(n.Step) == Hook && !(r.out.Steps[i].Begin - begin).far() // a hook that went on to wait for the child
	if i < 0 || !r.open[i] && !goesOn {
		i = len(r.out.Steps)
		r.begin(Done{Script: n.Script, Step: n.Step})
	}
	d := &r.out.Steps[i]
	waited := d.Outcome == lifecycle.Done && n.Outcome == lifecycle.Moot // a hook whose child went, as it should
	d.Begin, d.Took, d.Reason = begin, Seconds(n.Took), n.Reason
	if !waited {
		d.Outcome = n.Outcome
	}
	if n.Signal != 0 {
		d.Signal, d.To = n.Signal.String(), n.To
	}
	delete(r.open, i)
}

// far tells two steps from one whose begin was reckoned twice.
func (s Seconds) far() bool { return s > Seconds(time.Millisecond) || s < -Seconds(time.Millisecond) }

// last is the index of the newest step of a note's name, -1 if there is none.
func (r *Recorder) last(n lifecycle.Note) int {
	for i := len(r.out.Steps) - 1; i >= 0; i-- {
		if d := r.out.Steps[i]; d.Script == n.Script && d.Step == n.Step {
			return i
		}
	}
	return -1
}

func (r *Recorder) hookNote(n lifecycle.Note) {
	i := r.last(n)
	if i < 0 {
		return
	}
	if n.What == lifecycle.HookKilled {
		r.out.Steps[i].Killed = true
	} else {
		r.out.Steps[i].Retries++
	}
}

func (r *Recorder) lingerEnds(now Seconds, n lifecycle.Note) {
	n.Script, n.Step = "exit", "linger"
	r.stepEnds(now, n)
}

func (r *Recorder) processLeft(now Seconds, n lifecycle.Note) {
	v := Victim{At: now, PID: n.PID, State: n.State, Command: firstOf(n.Command), By: r.by}
	if r.by == "" {
		r.out.Unkilled = addVictim(r.out.Unkilled, v)
	} else {
		r.out.Killed = addVictim(r.out.Killed, v)
	}
}

func firstOf(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// addVictim keeps a process once.
func addVictim(list []Victim, v Victim) []Victim {
	for _, have := range list {
		if have.PID == v.PID {
			return list
		}
	}
	if len(list) < maxVictims {
		list = append(list, v)
	}
	return list
}

// kills remembers on whose account the processes listed next are killed.
func (r *Recorder) kills(n lifecycle.Note) {
	switch n.What {
	case lifecycle.BudgetOver:
		r.by = "the budget"
	case lifecycle.LingerEnds:
		r.by = "linger"
	case lifecycle.StepEnds:
		r.by = n.Step
	}
}

// moment takes what is no step.
func (r *Recorder) moment(now Seconds, n lifecycle.Note) {
	m := Moment{At: now, Event: string(n.What), Text: n.Text}
	if n.Signal != 0 {
		m.Signal, m.Sender = n.Signal.String(), (*Sender)(n.From)
	}
	switch n.What {
	case lifecycle.ScriptBegins:
		if name, ok := strings.CutPrefix(n.Script, "stop "); ok {
			r.stopBegins(name, m)
		}
	case lifecycle.ChildEnded:
		r.out.Child.Ended, r.out.Child.At, r.out.Child.Status, r.out.Child.Signal = true, now, n.Status, m.Signal
		m.Sender = nil
	case lifecycle.ProcessUnkilled:
		r.by = ""
	case lifecycle.LifecycleEnds:
		r.out.Ended, r.out.Status = true, n.Status
		if r.out.Grace = Seconds(n.Limit); n.Limit > 0 { // its clock began with the first trigger
			left := r.out.Grace - Seconds(n.Took)
			r.out.Left = &left
		}
		r.open = map[int]bool{}
		return
	case lifecycle.BudgetOver, lifecycle.ChildNotStarted, lifecycle.SignalForwarded, lifecycle.SignalHeld, lifecycle.SignalIgnored,
		lifecycle.StopHurried, lifecycle.PollFailed:
	default:
		return
	}
	if len(r.out.Moments) >= maxMoments && n.What != lifecycle.ChildEnded {
		r.out.Omitted++
		return
	}
	r.out.Moments = append(r.out.Moments, m)
}

// stopBegins: a second one takes over, and the clock is the first one's.
func (r *Recorder) stopBegins(quoted string, m Moment) {
	name, err := strconv.Unquote(quoted)
	if err != nil {
		name = quoted
	}
	if r.out.Stop != "" {
		r.out.TookOver = append(r.out.TookOver, r.out.Stop)
	}
	r.out.Stop, r.out.Trigger, r.out.Sender = name, m.Signal, m.Sender
}
