package personality

import (
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// Better says, a line each, what exeunt does from its start on in another way than the original would, and how to get the
// original's. What depends on what happens is said when it does: see BetterDelivery.
func (r *Role) Better() []string {
	lines := []string{fmt.Sprintf("in the place of %s %s", r.Name, r.Version)}
	if r.ToTheLetter {
		return append(lines, fmt.Sprintf("with all of its habits, as %s=1 asks", Letter))
	}
	if r.Name == "catatonit" && !r.Plan.Child.None {
		lines = append(lines, fmt.Sprintf("the command can be stopped from its terminal: SIGTSTP, SIGTTIN and SIGTTOU are not blocked for it; catatonit blocks them: %s=1 does too", Letter))
	}
	return lines
}

// BetterDelivery says what is different about a signal on its way: stopped says that somebody gets it who has to be continued to see
// it, pid1 that exeunt is that. "" is nothing.
func (r *Role) BetterDelivery(a lifecycle.Deliver, stopped, pid1 bool) string {
	switch {
	case a.Continue && stopped:
		return fmt.Sprintf("SIGCONT after %v, as the %v is stopped and would not see it; %s leaves it stopped: %s=1 does too", a.Signal, a.To, r.Name, Letter)
	case r.Name != "dumb-init" && !pid1 && slices.Contains(faults[:], unix.Signal(a.Signal)):
		return fmt.Sprintf("%v goes to the %v; %s would die by it and leave the %v behind: that has no way back", a.Signal, a.To, r.Name, a.To)
	}
	return ""
}

// BetterFailure says what is different about a signal that could not be delivered.
func (r *Role) BetterFailure() string {
	if r.Name != "tini" {
		return ""
	}
	return "going on although it can't be signalled; tini would end with status 1 here: that has no way back"
}
