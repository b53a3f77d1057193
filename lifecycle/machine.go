package lifecycle

import (
	"fmt"
	"time"
)

// State is where a lifecycle stands. The table below says what each state does with each input.
type State int

// The states, in the order a lifecycle goes through them.
const (
	Starting  State = iota // the start hooks run, then the child is being started
	Running                // the child lives, nobody has asked it to stop
	Stopping               // a stop's script runs, or has run and the child still lives
	Killing                // SIGKILL was sent; nothing more can be done than to wait a moment
	Lingering              // the child is gone, what is left of its session was asked to go
	Exiting                // everything is gone; the exit hooks run
	Ended                  // exeunt exits
	numStates
)

var stateNames = [numStates]string{"starting", "running", "stopping", "killing", "lingering", "exiting", "ended"}

// String is the word of the log and of the docs.
func (s State) String() string { return stateNames[s] }

// input is what can happen to a lifecycle as a whole; what happens to a script's step is script.go's.
type input int

const (
	begun       input = iota // exeunt runs
	childUp                  // the child exists
	childFailed              // it could not be started
	trigger                  // a signal that a stop names
	scripted                 // a signal that a signal block names
	unnamed                  // any other signal
	scriptOver               // the last step of the start, stop or exit script is over
	over                     // what exit.when names is gone: the child, its session, the container
	empty                    // the target this state waits for has no living process left
	timeUp                   // the state's deadline has come
	numInputs
)

var inputNames = [numInputs]string{
	"begin", "child started", "child not started", "stop trigger", "scripted signal", "other signal",
	"script over", "exit.when is gone", "target is gone", "deadline",
}

// handler is one cell of the table: what is done, for the reader, and the doing.
type handler struct {
	does string
	do   func(*Machine, Event)
}

// table is how containers stop. An empty cell can't happen: it is a Bug.
type table [numStates][numInputs]handler

func newTable() *table {
	forward := handler{"forward it to the session, at once", (*Machine).forwardAsItCame}
	hold := handler{"keep it until the child exists", (*Machine).hold}
	runIt := handler{"run its script beside everything else; one run a signal", (*Machine).runScripted}
	drop := handler{"log it: the service is over", (*Machine).ignoreSignal}

	return &table{
		Starting: {
			begun:       {"run the start hooks; without any, start the child", (*Machine).begin},
			scriptOver:  {"start the child; after an aborting hook, exit with 1", (*Machine).startChild},
			childUp:     {"running; deliver the signals kept", (*Machine).running},
			childFailed: {"exit with 126, 127 or 125", (*Machine).fail},
			trigger:     {"end the start hooks, don't start the child, exit with 128+n", (*Machine).cancelStart},
			scripted:    hold,
			unnamed:     hold,
		},
		Running: {
			trigger:  {"stopping: begin the stop's script and the budget's clock", (*Machine).beginStop},
			scripted: runIt,
			unnamed:  forward,
			over:     {"lingering: SIGTERM to the session; without `linger`, begin the exit hooks", (*Machine).close},
		},
		Stopping: {
			trigger:    {"its own: as `again` says; another stop's: that one takes over", (*Machine).repeat},
			scripted:   runIt,
			unnamed:    forward,
			scriptOver: {"wait for the child; 1s at most if SIGKILL was the last word", (*Machine).stopScriptOver},
			over:       {"end the waits; escalation goes on for what is left of its target", (*Machine).endStop},
			timeUp:     {"the budget: list who is left, SIGKILL to all, wait 1s at most", (*Machine).killAll},
		},
		Killing: {
			trigger:  {"log it: SIGKILL was sent", (*Machine).triggerWhileKilling},
			scripted: drop,
			unnamed:  forward,
			over:     {"lingering, if only the child was killed", (*Machine).killedChild},
			empty:    {"the exit hooks; lingering, if only the group was killed", (*Machine).killed},
			timeUp:   {"the kernel can't end it: begin the exit hooks", (*Machine).giveUp},
		},
		Lingering: {
			trigger:  {"log it and begin the budget's clock; with again = \"hurry\", end the wait", (*Machine).triggerWhileLingering},
			scripted: drop,
			unnamed:  forward,
			empty:    {"begin the exit hooks", (*Machine).lingered},
			timeUp:   {"list who is left, SIGKILL to the session, wait 1s at most", (*Machine).killLingerers},
		},
		Exiting: {
			trigger:    {"log it and begin the budget's clock; with again = \"hurry\", end the wait", (*Machine).triggerWhileExiting},
			scripted:   drop,
			unnamed:    forward,
			scriptOver: {"exit, once the hooks told to end have ended: 1s at most", (*Machine).nothing},
			timeUp:     {"SIGKILL to the hooks that run, exit", (*Machine).end},
		},
	}
}

// unkillable is how long a process may need to vanish after SIGKILL: one in an uninterruptible sleep (state D) never does.
const unkillable = time.Second

// Machine runs a Lifecycle. Its methods are called from one goroutine.
type Machine struct {
	plan  *Lifecycle
	table *table
	all   Target // what a final SIGKILL reaches: Container as PID 1, otherwise the session

	state    State
	deadline time.Time // of the state; zero: it has none
	now      time.Time
	out      []Action

	began   time.Time    // the first trigger: the budget's clock; zero: not yet
	pid     int          // of the child; 0: it was not started
	exited  *ChildExited // nil: it lives
	over    bool         // what exit.when names is gone
	emptied Target       // the widest target that was seen to be gone; of the child, exited tells
	killing Target       // in Killing: whom
	lingers time.Time    // since when
	code    int          // of a lifecycle whose child never was
	kept    []Received   // until the child exists
	asked   bool         // to start the child
	main    *run         // the start, stop or exit script; nil: none
	stop    *run         // the stop's, also when it is over; nil: nobody asked for one
	sides   []*run       // the signal scripts under way
	hooks   []*hookRun
	lastID  int
}

// NewMachine makes the machine of a lifecycle; pid1 says that exeunt is the PID 1 of its namespace, so that what is
// killed in the end can be everything in it. The first event it wants is Begin.
func NewMachine(plan *Lifecycle, pid1 bool) *Machine {
	m := &Machine{plan: plan, table: newTable(), all: Session}
	if pid1 {
		m.all = Container
	}
	return m
}

// State tells where the lifecycle stands.
func (m *Machine) State() State { return m.state }

// Step takes what happened at a time that never goes back and returns what to do about it, in order. After End it returns nothing.
func (m *Machine) Step(now time.Time, ev Event) []Action {
	m.now, m.out = now, nil
	if m.state == Ended {
		return nil
	}
	switch ev := ev.(type) {
	case Begin:
		m.input(begun, ev)
	case Started:
		m.pid = ev.PID
		m.input(childUp, ev)
	case Adopted:
		m.adopted(ev)
	case NotStarted:
		m.input(childFailed, ev)
	case Received:
		m.input(m.classify(ev.Signal), ev)
	case ChildExited:
		m.childExited(ev)
	case Gone:
		m.gone(ev)
	case HookEnded:
		m.hookEnded(ev)
	case Polled:
		m.polled(ev)
	case Deadline:
		m.deadlines()
	}
	if m.state == Exiting && m.main.idle() && !m.hooksEnding() {
		m.end(ev)
	}
	return m.out
}

// Deadline is when the next Deadline event is due, if no other event comes before it.
func (m *Machine) Deadline() (time.Time, bool) {
	at := m.deadline
	m.eachTimer(func(t time.Time, _ func()) { at = sooner(at, t) })
	return at, !at.IsZero() && m.state != Ended
}

// Watching lists the targets whose end has to be reported by Gone as soon as it is seen, at once if they are gone already.
func (m *Machine) Watching() []Target {
	var to []Target
	add := func(t Target) {
		for _, have := range to {
			if have == t {
				return
			}
		}
		if t != ChildProcess { // its end is ChildExited
			to = append(to, t)
		}
	}
	switch m.state {
	case Killing:
		add(m.killing)
	case Lingering:
		add(Session)
	case Running, Stopping:
		if m.exited != nil && !m.over && !m.plan.Child.None {
			add(m.plan.Exit.When)
		}
	}
	if m.main.waitsFor(atEscalate) {
		add(m.main.awaited)
	}
	return to
}

// become is the only way to another state or deadline, so that a deadline of an earlier state can't be left behind.
func (m *Machine) become(s State, deadline time.Time) { m.state, m.deadline = s, deadline }

func (m *Machine) input(in input, ev Event) {
	h := m.table[m.state][in]
	if h.do == nil {
		m.do(Bug{fmt.Sprintf("%v while %v", ev, m.state)})
		return
	}
	h.do(m, ev)
}

func (m *Machine) do(a Action) { m.out = append(m.out, a) }

func (m *Machine) note(n Note, format string, args ...any) {
	n.Text = fmt.Sprintf(format, args...)
	m.do(n)
}

func (m *Machine) classify(s Signal) input {
	if m.stopFor(s) != nil {
		return trigger
	}
	if m.scriptFor(s) != nil {
		return scripted
	}
	return unnamed
}

func (m *Machine) stopFor(s Signal) *Script { return triggered(m.plan.Stops, s) }

func (m *Machine) scriptFor(s Signal) *Script { return triggered(m.plan.Signals, s) }

func triggered(scripts []*Script, s Signal) *Script {
	for _, script := range scripts {
		for _, on := range script.On {
			if on == s {
				return script
			}
		}
	}
	return nil
}

func (m *Machine) childExited(ev ChildExited) {
	if m.pid == 0 || m.exited != nil {
		m.do(Bug{fmt.Sprintf("%v while %v", ev, m.state)})
		return
	}
	m.exited = &ev
	m.note(Note{What: ChildEnded, Level: LevelInfo, Status: ev.Code(), Signal: ev.Signal, PID: m.pid}, "%v", ev)
	if m.plan.Exit.When == ChildProcess { // first: what ends with the service is not to go on with the next step
		m.serviceOver(ev)
	}
	m.main.childGone()
}

// isGone reports whether a target was seen to be gone. It stays so: only a living process of a session or group can give it another.
func (m *Machine) isGone(to Target) bool { return m.exited != nil && to <= m.emptied }

func (m *Machine) serviceOver(ev Event) {
	m.over = true
	if m.state == Exiting { // given up on, and gone after all
		return
	}
	m.input(over, ev)
}

func (m *Machine) gone(ev Gone) {
	watched := false
	for _, to := range m.Watching() {
		watched = watched || to == ev.To
	}
	if !watched {
		m.do(Bug{fmt.Sprintf("%v while %v", ev, m.state)})
		return
	}
	m.emptied = max(m.emptied, ev.To)
	waited := m.state == Killing && m.killing == ev.To || m.state == Lingering
	if m.exited != nil && !m.over && m.plan.Exit.When == ev.To {
		m.serviceOver(ev)
	}
	if m.main.waitsFor(atEscalate) && m.main.awaited == ev.To {
		m.main.targetGone()
	}
	if waited && (m.state == Killing || m.state == Lingering) {
		m.input(empty, ev)
	}
}

// deadlines fires what is due, the earliest first; of two at once the finer: a hook's before its script's before the state's.
func (m *Machine) deadlines() {
	for {
		first, fire := m.deadline, func() { m.input(timeUp, Deadline{}) }
		m.eachTimer(func(t time.Time, f func()) {
			if !t.IsZero() && (first.IsZero() || !t.After(first)) {
				first, fire = t, f
			}
		})
		if first.IsZero() || first.After(m.now) || m.state == Ended {
			return
		}
		fire()
	}
}

// eachTimer goes from the coarser to the finer.
func (m *Machine) eachTimer(do func(time.Time, func())) {
	if m.main != nil {
		do(m.main.deadline, m.main.timeUp)
	}
	for _, side := range m.sides {
		do(side.deadline, side.timeUp)
	}
	for _, h := range m.hooks {
		do(h.deadline, h.timeUp)
	}
}

// sooner is the earlier of two times, a zero time being none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
