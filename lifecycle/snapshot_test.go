package lifecycle

import (
	"context"
	"testing"
	"time"
)

type never struct{}

func (never) Eval(context.Context, Scope) (bool, error) { return false, nil }
func (never) String() string                            { return "false" }

// What exeunt status shows of each state: the step, since when, and when it is over at the latest.
func TestSnapshots(t *testing.T) {
	plan := &Lifecycle{
		Grace: 30 * time.Second,
		Start: &Script{Kind: StartScript, Steps: []Step{&Hook{Name: "wait", Timeout: 5 * time.Second}}},
		Stops: []*Script{{Kind: StopScript, Name: "graceful", On: []Signal{SIGTERM}, Steps: []Step{
			&Parallel{Hooks: []*Hook{{Name: "a", Timeout: 2 * time.Second}, {Name: "b", Timeout: 3 * time.Second}}},
			&Drain{Delay: time.Second, Until: never{}, Every: time.Second, Timeout: 4 * time.Second},
			&Drain{Delay: time.Second, Until: never{}, Every: time.Hour},
			&Forward{To: Session},
			&Escalate{After: 6 * time.Second, Signal: SIGQUIT, To: Session},
		}}},
		Exit: Exit{Linger: 2 * time.Second, Hooks: &Script{Kind: ExitScript, Steps: []Step{&Hook{Name: "ship", Timeout: 2 * time.Second}}}},
	}
	start := time.Now()
	m := NewMachine(plan, true)
	check := func(at time.Duration, ev Event, state State, step string, since, until time.Duration) {
		t.Helper()
		m.Step(start.Add(at), ev)
		s := m.Snapshot()
		offset := func(x time.Time) time.Duration {
			if x.IsZero() {
				return -1
			}
			return x.Sub(start)
		}
		if s.State != state || s.Step != step || offset(s.Since) != since || offset(s.Until) != until {
			t.Errorf("after %v: %v, %q since %v until %v, want %v, %q since %v until %v",
				ev, s.State, s.Step, offset(s.Since), offset(s.Until), state, step, since, until)
		}
	}
	const none = time.Duration(-1)
	sec := time.Second
	check(0, Begin{}, Starting, `hook "wait"`, 0, 5*sec)
	check(1*sec, HookEnded{ID: 1}, Starting, "start the child", none, none)
	check(1*sec, Started{PID: 7}, Running, "", none, none)
	check(10*sec, Received{Signal: SIGTERM}, Stopping, `hook "a", hook "b"`, 10*sec, 13*sec)
	check(11*sec, HookEnded{ID: 3}, Stopping, `hook "a"`, 10*sec, 12*sec)
	check(11*sec, HookEnded{ID: 2}, Stopping, "drain", 11*sec, 16*sec)
	check(12*sec, Deadline{}, Stopping, "drain", 11*sec, 16*sec)
	// The second drain has no timeout: it is cut for the escalate, the linger and the exit hooks, 30 - 1 - 6 - 2 - 2 after the trigger.
	check(16*sec, Deadline{}, Stopping, "drain", 16*sec, 29*sec)
	check(29*sec, Deadline{}, Stopping, "escalate SIGQUIT", 29*sec, 35*sec)
	check(35*sec, Deadline{}, Stopping, "wait for the child to end", none, 37*sec)
	if s := m.Snapshot(); s.Stop != "graceful" || s.By.Signal != SIGTERM || s.Began != start.Add(10*sec) || s.KillAt != start.Add(37*sec) ||
		s.EndBy != start.Add(39*sec) || s.Child != 7 || s.Ended || s.Grace != 30*sec {
		t.Errorf("the stop is %+v", s)
	}
	check(36*sec, ChildExited{Status: 3}, Lingering, "linger", 36*sec, 37*sec)
	check(37*sec, Deadline{}, Killing, "SIGKILL to the session", none, 38*sec)
	check(37*sec, Gone{To: Session}, Exiting, `hook "ship"`, 37*sec, 39*sec)
	if s := m.Snapshot(); !s.Ended || s.How.Status != 3 {
		t.Errorf("the end is %+v", s)
	}
	check(38*sec, HookEnded{ID: 5}, Ended, "", none, none)
}
