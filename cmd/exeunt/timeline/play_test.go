package timeline

import (
	"errors"
	"testing"
	"time"

	"exeunt/lifecycle"
)

// epoch is when the stops of these tests begin.
var epoch = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// play is a world that a machine runs in: everything it asks for takes as long as the test says.
type play struct {
	t    *testing.T
	m    *lifecycle.Machine
	now  time.Time
	rec  Recorder
	see  func(time.Time, lifecycle.Note)
	soon []event

	begins func()                                                            // as the trigger comes; may be nil
	hook   func(h *lifecycle.Hook, try int) (takes time.Duration, err error) // never: it hangs until it is ended
	poll   func(now time.Duration) bool
	dies   func(s lifecycle.Signal, now time.Duration) (after time.Duration, ok bool) // of the child, by a signal that is no SIGKILL

	leaves bool // the child goes by itself where no step is left

	tries    map[string]int
	told     map[int]bool // the ids of hooks whose end is on its way
	children bool         // the child lives
	ended    bool
}

type event struct {
	at time.Time
	ev lifecycle.Event
}

const never = time.Duration(1 << 60)

// worst is a world in which everything takes what it may, and the child ends by SIGKILL only.
func worst(t *testing.T) *play {
	return &play{t: t,
		hook: func(*lifecycle.Hook, int) (time.Duration, error) { return never, nil },
		poll: func(time.Duration) bool { return false },
		dies: func(lifecycle.Signal, time.Duration) (time.Duration, bool) { return 0, false },
	}
}

// best is a world in which nothing takes any time, and the child goes when it is asked for the nth time.
func best(t *testing.T, nth int) *play {
	asked := 0
	return &play{t: t, leaves: true,
		hook: func(*lifecycle.Hook, int) (time.Duration, error) { return 0, nil },
		poll: func(time.Duration) bool { return true },
		dies: func(lifecycle.Signal, time.Duration) (time.Duration, bool) { asked++; return 0, asked == nth },
	}
}

// run plays a stop of a lifecycle, one day at most.
func (p *play) run(l *lifecycle.Lifecycle, stop *lifecycle.Script) *Happened {
	p.t.Helper()
	p.m, p.now, p.tries = lifecycle.NewMachine(l, true), epoch, map[string]int{}
	p.told = map[int]bool{}
	p.rec.Start = epoch.Add(-90 * time.Second)
	p.step(lifecycle.Begin{})
	p.later(0, lifecycle.Received{Signal: stop.On[0]})
	if p.begins != nil {
		p.begins()
	}
	for !p.ended && p.now.Sub(epoch) < 24*time.Hour && p.next() {
	}
	return p.rec.Happened()
}

// next is what happens next: an event, a target that is gone, a deadline. It reports whether anything does.
func (p *play) next() bool {
	for _, to := range p.m.Watching() {
		if !p.children {
			p.step(lifecycle.Gone{To: to})
			return true
		}
	}
	at, due := p.m.Deadline()
	first := -1
	for i, e := range p.soon {
		if first < 0 || e.at.Before(p.soon[first].at) {
			first = i
		}
	}
	switch {
	case first >= 0 && (!due || !p.soon[first].at.After(at)):
		e := p.soon[first]
		p.soon = append(p.soon[:first:first], p.soon[first+1:]...)
		p.now = e.at
		if _, exits := e.ev.(lifecycle.ChildExited); exits {
			if !p.children {
				return true
			}
			p.children = false
		}
		p.step(e.ev)
	case due:
		if at.After(p.now) {
			p.now = at
		}
		p.step(lifecycle.Deadline{})
	default:
		return false
	}
	return true
}

func (p *play) later(d time.Duration, ev lifecycle.Event) {
	if d < never {
		p.soon = append(p.soon, event{p.now.Add(d), ev})
	}
}

func (p *play) step(ev lifecycle.Event) {
	for _, a := range p.m.Step(p.now, ev) {
		p.do(a)
	}
}

func (p *play) note(n lifecycle.Note) {
	p.rec.See(p.now, n)
	if p.leaves && n.What == lifecycle.WaitingForTheEnd {
		p.later(0, lifecycle.ChildExited{})
	}
	if p.see != nil {
		p.see(p.now, n)
	}
}

func (p *play) do(a lifecycle.Action) {
	switch a := a.(type) {
	case lifecycle.Note:
		p.note(a)
	case lifecycle.StartChild:
		p.children = true
		p.step(lifecycle.Started{PID: 7, Command: []string{"nginx", "-g", "daemon off;"}})
	case lifecycle.RunHook:
		p.tries[a.Hook.Name]++
		takes, err := p.hook(a.Hook, p.tries[a.Hook.Name])
		p.later(takes, lifecycle.HookEnded{ID: a.ID, Err: err})
		p.told[a.ID] = takes < never
		if a.Hook.WaitExit && takes < never && err == nil {
			p.later(takes, lifecycle.ChildExited{})
		}
	case lifecycle.EndHook:
		if p.told[a.ID] {
			return
		}
		p.told[a.ID] = true
		p.soon = append(p.soon, event{p.now, lifecycle.HookEnded{ID: a.ID, Err: errors.New("it was ended")}})
	case lifecycle.Poll:
		p.later(0, lifecycle.Polled{ID: a.ID, True: p.poll(p.now.Sub(epoch))})
	case lifecycle.Deliver:
		if !p.children {
			return
		}
		if a.Signal == lifecycle.SIGKILL {
			p.later(0, lifecycle.ChildExited{Signal: lifecycle.SIGKILL})
		} else if after, ok := p.dies(a.Signal, p.now.Sub(epoch)); ok {
			p.later(after, lifecycle.ChildExited{})
		}
	case lifecycle.List:
		if p.children {
			p.note(lifecycle.Note{What: ProcessLeft, PID: 7, Command: []string{"nginx"}, State: "S"})
		}
	case lifecycle.End:
		p.ended = true
	case lifecycle.Bug:
		p.t.Errorf("%v", a)
	}
}
