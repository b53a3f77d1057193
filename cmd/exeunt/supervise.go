package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"exeunt/cmd/exeunt/timeline"
	"exeunt/lifecycle"
	"exeunt/reaper"
)

// supervise runs a command as its init and returns exeunt's exit status.
func supervise(o options, signals *reaper.Signals, stderr io.Writer) int {
	out, err := logFile(o.logFD, stderr)
	if err != nil {
		return usageError(stderr, "", "--log-fd %d: %v: open it for exeunt, as in exeunt --log-fd 3 ... 3>log", o.logFD, err)
	}
	return attend(o, signals, newLogger(out, o.level, o.json), stderr)
}

// attend is supervise with a log that there is already.
func attend(o options, signals *reaper.Signals, log *logger, stderr io.Writer) int {
	defer log.flush()
	last := openLastWord(o.termination)
	l, plan, status := prepare(o, signals, log, last, stderr)
	if l == nil {
		last.write(last.heard)
		return status
	}
	last.forget()
	status = l.run(signals.C, signals.Children)
	if near := misspelt(o, status); near != "" && o.role == nil {
		log.say(lifecycle.LevelError, "hint: did you mean exeunt %s?", near)
	}
	if h := l.record.Happened(); h.Stop != "" || h.Child.Status != 0 || status != 0 {
		last.write(h.Account)
		if o.timeline && !o.json && h.Stop != "" { // in JSON the report is the timeline
			log.lines(drawn(plan, h, stderr))
		}
	}
	return status
}

// logFile is what the log is written to. Neither the child nor a hook inherits it, unless it is one of the standard three.
func logFile(fd int, stderr io.Writer) (io.Writer, error) {
	if fd == 2 {
		return stderr, nil
	}
	closes, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	flags, _ := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	switch {
	case err != nil, closes&unix.FD_CLOEXEC != 0: // exeunt's own files close on exec: what it was given does not
		return nil, errors.New("no such file is open")
	case flags&unix.O_ACCMODE == unix.O_RDONLY:
		return nil, errors.New("it can't be written to")
	}
	if fd > 2 {
		unix.CloseOnExec(fd)
	}
	return os.NewFile(uintptr(fd), "log"), nil
}

// prepare is begin, with what that says where it belongs: in the log, and kept for the last word.
func prepare(o options, signals *reaper.Signals, log *logger, last *lastWord, stderr io.Writer) (l *loop, plan *lifecycle.Lifecycle, status int) {
	if !o.json {
		return begin(o, signals, log, last.copied(stderr))
	}
	var said bytes.Buffer
	l, plan, status = begin(o, signals, log, last.copied(&said))
	if said.Len() > 0 {
		n := lifecycle.Note{What: timeline.Diagnosed, Level: lifecycle.LevelWarn, Status: status, Text: strings.TrimSuffix(said.String(), "\n")}
		if l == nil {
			n.Level = lifecycle.LevelError
		}
		log.note(time.Now(), n)
	}
	return l, plan, status
}

// begin reads the file and makes exeunt an init. Where it can't, it says why, and the status is exeunt's.
func begin(o options, signals *reaper.Signals, log *logger, stderr io.Writer) (l *loop, plan *lifecycle.Lifecycle, status int) {
	plan, path, sources, ok := loadSources(o.config, o.command, stderr, colourful(stderr))
	if !ok {
		return nil, nil, exitConfig
	}
	command := o.command
	if len(command) == 0 {
		command = plan.Child.Command
	}
	if o.role != nil {
		plan = o.role.Under(plan)
		if len(command) == 0 && !plan.Child.None {
			return nil, nil, o.role.Refuse()
		}
		log.takes(o.role, path)
	} else if len(command) == 0 {
		return nil, nil, usageError(stderr, "", "no command: write it after the flags, or as child { command = [...] } in the file")
	}
	pid1 := os.Getpid() == 1
	if to := containerTarget(plan); to != "" && !pid1 {
		fmt.Fprintf(stderr, "exeunt: cannot reach the target \"container\" of %s: exeunt is not PID 1, and would reach processes that are not its own\n"+
			"exeunt: hint: write \"session\", or run exeunt as the container's entrypoint without a shared PID namespace\n", to)
		return nil, nil, exitConfig
	}
	shown := newShown(plan, sources, log)
	if path != "" {
		log.say(lifecycle.LevelDebug, "the lifecycle is that of %s", path)
	}
	k, err := newKernel(plan, command, pid1, signals, o.role, log)
	if err != nil {
		log.flush()
		fmt.Fprintf(stderr, "exeunt: %v\n", err)
		return nil, nil, exitFailed
	}
	l = newLoop(lifecycle.NewMachine(plan, pid1), k, doer{log}, log)
	l.shown, l.all, l.pending, l.role = shown, lifecycle.Session, signals.Pending, o.role
	if pid1 {
		l.all = lifecycle.Container
	}
	return l, plan, 0
}

// drawn is a stop over what the file planned for it, as lines of the log.
func drawn(plan *lifecycle.Lifecycle, h *timeline.Happened, stderr io.Writer) string {
	t := timeline.Timeline{Happened: h}
	for _, stop := range plan.Stops {
		if stop.Name == h.Stop {
			t.Planned = timeline.Plan(plan, stop)
		}
	}
	style := textStyle(stderr)
	style.Prefix = "exeunt: "
	return timeline.Text(style, t)
}

// containerTarget names the first step that reaches for the whole container, "" if none does.
func containerTarget(plan *lifecycle.Lifecycle) string {
	for _, script := range append(append([]*lifecycle.Script(nil), plan.Stops...), plan.Signals...) {
		for _, step := range script.Steps {
			switch s := step.(type) {
			case *lifecycle.Forward:
				if s.To == lifecycle.Container {
					return script.String()
				}
			case *lifecycle.Escalate:
				if s.To == lifecycle.Container {
					return script.String()
				}
			}
		}
	}
	if plan.Exit.When == lifecycle.Container {
		return "exit"
	}
	return ""
}
