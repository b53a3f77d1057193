package lifecycle

import (
	"fmt"
	"time"
)

// The states Lingering and Exiting: the service is over.

// close begins what comes after the service: it asks what is left of the session to go.
func (m *Machine) close(ev Event) {
	for _, side := range m.sides {
		side.serviceOver()
	}
	if m.plan.Exit.Linger == 0 || m.isGone(Session) {
		m.sayFarewell()
		m.beginExit(ev)
		return
	}
	m.note(Note{What: LingerBegins, Level: LevelDebug, Limit: m.plan.Exit.Linger, Signal: SIGTERM, To: Session.String()},
		"what is left of the session gets SIGTERM and %v", m.plan.Exit.Linger)
	m.deliver(SIGTERM, Session)
	m.lingers = m.now
	m.become(Lingering, sooner(m.now.Add(m.plan.Exit.Linger), m.killAt()))
}

func (m *Machine) sayFarewell() {
	f := m.plan.Exit.Farewell
	if f == nil || m.plan.Exit.Linger > 0 {
		return
	}
	m.note(Note{What: SignalForwarded, Level: LevelDebug, Signal: f.Signal, To: f.To.String()}, "what is left of the %v gets %v", f.To, f.Signal)
	m.do(Deliver{Signal: f.Signal, To: f.To})
}

func (m *Machine) lingered(ev Event) {
	n := Note{What: LingerEnds, Level: LevelInfo, Outcome: Done, Took: m.now.Sub(m.lingers)}
	if n.Took == 0 { // there was no rest
		n.Level = LevelDebug
	}
	m.note(n, "the rest of the session is gone %v after SIGTERM", n.Took.Round(time.Millisecond))
	m.beginExit(ev)
}

func (m *Machine) killLingerers(Event) {
	took := m.now.Sub(m.lingers)
	m.note(Note{What: LingerEnds, Level: LevelWarn, Outcome: TimedOut, Took: took, Signal: SIGKILL, To: Session.String()},
		"the session is not gone %v after SIGTERM: SIGKILL", took.Round(time.Millisecond))
	m.kill(Session)
}

func (m *Machine) triggerWhileLingering(ev Event) {
	m.startClock()
	if m.hurries(ev) {
		m.killLingerers(ev)
		return
	}
	m.ignoreTrigger(ev)
	m.become(Lingering, sooner(m.deadline, m.killAt()))
}

func (m *Machine) triggerWhileExiting(ev Event) {
	m.startClock()
	m.become(Exiting, sooner(m.deadline, m.lastCall()))
	if !m.main.idle() && m.hurries(ev) {
		m.main.hurry()
		return
	}
	m.ignoreTrigger(ev)
}

func (m *Machine) startClock() {
	if m.began.IsZero() {
		m.began = m.now
	}
}

func (m *Machine) beginExit(Event) {
	for _, side := range m.sides {
		side.cancel(Moot, "the service is over")
	}
	m.sides, m.main = nil, nil
	m.become(Exiting, m.lastCall())
	if m.plan.Exit.Hooks != nil {
		m.main = m.newRun(m.plan.Exit.Hooks, Received{})
		m.main.advance()
	}
}

func (m *Machine) nothing(Event) {}

func (m *Machine) end(Event) {
	m.killHooks("exeunt ends")
	code := m.status()
	n := Note{What: LifecycleEnds, Level: LevelDebug, Status: code}
	if m.began.IsZero() {
		m.note(n, "exit status %d", code)
	} else {
		n.Took, n.Limit = m.now.Sub(m.began), m.plan.Grace
		of := ""
		if m.plan.Grace > 0 {
			of = fmt.Sprintf(" of %v", m.plan.Grace)
		}
		m.note(n, "exit status %d after %v%s", code, n.Took.Round(time.Millisecond), of)
	}
	m.become(Ended, time.Time{})
	m.do(End{code})
}

// status is the child's own, or what stands for it, as the file maps it.
func (m *Machine) status() int {
	code := m.code
	switch {
	case m.exited != nil:
		code = m.exited.Code()
	case m.pid != 0: // SIGKILL did not end it in time
		code = 128 + int(SIGKILL)
	}
	if mapped, ok := m.plan.Exit.Status[code]; ok {
		return mapped
	}
	return code
}
