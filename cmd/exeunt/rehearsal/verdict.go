package rehearsal

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"exeunt/cmd/exeunt/board"
	"exeunt/cmd/exeunt/timeline"
	"exeunt/lifecycle"
)

// Run is one rehearsal, and what came of it.
type Run struct {
	Number    int
	Place     Place
	Planned   *timeline.Planned
	Happened  *timeline.Happened // nil: exeunt has told nothing
	Ready     time.Duration      // from the start until the application was ready
	Orphans   uint64             // reaped by exeunt, from the start to the end
	Zombies   int                // when the stop was asked for: the dead that their parents had not reaped
	Output    []string           // the application's last lines
	Diagnosed string             // what exeunt had to say about the file; "": nothing

	Faults  []string // why it failed, as sentences; none: it passed
	Remarks []string // what is worth knowing, and no fault
}

// Passed reports whether the application ended by itself, in the budget, with nothing killed and no hook failed.
func (r *Run) Passed() bool { return len(r.Faults) == 0 }

// Timeline is what happened over what was planned.
func (r *Run) Timeline() timeline.Timeline {
	return timeline.Timeline{Planned: r.Planned, Happened: r.Happened}
}

// Verdict is the run in one sentence.
func (r *Run) Verdict() string {
	h := r.Happened
	switch {
	case !r.Passed():
		return "failed: " + r.Faults[0]
	case h.Grace > 0:
		return fmt.Sprintf("passed: the child ended by itself, and the stop took %v of the %v granted", h.Took, h.Grace)
	}
	return fmt.Sprintf("passed: the child ended by itself, and the stop took %v", h.Took)
}

func (r *Run) fault(format string, args ...any) {
	r.Faults = append(r.Faults, board.Printable(fmt.Sprintf(format, args...)))
}

func (r *Run) remark(format string, args ...any) {
	r.Remarks = append(r.Remarks, board.Printable(fmt.Sprintf(format, args...)))
}

// judge makes the verdict. Early is why the rehearsal did not come to its own end, or nil.
func (r *Run) judge(early error) {
	h := r.Happened
	if early != nil && !errors.Is(early, errEnded) {
		r.fault("%v", early)
	}
	switch {
	case h == nil && len(r.Faults) == 0:
		r.fault("exeunt ended before there was anything to stop%s", because(r.Diagnosed))
	case h != nil && h.Stop == "":
		r.unasked()
	case h != nil:
		r.child()
		r.steps()
		r.processes()
		r.budget()
	}
	if r.Zombies > 0 {
		r.remark("%s of the application's own children, dead and not reaped by their parents, when the stop was asked for: "+
			"exeunt can reap orphans only, and becomes their parent when the application ends", zombies(r.Zombies))
	}
}

func zombies(n int) string {
	if n == 1 {
		return "one zombie"
	}
	return fmt.Sprintf("%d zombies", n)
}

// unasked is about an application that ended before anybody asked it to.
func (r *Run) unasked() {
	for _, m := range r.Happened.Moments {
		if m.Event == string(lifecycle.ChildNotStarted) {
			r.fault("the child was not started: %s", m.Text)
			return
		}
	}
	switch c := r.Happened.Child; {
	case !c.Ended:
	case c.Signal != "":
		r.fault("the child was ended by %s before the stop was asked for", c.Signal)
	default:
		r.fault("the child ended before the stop was asked for, with status %d", c.Status)
	}
}

// child is about how the child ended.
func (r *Run) child() {
	h := r.Happened
	asked := map[string]bool{h.Trigger: false} // what was delivered
	for _, d := range h.Steps {
		asked[d.Signal] = asked[d.Signal] || d.Signal != ""
	}
	switch c := h.Child; {
	case !c.Ended && h.Ended:
		r.fault("the child (pid %d) could not be ended, not even by SIGKILL", c.PID)
	case !c.Ended:
	case c.Signal == "SIGKILL" && r.killed(c.PID):
		r.fault("the child (pid %d) did not end by itself: exeunt had to send SIGKILL, %v after the first trigger", c.PID, c.At)
	case c.Signal == "SIGKILL":
		r.fault("the child was ended by SIGKILL, which exeunt did not send: look for the memory limit (OOM), or for who else did")
	case c.Signal != "" && asked[c.Signal]:
		r.remark("the child was ended by %s and did not handle it: whatever it was doing was cut off", c.Signal)
	case c.Signal != "":
		r.fault("the child crashed: %s", c.Signal)
	}
	if h.Ended && h.Status != 0 && h.Child.Signal != "SIGKILL" {
		r.remark("exeunt's exit status is %d, which a platform calls a failure: exit { status = { %q = 0 } } maps it, if it is none", h.Status, fmt.Sprint(h.Status))
	}
}

func (r *Run) killed(pid int) bool {
	for _, v := range r.Happened.Killed {
		if v.PID == pid {
			return true
		}
	}
	return false
}

// steps is about hooks that failed, drains that were cut short, escalations.
func (r *Run) steps() {
	for _, d := range r.Happened.Steps {
		word, _, _ := strings.Cut(d.Step, " ")
		switch {
		case d.Killed:
			r.fault("%s did not end when its time was over, and got SIGKILL", d.Step)
		case word == "hook" && (d.Outcome == lifecycle.Failed || d.Outcome == lifecycle.TimedOut):
			r.fault("%s %s after %v%s", d.Step, d.Outcome, d.Took, because(d.Reason))
		case word == "hook" && d.Retries > 0:
			r.remark("%s needed %d tries", d.Step, d.Retries+1)
		case word == "drain" && (d.Outcome == lifecycle.Cut || d.Outcome == lifecycle.TimedOut):
			r.remark("the drain %s after %v%s", map[string]string{lifecycle.Cut: "was cut", lifecycle.TimedOut: "timed out"}[d.Outcome], d.Took, because(d.Reason))
		case word == "escalate" && d.Outcome == lifecycle.Done && d.Signal != "SIGKILL":
			r.remark("the %s was not gone after %v, and got %s", d.To, d.Took, d.Signal)
		case word == "escalate" && d.Outcome == lifecycle.Done && len(r.Happened.Killed) == 0:
			r.fault("the %s was not gone after %v, and got SIGKILL", d.To, d.Took)
		case d.Step == "linger" && d.Outcome == lifecycle.Done:
			r.remark("somebody outlived the child, and went %v after SIGTERM, within linger", d.Took)
		}
	}
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + strings.Join(strings.Fields(reason), " ")
}

// mostNamed is how many processes are named one by one.
const mostNamed = 5

// processes is about who had to be killed, and who was left.
func (r *Run) processes() {
	h := r.Happened
	r.each(h.Killed, func(v timeline.Victim) bool { return v.PID == h.Child.PID }, func(v timeline.Victim) string {
		return fmt.Sprintf("%s had to be killed, by %s", process(v), v.By)
	})
	r.each(h.Unkilled, nil, func(v timeline.Victim) string {
		return fmt.Sprintf("%s was not gone a second after SIGKILL", process(v))
	})
	r.each(h.Outlived, func(v timeline.Victim) bool { return in(h.Unkilled, v) }, func(v timeline.Victim) string {
		return fmt.Sprintf("%s outlived the child, and was left to the kernel's SIGKILL", process(v))
	})
	if len(h.Outlived) > 0 {
		r.remark("exit { linger = \"2s\" } asks what is left of the child's session to go, and forward { to = \"container\" } reaches other sessions too")
	}
}

func (r *Run) each(list []timeline.Victim, leftOut func(timeline.Victim) bool, say func(timeline.Victim) string) {
	n := 0
	for _, v := range list {
		if leftOut != nil && leftOut(v) {
			continue
		}
		if n++; n <= mostNamed {
			r.fault("%s", say(v))
		}
	}
	if n > mostNamed {
		r.fault("and so for %d more processes", n-mostNamed)
	}
}

func in(list []timeline.Victim, v timeline.Victim) bool {
	for _, other := range list {
		if other.PID == v.PID {
			return true
		}
	}
	return false
}

func process(v timeline.Victim) string {
	return fmt.Sprintf("pid %d (%s)", v.PID, v.Command)
}

// budget is about the time.
func (r *Run) budget() {
	h := r.Happened
	for _, m := range h.Moments {
		if m.Event == string(lifecycle.BudgetOver) {
			r.fault("the budget was used up: %s", m.Text)
		}
	}
	switch {
	case h.Ended && h.Grace > 0 && h.Took > h.Grace:
		r.fault("the stop took %v, more than the %v granted: the platform would have sent SIGKILL", h.Took, h.Grace)
	case !h.Ended && len(r.Faults) == 0:
		r.fault("exeunt ended without saying how: was it killed?")
	}
	for _, other := range h.TookOver {
		r.remark("the stop took over from stop %q", other)
	}
}
