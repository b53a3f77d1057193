package main

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"exeunt/cmd/exeunt/personality"
	"exeunt/cmd/exeunt/timeline"
	"exeunt/hooks"
	"exeunt/lifecycle"
	"exeunt/reaper"
)

// lookAgain is how often the end of a watched target is looked for beside every reaped process: a process that another
// one reaps tells nobody.
const lookAgain = 100 * time.Millisecond

// daemonPatience is how long a pid file may take to be there after the command that forks away has ended: some daemons write it
// when they come to it.
const daemonPatience = 5 * time.Second

// lastOutput is how long the end waits for what hooks have printed to be read.
const lastOutput = 50 * time.Millisecond

// kernel is what the loop wants of package reaper. Only the loop calls it.
type kernel interface {
	StartChild() (pid int, command []string, err error)
	StartHook(cmd hooks.Command, output *os.File) (pid int, err error)
	Deliver(s lifecycle.Signal, to lifecycle.Target, cont bool) error
	Send(pids []int, s lifecycle.Signal) error
	Count(to lifecycle.Target) int
	List(to lifecycle.Target) []reaper.ProcessInfo
	Reap() []reaper.Ended
	Reaped() // the child was among them

	DeliverToHook(pid int, s lifecycle.Signal) error // to its whole session
	HookLives(pid int) bool                          // anybody of its session
	HookOver(pid int)

	HasChildren() bool // anybody that was not reaped yet

	OutOfMemoryKills() int // since exeunt began
	Suspend() error        // stops exeunt itself

	ForksAway() bool              // the command is to end, and to leave a daemon that is the child
	Daemon() (pid int, err error) // the daemon is found and is the child from now on
}

// loop is the only event loop: what happened goes into the machine, what it says is carried out. One goroutine owns
// fork, kill, wait4, the timer and the machine; hooks and polls run in goroutines of their own and answer through channels.
type loop struct {
	machine *lifecycle.Machine
	kernel  kernel
	hooks   hookRunner
	log     *logger
	all     lifecycle.Target  // who is looked for at the end of a stop; ChildProcess: nobody
	shown   *shown            // for exeunt status; may be nil
	record  timeline.Recorder // what happened since the trigger, for the report

	pending func() []lifecycle.Received // the signals on their way to the loop; nil: there is no way

	now time.Time // of the step under way

	events  []lifecycle.Event // what an action has brought about
	answers chan answer
	over    chan struct{}         // closed at the end: no answer is wanted any more
	readers sync.WaitGroup        // of hooks' output
	running map[int]*hookUnderWay // by the machine's id
	polls   map[int]context.CancelFunc
	child   int       // its pid while it is not reaped; 0 otherwise
	forked  bool      // the command has ended, the child is the daemon it left
	awaitBy time.Time // that daemon is looked for until then; zero: it isn't
	ended   bool
	status  int

	role      *personality.Role // nil: exeunt is itself
	came      lifecycle.Signal  // the one being stepped with; 0: another event is
	delivered int               // by this step
	told      bool              // the voice has said why there is no child: it does so at every level
	own       int               // the child's exit status, not mapped; -1: it has not ended
}

func newLoop(m *lifecycle.Machine, k kernel, h hookRunner, log *logger) *loop {
	return &loop{machine: m, kernel: k, hooks: h, log: log, record: timeline.Recorder{Start: log.began},
		answers: make(chan answer), over: make(chan struct{}), running: map[int]*hookUnderWay{}, polls: map[int]context.CancelFunc{}, own: -1}
}

// run goes on until the machine ends and returns exeunt's exit status.
func (l *loop) run(signals <-chan lifecycle.Received, children <-chan struct{}) int {
	defer close(l.over)
	l.early(signals)
	l.happened(lifecycle.Begin{})
	timer := time.NewTimer(0)
	defer timer.Stop()
	for !l.ended {
		l.awaitDaemon()
		l.watch()
		if l.ended {
			break
		}
		var due <-chan time.Time
		if at, ok := l.machine.Deadline(); ok {
			timer.Reset(time.Until(at))
			due = timer.C
		}
		var again <-chan time.Time
		if l.watching() {
			again = time.After(lookAgain)
		}
		incoming := signals
		if !l.awaitBy.IsZero() {
			incoming = nil // they wait: there is nobody to get them yet
		}
		select {
		case r := <-incoming:
			l.happened(r)
		case <-children:
			l.reap()
		case a := <-l.answers:
			l.answered(a)
		case <-due:
			l.happened(lifecycle.Deadline{})
		case <-again:
		}
	}
	l.hearOut()
	l.ends()
	return l.status
}

// hearOut waits for the last lines of hooks that have ended, but not for what they left behind with their output in its hands.
func (l *loop) hearOut() {
	read := make(chan struct{})
	go func() {
		l.readers.Wait()
		close(read)
	}()
	select {
	case <-read:
	case <-time.After(lastOutput):
	}
}

// early takes the signals that came before anything began: a stop then means that the child is not started.
func (l *loop) early(signals <-chan lifecycle.Received) {
	if l.pending != nil {
		for _, r := range l.pending() {
			l.happened(r)
		}
	}
	for {
		select {
		case r := <-signals:
			l.happened(r)
		default:
			return
		}
	}
}

// happened steps the machine, and with what that brings about again.
func (l *loop) happened(ev lifecycle.Event) {
	l.events = append(l.events, ev)
	for len(l.events) > 0 && !l.ended {
		ev, l.events = l.events[0], l.events[1:]
		l.now = time.Now()
		l.trace("< %v", ev)
		l.hears(ev)
		actions := l.machine.Step(l.now, ev)
		l.show() // first: who asks is told of a stop before anybody is told to stop
		for _, a := range actions {
			l.do(a)
		}
		l.heard()
	}
	l.show()
}

func (l *loop) brings(ev lifecycle.Event) { l.events = append(l.events, ev) }

func (l *loop) do(a lifecycle.Action) {
	switch a := a.(type) {
	case lifecycle.Note:
		l.tell(a)
		return
	case lifecycle.Bug:
		l.log.say(lifecycle.LevelError, "%v", a)
		return
	}
	l.trace("> %v", a)
	switch a := a.(type) {
	case lifecycle.StartChild:
		l.startChild()
	case lifecycle.Deliver:
		l.deliver(a)
	case lifecycle.SuspendSelf:
		l.suspend(a)
	case lifecycle.List:
		l.tellOf(a.To, timeline.ProcessLeft, "left: %v")
	case lifecycle.RunHook:
		l.runHook(a)
	case lifecycle.EndHook:
		l.endHook(a)
	case lifecycle.Poll:
		l.poll(a)
	case lifecycle.EndPoll:
		l.endPoll(a.ID)
	case lifecycle.End:
		l.ended, l.status = true, a.Status
	}
}

func (l *loop) startChild() {
	pid, command, err := l.kernel.StartChild()
	if err != nil {
		status := 125
		var start *reaper.StartError
		if errors.As(err, &start) {
			status = l.notStarted(command, start)
		}
		l.brings(lifecycle.NotStarted{Status: status, Reason: err.Error()})
		return
	}
	l.child = pid
	l.shown.starts(command)
	if l.role != nil {
		l.role.Voice.Started(pid, command)
	}
	l.brings(lifecycle.Started{PID: pid, Command: command})
}

// reap collects every process that has ended, the orphans among them.
func (l *loop) reap() {
	all := l.kernel.Reap()
	if l.role != nil && len(all) > 0 {
		l.role.Voice.ChildrenEnded()
		defer func() { l.role.Voice.AllReaped(l.kernel.HasChildren()) }()
	}
	for _, ended := range all {
		if l.role != nil {
			l.role.Voice.Reaped(ended, ended.PID == l.child)
		}
		if ended.PID == l.child {
			l.childEnded(ended.How)
			continue
		}
		if !l.hookReaped(ended) {
			l.shown.orphan()
		}
	}
}

// childEnded tells the machine, unless the command was to end and leave a daemon behind.
func (l *loop) childEnded(how lifecycle.ChildExited) {
	l.child, l.own = 0, how.Code()
	l.kernel.Reaped()
	if l.kernel.ForksAway() && !l.forked && how == (lifecycle.ChildExited{}) {
		l.forked, l.awaitBy = true, time.Now().Add(daemonPatience)
		return
	}
	l.happened(how)
	if n := l.kernel.OutOfMemoryKills(); how.Signal == lifecycle.SIGKILL && n > 0 {
		l.log.say(lifecycle.LevelWarn, "out of memory: the kernel has killed %d of the container's processes since exeunt began, as its memory limit was reached", n)
	}
}

// awaitDaemon looks for the daemon that the command has left, until it is there or the time for it is over.
func (l *loop) awaitDaemon() {
	if l.awaitBy.IsZero() {
		return
	}
	pid, err := l.kernel.Daemon()
	switch {
	case err == nil:
		l.child, l.awaitBy = pid, time.Time{}
		l.happened(lifecycle.Adopted{PID: pid})
	case !time.Now().Before(l.awaitBy):
		l.awaitBy = time.Time{}
		l.log.say(lifecycle.LevelError, "the command has ended and no daemon of it is found within %v: %v", daemonPatience, err)
		l.happened(lifecycle.ChildExited{Status: exitFailed})
	}
}

// watch reports the targets and the ending hooks that are gone.
func (l *loop) watch() {
	for again := true; again && !l.ended; {
		again = false
		for id, h := range l.running {
			if h.ending && h.exited && !l.kernel.HookLives(h.pid) {
				l.hookOver(id, errors.New("it was ended"))
			}
		}
		for _, to := range l.machine.Watching() {
			if l.child == 0 && l.kernel.Count(to) == 0 {
				l.happened(lifecycle.Gone{To: to})
				again = true
				break
			}
		}
	}
}

func (l *loop) watching() bool {
	if !l.awaitBy.IsZero() {
		return true
	}
	for _, h := range l.running {
		if h.ending && h.exited {
			return true
		}
	}
	return len(l.machine.Watching()) > 0
}
