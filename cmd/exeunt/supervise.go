package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"exeunt/lifecycle"
	"exeunt/reaper"
)

// supervise runs a command as its init and returns exeunt's exit status.
func supervise(o options, signals *reaper.Signals, stderr io.Writer) int {
	plan, path, sources, ok := loadSources(o.config, o.command, stderr, colourful(stderr))
	if !ok {
		return exitConfig
	}
	command := o.command
	if len(command) == 0 {
		command = plan.Child.Command
	}
	if len(command) == 0 {
		return usageError(stderr, "", "no command: write it after the flags, or as child { command = [...] } in the file")
	}
	pid1 := os.Getpid() == 1
	if to := containerTarget(plan); to != "" && !pid1 {
		fmt.Fprintf(stderr, "exeunt: cannot reach the target \"container\" of %s: exeunt is not PID 1, and would reach processes that are not its own\n"+
			"exeunt: hint: write \"session\", or run exeunt as the container's entrypoint without a shared PID namespace\n", to)
		return exitConfig
	}
	log := newLogger(stderr, o.level, o.json)
	defer log.flush()
	status := newShown(plan, sources, log)
	sources = nil
	if path != "" {
		log.say(lifecycle.LevelDebug, "the lifecycle is that of %s", path)
	}
	k, err := newKernel(plan, command, pid1, signals, log)
	if err != nil {
		log.say(lifecycle.LevelError, "%v", err)
		return exitFailed
	}
	l := newLoop(lifecycle.NewMachine(plan, pid1), k, doer{log}, log)
	l.shown = status
	var times timeline
	if o.timeline {
		l.see = func(n lifecycle.Note) { times.see(time.Now(), n) }
	}
	code := l.run(signals.C, signals.Children)
	if o.timeline {
		log.flush()
		times.draw(stderr)
	}
	return code
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
