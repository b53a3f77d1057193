package lifecycle

import (
	"fmt"
	"time"
)

// The states Stopping and Killing: somebody asked the child to stop.

func (m *Machine) beginStop(ev Event) {
	r := ev.(Received)
	script := m.stopFor(r.Signal)
	granted := ""
	if m.began.IsZero() {
		m.began = m.now
		if m.plan.Grace > 0 {
			granted = fmt.Sprintf(", %v granted", m.plan.Grace)
		}
	} else if m.plan.Grace > 0 {
		granted = fmt.Sprintf(", %v left", m.began.Add(m.plan.Grace).Sub(m.now).Round(time.Millisecond))
	}
	m.note(Note{What: ScriptBegins, Level: LevelInfo, Script: script.String(), Limit: m.plan.Grace, Signal: r.Signal, From: r.From},
		"%v begins: %v from %v%s", script, r.Signal, r.From, granted)
	m.main = m.newRun(script, r)
	m.stop = m.main
	m.over = m.over || m.plan.Child.None
	m.become(Stopping, m.killAt())
	m.main.advance()
}

func (m *Machine) repeat(ev Event) {
	r := ev.(Received)
	script := m.stopFor(r.Signal)
	if script != m.main.script {
		m.note(Note{What: ScriptEnds, Level: LevelInfo, Script: m.main.script.String(), Outcome: TakenOver},
			"%v is taken over by %v", m.main.script, script)
		m.main.cancel(TakenOver, "")
		m.beginStop(ev)
		return
	}
	switch script.Again {
	case Hurry:
		if m.main.idle() {
			m.ignoreTrigger(ev)
			return
		}
		m.hurries(ev)
		m.main.hurry()
	case ForwardToo:
		m.note(Note{What: SignalForwarded, Level: LevelInfo, Script: script.String(), Signal: r.Signal, From: r.From, To: Session.String()},
			"%v again from %v: forwarded to %v", r.Signal, r.From, Session)
		m.deliver(r.Signal, Session)
	default:
		m.ignoreTrigger(ev)
	}
}

// hurries reports whether a trigger is one that hurries, and logs it then.
func (m *Machine) hurries(ev Event) bool {
	r := ev.(Received)
	script := m.stopFor(r.Signal)
	if script.Again != Hurry {
		return false
	}
	m.note(Note{What: StopHurried, Level: LevelInfo, Script: script.String(), Signal: r.Signal, From: r.From},
		"%v again from %v: hurry", r.Signal, r.From)
	return true
}

func (m *Machine) ignoreTrigger(ev Event) {
	r := ev.(Received)
	m.note(Note{What: SignalIgnored, Level: LevelInfo, Signal: r.Signal, From: r.From}, "%v from %v ignored: %v", r.Signal, r.From, m.state)
}

func (m *Machine) ignoreSignal(ev Event) {
	r := ev.(Received)
	m.note(Note{What: SignalIgnored, Level: LevelDebug, Signal: r.Signal, From: r.From}, "%v from %v ignored: the service is over", r.Signal, r.From)
}

func (m *Machine) stopScriptOver(ev Event) {
	switch {
	case m.main.killed && !m.isGone(m.main.awaited) && (m.over || m.main.awaited >= m.plan.Exit.When):
		m.awaitKilled(m.main.awaited)
	case m.over:
		m.close(ev)
	default:
		m.note(Note{What: WaitingForTheEnd, Level: LevelInfo, Script: m.main.script.String(), To: m.plan.Exit.When.String()},
			"%v has no step left: waiting for the %v to end", m.main.script, m.plan.Exit.When)
	}
}

func (m *Machine) endStop(ev Event) {
	if m.main.idle() {
		m.close(ev)
		return
	}
	m.main.serviceOver()
}

// killAll is the budget's last word.
func (m *Machine) killAll(Event) {
	m.note(Note{What: BudgetOver, Level: LevelWarn, Script: m.main.script.String(), Took: m.now.Sub(m.began), Signal: SIGKILL, To: m.all.String()},
		"the budget of %v is used up after %v: SIGKILL to the %v", m.plan.Grace, m.now.Sub(m.began).Round(time.Millisecond), m.all)
	m.main.cancel(Cut, "the budget is used up")
	m.killHooks("the budget is used up")
	m.kill(m.all)
}

func (m *Machine) kill(to Target) {
	m.do(List{to})
	m.deliver(SIGKILL, to)
	m.awaitKilled(to)
}

func (m *Machine) awaitKilled(to Target) {
	m.killing = to
	m.become(Killing, sooner(m.now.Add(unkillable), m.veryEnd()))
}

func (m *Machine) triggerWhileKilling(ev Event) {
	m.ignoreTrigger(ev)
	m.startClock()
	m.become(Killing, sooner(m.deadline, m.veryEnd()))
}

func (m *Machine) killedChild(ev Event) {
	if m.killing == ChildProcess {
		m.close(ev)
	}
}

func (m *Machine) killed(ev Event) {
	if m.killing < Session {
		m.close(ev)
		return
	}
	m.beginExit(ev)
}

func (m *Machine) giveUp(ev Event) {
	m.note(Note{What: ProcessUnkilled, Level: LevelError, To: m.killing.String()}, "the %v is not gone after SIGKILL: not waiting for it", m.killing)
	m.do(List{m.killing})
	m.beginExit(ev)
}
