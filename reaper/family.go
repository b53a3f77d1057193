package reaper

import (
	"errors"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// Family is the processes exeunt answers for: the child and what it leaves, and the hooks beside it.
//
// Signals reach process groups by kill(-pgid), which is one step for the kernel: a process that is just forking can't slip
// through. Which groups there are is read in /proc. Where /proc isn't there, or hides processes (hidepid, proc(5)), the child's
// own group stands for its session, and every process that may be signalled for the container.
type Family struct {
	PID1 bool // exeunt is the PID 1 of its namespace: then, and only then, is there a container to reach

	adopted bool         // there is a child, or there was one
	child   int          // its pid; 0: there is none, or it was reaped
	leader  int          // of the child's session, also after its end; 0: it is one of outside the PID namespace
	leads   bool         // the leader is the child, or was
	since   uint64       // when the leader was started; 0: it isn't seen
	group   int          // the child's process group; 0: it is gone, its number may be another's
	shared  bool         // the child's session is exeunt's own, which is not the child's to end: its group stands for it
	inOwn   bool         // the child is in exeunt's own group, with whoever else: it stands for its group and session alone
	session map[int]bool // of the hooks under way, by the leader's pid
}

// NewFamily makes the family of a process that has started nobody yet.
func NewFamily(pid1 bool) *Family { return &Family{PID1: pid1, session: map[int]bool{}} }

// Adopt makes pid the child: what was started, or what a pid file names. Its session and group are looked up.
func (f *Family) Adopt(pid int) {
	f.adopted, f.child, f.leader, f.group, f.since = true, pid, pid, pid, 0
	if session, err := unix.Getsid(pid); err == nil {
		own, _ := unix.Getsid(0)
		f.leader, f.shared = session, session == own
	}
	if group, err := unix.Getpgid(pid); err == nil {
		f.group, f.inOwn = group, group == unix.Getpgrp()
	}
	f.leads = f.leader == pid
	if leader, ok := lookAt(f.leader); ok {
		f.since = leader.started
	}
}

// Hook says that pid leads a hook's session, HookOver that nothing of it is looked for any more.
func (f *Family) Hook(pid int)     { f.session[pid] = true }
func (f *Family) HookOver(pid int) { delete(f.session, pid) }

// Reaped says that the child was reaped: its pid may belong to somebody else from now on.
func (f *Family) Reaped() {
	f.child = 0
	f.Settle()
}

// Settle is called whenever processes were reaped: it notes the end of the child's group, whose number somebody else may get.
func (f *Family) Settle() {
	if f.group != 0 && unix.Kill(-f.group, 0) == unix.ESRCH {
		f.group = 0
	}
}

// Deliver sends a signal to all of a target. Where cont is set those that were stopped get SIGCONT after it. Nobody there
// is no failure; one who may not be signalled is.
func (f *Family) Deliver(s lifecycle.Signal, to lifecycle.Target, cont bool) error {
	if !f.adopted {
		return nil
	}
	err := f.send(unix.Signal(s), to)
	if cont && s != lifecycle.SIGCONT {
		err = errors.Join(err, f.resume(to))
	}
	return err
}

func (f *Family) send(s unix.Signal, to lifecycle.Target) error {
	if f.inOwn && to != lifecycle.Container {
		to = lifecycle.ChildProcess
	}
	switch to {
	case lifecycle.ChildProcess:
		if f.child == 0 {
			return nil
		}
		return kill(f.child, s)
	case lifecycle.Group:
		if f.group == 0 { // gone: see Settle
			return nil
		}
		return kill(-f.group, s)
	case lifecycle.Container:
		if !f.PID1 {
			return errors.New("exeunt is not PID 1: it does not reach for the container")
		}
		if len(f.session) == 0 { // nobody to spare: the kernel does it in one step
			return kill(-1, s)
		}
	}
	return f.sendToMembers(s, to)
}

// rounds is how often a target is looked through for SIGKILL, as long as there is somebody new in it: who forks faster than
// that meets the kernel's own SIGKILL, which comes when PID 1 ends. Any other signal is sent once: what a process starts
// when it hears of its end, to clean up, is not to be ended too.
const rounds = 10

func (f *Family) sendToMembers(s unix.Signal, to lifecycle.Target) error {
	var failures error
	seen := map[int]bool{}
	for range rounds {
		members, err := f.members(to)
		if err != nil {
			return f.sendBlindly(s, to)
		}
		members = slices.DeleteFunc(members, func(p process) bool { return seen[p.pid] })
		if len(members) == 0 {
			break
		}
		for _, p := range members {
			seen[p.pid] = true
		}
		if to == lifecycle.Container { // a group may have hooks in it
			failures = errors.Join(failures, killEachProcess(members, s))
		} else {
			failures = errors.Join(failures, killEachGroup(members, s))
		}
		if s != unix.SIGKILL {
			break
		}
	}
	return failures
}

// sendBlindly does without /proc. A container with hooks in it is the child's group then: nobody else can be told from them.
func (f *Family) sendBlindly(s unix.Signal, to lifecycle.Target) error {
	switch f.group {
	case 0:
		return nil
	case unix.Getpgrp(): // exeunt is in it
		if f.child == 0 {
			return nil
		}
		return kill(f.child, s)
	}
	return kill(-f.group, s)
}

// killEachGroup signals the process groups of members. A group's number is its own as long as it has a member, and here it has
// had one a moment ago. Exeunt's own group is the exception: exeunt is in it.
func killEachGroup(members []process, s unix.Signal) error {
	var failures error
	var done []int
	for _, p := range members {
		if p.group == unix.Getpgrp() {
			failures = errors.Join(failures, kill(p.pid, s))
		} else if !slices.Contains(done, p.group) {
			done = append(done, p.group)
			failures = errors.Join(failures, kill(-p.group, s))
		}
	}
	return failures
}

func killEachProcess(members []process, s unix.Signal) error {
	var failures error
	for _, p := range members {
		failures = errors.Join(failures, kill(p.pid, s))
	}
	return failures
}

// resume continues those that are stopped. Where that can't be seen, everybody is: one SIGCONT too many is better than a
// process that sleeps through its stop.
func (f *Family) resume(to lifecycle.Target) error {
	members, err := f.members(to)
	if err != nil {
		return f.send(unix.SIGCONT, to)
	}
	return killEachProcess(slices.DeleteFunc(members, func(p process) bool { return !p.stopped() }), unix.SIGCONT)
}

// DeliverToHook signals every process of a hook's session.
func (f *Family) DeliverToHook(leader int, s lifecycle.Signal) error {
	members, err := sessionOf(leader)
	if err != nil {
		return kill(-leader, unix.Signal(s))
	}
	if err := killEachGroup(members, unix.Signal(s)); err != nil || s == lifecycle.SIGKILL {
		return err
	}
	return killEachProcess(slices.DeleteFunc(members, func(p process) bool { return !p.stopped() }), unix.SIGCONT)
}

// HookLives reports whether a hook's session has a living process.
func (f *Family) HookLives(leader int) bool {
	members, err := sessionOf(leader)
	if err != nil {
		return unix.Kill(-leader, 0) != unix.ESRCH
	}
	return len(members) > 0
}

// Send signals processes by their pids. One that is gone is no failure, unless all are.
func Send(pids []int, s lifecycle.Signal) error {
	gone := 0
	var failures error
	for _, pid := range pids {
		switch err := unix.Kill(pid, unix.Signal(s)); err {
		case nil:
		case unix.ESRCH:
			gone++
		default:
			failures = errors.Join(failures, &os.SyscallError{Syscall: "kill", Err: err})
		}
	}
	if gone == len(pids) {
		return os.NewSyscallError("kill", unix.ESRCH)
	}
	return failures
}

// Count says how many living processes a target has; where that can't be seen, 1 as long as there is any.
func (f *Family) Count(to lifecycle.Target) int {
	members, err := f.members(to)
	if err == nil {
		return len(members)
	}
	whom := -f.group
	switch {
	case to == lifecycle.ChildProcess, f.inOwn && to != lifecycle.Container:
		whom = f.child
	case to == lifecycle.Container && f.PID1:
		whom = -1
	}
	if whom == 0 || unix.Kill(whom, 0) == unix.ESRCH {
		return 0
	}
	return 1
}

// List describes the living processes of a target; none where they can't be seen.
func (f *Family) List(to lifecycle.Target) []ProcessInfo {
	members, _ := f.members(to)
	infos := make([]ProcessInfo, 0, len(members))
	for _, p := range members {
		infos = append(infos, p.info())
	}
	slices.SortFunc(infos, func(a, b ProcessInfo) int { return a.PID - b.PID })
	return infos
}

// members are the living processes of a target.
func (f *Family) members(to lifecycle.Target) ([]process, error) {
	all, err := processes()
	if err == nil && f.hidden(all, to) {
		err = errHidden
	}
	if err != nil {
		return nil, err
	}
	own, over := os.Getpid(), to != lifecycle.Container && f.over(all)
	return slices.DeleteFunc(all, func(p process) bool { return over || !p.living() || p.pid == own || !f.belongs(p, to) }), nil
}

var errHidden = errors.New("/proc does not show all processes")

// hidden reports whether there are processes that /proc does not show: the kernel knows of a group, or of anybody at all, where
// /proc has none.
func (f *Family) hidden(all []process, to lifecycle.Target) bool {
	if to == lifecycle.Container && f.PID1 {
		return !slices.ContainsFunc(all, func(p process) bool { return p.pid != 1 }) && unix.Kill(-1, 0) != unix.ESRCH
	}
	return f.group != 0 && !slices.ContainsFunc(all, func(p process) bool { return p.group == f.group }) && unix.Kill(-f.group, 0) != unix.ESRCH
}

// over reports whether the child's session is over: its number is a pid of somebody else by now. As long as a session has a
// member its number is nobody's. The clock that tells one process from another of the same pid ticks a hundred times a second; of the
// child it is known that it was reaped.
func (f *Family) over(all []process) bool {
	return slices.ContainsFunc(all, func(p process) bool {
		return p.pid == f.leader && p.pid != f.child && (f.leads || p.started != f.since)
	})
}

func (f *Family) belongs(p process, to lifecycle.Target) bool {
	if f.inOwn && to != lifecycle.Container {
		to = lifecycle.ChildProcess
	}
	switch to {
	case lifecycle.ChildProcess:
		return p.pid == f.child
	case lifecycle.Group:
		return f.group != 0 && p.group == f.group && p.session == f.leader
	case lifecycle.Container:
		return f.PID1 && p.pid != 1 && !f.session[p.session] && !kernelThread(p)
	}
	if f.shared {
		return f.belongs(p, lifecycle.Group)
	}
	return f.adopted && p.session == f.leader
}

// kernelThread: where the PID namespace is the machine's own, PID 1 is not alone with its children.
func kernelThread(p process) bool {
	return p.pid == 2 && p.comm == "kthreadd" || p.parent == 2 && p.group == 0
}

func sessionOf(leader int) ([]process, error) {
	all, err := processes()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(p process) bool { return !p.living() || p.session != leader }), nil
}

// kill is kill(2) for who may be gone: that is no failure.
func kill(pid int, s unix.Signal) error {
	if err := unix.Kill(pid, s); err != nil && err != unix.ESRCH {
		return os.NewSyscallError("kill", err)
	}
	return nil
}
