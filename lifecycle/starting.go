package lifecycle

import (
	"fmt"
	"time"
)

// The state Starting: the child does not exist yet.

func (m *Machine) begin(ev Event) {
	if m.plan.Start == nil {
		m.startChild(ev)
		return
	}
	m.main = m.newRun(m.plan.Start, Received{})
	m.main.advance()
}

func (m *Machine) startChild(ev Event) {
	if m.main != nil && m.main.aborted {
		m.note(Note{What: ChildNotStarted, Level: LevelError, Status: 1}, "child not started: a start hook failed")
		m.endWithout(1)
		return
	}
	m.main, m.asked = nil, true
	if m.plan.Child.None {
		m.waitForAStop(ev)
		return
	}
	m.do(StartChild{})
}

// waitForAStop: a child that isn't there is one that has ended, except that its end ends nothing.
func (m *Machine) waitForAStop(Event) {
	m.exited = &ChildExited{}
	m.become(Running, time.Time{})
	m.note(Note{What: WaitingForTheEnd, Level: LevelInfo}, "no child: waiting for a stop")
	m.deliverKept()
}

func (m *Machine) running(ev Event) {
	m.become(Running, time.Time{})
	started := ev.(Started)
	m.note(Note{What: ChildStarted, Level: LevelInfo, PID: started.PID, Command: started.Command}, "child started: pid %d: %q", started.PID, started.Command)
	m.deliverKept()
}

func (m *Machine) deliverKept() {
	kept := m.kept
	m.kept = nil
	for _, r := range kept {
		m.input(m.classify(r.Signal), r)
	}
}

// adopted: the command has ended and left the daemon that is the child from now on.
func (m *Machine) adopted(ev Adopted) {
	if m.pid == 0 || m.exited != nil {
		m.do(Bug{fmt.Sprintf("%v while %v", ev, m.state)})
		return
	}
	m.pid = ev.PID
	m.note(Note{What: ChildStarted, Level: LevelInfo, PID: ev.PID}, "the child is pid %d: the command has ended, and its pid file names that", ev.PID)
}

func (m *Machine) fail(ev Event) {
	failed := ev.(NotStarted)
	m.note(Note{What: ChildNotStarted, Level: LevelError, Status: failed.Status}, "%s", failed.Reason)
	m.endWithout(failed.Status)
}

func (m *Machine) cancelStart(ev Event) {
	r := ev.(Received)
	if m.asked || m.plan.Child.None && m.main == nil {
		m.hold(ev)
		return
	}
	m.note(Note{What: ChildNotStarted, Level: LevelInfo, Status: 128 + int(r.Signal), Signal: r.Signal, From: r.From},
		"child not started: %v from %v came before it", r.Signal, r.From)
	if m.main != nil {
		m.main.cancel(TakenOver, "")
	}
	m.endWithout(128 + int(r.Signal))
}

func (m *Machine) hold(ev Event) {
	r := ev.(Received)
	m.note(Note{What: SignalHeld, Level: LevelInfo, Signal: r.Signal, From: r.From}, "%v from %v waits until the child exists", r.Signal, r.From)
	m.kept = append(m.kept, r)
}

// endWithout leaves a lifecycle whose child never was: no linger, no exit hooks; they come after a child.
func (m *Machine) endWithout(code int) {
	m.code, m.main = code, nil
	m.become(Exiting, time.Time{})
}
