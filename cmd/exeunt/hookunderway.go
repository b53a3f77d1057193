package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"exeunt/hooks"
	"exeunt/lifecycle"
	"exeunt/reaper"
)

// What the loop does with hooks and polls: they run in goroutines and processes of their own, and answer through channels.

// hookRunner is what the loop wants of package hooks.
type hookRunner interface {
	Begin(ctx context.Context, h *lifecycle.Hook, scope lifecycle.Scope) hooks.Result
	Poll(ctx context.Context, until lifecycle.Live[bool], scope lifecycle.Scope) (bool, error)
	Lines(name string, output *os.File) // reads until the end, and closes it
}

// hookUnderWay is a hook that the machine has not been told the end of.
type hookUnderWay struct {
	hook   *lifecycle.Hook
	cancel context.CancelFunc
	pid    int // of its process, which leads its session; 0: it has none (yet)
	exited bool
	err    error // how the process ended
	ending bool  // it was told to: its end is that of its whole session
}

// answer is a hook's or a poll's, from its goroutine.
type answer struct {
	id     int
	result hooks.Result      // of a hook
	polled *lifecycle.Polled // of a poll
}

func (l *loop) runHook(a lifecycle.RunHook) {
	ctx, cancel := context.WithCancel(context.Background())
	l.running[a.ID] = &hookUnderWay{hook: a.Hook, cancel: cancel}
	go func() { l.answer(answer{id: a.ID, result: l.hooks.Begin(ctx, a.Hook, a.Scope)}) }()
}

// endHook ends what a hook has begun, or what it was about to begin.
func (l *loop) endHook(a lifecycle.EndHook) {
	h := l.running[a.ID]
	if h == nil {
		return
	}
	h.ending = true
	h.cancel()
	if h.pid != 0 {
		l.complain(a.String(), l.kernel.DeliverToHook(h.pid, a.Signal))
	}
}

func (l *loop) poll(a lifecycle.Poll) {
	ctx, cancel := context.WithCancel(context.Background())
	l.polls[a.ID] = cancel
	go func() {
		ok, err := l.hooks.Poll(ctx, a.Until, a.Scope)
		l.answer(answer{id: a.ID, polled: &lifecycle.Polled{ID: a.ID, True: ok, Err: err}})
	}()
}

func (l *loop) endPoll(id int) {
	if cancel := l.polls[id]; cancel != nil {
		cancel()
	}
}

// answer is called by a hook's or a poll's goroutine.
func (l *loop) answer(a answer) {
	select {
	case l.answers <- a:
	case <-l.over:
	}
}

func (l *loop) answered(a answer) {
	if a.polled != nil {
		l.endPoll(a.id)
		delete(l.polls, a.id)
		l.happened(*a.polled)
		return
	}
	h := l.running[a.id]
	switch {
	case h == nil:
	case h.ending:
		l.hookOver(a.id, errors.New("it was ended"))
	case a.result.Command != nil:
		l.startHook(a.id, h, *a.result.Command)
	case a.result.Skipped:
		h.cancel()
		delete(l.running, a.id)
		l.happened(lifecycle.HookEnded{ID: a.id, Skipped: true})
	case a.result.Delivery != nil:
		l.hookOver(a.id, l.kernel.Send(a.result.Delivery.PIDs, a.result.Delivery.Signal))
	default:
		l.hookOver(a.id, a.result.Err)
	}
}

// startHook starts the process of a hook. Its output goes through a pipe whose end nobody waits for: whatever the hook
// leaves behind may hold it for ever.
func (l *loop) startHook(id int, h *hookUnderWay, cmd hooks.Command) {
	r, w, err := os.Pipe()
	if err != nil {
		l.hookOver(id, fmt.Errorf("cannot start hook %q: %w", h.hook.Name, err))
		return
	}
	pid, err := l.kernel.StartHook(cmd, w)
	w.Close()
	if err != nil {
		r.Close()
		l.hookOver(id, err)
		return
	}
	h.pid = pid
	l.readers.Go(func() { l.hooks.Lines(h.hook.Name, r) })
}

func (l *loop) hookOver(id int, err error) {
	h := l.running[id]
	h.cancel()
	if h.pid != 0 {
		l.kernel.HookOver(h.pid)
	}
	delete(l.running, id)
	l.happened(lifecycle.HookEnded{ID: id, Err: err})
}

// hookReaped takes the end of a hook's process, and reports whether it was one.
func (l *loop) hookReaped(ended reaper.Ended) bool {
	for id, h := range l.running {
		if h.pid == ended.PID && !h.exited {
			h.exited, h.err = true, failure(ended.How)
			if !h.ending {
				l.hookOver(id, h.err)
			}
			return true
		}
	}
	return false
}

func failure(how lifecycle.ChildExited) error {
	switch {
	case how.Signal != 0:
		return fmt.Errorf("ended by %v", how.Signal)
	case how.Status != 0:
		return fmt.Errorf("exit status %d", how.Status)
	}
	return nil
}
