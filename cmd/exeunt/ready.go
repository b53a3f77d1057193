package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"exeunt/cmd/exeunt/board"
	"exeunt/cmd/exeunt/commandline"
	"exeunt/hooks"
	"exeunt/lifecycle"
	"exeunt/lifecycle/lang"
)

// ready answers an exec readinessProbe. PID 1 takes no part in it: its board is read, and child.ready is evaluated here.
// Whatever hangs, a probe or the kernel, the answer comes in time.
func ready(line *commandline.Line, stdout, stderr io.Writer) int {
	timeout := line.Duration("timeout")
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	answer := make(chan error, 1)
	go func() { answer <- isReady(ctx, line) }()
	var err error
	select {
	case err = <-answer:
	case <-ctx.Done():
		err = notReady(fmt.Sprintf("no answer within %v", timeout))
	}
	var no notReady
	switch {
	case err == nil:
		fmt.Fprintln(stdout, "ready")
		return 0
	case errors.As(err, &no), ctx.Err() != nil:
		if ctx.Err() != nil {
			err = notReady(fmt.Sprintf("no answer within %v", timeout))
		}
		fmt.Fprintf(stdout, "not ready: %v\n", err)
		return exitFinding
	}
	return nobodyRuns(stderr, err)
}

// notReady says why somebody who was found takes no requests.
type notReady string

func (n notReady) Error() string { return string(n) }

// isReady is nil where the running exeunt takes requests.
func isReady(ctx context.Context, line *commandline.Line) error {
	reader, err := findRunning(line)
	if err != nil {
		return err
	}
	defer reader.Close()
	record, err := takesRequests(reader)
	if err != nil || !record.Ready {
		return err
	}
	if err := childReady(ctx, reader, record, hooks.Probes{}); err != nil {
		return err
	}
	_, err = takesRequests(reader) // a stop may have begun since
	return err
}

// takesRequests fails unless the child runs and nobody has asked it to stop.
func takesRequests(reader *board.Reader) (board.Record, error) {
	record, _, err := reader.Read()
	switch {
	case err != nil:
		return record, err
	case record.Stop != nil:
		return record, notReady(fmt.Sprintf("%s: stop %q has begun, by %s", record.State, record.Stop.Name, record.Stop.Signal))
	case record.State == lifecycle.Starting.String() && record.Step != nil:
		return record, notReady(fmt.Sprintf("starting: %s", record.Step.Name))
	case record.State != lifecycle.Running.String():
		return record, notReady(record.State)
	case record.Child.Awaited:
		return record, notReady(fmt.Sprintf("the daemon that %q leaves is not there yet", record.Child.Command))
	}
	return record, nil
}

// childReady fails unless child.ready of the file is true.
func childReady(ctx context.Context, reader *board.Reader, record board.Record, probes lang.Probes) error {
	files, err := reader.Files()
	if err != nil {
		return notReady(err.Error())
	}
	env, err := reader.Environment()
	if err != nil {
		return notReady(err.Error())
	}
	names, sources := textsOf(files)
	plan, _, diags := lang.ParseFiles(names, sources, lang.Options{Env: env, Probes: probes, Command: record.Child.Command})
	if plan.Child.Ready == nil {
		return notReady(fmt.Sprintf("the file that exeunt runs has no child.ready any more: %v", diags))
	}
	return isTrue(ctx, "child.ready", plan.Child.Ready, lifecycle.Scope{Child: record.Child.PID, Remaining: -time.Second})
}

// textsOf are files as package lang reads them.
func textsOf(files []board.File) (names []string, sources lang.Sources) {
	sources = lang.Sources{}
	for _, f := range files {
		names, sources[f.Path] = append(names, f.Path), f.Text
	}
	return names, sources
}

// isTrue evaluates a condition once; the error says why it isn't true.
func isTrue(ctx context.Context, name string, condition lifecycle.Live[bool], scope lifecycle.Scope) error {
	yes, err := hooks.Poll(ctx, condition, scope)
	switch {
	case err != nil:
		return notReady(fmt.Sprintf("cannot evaluate %s: %v", name, err))
	case !yes:
		return notReady(fmt.Sprintf("%s is false: %v", name, condition))
	}
	return nil
}
