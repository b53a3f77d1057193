package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"exeunt/hooks"
	"exeunt/lifecycle"
	"exeunt/reaper"
)

// fakeKernel plays processes: a child that does what the test says to a signal, hooks that run until they are ended.
type fakeKernel struct {
	pid       int
	startErr  error
	alive     map[int]bool // by pid, which leads its session
	ended     []reaper.Ended
	children  chan struct{}
	delivered []string
	on        map[lifecycle.Signal]func() // what the child does; nothing if absent
	others    atomic.Int32                // in the child's session beside it
	daemon    func() (int, error)         // nil: the command is the child
}

func newFakeKernel() *fakeKernel {
	return &fakeKernel{pid: 100, alive: map[int]bool{}, children: make(chan struct{}, 1), on: map[lifecycle.Signal]func(){}}
}

func (k *fakeKernel) dies(pid int, how lifecycle.ChildExited) {
	if !k.alive[pid] {
		return
	}
	delete(k.alive, pid)
	k.ended = append(k.ended, reaper.Ended{PID: pid, How: how})
	select {
	case k.children <- struct{}{}:
	default:
	}
}

func (k *fakeKernel) start() int {
	k.pid++
	k.alive[k.pid] = true
	return k.pid
}

func (k *fakeKernel) StartChild() (int, []string, error) {
	if k.startErr != nil {
		return 0, nil, k.startErr
	}
	return k.start(), []string{"app"}, nil
}

func (k *fakeKernel) StartHook(hooks.Command, *os.File) (int, error) { return k.start(), nil }

func (k *fakeKernel) Deliver(s lifecycle.Signal, to lifecycle.Target, _ bool) error {
	k.delivered = append(k.delivered, s.String()+" to "+to.String())
	if s == lifecycle.SIGKILL {
		k.others.Store(0)
		k.dies(101, lifecycle.ChildExited{Signal: s})
	} else if do := k.on[s]; do != nil {
		do()
	}
	return nil
}

func (k *fakeKernel) DeliverToHook(session int, s lifecycle.Signal) error {
	k.dies(session, lifecycle.ChildExited{Signal: s})
	return nil
}

func (k *fakeKernel) Send([]int, lifecycle.Signal) error { return nil }
func (k *fakeKernel) HookLives(pid int) bool             { return k.alive[pid] }
func (k *fakeKernel) HookOver(int)                       {}
func (k *fakeKernel) OutOfMemoryKills() int              { return 0 }
func (k *fakeKernel) HasChildren() bool                  { return len(k.alive) > 0 }
func (k *fakeKernel) Suspend() error                     { return nil }
func (k *fakeKernel) Reaped()                            {}
func (k *fakeKernel) ForksAway() bool                    { return k.daemon != nil }
func (k *fakeKernel) Daemon() (int, error)               { return k.daemon() }

func (k *fakeKernel) Count(lifecycle.Target) int {
	if k.alive[101] {
		return 1 + int(k.others.Load())
	}
	return int(k.others.Load())
}

func (k *fakeKernel) List(lifecycle.Target) []reaper.ProcessInfo { return nil }

func (k *fakeKernel) Reap() []reaper.Ended {
	ended := k.ended
	k.ended = nil
	return ended
}

// fakeHooks begins what the test says.
type fakeHooks func(context.Context, *lifecycle.Hook) hooks.Result

func (f fakeHooks) Begin(ctx context.Context, h *lifecycle.Hook, _ lifecycle.Scope) hooks.Result {
	return f(ctx, h)
}

func (fakeHooks) Poll(ctx context.Context, until lifecycle.Live[bool], scope lifecycle.Scope) (bool, error) {
	return hooks.Poll(ctx, until, scope)
}

func (fakeHooks) Lines(string, *os.File) {}

type buffer struct {
	sync.Mutex
	strings.Builder
}

func (b *buffer) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.Builder.Write(p)
}

func (b *buffer) String() string {
	b.Lock()
	defer b.Unlock()
	return b.Builder.String()
}

var graceful = &lifecycle.Lifecycle{
	Grace: 30 * time.Second,
	Stops: []*lifecycle.Script{{
		Kind: lifecycle.StopScript, Name: "graceful", On: []lifecycle.Signal{lifecycle.SIGTERM},
		Steps: []lifecycle.Step{
			&lifecycle.Hook{Name: "deregister", Timeout: 3 * time.Second},
			&lifecycle.Drain{Delay: 5 * time.Second},
			&lifecycle.Forward{Signal: lifecycle.SIGQUIT, To: lifecycle.Session},
			&lifecycle.Escalate{After: 4 * time.Second, Signal: lifecycle.SIGKILL, To: lifecycle.Session},
		},
	}},
}

// stop runs a whole lifecycle under a fake clock: SIGTERM after a second. It returns the exit status and how long the stop took.
func stop(t *testing.T, plan *lifecycle.Lifecycle, k *fakeKernel, h fakeHooks) (status int, took time.Duration, log string) {
	t.Helper()
	var out buffer
	synctest.Test(t, func(t *testing.T) {
		logger := newLogger(&out, lifecycle.LevelInfo, false)
		l := newLoop(lifecycle.NewMachine(plan, true), k, h, logger)
		signals := make(chan lifecycle.Received, 1)
		k.children = make(chan struct{}, 1)
		began := time.Now()
		go func() {
			time.Sleep(time.Second)
			signals <- lifecycle.Received{Signal: lifecycle.SIGTERM}
		}()
		status = l.run(signals, k.children)
		took = time.Since(began) - time.Second
		logger.flush()
		close(logger.queue)
		time.Sleep(time.Hour) // of the bubble's clock: what the loop left behind ends by itself
	})
	return status, took, out.String()
}

func works(context.Context, *lifecycle.Hook) hooks.Result { return hooks.Result{} }

func TestStopTakesWhatItsStepsNeed(t *testing.T) {
	k := newFakeKernel()
	k.on[lifecycle.SIGQUIT] = func() { k.dies(101, lifecycle.ChildExited{}) }
	status, took, log := stop(t, graceful, k, works)
	if status != 0 || took != 5*time.Second {
		t.Errorf("status %d after %v, want 0 after the drain's 5s\n%s", status, took, log)
	}
}

func TestChildThatIgnoresEverythingIsKilledInTime(t *testing.T) {
	k := newFakeKernel()
	status, took, log := stop(t, graceful, k, works)
	if status != 137 || took != 9*time.Second {
		t.Errorf("status %d after %v, want 137 after 5s + 4s\n%s", status, took, log)
	}
}

// A hook inside exeunt that ignores even its context (a file system that hangs) holds nothing up.
func TestHookThatNeverReturns(t *testing.T) {
	k := newFakeKernel()
	k.on[lifecycle.SIGQUIT] = func() { k.dies(101, lifecycle.ChildExited{}) }
	status, took, log := stop(t, graceful, k, func(context.Context, *lifecycle.Hook) hooks.Result {
		time.Sleep(time.Minute) // of the bubble's clock
		return hooks.Result{Err: errors.New("late")}
	})
	if status != 0 || took != 8*time.Second || !strings.Contains(log, `hook "deregister" timed out after 3s`) {
		t.Errorf("status %d after %v, want 0 after 3s + 5s\n%s", status, took, log)
	}
}

// A process that another one reaps tells nobody: its end is looked for.
func TestEndOfASessionIsSeenWithoutSIGCHLD(t *testing.T) {
	k := newFakeKernel()
	k.others.Store(1)
	k.on[lifecycle.SIGQUIT] = func() {
		k.dies(101, lifecycle.ChildExited{})
		time.AfterFunc(2*time.Second, func() { k.others.Store(0) })
	}
	status, took, log := stop(t, graceful, k, works)
	if status != 0 || took < 7*time.Second || took > 7*time.Second+2*lookAgain {
		t.Errorf("status %d after %v, want 0 after about 7s\n%s", status, took, log)
	}
}

func TestCommandThatIsNotThere(t *testing.T) {
	k := newFakeKernel()
	k.startErr = &reaper.StartError{Status: 127, Err: errors.New(`cannot start "app": not found`)}
	status, _, log := stop(t, graceful, k, works)
	if status != 127 || !strings.Contains(log, "not found") {
		t.Errorf("status %d, want 127\n%s", status, log)
	}
}
