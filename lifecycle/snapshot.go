package lifecycle

import (
	"fmt"
	"strings"
	"time"
)

// Snapshot is where a lifecycle stands, for who looks on from outside. Zero fields are absent. Two that are equal say the same.
type Snapshot struct {
	State  State
	Child  int         // its pid; 0: it was not started
	Ended  bool        // the child has, by How
	How    ChildExited // of a child that has ended
	Stop   string      // the stop that was asked for last
	By     Received    // what asked for it
	Began  time.Time   // the first trigger: the budget's clock
	Step   string      // what is under way, as the log names it
	Since  time.Time   // it began
	Until  time.Time   // it is over at the latest; zero: nothing bounds it
	Grace  time.Duration
	KillAt time.Time // what still lives gets SIGKILL
	EndBy  time.Time // everything has to be over: the grace period less the margin
}

// Snapshot tells where the lifecycle stands.
func (m *Machine) Snapshot() Snapshot {
	s := Snapshot{State: m.state, Child: m.pid, Began: m.began, Grace: m.plan.Grace, KillAt: m.killAt(), EndBy: m.lastCall()}
	if m.exited != nil {
		s.Ended, s.How = true, *m.exited
	}
	if m.stop != nil {
		s.Stop, s.By = m.stop.script.Name, m.stop.by
	}
	s.Step, s.Since, s.Until = m.underWay()
	return s
}

// underWay is what the lifecycle waits for.
func (m *Machine) underWay() (step string, since, until time.Time) {
	switch m.state {
	case Starting:
		if m.asked {
			return "start the child", since, until
		}
	case Running:
		if m.exited != nil {
			return fmt.Sprintf("wait for the %v to end", m.plan.Exit.When), since, until
		}
		return "", since, until
	case Killing:
		return fmt.Sprintf("SIGKILL to the %v", m.killing), since, m.deadline
	case Lingering:
		return "linger", m.lingers, m.deadline
	case Ended:
		return "", since, until
	}
	if m.main.idle() {
		if m.state == Stopping {
			return fmt.Sprintf("wait for the %v to end", m.plan.Exit.When), since, m.deadline
		}
		return "", since, until
	}
	step, until = m.main.underWay()
	return step, m.main.since, sooner(until, m.deadline)
}

// underWay is the step that waits, and when it is over at the latest.
func (r *run) underWay() (step string, until time.Time) {
	switch s := r.script.Steps[r.at].(type) {
	case *Drain:
		switch {
		case s.Until == nil:
			until = r.since.Add(s.Delay)
		case s.Timeout > 0:
			until = r.since.Add(s.Delay + s.Timeout)
		}
		return StepName(s), sooner(until, r.cutAt)
	case *Escalate:
		return StepName(s), r.deadline
	}
	if r.state == atExit {
		return StepName(r.script.Steps[r.at]) + " waits for the child to exit", r.exitBy
	}
	var names []string
	for _, h := range r.m.hooks {
		if h.owner == r && (h.state == hookRuns || h.state == hookPauses) {
			names = append(names, StepName(h.hook))
			if h.limit.After(until) {
				until = h.limit
			}
		}
	}
	return strings.Join(names, ", "), until
}
