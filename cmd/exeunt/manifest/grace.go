package manifest

import (
	"time"

	"exeunt/lifecycle"
)

// checkGrace holds what the stop needs against what the platform grants.
func (s *subject) checkGrace() {
	granted, known := s.granted()
	if !known {
		return
	}
	if granted == 0 {
		s.find(ruleGraceZero, s.graceAt(), s.graceChange(s.wanted()), "%s sends SIGKILL at once: no stop runs", s.Platform.killer())
		return
	}
	if s.stop == nil {
		return
	}
	s.checkBound(granted, s.plan.Bound(s.stop))
	s.checkProbeGrace(s.Liveness, "liveness")
	s.checkProbeGrace(s.Startup, "startup")
	if s.Role == Sidecar {
		s.find(ruleSidecar, s.At, "leave time for it: terminationGracePeriodSeconds has to hold the main containers' stops and this one",
			"it is a native sidecar: its stop begins when the main containers are gone, with what is left of the pod's %v", granted)
	}
}

// checkBound compares the times. What the stop has is what is granted, less the preStop hook.
func (s *subject) checkBound(granted time.Duration, b lifecycle.Bound) {
	has := granted - s.preStopTime()
	longest := b.Total
	if s.plan.Grace > 0 && (b.Open || !b.Ends || longest > b.Allowed) {
		longest = b.Allowed
	}
	room := has - lifecycle.Margin(max(has, 0))
	change := s.graceChange(s.wanted())
	switch {
	case longest > room && s.preStopTime() > 0 && longest <= granted-lifecycle.Margin(granted):
		s.find(rulePreStopGrace, s.PreStop.At, change+", or remove the preStop hook",
			"the preStop hook %s of the %v that the pod has, which leaves %v, and %v may take %v", s.PreStop.What, granted, max(has, 0), s.stop, longest)
	case b.Total > room && (s.plan.Grace == 0 || s.plan.Grace > has):
		margin := ""
		if b.Total <= has {
			margin = say(" and a margin of %v", lifecycle.Margin(has))
		}
		s.findAs(s.graceSeverity(), ruleGraceTooShort, s.graceAt(), change, "%v takes up to %v%s, and %s sends SIGKILL after %v%s",
			s.stop, b.Total, margin, s.Platform.killer(), max(has, 0), s.unwritten())
	case longest > room:
		s.findAs(s.graceSeverity(), ruleKillFirst, s.graceAt(), change, "%v may use all of grace_period = %q, and %s sends SIGKILL after %v%s",
			s.stop, s.plan.Grace, s.Platform.killer(), has, s.unwritten())
	case s.plan.Grace > has:
		s.findAs(Warning, ruleKillFirst, s.graceAt(), change, "exeunt plans with grace_period = %q, and %s sends SIGKILL after %v%s; the %v that %v takes fit all the same",
			s.plan.Grace, s.Platform.killer(), has, s.unwritten(), longest, s.stop)
	case s.plan.Grace == 0 && (b.Open || !b.Ends):
		s.find(ruleNoGrace, s.graceAt(), say("add to %s: grace_period = %q", s.opts.File, has),
			"%v has no end of its own and the file has no grace_period, so that SIGKILL from %s after %v ends it", s.stop, s.Platform.killer(), has)
	case s.plan.Grace > 0 && s.plan.Grace < has && (b.Open || b.Total > b.Allowed):
		s.find(ruleGraceUnused, s.graceAt(), say("in %s: grace_period = %q -> %q", s.opts.File, s.plan.Grace, has),
			"%v is cut to fit grace_period = %q, and %v are granted", s.stop, s.plan.Grace, has)
	}
	s.unknownPreStop(has)
}

// unknownPreStop warns of a hook that may take longer than anybody knows, unless the file leaves it some time.
func (s *subject) unknownPreStop(has time.Duration) {
	if s.PreStop == nil || s.PreStop.Exact || s.plan.Grace > 0 && s.plan.Grace < has {
		return
	}
	change := "do in the stop what the hook does, or set grace_period to what it leaves"
	s.findAs(Warning, rulePreStopGrace, s.PreStop.At, change, "the preStop hook %s before the stop signal is sent, for a time that is not known and counts inside the grace period of %v",
		s.PreStop.What, has)
}

// preStopTime is what the preStop hook takes at least.
func (s *subject) preStopTime() time.Duration {
	if s.PreStop == nil {
		return 0
	}
	return s.PreStop.AtLeast
}

// wanted is the grace period that everything fits into: what the file plans with, or its stop's worst case; and the preStop hook.
func (s *subject) wanted() time.Duration {
	grace := s.plan.Grace
	if s.stop != nil {
		grace = max(grace, lifecycle.GraceFor(s.plan.Bound(s.stop).Total))
	}
	if grace == 0 {
		grace, _ = (&Container{Platform: s.Platform}).granted()
	}
	return (grace + s.preStopTime() + time.Second - 1).Truncate(time.Second)
}

// graceChange says how the platform is told to grant so much.
func (s *subject) graceChange(to time.Duration) string {
	n := int(to / time.Second)
	granted, _ := s.granted()
	switch {
	case s.Platform == Docker:
		return say("docker stop -t %d, or docker run --stop-timeout %d", n, n)
	case s.Platform == Compose && s.Grace.Set():
		return say("stop_grace_period: %v -> %ds", granted, n)
	case s.Platform == Compose:
		return say("add to the service: stop_grace_period: %ds", n)
	case s.Grace.Set():
		return say("terminationGracePeriodSeconds: %d -> %d", int(granted/time.Second), n)
	}
	return say("add to the pod's spec: terminationGracePeriodSeconds: %d", n)
}

// unwritten says that a time is one that nobody wrote.
func (s *subject) unwritten() string {
	switch {
	case s.Grace.Set():
		return ""
	case s.Platform == Docker:
		return ", unless it is told otherwise"
	}
	return ", its default"
}

// graceSeverity is less for a Dockerfile: it can't say what will be granted.
func (s *subject) graceSeverity() Severity {
	if s.Platform == Docker {
		return Warning
	}
	return Error
}

func (s *subject) graceWords() string {
	granted, known := s.granted()
	switch {
	case !known:
		return "after a time that is not known"
	case s.PreStop != nil && s.PreStop.AtLeast > 0:
		return say("after %v, the preStop hook's %v among them", granted, s.PreStop.AtLeast)
	}
	return say("after %v", granted)
}

// checkProbeGrace looks at a grace period that holds after a failed probe only.
func (s *subject) checkProbeGrace(p *Probe, name string) {
	if p == nil || !p.Grace.Set() {
		return
	}
	needs := lifecycle.GraceFor(s.plan.Bound(s.stop).Total) + s.preStopTime()
	if p.Grace.V < needs {
		s.find(ruleProbeGrace, p.Grace.At, say("terminationGracePeriodSeconds: %d -> %d, or remove it: that of the pod holds then", int(p.Grace.V/time.Second), int(needs/time.Second)),
			"when the %s probe fails, the kubelet sends SIGKILL after %v, and %v takes up to %v", name, p.Grace.V, s.stop, s.plan.Bound(s.stop).Total)
	}
}

// checkPreStop looks at what the preStop hook does, whatever time it takes.
func (s *subject) checkPreStop() {
	if s.PreStop == nil {
		return
	}
	if kills(s.PreStop.Argv) {
		s.find(rulePreStopSignals, s.PreStop.At, "remove the hook and do this in the stop: a forward with that signal, or a hook with wait_exit = true",
			"the preStop hook %s, and %s follows as soon as it returns, while the service is still stopping", s.PreStop.What, s.signalText)
	}
	if drain := firstDrain(s.stop); drain != nil && drain.Delay > 0 && s.PreStop.Exact && s.PreStop.AtLeast > 0 {
		s.find(rulePreStopDrain, s.PreStop.At, "remove the preStop hook", "the preStop hook %s, and then %v drains for %v: the pod waits twice", s.PreStop.What, s.stop, drain.Delay)
	}
}

// kills reports whether a command sends a signal, or tells a well-known server to stop.
func kills(argv []string) bool {
	if text, ok := shellText(argv); ok {
		for _, c := range shellCommands(text) {
			if kills(c.program()) {
				return true
			}
		}
		return false
	}
	if len(argv) < 2 {
		return false
	}
	switch base(argv[0]) {
	case "kill", "pkill", "killall":
		return true
	case "nginx":
		return argv[1] == "-s"
	case "apachectl", "apache2ctl", "httpd":
		return argv[1] == "-k"
	}
	return false
}

// firstDrain is the first drain of a stop, nil if it has none.
func firstDrain(stop *lifecycle.Script) *lifecycle.Drain {
	if stop == nil {
		return nil
	}
	for _, step := range stop.Steps {
		if d, ok := step.(*lifecycle.Drain); ok {
			return d
		}
	}
	return nil
}
