package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"exeunt/cmd/exeunt/board"
	"exeunt/cmd/exeunt/timeline"
	"exeunt/lifecycle"
	"exeunt/reaper"
)

// Rehearsal is what is rehearsed, and how.
type Rehearsal struct {
	Place    Place
	Config   string   // the path of the file
	Command  []string // empty: child.command of the file
	Trigger  lifecycle.Signal
	Planned  *timeline.Planned
	Ready    Condition     // nil: nothing says when the application is ready
	After    time.Duration // how long it runs before the stop, where nothing says that it is ready
	Patience time.Duration // for it to be ready; and for the end of a stop that has none of its own

	Interrupted <-chan os.Signal  // a signal to this process that ends the rehearsal
	Progress    func(text string) // what is going on; may be nil
	Output      func(line string) // every line of the application's; may be nil
}

// Condition is nil where the application is ready. Proc is where its PID namespace shows its processes.
type Condition func(ctx context.Context, r *board.Reader, proc string) error

// ErrInterrupted is what a rehearsal ends with that somebody has ended.
var ErrInterrupted = errors.New("interrupted")

// The pace of a rehearsal.
const (
	look      = 25 * time.Millisecond  // how often the board is looked at
	aMoment   = 100 * time.Millisecond // within which a parent reaps its children, if it does
	askLimit  = time.Second            // for one answer to "is it ready?"
	unplanned = 2 * time.Second        // past the end that was planned, exeunt is not waited for
	readLimit = 2 * time.Second        // for the rest of the events, once exeunt has ended
)

// run is a rehearsal under way.
type run struct {
	*Rehearsal
	cmd       *exec.Cmd
	ended     chan struct{} // exeunt has
	reader    *board.Reader
	output    *tail
	events    chan []*timeline.Happened
	diagnosed diagnoses // to be read after events
	closing   []*os.File
	result    *Run
}

// Run rehearses once. An error says that there was no rehearsal; what went wrong in one is the Run's.
func (r *Rehearsal) Run(number int) (*Run, error) {
	u := &run{Rehearsal: r, ended: make(chan struct{}), events: make(chan []*timeline.Happened, 1),
		result: &Run{Number: number, Place: r.Place, Planned: r.Planned}}
	u.output = &tail{each: r.Output}
	if err := u.start(); err != nil {
		return nil, err
	}
	defer u.cleanUp()
	if err := u.awaitReady(); err != nil {
		return u.judged(err)
	}
	u.progress("asking for the stop: %v", r.Trigger)
	u.result.Zombies = u.zombies()
	if err := unix.Kill(u.cmd.Process.Pid, unix.Signal(r.Trigger)); err != nil {
		return nil, fmt.Errorf("cannot send %v to exeunt: %w", r.Trigger, err)
	}
	return u.judged(u.awaitEnd())
}

// start starts exeunt. Its events come on a pipe, its application's output on another.
func (u *run) start() error {
	log, logEnd, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("cannot rehearse: %w", err)
	}
	defer logEnd.Close()
	out, outEnd, err := os.Pipe()
	if err != nil {
		log.Close()
		return fmt.Errorf("cannot rehearse: %w", err)
	}
	defer outEnd.Close()
	args := append([]string{"exeunt", "--config", u.Config, "--log-format", "json", "--log-level", "debug", "--log-fd", "3",
		"--termination-log", "none", "--"}, u.Command...)
	if u.Place.Namespace {
		args = append([]string{insideName}, args...)
	}
	u.cmd = &exec.Cmd{Path: "/proc/self/exe", Args: args, Stdout: outEnd, Stderr: outEnd, ExtraFiles: []*os.File{logEnd}, SysProcAttr: u.Place.attributes()}
	u.closing = []*os.File{log, out}
	if err := u.cmd.Start(); err != nil {
		log.Close()
		out.Close()
		return fmt.Errorf("cannot start a rehearsal: %w", err)
	}
	go func() {
		happened, _ := timeline.ReadLog(io.TeeReader(log, &u.diagnosed), true)
		u.events <- happened
	}()
	go u.output.read(out)
	go func() {
		_ = u.cmd.Wait() // how it ended is in the events
		close(u.ended)
	}()
	return nil
}

// failure is what ends a rehearsal early; it is the verdict's first reason.
type failure string

func (f failure) Error() string { return string(f) }

// awaitReady waits until the stop can be asked for.
func (u *run) awaitReady() error {
	began := time.Now()
	var running time.Time // since when the child does
	for why := "exeunt has not begun"; ; {
		if err := u.pause(); err != nil {
			return err
		}
		if time.Since(began) > u.Patience {
			return failure(fmt.Sprintf("it was not ready within %v: %s", u.Patience, why))
		}
		record, ok := u.read()
		switch {
		case !ok:
			continue
		case record.State != lifecycle.Running.String() || record.Child.Awaited:
			why = "exeunt is " + record.State
			if record.Step != nil {
				why += ": " + record.Step.Name
			}
			u.progress("%s", why)
			continue
		case running.IsZero():
			running = time.Now()
		}
		if u.Ready == nil {
			if left := u.After - time.Since(running); left > 0 {
				u.progress("the stop is asked for in %v", left.Round(100*time.Millisecond))
				continue
			}
		} else if err := u.ask(); err != nil {
			why = err.Error()
			u.progress("waiting until it is ready, %v: %s", time.Since(began).Round(100*time.Millisecond), why)
			continue
		}
		u.result.Ready = time.Since(began)
		return nil
	}
}

func (u *run) ask() error {
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	return u.Ready(ctx, u.reader, fmt.Sprintf("/proc/%d/root/proc", u.cmd.Process.Pid))
}

// awaitEnd waits until exeunt has ended, as long as that can be expected.
func (u *run) awaitEnd() error {
	limit, what := u.Patience, "and nothing bounds it: declare grace_period, or an escalate to SIGKILL"
	switch p := u.Planned; {
	case p.Grace > 0:
		limit, what = time.Duration(p.Grace)+unplanned, fmt.Sprintf("and the platform grants %v", time.Duration(p.Grace))
	case !p.Endless:
		limit, what = time.Duration(p.Latest)+unplanned, fmt.Sprintf("and its steps take at most %v", time.Duration(p.Latest))
	}
	for began := time.Now(); ; {
		err := u.pause()
		switch {
		case errors.Is(err, errEnded):
			return nil
		case err != nil:
			return err
		case time.Since(began) > limit:
			return failure(fmt.Sprintf("the stop was not over after %v, %s", time.Since(began).Round(10*time.Millisecond), what))
		}
		if record, ok := u.read(); ok {
			u.progress("%s", describe(record, u.reader))
		}
	}
}

// errEnded says that exeunt has ended.
var errEnded = errors.New("exeunt has ended")

// pause waits a moment, unless something ends it.
func (u *run) pause() error {
	timer := time.NewTimer(look)
	defer timer.Stop()
	select {
	case <-u.ended:
		return errEnded
	case <-u.Interrupted:
		return ErrInterrupted
	case <-timer.C:
		return nil
	}
}

// read reads the board, once it is there.
func (u *run) read() (record board.Record, ok bool) {
	if u.reader == nil {
		reader, err := board.Open(u.cmd.Process.Pid)
		if err != nil {
			return record, false
		}
		u.reader = reader
	}
	record, _, err := u.reader.Read()
	return record, err == nil
}

// describe is a stop under way in a line.
func describe(record board.Record, reader *board.Reader) string {
	s, err := reader.Status()
	if err != nil {
		return record.State
	}
	parts := []string{s.State}
	if s.Step != nil {
		parts = append(parts, s.Step.String())
	}
	if s.Stop != nil && s.Stop.Left != nil {
		parts = append(parts, fmt.Sprintf("%.1fs of the budget left", *s.Stop.Left))
	}
	return strings.Join(parts, ": ")
}

func (u *run) progress(format string, args ...any) {
	if u.Progress != nil {
		u.Progress(fmt.Sprintf(format, args...))
	}
}

// zombies counts the dead that a living parent other than exeunt has not reaped, and does not reap in a moment: every process is
// a zombie for as long as its parent needs to hear of its end.
func (u *run) zombies() int {
	first := u.unreaped()
	if len(first) == 0 {
		return 0
	}
	time.Sleep(aMoment)
	n := 0
	for pid := range u.unreaped() {
		if first[pid] {
			n++
		}
	}
	return n
}

func (u *run) unreaped() map[int]bool {
	dead := map[int]bool{}
	for _, p := range reaper.Descendants(u.cmd.Process.Pid) {
		if p.State == 'Z' && p.Parent != u.cmd.Process.Pid {
			dead[p.PID] = true
		}
	}
	return dead
}

// judged collects what exeunt has said, and makes the verdict. Early is why the rehearsal did not come to its own end, or nil.
func (u *run) judged(early error) (*Run, error) {
	if errors.Is(early, ErrInterrupted) {
		return nil, early
	}
	if early != nil && !errors.Is(early, errEnded) {
		u.end()
	}
	<-u.ended
	var happened []*timeline.Happened
	select {
	case happened = <-u.events:
		u.result.Diagnosed = u.diagnosed.text
	case <-time.After(readLimit):
	}
	if len(happened) > 0 {
		u.result.Happened = happened[len(happened)-1]
	}
	if u.reader != nil {
		if _, orphans, err := u.reader.Read(); err == nil {
			u.result.Orphans = orphans
		}
	}
	u.leftBehind()
	u.result.Output = u.output.lines()
	u.result.judge(early)
	return u.result, nil
}
