package timeline

import (
	"fmt"
	"strings"

	"exeunt/lifecycle"
)

// Summary is the stop in one line: how long it took, of what and with which end, which stop it was and who asked for it, and
// what did not go as declared.
func (h *Happened) Summary() string {
	parts := []string{h.headline()}
	if h.Stop != "" {
		part := fmt.Sprintf("%q by %s", h.Stop, h.asked())
		for _, other := range h.TookOver {
			part += fmt.Sprintf(", taking over from %q", other)
		}
		parts = append(parts, part)
	}
	return printable(strings.Join(append(parts, h.Faults()...), "; "))
}

func (h *Happened) headline() string {
	of := ""
	if h.Grace > 0 {
		of = " of " + h.Grace.exactly()
	}
	switch {
	case !h.Ended && h.Stop != "":
		return fmt.Sprintf("the end of the stop is missing after %v%s", h.Took.rounded(), of)
	case !h.Ended:
		return "the end is missing"
	case h.Stop != "":
		return fmt.Sprintf("the stop took %v%s: exit status %d", h.Took.rounded(), of, h.Status)
	}
	if h.unstarted() != "" {
		return fmt.Sprintf("the child was not started: exit status %d", h.Status)
	}
	return fmt.Sprintf("the child ended, and nobody had asked for a stop: exit status %d", h.Status)
}

// unstarted says why there was no child, "" if there was one.
func (h *Happened) unstarted() string {
	for _, m := range h.Moments {
		if m.Event == string(lifecycle.ChildNotStarted) {
			return m.Text
		}
	}
	return ""
}

// asked says which signal began the stop, and who sent it.
func (h *Happened) asked() string {
	return fmt.Sprintf("%s from %v", h.Trigger, (*lifecycle.Sender)(h.Sender))
}

// Faults lists what did not go as well as it might: hooks that failed, drains that were cut or ran into their timeout,
// escalations, who was killed. None: the child ended by itself, in the budget.
func (h *Happened) Faults() []string { return h.faults(false) }

func (h *Happened) faults(reasons bool) []string {
	var faults []string
	for _, d := range h.Steps {
		fault := d.fault()
		if fault != "" && reasons && d.Reason != "" {
			fault += ": " + d.Reason
		}
		if fault != "" {
			faults = append(faults, printable(fault))
		}
	}
	for _, m := range h.Moments {
		if m.Event == string(lifecycle.BudgetOver) {
			faults = append(faults, "the budget was used up")
		}
	}
	if len(h.Killed) > 0 {
		faults = append(faults, printable("killed: "+names(h.Killed)))
	}
	if len(h.Outlived) > 0 {
		faults = append(faults, printable("outlived by: "+names(h.Outlived)))
	}
	if len(h.Unkilled) > 0 {
		faults = append(faults, printable("not gone after SIGKILL: "+names(h.Unkilled)))
	}
	return faults
}

func (d Done) fault() string {
	name := d.Step
	if d.Script != "exit" && !strings.HasPrefix(d.Script, "stop ") {
		name = d.Script + ": " + name
	}
	kind := kindOf(d.Step)
	switch {
	case kind == Wait:
		return "" // what ended it says so
	case d.Killed:
		return fmt.Sprintf("%s %s after %v, and killed", name, d.Outcome, d.Took)
	case kind == Escalate && (d.Outcome == lifecycle.Done || d.Outcome == lifecycle.Hurried):
		return fmt.Sprintf("escalated to %s after %v", d.Signal, d.Took)
	case d.Outcome == lifecycle.Failed, d.Outcome == lifecycle.TimedOut, d.Outcome == lifecycle.Cut, d.Outcome == lifecycle.Hurried:
		return fmt.Sprintf("%s %s after %v", name, d.Outcome, d.Took)
	}
	return ""
}

// maxNames is how many processes one line names, and maxCommand how much of each one's command line, in characters.
const (
	maxNames   = 4
	maxCommand = 40
)

func names(victims []Victim) string {
	var words []string
	for i, v := range victims {
		if i == maxNames {
			words = append(words, fmt.Sprintf("and %d more", len(victims)-i))
			break
		}
		words = append(words, strings.TrimSpace(fmt.Sprintf("%d %s", v.PID, shortened(v.Command, maxCommand, "..."))))
	}
	return strings.Join(words, ", ")
}

// Account is the stop in a few lines, for a reader who sees nothing else, in at most limit bytes: `kubectl describe pod`
// shows what stands in /dev/termination-log.
func (h *Happened) Account(limit int) string {
	lines := []string{"exeunt: " + h.Summary()}
	if h.Stop == "" {
		lines = append(lines, h.alone())
	}
	for _, r := range (Timeline{Happened: h}).picture().rows {
		if r.label != theEnd { // it is the headline's
			lines = append(lines, fmt.Sprintf("%8s  %s: %s", "+"+r.solid.Begin.String(), r.label, r.long))
		}
	}
	return fitting(lines, limit)
}

// alone says how a child ended that nobody asked to.
func (h *Happened) alone() string {
	if why := h.unstarted(); why != "" {
		return printable(why)
	}
	switch {
	case h.Child.Signal == lifecycle.SIGKILL.String() && len(h.Killed) == 0:
		return "child was ended by SIGKILL, which exeunt did not send: look for the memory limit (OOM), or for who else did"
	case h.Child.Signal != "":
		return "child was ended by " + h.Child.Signal + ", which exeunt did not send"
	}
	return fmt.Sprintf("child exited by itself: status %d", h.Child.Status)
}

// result is how a step went, and how long it took, without the reason.
func (d Done) result() string {
	text := d.Outcome
	switch {
	case d.Outcome == "":
		return fmt.Sprintf("no end is known, %v so far", d.Took)
	case d.Outcome == lifecycle.Moot:
		text = "ended"
	case kindOf(d.Step) == Escalate && d.Outcome == lifecycle.Done:
		text = "sent"
	case kindOf(d.Step) == Forward && d.Outcome == lifecycle.Done:
		return "to " + d.To
	}
	if d.Took > 0 {
		text += " after " + d.Took.String()
	}
	if d.Retries > 0 {
		text += fmt.Sprintf(", try %d", d.Retries+1)
	}
	if d.Killed {
		text += ", killed"
	}
	return text
}

// fitting joins lines into at most limit bytes and says where it left some out; of the first, what there is room for.
func fitting(lines []string, limit int) string {
	const more = "...\n"
	if whole := strings.Join(lines, "\n") + "\n"; len(whole) <= limit {
		return whole
	}
	text := ""
	for i, line := range lines {
		if line += "\n"; len(text)+len(line)+len(more) > limit {
			if i == 0 {
				return strings.ToValidUTF8(line[:min(len(line), max(0, limit))], "")
			}
			break
		}
		text += line
	}
	return text + more
}

// kindOf is the kind of a step by the name that the log gives it.
func kindOf(step string) Kind {
	word, _, _ := strings.Cut(step, " ")
	switch word {
	case "hook", "parallel":
		return Hook
	case "drain":
		return Drain
	case "forward":
		return Forward
	case "escalate":
		return Escalate
	case "linger":
		return Linger
	}
	return Wait
}
