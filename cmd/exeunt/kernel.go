package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"exeunt/cmd/exeunt/personality"
	"exeunt/hooks"
	"exeunt/lifecycle"
	"exeunt/reaper"
)

// processes is the kernel of the loop: package reaper with what the file says about the child and its hooks.
type processes struct {
	*reaper.Family
	child     lifecycle.Process
	command   []string
	pidFile   string
	terminal  bool   // the child gets it, where there is one: see keepsTerminal
	workdir   string // where exeunt was started: the child's and the hooks' own, unless the file says otherwise
	signals   *reaper.Signals
	nullInput *os.File
	oomKills  int               // of before
	role      *personality.Role // nil: exeunt is itself
}

// newKernel makes exeunt what has to be before anything is started: a subreaper where it isn't PID 1, in "/" so that it holds
// no file system that is to be unmounted.
func newKernel(plan *lifecycle.Lifecycle, command []string, pid1 bool, signals *reaper.Signals, role *personality.Role, log *logger) (*processes, error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, fmt.Errorf("cannot start anything: %w", err)
	}
	k := &processes{Family: reaper.NewFamily(pid1), oomKills: reaper.OutOfMemoryKills(), child: plan.Child.Process, command: command, pidFile: plan.Child.PIDFile,
		terminal: !keepsTerminal(declared(plan, role), command), signals: signals, nullInput: null, role: role}
	if !pid1 && (role == nil || role.Subreaper) {
		if err := reaper.BecomeSubreaper(); err != nil {
			log.say(lifecycle.LevelWarn, "not PID 1: orphans go to another: %v", err)
		} else {
			log.say(lifecycle.LevelInfo, "not PID 1: orphans of the child come here all the same, as to a subreaper")
		}
	}
	if k.workdir, err = os.Getwd(); err == nil {
		if err := os.Chdir("/"); err != nil {
			k.workdir = ""
		}
	}
	return k, nil
}

// declared is what the file says, without what a role has added to it: an original hands the terminal over whatever its options are.
func declared(plan *lifecycle.Lifecycle, role *personality.Role) *lifecycle.Lifecycle {
	if role != nil {
		return role.File
	}
	return plan
}

// StartChild starts the command, in a session of its own, with the terminal where exeunt has one to give.
func (k *processes) StartChild() (pid int, command []string, err error) {
	if k.pidFile != "" {
		if err := os.Remove(k.pidFile); err != nil && !errors.Is(err, fs.ErrNotExist) { // it would name a process of another life
			return 0, nil, fmt.Errorf("cannot remove an old pid file: %w", err)
		}
	}
	spec, err := k.spec(k.command, k.child)
	if err != nil {
		return 0, nil, fmt.Errorf("cannot start %q: %w", k.command[0], err)
	}
	spec.Files = [3]*os.File{os.Stdin, os.Stdout, os.Stderr}
	if k.role != nil {
		place(&spec, k.role.Child)
		if !k.terminal && spec.Session == reaper.NewGroup { // it would be put in the foreground
			spec.Session = reaper.NewSession
		}
	}
	if k.terminal && spec.Session == reaper.NewSession && reaper.OwnsTerminal(os.Stdin) {
		if err := k.signals.ReleaseTerminal(os.Stdin); err != nil {
			return 0, nil, fmt.Errorf("cannot hand the terminal over: %w", err)
		}
		spec.Session = reaper.NewTerminal
	}
	if pid, err = reaper.Start(spec); err != nil {
		return 0, k.command, err
	}
	k.Adopt(pid)
	reaper.ReserveThreads() // the child is not far enough yet to have used up a limit of processes
	if k.role != nil && k.role.CloseFiles {
		reaper.CloseInherited()
	}
	return pid, k.command, nil
}

// place starts the child where the original does.
func place(spec *reaper.Spec, p personality.Placement) {
	spec.Session, spec.InputTerminal, spec.OwnSignals, spec.Blocked, spec.ListenPID = p.Session, p.InputTerminal, p.OwnSignals, p.Blocked, p.ListenPID
}

// StartHook starts the process of a hook, in a session of its own, with nothing to read.
func (k *processes) StartHook(cmd hooks.Command, output *os.File) (pid int, err error) {
	spec, err := k.spec(cmd.Argv, cmd.Process)
	if err != nil {
		return 0, fmt.Errorf("cannot start %q: %w", cmd.Argv[0], err)
	}
	spec.Files = [3]*os.File{k.nullInput, output, output}
	if pid, err = reaper.Start(spec); err != nil {
		return 0, err
	}
	k.Hook(pid)
	return pid, nil
}

// spec turns what the file says of a process into what the kernel is told.
func (k *processes) spec(argv []string, p lifecycle.Process) (reaper.Spec, error) {
	s := reaper.Spec{Argv: argv, Dir: k.workdir, Umask: p.Umask, NoNewPrivileges: p.NoNewPrivileges, Limits: p.Limits}
	if p.Dir != "" {
		s.Dir = p.Dir
		if !filepath.IsAbs(p.Dir) {
			s.Dir = filepath.Join(k.workdir, p.Dir)
		}
	}
	added := map[string]string{}
	if p.User != "" || p.Group != "" {
		account, err := reaper.LookUp(p.User, p.Group)
		if err != nil {
			return s, err
		}
		if !account.IsCurrent() {
			s.Who = &account.Identity
		}
		if p.User != "" { // as login(1) sets them: a program that looks for its home must not find root's
			setIf(added, "HOME", account.Home)
			setIf(added, "USER", account.Name)
			setIf(added, "LOGNAME", account.Name)
		}
	}
	maps.Copy(added, p.Env)
	s.Env = environment(os.Environ(), added)
	return s, nil
}

func setIf(env map[string]string, name, value string) {
	if value != "" {
		env[name] = value
	}
}

// environment is base with the variables of added in the place of its own.
func environment(base []string, added map[string]string) []string {
	var env []string
	for _, entry := range base {
		name, _, _ := strings.Cut(entry, "=")
		if _, replaced := added[name]; !replaced {
			env = append(env, entry)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(added)) {
		env = append(env, name+"="+added[name])
	}
	return env
}

// Reap collects what has ended.
func (k *processes) Reap() []reaper.Ended {
	ended := reaper.Reap()
	k.Settle()
	return ended
}

// OutOfMemoryKills are those since exeunt began.
func (k *processes) OutOfMemoryKills() int { return reaper.OutOfMemoryKills() - k.oomKills }

// HasChildren and Suspend are the reaper's.
func (k *processes) HasChildren() bool { return reaper.HasChildren() }
func (k *processes) Suspend() error    { return reaper.Suspend() }

// Send signals processes that a hook has found.
func (k *processes) Send(pids []int, s lifecycle.Signal) error { return reaper.Send(pids, s) }

// ForksAway says that the command is to leave a daemon behind, which its pid file names.
func (k *processes) ForksAway() bool { return k.pidFile != "" }

// Daemon makes the process that the pid file names the child, if it is exeunt's own to reap.
func (k *processes) Daemon() (pid int, err error) {
	if pid, err = hooks.ReadPIDFile(k.pidFile); err != nil {
		return 0, err
	}
	if !reaper.IsOwnChild(pid) {
		return 0, fmt.Errorf("pid file %q names pid %d, which is no child of exeunt", k.pidFile, pid)
	}
	k.Adopt(pid)
	return pid, nil
}

// doer is package hooks as the loop wants it.
type doer struct{ log *logger }

func (doer) Begin(ctx context.Context, h *lifecycle.Hook, scope lifecycle.Scope) hooks.Result {
	return hooks.Begin(ctx, h, scope, time.Now())
}

func (doer) Poll(ctx context.Context, until lifecycle.Live[bool], scope lifecycle.Scope) (bool, error) {
	return hooks.Poll(ctx, until, scope)
}

func (d doer) Lines(name string, output *os.File) {
	defer output.Close()
	hooks.Lines(output, func(line string) { d.log.output(name, line) })
}
