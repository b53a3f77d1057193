// Package hooks does what a hook does, and answers what an expression can ask.
//
// [Begin] runs one try of a hook. What needs no process (http, tcp, write, remove) it does itself. What needs one it
// only prepares: an exec or script hook becomes a [Command] to start, a signal hook a [Delivery] to send, because
// processes are forked, signalled and reaped by one goroutine and this package isn't it. [Poll] evaluates an `until`,
// [Probes] is what such an expression can ask, [Lines] reads what a hook's process writes.
//
// Everything that takes a context is to be called from a goroutine of its own, and ends when the context does, at most
// [Late] after it, also where the kernel holds the thread (a dead NFS server, a name server that doesn't answer). A panic
// is an error that begins with "internal error". Nothing here logs, retries or changes exeunt's own state: no working
// directory, no umask, no environment. Only net/http writes to package log about servers that break HTTP: the command
// discards that.
//
// Errors are sentences for the log. They name what the user wrote, never a URL's password or query, and end with the fix
// where there is one. One that is due to the context wraps ctx.Err().
//
// Paths are absolute, or relative to the hook's workdir: exeunt itself has moved to "/".
package hooks

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"exeunt/lifecycle"
)

// Late is how long after the end of its context a call may still take: long enough to say what it was doing, too short to
// matter in a budget. What is stuck in the kernel by then is left to itself.
const Late = 100 * time.Millisecond

// Result is what came of a try. At most one of the fields is set; none: it is done.
type Result struct {
	Skipped  bool      // `when` is false
	Err      error     // it failed
	Command  *Command  // to be started; the try ends as the process does
	Delivery *Delivery // to be sent; the try ends with it
}

// Begin runs one try of h. Now is the wall clock at its begin, which EXEUNT_DEADLINE is counted from.
func Begin(ctx context.Context, h *lifecycle.Hook, scope lifecycle.Scope, now time.Time) Result {
	result, err := within(ctx, "it ran", func() (Result, error) {
		wanted, err := evaluate(ctx, "when", h.When, scope)
		if err != nil {
			return Result{}, err
		}
		if h.When != nil && !wanted {
			return Result{Skipped: true}, nil
		}
		return begin(ctx, h, scope, now)
	})
	if err != nil {
		return Result{Err: err}
	}
	return result
}

func begin(ctx context.Context, h *lifecycle.Hook, scope lifecycle.Scope, now time.Time) (result Result, err error) {
	switch do := h.Do.(type) {
	case *lifecycle.Exec:
		result.Command, err = prepareExec(ctx, h, do, scope, now)
	case *lifecycle.Shell:
		result.Command, err = prepareShell(ctx, h, do, shell, scope, now)
	case *lifecycle.Send:
		result.Delivery, err = prepareSend(ctx, h, do, scope)
	case *lifecycle.HTTP:
		err = doHTTP(ctx, h, do, scope)
	case *lifecycle.TCP:
		err = doTCP(ctx, do, scope)
	case *lifecycle.Write:
		err = doWrite(ctx, h, do, scope)
	case *lifecycle.Remove:
		err = doRemove(ctx, h, do, scope)
	default:
		err = fmt.Errorf("internal error: a hook does %T", do)
	}
	return result, err
}

// Poll evaluates an `until`. An error counts as false.
func Poll(ctx context.Context, until lifecycle.Live[bool], scope lifecycle.Scope) (bool, error) {
	return within(ctx, fmt.Sprintf("evaluating %v", until), func() (bool, error) { return until.Eval(ctx, scope) })
}

// evaluate gives the value of the attribute called name; the zero value where it isn't set.
func evaluate[T any](ctx context.Context, name string, live lifecycle.Live[T], scope lifecycle.Scope) (T, error) {
	if live == nil {
		var none T
		return none, nil
	}
	value, err := live.Eval(ctx, scope)
	if err != nil {
		return value, fmt.Errorf("cannot evaluate %s: %w", name, err)
	}
	return value, nil
}

// within gives what do gives, or an error once ctx is over and do is late. A late do goes on in its goroutine: nothing can
// end a thread the kernel holds.
func within[T any](ctx context.Context, doing string, do func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if p := recover(); p != nil {
				a = answer{err: fmt.Errorf("internal error: %v", p)}
			}
			answers <- a
		}()
		if a.err = ctx.Err(); a.err != nil {
			a.err = cutOff{doing, a.err}
			return
		}
		a.value, a.err = do()
	}()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
	}
	late := time.NewTimer(Late)
	defer late.Stop()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-late.C:
		var none T
		return none, cutOff{doing, ctx.Err()}
	}
}

// cutOff is the end of a context, with what was going on.
type cutOff struct {
	doing string
	cause error
}

func (c cutOff) Error() string { return "cut off while " + c.doing }
func (c cutOff) Unwrap() error { return c.cause }

// over is ctx.Err(), also in the moment when the network's own timer has seen the deadline and the context's has not.
func over(ctx context.Context) error {
	if deadline, ok := ctx.Deadline(); ok && ctx.Err() == nil && !time.Now().Before(deadline) {
		return context.DeadlineExceeded
	}
	return ctx.Err()
}

// absolute gives the path of the attribute called name.
func absolute(h *lifecycle.Hook, name, path string) (string, error) {
	switch {
	case path == "":
		return "", fmt.Errorf("%s is empty: write an absolute path", name)
	case filepath.IsAbs(path):
		return filepath.Clean(path), nil
	case filepath.IsAbs(h.Process.Dir):
		return filepath.Join(h.Process.Dir, path), nil
	}
	return "", fmt.Errorf("%s = %q is relative: write an absolute path, or set workdir", name, path)
}
