package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"exeunt/lifecycle"
)

// checkPID1 looks for what makes another process PID 1.
func (s *subject) checkPID1() {
	s.notPID1(ruleSharedPID, s.SharedPID, "the container shares a PID namespace", true)
	s.notPID1(ruleHostPID, s.HostPID, "the container is in the host's PID namespace", true)
	if s.inv == nil || !s.inv.byDocker {
		s.notPID1(ruleDockerInit, s.DockerInit, "init: true puts docker's init above exeunt", false)
	}
}

// notPID1 reports the worst of what follows; others says that there are processes of others in the namespace.
func (s *subject) notPID1(rule string, at Pos, why string, others bool) {
	if at.File == "" {
		return
	}
	remove := "remove " + map[string]string{ruleSharedPID: "shareProcessNamespace", ruleHostPID: "hostPID", ruleDockerInit: "init: true"}[rule]
	if s.Platform == Compose && others {
		remove = "remove pid"
	}
	if user := s.containerTarget(); user != "" {
		attribute := "to"
		if user == "exit" {
			attribute = "when"
		}
		s.findAs(Error, rule, at, fmt.Sprintf(`%s, or write %s = "session" in %s`, remove, attribute, user),
			`%s, so exeunt is not PID 1, and %s reaches for "container": exeunt refuses to start`, why, user)
		return
	}
	if hook := s.signalsByName(); hook != "" && others {
		s.findAs(Warning, rule, at, remove+", or name a pid file in the hook", "%s, and hook %q signals by name: it finds the processes of others too", why, hook)
		return
	}
	s.find(rule, at, remove+", unless it is needed", "%s: exeunt is not PID 1, and reaps what its own descendants leave only", why)
}

// containerTarget names the first block that reaches for the whole container, "" if none does.
func (s *subject) containerTarget() string {
	for script, step := range s.steps() {
		switch step := step.(type) {
		case *lifecycle.Forward:
			if step.To == lifecycle.Container {
				return script.String()
			}
		case *lifecycle.Escalate:
			if step.To == lifecycle.Container {
				return script.String()
			}
		}
	}
	if s.plan.Exit.When == lifecycle.Container {
		return "exit"
	}
	return ""
}

// signalsByName names the first hook that signals a process by its name, "" if none does.
func (s *subject) signalsByName() string {
	for h := range s.hooks() {
		if send, ok := h.Do.(*lifecycle.Send); ok {
			if to, known := literal(send.To); known && !strings.Contains(to, "/") {
				return h.Name
			}
		}
	}
	return ""
}

// steps are all steps of all scripts.
func (s *subject) steps() func(func(*lifecycle.Script, lifecycle.Step) bool) {
	return func(yield func(*lifecycle.Script, lifecycle.Step) bool) {
		scripts := slices.Concat([]*lifecycle.Script{s.plan.Start}, s.plan.Stops, s.plan.Signals, []*lifecycle.Script{s.plan.Exit.Hooks})
		for _, script := range scripts {
			if script == nil {
				continue
			}
			for _, step := range script.Steps {
				if !yield(script, step) {
					return
				}
			}
		}
	}
}

// hooks are all hooks of all scripts.
func (s *subject) hooks() func(func(*lifecycle.Hook) bool) {
	return func(yield func(*lifecycle.Hook) bool) {
		for _, step := range s.steps() {
			list := []*lifecycle.Hook{}
			switch step := step.(type) {
			case *lifecycle.Hook:
				list = append(list, step)
			case *lifecycle.Parallel:
				list = step.Hooks
			}
			for _, h := range list {
				if !yield(h) {
					return
				}
			}
		}
	}
}

// literal is the text of a live value that is written out; known is false where it is more than that.
func literal(v lifecycle.Live[string]) (text string, known bool) {
	if v == nil {
		return "", false
	}
	text, err := strconv.Unquote(v.String())
	return text, err == nil && !strings.Contains(text, "${") && !strings.Contains(text, "%{")
}
