package lifecycle

// The states in which the child lives, as far as signals are concerned that do not stop it.

func (m *Machine) forwardAsItCame(ev Event) {
	r := ev.(Received)
	to := Session
	if m.plan.Unnamed.To != nil {
		to = *m.plan.Unnamed.To
	}
	m.note(Note{What: SignalForwarded, Level: LevelDebug, Signal: r.Signal, From: r.From, To: to.String()}, "%v from %v forwarded to %v", r.Signal, r.From, to)
	m.do(Deliver{Signal: r.Signal, To: to, Continue: r.Signal.Stops() && !m.plan.Unnamed.Sleep})
}

// deliver sends a signal; one that means to end its receiver wakes it up as well, or a stopped process would never see it.
func (m *Machine) deliver(s Signal, to Target) {
	m.do(Deliver{Signal: s, To: to, Continue: s.Stops()})
}

func (m *Machine) runScripted(ev Event) {
	r := ev.(Received)
	script := m.scriptFor(r.Signal)
	for _, side := range m.sides {
		if side.script == script {
			side.again = &r
			m.note(Note{What: SignalIgnored, Level: LevelInfo, Script: script.String(), Signal: r.Signal, From: r.From},
				"%v runs already: once more afterwards", script)
			return
		}
	}
	m.beginSide(script, r)
}

func (m *Machine) beginSide(script *Script, by Received) {
	if len(script.Steps) == 0 {
		m.note(Note{What: SignalIgnored, Level: LevelInfo, Script: script.String(), Signal: by.Signal, From: by.From},
			"%v from %v swallowed: its block is empty", by.Signal, by.From)
		return
	}
	side := m.newRun(script, by)
	m.sides = append(m.sides, side)
	m.note(Note{What: ScriptBegins, Level: LevelInfo, Script: script.String(), Signal: by.Signal, From: by.From},
		"%v begins: from %v", script, by.From)
	side.advance()
}
