package apps

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"exeunt/lifecycle"
)

// lingerFor is what the rest of a session is given where dumb-init gives it none: it sends SIGTERM and is gone.
const lingerFor = time.Second

// File is a lifecycle.hcl that does with signals what the other init did.
func (in *Init) File(r Request) []byte {
	t := &text{}
	t.comment("", fmt.Sprintf("What `%s` did with signals, for exeunt to do. Written by `%s`; yours to change from here on. `exeunt check` adds the times up.", in.Line, r.By))
	t.line("#")
	t.comment("", "Reaping, the terminal and the exit status are as they were.")
	for _, note := range in.Notes {
		t.line("#")
		t.comment("", note)
	}
	t.line("")
	t.comment("", "What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in compose, docker stop --time.")
	t.line("grace_period = %q", lifecycle.Written(r.Grace))
	in.stop(t, r)
	in.signals(t)
	in.exit(t, r)
	return t.bytes()
}

// forward writes a forward block; to is 0 where the signal stays what it is.
func (in *Init) forward(t *text, rw Rewrite) {
	var lines []string
	if rw.To != 0 {
		lines = append(lines, fmt.Sprintf("    signal = %q # -r %d:%d", rw.To, int(rw.From), int(rw.To)))
	}
	if in.Child {
		lines = append(lines, `    to = "child"`)
	}
	if len(lines) == 0 {
		t.line("  forward {}")
		return
	}
	t.line("  forward {\n%s\n  }", strings.Join(lines, "\n"))
}

// linger is the exit's, and fits a short grace period too.
func (in *Init) linger(grace time.Duration) time.Duration {
	if !in.Lingers {
		return 0
	}
	return min(lingerFor, roundDown(grace/10))
}

// stop writes what SIGTERM does, unless it is swallowed: signals says that.
func (in *Init) stop(t *text, r Request) {
	to, rewritten := in.becomes(sigTERM)
	if rewritten && to == 0 {
		return
	}
	t.line("\nstop \"graceful\" {\n  on = [\"SIGTERM\"] # docker stop and Kubernetes")
	t.line("")
	in.forward(t, Rewrite{sigTERM, to})
	t.line("")
	t.comment("  ", fmt.Sprintf("%s waits for ever: the platform's SIGKILL then ends it and every other process. This one comes just before that, and the log says whom it hit.", in.Name))
	after := r.Grace - lifecycle.Margin(r.Grace) - in.linger(r.Grace)
	t.line("  escalate {\n    after = %q\n    signal = \"SIGKILL\"\n    to = \"session\"\n  }\n}", lifecycle.Written(after))
}

// signals writes the rewrites, and with Child the signals that have to reach the child alone.
func (in *Init) signals(t *text) {
	var single []lifecycle.Signal
	if in.Child {
		single = on(sigHUP, sigINT, sigQUIT, sigUSR1, sigUSR2, sigWINCH)
	}
	for _, rw := range in.Rewrites {
		switch {
		case rw.From == sigTERM && rw.To != 0:
			continue
		case rw.To == 0:
			t.line("\nsignal %q {} # -r %d:0", rw.From, int(rw.From))
		default:
			t.line("\nsignal %q {", rw.From)
			in.forward(t, rw)
			t.line("}")
		}
	}
	first := true
	for _, s := range single {
		if _, rewritten := in.becomes(s); rewritten {
			continue
		}
		t.line("")
		if first {
			t.comment("", fmt.Sprintf("%s sends signals to the child alone; exeunt sends one that no block names to every process of the child's session. These are the signals that people and platforms send.", in.Name))
			first = false
		}
		t.line("signal %q {", s)
		in.forward(t, Rewrite{From: s})
		t.line("}")
	}
}

// becomes says what a signal is rewritten to.
func (in *Init) becomes(s lifecycle.Signal) (to lifecycle.Signal, rewritten bool) {
	i := slices.IndexFunc(in.Rewrites, func(r Rewrite) bool { return r.From == s })
	if i < 0 {
		return 0, false
	}
	return in.Rewrites[i].To, true
}

func (in *Init) exit(t *text, r Request) {
	linger := in.linger(r.Grace)
	if linger == 0 && len(in.Zero) == 0 {
		return
	}
	t.line("\nexit {")
	if linger > 0 {
		t.comment("  ", fmt.Sprintf("%s sends SIGTERM to what is left of the session when the child is gone, and ends. This gives it a moment to act on that.", in.Name))
		t.line("  linger = %q", lifecycle.Written(linger))
	}
	if len(in.Zero) > 0 {
		t.line("  status = {")
		for _, code := range in.Zero {
			t.line("    %q = 0 # -e %[1]s", strconv.Itoa(code))
		}
		t.line("  }")
	}
	t.line("}")
}
