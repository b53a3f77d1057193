package apps

import (
	"fmt"
	"slices"
	"time"

	"exeunt/lifecycle"
)

// Request is what a file is written for.
type Request struct {
	Grace time.Duration    // what the platform grants, LeastGrace or more
	Port  int              // the port the application listens on; 0: the one it usually does
	Stop  lifecycle.Signal // the STOPSIGNAL of its image, where that is known; 0: it is not
	By    string           // the command line that asks for it, for the file's first comment
}

// File is the lifecycle.hcl of the application.
func (a *App) File(r Request) []byte {
	t, d := &text{}, a.times(r.Grace)
	a.head(t, r, d)
	if a.Port > 0 {
		port := a.Port
		if r.Port > 0 {
			port = r.Port
		}
		t.line("\nlocals {\n  port = %d # whose connections the drain below waits for\n}", port)
	}
	for _, s := range a.Swallow {
		t.line("")
		t.comment("", s.Why)
		t.line("signal %q {}", s.Signal)
	}
	t.line("\nstop \"graceful\" {\n  on = [%s] # %s", quoted(a.triggers(r.Stop)), a.triggersWhy(r.Stop))
	n := 0
	step := func(sentences string) {
		n++
		t.line("")
		t.hanging("  ", fmt.Sprintf("%d. ", n), sentences)
	}
	a.before(t, d, step)
	a.end(t, d, step)
	t.line("}")
	if a.OnTerm {
		t.line("")
		t.comment("", "It ends by SIGTERM, or with the status that says so, when it was stopped in order. That is a success.")
		t.line("exit {\n  status = { \"143\" = 0 }\n}")
	}
	return t.bytes()
}

// Settings is what has to be set in the application itself, or known, when its stop has to fit a grace period.
func (a *App) Settings(grace time.Duration) string { return a.times(grace).fill(a.Set) }

// Gently says what lets the application finish: "SIGTSTP, then SIGTERM".
func (a *App) Gently() string {
	if a.Quiet != 0 {
		return fmt.Sprintf("%v, then %v", a.Quiet, a.Stop)
	}
	return a.Stop.String()
}

// head writes what a reader has to know, and the grace period.
func (a *App) head(t *text, r Request, d times) {
	t.comment("", fmt.Sprintf("How %s stops. Written by `%s`; yours to change from here on. `exeunt check` adds the times up.", a.Title, r.By))
	t.line("#")
	what := fmt.Sprintf("What %s does on a signal", a.Title)
	if a.Source != "" {
		what += fmt.Sprintf(" (%s)", a.Source)
	}
	t.line("# %s:", what)
	wide := 0
	for _, s := range a.Signals {
		wide = max(wide, len(s.Names()))
	}
	for _, s := range a.Signals {
		t.hanging("", fmt.Sprintf("  %-*s  ", wide, s.Names()), s.Does)
	}
	t.line("#")
	t.comment("", a.Why)
	if a.Set != "" {
		t.line("#")
		t.comment("", d.fill(a.Set))
	}
	t.line("#\n# A signal that no block names reaches it as it comes.\n")
	t.comment("", "What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in compose, docker stop --time. Everything below has to fit.")
	t.line("grace_period = %q", lifecycle.Written(r.Grace))
}

// triggers are the signals that begin the stop.
func (a *App) triggers(stopSignal lifecycle.Signal) []lifecycle.Signal {
	triggers := on(sigTERM, sigINT)
	more := a.On
	if stopSignal != 0 && !a.Swallows(stopSignal) {
		more = on(stopSignal)
	}
	for _, s := range more {
		if s.Catchable() && !slices.Contains(triggers, s) {
			triggers = append(triggers, s)
		}
	}
	return triggers
}

func (a *App) triggersWhy(stopSignal lifecycle.Signal) string {
	switch len(a.triggers(stopSignal)) {
	case 2:
		return "docker stop and Kubernetes; Ctrl-C"
	default:
		if stopSignal != 0 {
			return "docker stop and Kubernetes; Ctrl-C; this image's STOPSIGNAL"
		}
		return "docker stop and Kubernetes; Ctrl-C; the official image's STOPSIGNAL"
	}
}

// Swallows reports whether the file keeps a signal from the application.
func (a *App) Swallows(s lifecycle.Signal) bool {
	return slices.ContainsFunc(a.Swallow, func(w Swallowed) bool { return w.Signal == s })
}

// before writes the steps before the signal that ends the application.
func (a *App) before(t *text, d times, step func(string)) {
	for _, h := range a.Hooks {
		timeout := d.hook
		if h.Long {
			timeout = d.long
		}
		step(h.Why)
		t.line("  hook %q {\n  %s\n    timeout = %q\n  }", h.Name, h.HCL, lifecycle.Written(timeout))
	}
	switch {
	case a.Port > 0:
		step(fmt.Sprintf("Keep serving until the load balancer has noticed that this instance goes, and then until the last connection is closed: for as long as the steps below leave of the grace period, %s together.", lifecycle.Written(d.drain+d.poll)))
		t.line("  drain {\n    delay = %q\n    until = connections(local.port) == 0\n  }", lifecycle.Written(d.drain))
	case a.Serves:
		step("Keep serving until the load balancer has noticed that this instance goes: the period of its probe times the failures it wants to see, or the time that an endpoint's removal takes to reach every node.")
		t.line("  drain {\n    delay = %q\n  }", lifecycle.Written(d.drain))
	}
	if a.Quiet != 0 {
		step("Take no new work.")
		t.line("  forward {\n    signal = %q\n  }", a.Quiet)
		t.line("  drain {\n    delay = %q\n  }", lifecycle.Written(d.quiet))
	}
}

// end writes the signal that ends the application, and what comes when it does not.
func (a *App) end(t *text, d times, step func(string)) {
	to, all := "", ""
	if a.Master {
		to, all = "\n    to = \"child\"", "\n    to = \"session\""
	}
	first := "Ask it to finish and to end."
	if a.Master {
		first = "Ask it to finish and to end: the first process alone, which tells the others."
	}
	step(first)
	t.line("  forward {\n    signal = %q%s\n  }", a.Stop, to)
	if a.Hard != 0 {
		step(fmt.Sprintf("Don't wait for ever. %s ends it without finishing, and whatever is left is killed %s later. Both waits end at once when it is gone.", a.Hard, lifecycle.Written(d.hard)))
		t.line("  escalate {\n    after = %q\n    signal = %q\n  }", lifecycle.Written(d.wait), a.Hard)
		t.line("  escalate {\n    after = %q\n    signal = \"SIGKILL\"%s\n  }", lifecycle.Written(d.hard), all)
		return
	}
	step("Don't wait for ever. The wait ends at once when it is gone.")
	t.line("  escalate {\n    after = %q\n    signal = \"SIGKILL\"%s\n  }", lifecycle.Written(d.wait), all)
}
