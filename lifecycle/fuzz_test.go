package lifecycle

import (
	"context"
	"errors"
	"testing"
	"time"
)

// FuzzMachine runs random lifecycles through random events. The world it plays is possible (a hook ends once, a child exits
// once), but as hostile as can be: nobody dies of anything but SIGKILL, and not always then. It holds that
//
//   - nothing is a Bug,
//   - with a grace period, the end comes before it is over, counted from the first trigger,
//   - nothing is said after the end,
//   - whatever hook was begun has ended or was sent SIGKILL,
//   - a deadline is never fired twice for nothing.
func FuzzMachine(f *testing.F) {
	f.Add([]byte("\x01\x05graceful-stop-with-hooks\x00\x01\x02\x03\x04\x05\x06\x07"))
	f.Add([]byte("\xff\x00\x10\x20\x30\x40\x50\x60\x70\x80\x90\xa0\xb0\xc0\xd0\xe0\xf0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		w := &world{t: t, bytes: data, hooks: map[int]bool{}, polls: map[int]bool{}, now: time.Unix(1e9, 0)}
		w.plan = w.lifecycle()
		w.m = NewMachine(w.plan, w.coin())
		w.live()
	})
}

type world struct {
	t     *testing.T
	bytes []byte
	plan  *Lifecycle
	m     *Machine
	now   time.Time

	trigger time.Time // the first one that counts
	started bool
	exited  bool
	hooks   map[int]bool // id: SIGKILL was sent
	polls   map[int]bool
	ended   bool
	queue   []Event
}

func (w *world) byte() byte {
	if len(w.bytes) == 0 {
		return 0
	}
	b := w.bytes[0]
	w.bytes = w.bytes[1:]
	return b
}

func (w *world) coin() bool          { return w.byte()&1 == 1 }
func (w *world) upTo(n int) int      { return int(w.byte()) % n }
func (w *world) some() time.Duration { return time.Duration(w.upTo(40)) * 100 * time.Millisecond }

type constant bool

func (c constant) Eval(context.Context, Scope) (bool, error) { return bool(c), nil }
func (constant) String() string                              { return "constant" }

func (w *world) hook() *Hook {
	h := &Hook{Name: "h", Timeout: w.some(), Retries: w.upTo(4), RetryDelay: w.some()}
	bits := w.byte()
	h.Abort, h.Always, h.WaitExit = bits&1 > 0, bits&2 > 0, bits&4 > 0
	return h
}

func (w *world) steps(kind ScriptKind) []Step {
	var steps []Step
	for range w.upTo(6) {
		switch what := w.upTo(6); {
		case what == 0 || kind == StartScript || kind == ExitScript:
			steps = append(steps, w.hook())
		case what == 1:
			steps = append(steps, &Parallel{[]*Hook{w.hook(), w.hook()}})
		case what == 2:
			d := &Drain{Delay: w.some(), Every: w.some() + 1, Timeout: w.some()}
			if w.coin() {
				d.Until = constant(true)
			}
			if kind == SignalScript || w.plan.Grace == 0 {
				d.Timeout++
			}
			steps = append(steps, d)
		case what <= 4 || kind == SignalScript:
			steps = append(steps, &Forward{Signal: Signal(w.upTo(65)), To: Target(w.upTo(4))})
		default:
			steps = append(steps, &Escalate{After: w.some(), Signal: Signal(w.upTo(64) + 1), To: Target(w.upTo(4))})
		}
	}
	return steps
}

func (w *world) lifecycle() *Lifecycle {
	l := &Lifecycle{}
	w.plan = l
	if w.coin() {
		l.Grace = time.Duration(w.upTo(100)+1) * 100 * time.Millisecond
	}
	if w.coin() {
		l.Start = &Script{Kind: StartScript, Steps: w.steps(StartScript)}
	}
	for i := range w.upTo(3) {
		l.Stops = append(l.Stops, &Script{Kind: StopScript, Name: string(rune('a' + i)), On: []Signal{SIGTERM - Signal(i)}, Again: Again(w.upTo(3)), Steps: w.steps(StopScript)})
	}
	for i := range w.upTo(3) {
		l.Signals = append(l.Signals, &Script{Kind: SignalScript, Name: "s", On: []Signal{Signal(20 + i)}, Steps: w.steps(SignalScript)})
	}
	l.Exit.When = []Target{ChildProcess, Session, Container}[w.upTo(3)]
	switch w.upTo(16) {
	case 1:
		l.Child.None = true
	case 2:
		to := Target(w.upTo(4))
		l.Unnamed = Unnamed{To: &to, Sleep: w.coin()}
		l.Exit.Farewell = &Forward{Signal: SIGTERM, To: Target(w.upTo(4))}
		l.Signals = append(l.Signals, &Script{Kind: SignalScript, Name: "s", On: []Signal{19}, Steps: []Step{&Forward{To: Group}, &Suspend{}}})
	}
	if w.coin() {
		l.Exit.Linger = w.some()
	}
	if w.coin() {
		if l.Exit.Hooks = (&Script{Kind: ExitScript, Steps: w.steps(ExitScript)}); l.Grace > 0 && l.longestExit() > l.Grace-Margin(l.Grace) {
			l.Exit.Hooks = nil // refused at load
		}
	}
	return l
}

func (w *world) live() {
	w.step(Begin{})
	for !w.ended && len(w.bytes) > 0 {
		w.random()
	}
	// From here on time only passes; without a grace period it may do so for ever.
	if w.plan.Grace > 0 && len(w.plan.Stops) > 0 && !w.ended {
		w.step(Received{Signal: SIGTERM})
		w.wait(w.now.Add(2 * w.plan.Grace))
		if w.trigger.IsZero() && w.started {
			w.t.Errorf("the trigger was lost")
		}
		if !w.ended && w.started {
			w.t.Errorf("goes on for ever, %v", w.m.State())
		}
	}
}

func (w *world) random() {
	switch w.upTo(8) {
	case 0, 1:
		w.wait(w.now.Add(w.some()))
	case 2:
		w.step(Received{Signal: []Signal{SIGTERM, SIGTERM - 1, 20, 21, SIGHUP}[w.upTo(5)]})
	case 3, 4:
		for id := range w.hooks {
			delete(w.hooks, id)
			ev := HookEnded{ID: id}
			switch w.upTo(3) {
			case 0:
				ev.Err = errors.New("no")
			case 1:
				ev.Skipped = true
			}
			w.step(ev)
			break
		}
	case 5:
		for id := range w.polls {
			delete(w.polls, id)
			w.step(Polled{ID: id, True: w.coin()})
			break
		}
	case 6:
		if w.started && !w.exited && w.upTo(4) == 0 {
			w.exited = true
			w.step(ChildExited{Status: w.upTo(4)})
		}
	case 7:
		for _, to := range w.m.Watching() {
			if w.exited || w.plan.Child.None {
				w.step(Gone{to})
				break
			}
		}
	}
}

// wait passes the time, firing each deadline at its time.
func (w *world) wait(until time.Time) {
	for n := 0; !w.ended; n++ {
		at, ok := w.m.Deadline()
		if !ok || at.After(until) {
			break
		}
		if at.After(w.now) {
			w.now, n = at, 0
		}
		if n > 100 {
			w.t.Fatalf("the deadline fires again and again, %v", w.m.State())
		}
		w.step(Deadline{})
	}
	w.now = until
}

func (w *world) step(ev Event) {
	w.queue = append(w.queue, ev)
	for len(w.queue) > 0 {
		ev, w.queue = w.queue[0], w.queue[1:]
		if r, ok := ev.(Received); ok && w.trigger.IsZero() && w.m.stopFor(r.Signal) != nil && w.started && !w.ended {
			w.trigger = w.now
		}
		actions := w.m.Step(w.now, ev)
		w.log("%v < %v [%v]", w.now.Sub(time.Unix(1e9, 0)), ev, w.m.State())
		if w.ended && len(actions) > 0 {
			w.t.Fatalf("after the end: %v", actions)
		}
		for _, a := range actions {
			w.do(a)
		}
	}
}

func (w *world) do(a Action) {
	w.log("    %v", a)
	if w.ended {
		w.t.Fatalf("after the end: %v", a)
	}
	switch a := a.(type) {
	case Bug:
		w.t.Fatal(a)
	case StartChild:
		if w.upTo(8) == 1 {
			w.queue = append([]Event{NotStarted{Status: 127}}, w.queue...)
			return
		}
		w.started = true
		w.queue = append([]Event{Started{PID: 7}}, w.queue...)
	case RunHook:
		if _, runs := w.hooks[a.ID]; runs {
			w.t.Fatalf("hook #%d runs already", a.ID)
		}
		w.hooks[a.ID] = false
	case EndHook:
		if _, runs := w.hooks[a.ID]; !runs {
			w.t.Fatalf("hook #%d does not run", a.ID)
		}
		w.hooks[a.ID] = a.Signal == SIGKILL
	case Poll:
		w.polls[a.ID] = true
	case End:
		w.ended = true
		for id, killed := range w.hooks {
			if !killed {
				w.t.Fatalf("hook #%d runs on after the end", id)
			}
		}
		if late := w.now.Sub(w.trigger); !w.trigger.IsZero() && w.plan.Grace > 0 && late > w.plan.Grace {
			w.t.Fatalf("the end comes %v after the trigger, %v were granted", late, w.plan.Grace)
		}
	}
}

func (w *world) log(format string, args ...any) {
	if testing.Verbose() {
		w.t.Logf(format, args...)
	}
}
