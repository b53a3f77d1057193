package manifest

import (
	"fmt"
	"slices"
	"strings"

	"exeunt/lifecycle"
)

// sigWinch is what a terminal sends when its size changes (signal(7)).
const sigWinch lifecycle.Signal = 28

// findStop finds out what the platform sends, and which stop that triggers. Where that is none, the rest is checked for the one that
// it ought to be: every mistake at once.
func (s *subject) findStop() {
	s.signalText, s.signalAt, s.signalFrom = s.sent()
	s.signal, _ = lifecycle.ParseSignal(s.signalText)
	if s.stop = stopOn(s.plan, s.signal); s.stop != nil {
		s.triggered = true
		return
	}
	s.stop = stopOn(s.plan, triggerFor(s.plan))
}

// stopOn is the stop that a signal triggers, nil if none is.
func stopOn(plan *lifecycle.Lifecycle, signal lifecycle.Signal) *lifecycle.Script {
	for _, stop := range plan.Stops {
		if slices.Contains(stop.On, signal) {
			return stop
		}
	}
	return nil
}

// sent is the stop signal as it is written, where that is, and by whom.
func (s *subject) sent() (text string, at Pos, from string) {
	if s.StopSignal.Set() {
		return s.StopSignal.V, s.StopSignal.At, ""
	}
	ref := s.Image.V
	if s.image != nil {
		if v := s.image.StopSignal; v.Set() {
			return v.V, v.At, ""
		}
		ref, at = s.image.Base, s.image.At
	} else {
		at = s.Image.At
	}
	if signal := parseReference(ref).stopSignal(); signal != "" {
		return signal, at, "the image " + ref + " sets it"
	}
	if at = s.At; s.image == nil && s.Platform != Docker && !parseReference(ref).official() {
		return "SIGTERM", at, "unless its image says otherwise"
	}
	return "SIGTERM", at, ""
}

// signalName is the signal's name where there is such a signal, and what is written otherwise.
func (s *subject) signalName() string {
	if s.signal != 0 {
		return s.signal.String()
	}
	return s.signalText
}

// explained adds where something comes from, where that is worth a word.
func explained(what, from string) string {
	if from == "" {
		return what
	}
	return what + " (" + from + ")"
}

// checkSignal holds the stop signal against the triggers.
func (s *subject) checkSignal() {
	if s.StopSignal.Set() && s.Platform == Kubernetes && !s.OS {
		s.find(ruleSignalNeedsOS, s.StopSignal.At, "add to the pod's spec: os: {name: linux}", "Kubernetes refuses stopSignal in a pod whose spec has no os.name")
	}
	_, err := lifecycle.ParseSignal(s.signalText)
	switch {
	case isTemplate(s.signalText):
	case err != nil:
		s.find(ruleSignalUnknown, s.signalAt, s.signalChange("SIGTERM"), "%v", err)
	case !s.signal.Catchable():
		s.find(ruleUncatchable, s.signalAt, s.signalChange("SIGTERM"), "%v can't be caught: no stop runs", s.signal)
	case !s.triggered && s.stop != nil:
		s.find(ruleNoTrigger, s.signalAt,
			fmt.Sprintf("%s, or in %s: on = [%s]", s.signalChange(triggerFor(s.plan).String()), s.opts.File, quoted(append(slices.Clone(s.stop.On), s.signal))),
			"%s sends %s, which triggers no stop: %s", s.sender(), explained(s.signalName(), s.signalFrom), s.insteadOfStop())
	}
	if s.TTY.File != "" && s.stop != nil {
		for _, stop := range s.plan.Stops {
			if slices.Contains(stop.On, sigWinch) {
				s.find(ruleResize, s.TTY, "tty: true -> false, or another trigger than SIGWINCH", "SIGWINCH triggers %v, and the container has a terminal, which sends it whenever its size changes", stop)
			}
		}
	}
}

// sender is who sends the stop signal.
func (s *subject) sender() string {
	if s.Platform == Kubernetes {
		return "the kubelet"
	}
	return "docker stop"
}

// insteadOfStop says what becomes of a signal that triggers no stop.
func (s *subject) insteadOfStop() string {
	for _, script := range s.plan.Signals {
		if !slices.Contains(script.On, s.signal) {
			continue
		}
		for _, step := range script.Steps {
			if f, ok := step.(*lifecycle.Forward); ok && f.Signal != 0 {
				return fmt.Sprintf("the child is sent %v for it, no hook runs and nothing escalates", f.Signal)
			}
		}
		if len(script.Steps) == 0 {
			return "it is swallowed, and SIGKILL ends the container"
		}
	}
	return "it goes to the child as it is, no hook runs and nothing escalates"
}

// triggerFor is the trigger to recommend: SIGTERM where a stop has it.
func triggerFor(plan *lifecycle.Lifecycle) lifecycle.Signal {
	if stopOn(plan, lifecycle.SIGTERM) != nil {
		return lifecycle.SIGTERM
	}
	for _, stop := range plan.Stops {
		if len(stop.On) > 0 {
			return stop.On[0]
		}
	}
	return lifecycle.SIGTERM
}

// signalChange says how the platform is told to send another signal.
func (s *subject) signalChange(to string) string {
	written := s.StopSignal.Set() || s.image != nil && s.image.StopSignal.Set() && s.image.StopSignal.At == s.signalAt
	switch {
	case s.StopSignal.Set() && s.Platform == Compose:
		return fmt.Sprintf("stop_signal: %s -> %s", s.signalText, to)
	case s.StopSignal.Set():
		return fmt.Sprintf("stopSignal: %s -> %s", s.signalText, to)
	case written:
		return fmt.Sprintf("STOPSIGNAL %s -> %s", s.signalText, to)
	case s.Platform == Compose:
		return "add to the service: stop_signal: " + to
	}
	return "add to the Dockerfile: STOPSIGNAL " + to
}

func quoted(signals []lifecycle.Signal) string {
	var all []string
	for _, s := range signals {
		all = append(all, fmt.Sprintf("%q", s))
	}
	return strings.Join(all, ", ")
}
