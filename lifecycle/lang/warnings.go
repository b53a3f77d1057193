package lang

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"exeunt/lifecycle"
)

// warn says what is legal and probably not what was meant.
func (d *decoder) warn(file *block, l *lifecycle.Lifecycle) {
	for i, b := range file.of("stop") {
		d.warnDrains(b)
		d.warnEndless(b, l, l.Stops[i])
		d.warnImpatient(b, l.Stops[i])
		d.warnShell(b)
	}
	d.warnApache(file)
}

// warnDrains: right after the trigger there may be no connection for a moment, while load balancers still send.
func (d *decoder) warnDrains(stop *block) {
	for _, b := range stop.of("drain") {
		if b.has("until") && !b.has("delay") {
			d.report(warning(&b.at, "Drain without a delay", "Load balancers still send for a while after the trigger: until may be true before the last of them has noticed.\n"+
				"Write delay = \"5s\", or delay = \"0s\" where nobody sends any more."))
		}
	}
}

// warnEndless: a child that doesn't end keeps the container until the platform kills it.
func (d *decoder) warnEndless(b *block, l *lifecycle.Lifecycle, stop *lifecycle.Script) {
	if bound := l.Bound(stop); bound.Allowed == 0 && !bound.Ends {
		d.report(warning(&b.at, "Stop without an end", "%s waits for ever for a child that does not end: it has no SIGKILL, and there is no grace_period.\n"+
			"Add escalate { after = \"20s\" }, or grace_period.", upper(b.String())))
	}
}

// aMoment is the least that what comes in at a drain's end should have. It may take as long as the drain allows what came in before
// it; but most requests are short, and a warning for every file that gives its time to the drain would be read by nobody.
const aMoment = 2 * time.Second

// warnImpatient: what comes in at the last moment of a drain has only the escalation's time.
func (d *decoder) warnImpatient(b *block, stop *lifecycle.Script) {
	var drained, patience time.Duration
	forwarded := false
	for i, step := range stop.Steps {
		switch s := step.(type) {
		case *lifecycle.Drain:
			if s.Until != nil && !forwarded {
				drained = max(drained, min(s.Timeout, aMoment))
			}
		case *lifecycle.Forward:
			forwarded = true
		case *lifecycle.Escalate:
			if patience += s.After; s.Signal != lifecycle.SIGKILL {
				continue
			}
			if patience < drained {
				d.report(warning(b.blocks[i].valueAt("after"), "Impatient escalation", "What comes in at the drain's end has %v before SIGKILL.\n"+
					"Write after = %q here, and a shorter timeout in the drain.", patience, s.After+drained-patience))
			}
			return
		}
	}
}

// warnShell: a shell that does not exec waits for its command, and keeps the signal for afterwards.
func (d *decoder) warnShell(stop *block) {
	script, ok := shellScript(d.command)
	if !ok || strings.Contains(script, "exec ") {
		return
	}
	for _, b := range stop.of("forward") {
		if b.target("to", lifecycle.Session) == lifecycle.ChildProcess {
			d.report(warning(b.valueAt("to"), "Shell that keeps the signal", "The child is a shell, %s -c, which does not pass signals on to the command it runs.\n"+
				"Write exec before the command in it, or to = \"session\" here.", d.command[0]))
		}
	}
}

// shellScript is the text of `sh -c TEXT`.
func shellScript(command []string) (text string, ok bool) {
	shells := []string{"sh", "bash", "dash", "ash", "ksh", "zsh"}
	if len(command) < 3 || !slices.Contains(shells, path.Base(command[0])) {
		return "", false
	}
	for i, word := range command[1 : len(command)-1] {
		if strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "--") && strings.HasSuffix(word, "c") {
			return command[i+2], true
		}
	}
	return "", false
}

// warnApache: the window of a terminal changes its size, and the server ends.
func (d *decoder) warnApache(file *block) {
	names := []string{"apache2", "httpd", "apachectl", "apache2ctl", "apache2-foreground", "httpd-foreground"}
	_, claimed := d.claims[lifecycle.SIGWINCH]
	if len(d.command) == 0 || claimed || !slices.Contains(names, path.Base(d.command[0])) {
		return
	}
	var at *hcl.Range
	if child := file.of("child"); len(child) > 0 && child[0].has("command") {
		at = child[0].valueAt("command")
	}
	d.report(warning(at, "Terminal that stops Apache", "SIGWINCH, which a terminal sends when its size changes, is Apache's graceful stop.\nAdd signal \"SIGWINCH\" {} to swallow it."))
}
