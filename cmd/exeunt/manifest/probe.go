package manifest

import (
	"time"

	"exeunt/lifecycle"
)

// checkProbes holds the probes against the stop and the start.
func (s *subject) checkProbes() {
	s.checkReadiness()
	s.checkLiveness()
}

func (s *subject) checkReadiness() {
	drain := firstDrain(s.stop)
	if drain == nil || s.Platform != Kubernetes || s.Role == Init {
		return
	}
	switch {
	case s.Readiness == nil && s.Ports:
		s.find(ruleNoReadiness, s.At, `add readinessProbe: {exec: {command: ["exeunt", "ready"]}}`,
			"the container has ports and %v drains, and no readiness probe says when it begins to", s.stop)
	case s.Readiness == nil || asksReady(s.Readiness.Argv) || tellsFirst(s.stop):
	default:
		s.find(ruleStaysReady, s.Readiness.At, `readinessProbe: {exec: {command: ["exeunt", "ready"]}}, or a first step in the stop that makes the probe fail (write, remove, exec or http)`,
			"nothing makes the readiness probe fail before %v drains: it stays ready for up to %v", s.stop, lifecycle.Longest(drain))
	}
}

// asksReady reports whether a command is `exeunt ready`.
func asksReady(argv []string) bool {
	return len(argv) > 1 && base(argv[0]) == "exeunt" && argv[1] == "ready"
}

// tellsFirst reports whether a hook comes before the first drain that can make a probe fail: any but one that only connects.
func tellsFirst(stop *lifecycle.Script) bool {
	for _, step := range stop.Steps {
		hooks := []*lifecycle.Hook{}
		switch step := step.(type) {
		case *lifecycle.Drain:
			return false
		case *lifecycle.Hook:
			hooks = append(hooks, step)
		case *lifecycle.Parallel:
			hooks = step.Hooks
		}
		for _, h := range hooks {
			if _, connects := h.Do.(*lifecycle.TCP); !connects {
				return true
			}
		}
	}
	return false
}

func (s *subject) checkLiveness() {
	if s.Liveness == nil {
		return
	}
	if asksReady(s.Liveness.Argv) {
		s.find(ruleLivenessReady, s.Liveness.At, "make it the readinessProbe, and ask the application for its liveness",
			"the liveness probe is exeunt ready, which fails until child.ready is true: the kubelet restarts the container for it")
	}
	if s.plan.Start == nil || s.Startup != nil {
		return
	}
	starts := lifecycle.LongestOf(s.plan.Start.Steps)
	ends := s.Liveness.InitialDelay + time.Duration(s.Liveness.Failures)*s.Liveness.Period
	if starts > ends {
		s.find(ruleLivenessStart, s.Liveness.At, "add a startupProbe, or initialDelaySeconds of at least that time",
			"the start hooks take up to %v, and the liveness probe ends the container after %v", starts, ends)
	}
}
