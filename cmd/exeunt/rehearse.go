package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"exeunt/cmd/exeunt/board"
	"exeunt/cmd/exeunt/commandline"
	"exeunt/cmd/exeunt/rehearsal"
	"exeunt/cmd/exeunt/timeline"
	"exeunt/hooks"
	"exeunt/lifecycle"
	"exeunt/lifecycle/lang"
	"exeunt/reaper"
)

// exitInterrupted is of a rehearsal that SIGINT ended.
const exitInterrupted = 130

// rehearse stops the real application before anybody else does.
func rehearse(line *commandline.Line, stdout, stderr io.Writer) int {
	runtime.LockOSThread() // what is rehearsed ends with the thread that started it, and has its mask
	if err := reaper.RestoreMask(); err != nil {
		fmt.Fprintf(stderr, "exeunt: cannot rehearse: %v\n", err)
		return exitFailed
	}
	r, report, status := newRehearsal(line, stderr)
	if r == nil {
		return status
	}
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT)
	r.Interrupted = interrupted
	p := newProgress(stderr)
	if line.Given("verbose") {
		r.Output = p.line
	}
	for n := 1; n <= report.Wanted; n++ {
		r.Progress = func(text string) { p.show(fmt.Sprintf("rehearsing, %d of %d: %s", n, report.Wanted, text)) }
		run, err := r.Run(n)
		p.clear()
		switch {
		case errors.Is(err, rehearsal.ErrInterrupted):
			fmt.Fprintln(stderr, "exeunt: the rehearsal was interrupted, and all of it has ended")
			return exitInterrupted
		case err != nil:
			fmt.Fprintf(stderr, "exeunt: %v\n", err)
			return exitFailed
		}
		report.Runs = append(report.Runs, run)
	}
	if err := writeReport(line, report, stdout); err != nil {
		fmt.Fprintf(stderr, "exeunt: cannot write the report: %v\n", err)
		return exitFailed
	}
	if !report.Passed() {
		return exitFinding
	}
	return 0
}

// newRehearsal reads the file and finds the stop. Where it can't, it says why, and the status is exeunt's.
func newRehearsal(line *commandline.Line, stderr io.Writer) (*rehearsal.Rehearsal, *rehearsal.Report, int) {
	plan, path, sources, ok := loadSources(line.Text("config"), line.Rest, stderr, colourful(stderr))
	switch {
	case !ok:
		return nil, nil, exitConfig
	case path == "":
		return nil, nil, usageError(stderr, "rehearse", "no file to rehearse: write exeunt rehearse --config FILE")
	case len(line.Rest) == 0 && len(plan.Child.Command) == 0:
		return nil, nil, usageError(stderr, "rehearse", "no command: write it after --, or as child { command = [...] } in the file")
	case line.Number("repeat") == 0:
		return nil, nil, usageError(stderr, "rehearse", "--repeat 0: at least once")
	case len(plan.Stops) == 0:
		return nil, nil, usageError(stderr, "rehearse", "nothing to rehearse: %s has no stop block", path)
	}
	stop, err := stopToRehearse(plan, line.Text("stop"))
	if err != nil {
		return nil, nil, usageError(stderr, "rehearse", "%v", err)
	}
	ready, ok := readyCondition(line, plan, sources, stderr)
	if !ok {
		return nil, nil, exitUsage
	}
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	place := rehearsal.FindPlace()
	if !place.Namespace {
		fmt.Fprintf(stderr, "exeunt: not as PID 1: no PID namespace is granted here (%s); exeunt runs as a subreaper, and \"container\" is out of its reach\n", place.Why)
		if err := reaper.BecomeSubreaper(); err != nil {
			fmt.Fprintf(stderr, "exeunt: cannot rehearse and leave nothing behind: %v\n", err)
			return nil, nil, exitFailed
		}
	}
	r := &rehearsal.Rehearsal{Place: place, Config: path, Command: line.Rest, Trigger: stop.On[0], Planned: timeline.Plan(plan, stop),
		Ready: ready, After: line.Duration("after"), Patience: line.Duration("patience")}
	return r, &rehearsal.Report{Config: path, Stop: stop.Name, Signal: r.Trigger.String(), Place: place, Wanted: line.Number("repeat")}, 0
}

// stopToRehearse is the stop of a name; without one, the stop that a platform begins.
func stopToRehearse(plan *lifecycle.Lifecycle, name string) (*lifecycle.Script, error) {
	var names []string
	for _, stop := range plan.Stops {
		if name == stop.Name || name == "" && slices.Contains(stop.On, lifecycle.SIGTERM) {
			return stop, nil
		}
		names = append(names, stop.Name)
	}
	if name == "" {
		return plan.Stops[0], nil
	}
	if near := commandline.Nearest(name, names); near != "" {
		return nil, fmt.Errorf("--stop %q: the file has no such stop: did you mean %q?", name, near)
	}
	return nil, fmt.Errorf("--stop %q: the file has no such stop: its stops are %q", name, names)
}

// readyCondition is what says that the application is ready: --ready, else child.ready, else nothing.
func readyCondition(line *commandline.Line, plan *lifecycle.Lifecycle, sources lang.Sources, stderr io.Writer) (rehearsal.Condition, bool) {
	text := line.Text("ready")
	if text == "" {
		if plan.Child.Ready == nil {
			return nil, true
		}
		return func(ctx context.Context, r *board.Reader, proc string) error {
			record, err := takesRequests(r)
			if err != nil {
				return err
			}
			return childReady(ctx, r, record, hooks.Probes{Proc: proc})
		}, true
	}
	files := keptFiles(sources)
	read := func(proc string) (lifecycle.Live[bool], bool) {
		names, texts := textsOf(files)
		condition, shown, diags := lang.Condition("--ready", text, names, texts, lang.Options{Env: os.Environ(), Probes: hooks.Probes{Proc: proc}})
		if lang.Mistakes(diags) > 0 {
			lang.Print(stderr, shown, diags, colourful(stderr))
		}
		return condition, condition != nil
	}
	if _, ok := read(""); !ok {
		return nil, false
	}
	return func(ctx context.Context, r *board.Reader, proc string) error {
		record, _, err := r.Read()
		if err != nil {
			return err
		}
		condition, ok := read(proc)
		if !ok {
			return notReady("--ready can't be read any more")
		}
		return isTrue(ctx, "--ready", condition, lifecycle.Scope{Child: record.Child.PID, Remaining: -time.Second})
	}, true
}

// writeReport writes the report in the format asked for. Where that is a file, the text is shown too.
func writeReport(line *commandline.Line, report *rehearsal.Report, stdout io.Writer) error {
	path := line.Text("output")
	text := report.Text(textStyle(stdout))
	written := text
	switch line.Text("format") {
	case "json":
		written = report.JSON()
	case "svg":
		written = report.SVG()
	case "junit":
		written = report.JUnit()
	default:
		if path != "-" {
			written = report.Text(textStyle(io.Discard))
		}
	}
	if path == "-" {
		_, err := io.WriteString(stdout, written)
		return err
	}
	if err := os.WriteFile(path, []byte(written), 0o644); err != nil {
		return err
	}
	_, err := io.WriteString(stdout, text)
	return err
}
