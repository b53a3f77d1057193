package manifest

import (
	"fmt"
	"strings"
)

// Severity is how bad a finding is.
type Severity int

// The severities. Errors make `exeunt check` exit 1; warnings do under --strict; notes never do.
const (
	Note Severity = iota + 1
	Warning
	Error
)

// String is the word of a report; SARIF has the same three.
func (s Severity) String() string {
	return [...]string{Note: "note", Warning: "warning", Error: "error"}[s]
}

// Rule is something that is looked for. Its ID is stable.
type Rule struct {
	ID       string
	Severity Severity // of most of its findings; some are less where less is known
	Short    string   // what a finding says, in general
	Help     string   // why it matters and what to do
}

// The ids of the rules. Those of the file itself come from whoever loads it.
const (
	RuleFileWrong   = "file-wrong"
	RuleFileWarning = "file-warning"
	RuleStopTooLong = "stop-too-long"
	RuleUnreadable  = "manifest-unreadable"

	ruleNothing         = "nothing-checked"
	ruleGraceZero       = "grace-zero"
	ruleGraceTooShort   = "grace-too-short"
	ruleKillFirst       = "kill-before-budget"
	ruleNoGrace         = "grace-not-declared"
	ruleGraceUnused     = "grace-unused"
	rulePreStopGrace    = "prestop-eats-grace"
	rulePreStopDrain    = "prestop-and-drain"
	rulePreStopSignals  = "prestop-signals"
	ruleProbeGrace      = "probe-grace-too-short"
	ruleSidecar         = "sidecar-shares-grace"
	ruleNoTrigger       = "stop-signal-not-a-trigger"
	ruleSignalUnknown   = "stop-signal-unknown"
	ruleUncatchable     = "stop-signal-uncatchable"
	ruleSignalNeedsOS   = "stop-signal-needs-os"
	ruleResize          = "resize-stops"
	ruleShellForm       = "entrypoint-shell-form"
	ruleNoExec          = "shell-without-exec"
	ruleComposeString   = "compose-string-is-no-shell"
	ruleNoCommand       = "no-command"
	ruleNotInImage      = "file-not-in-image"
	ruleConfigMap       = "configmap-differs"
	ruleStaysReady      = "readiness-stays-ready"
	ruleNoReadiness     = "no-readiness-probe"
	ruleLivenessReady   = "liveness-asks-ready"
	ruleLivenessStart   = "liveness-during-start"
	ruleSharedPID       = "shared-pid-namespace"
	ruleHostPID         = "host-pid"
	ruleDockerInit      = "docker-init"
	ruleUser            = "cannot-switch-user"
	ruleCapability      = "missing-capability"
	ruleReadOnly        = "read-only-root"
	ruleHostConnections = "host-network-connections"
	ruleJob             = "job-remapped-to-success"
	ruleTermination     = "termination-message-path"
	ruleBadValue        = "bad-value"
	ruleUnresolved      = "unresolved-value"
)

// rules in the order of the documentation: the file, the grace period, signals, the command, probes, what surrounds PID 1, the rest.
var rules = [...]Rule{
	{RuleFileWrong, Error, "the lifecycle file can't be read",
		"exeunt refuses to start a command under a wrong file and exits with 78. Nothing is held against the manifests before it is right."},
	{RuleFileWarning, Warning, "the lifecycle file is legal, and does not do what it seems to",
		"What the file's own check warns of."},
	{RuleStopTooLong, Error, "a stop does not fit its own grace_period",
		"The worst cases of a stop's steps, of exit.linger and of the exit hooks add up to more than grace_period less its margin. A drain is cut first; where that is not enough, SIGKILL comes before the last steps. Shorten a step, or grant more."},
	{RuleUnreadable, Error, "a manifest can't be read",
		"It is no YAML, no text, too large, a template that has to be rendered first, or nothing that exeunt knows. The others are checked all the same; the exit status is 78."},
	{ruleNothing, Warning, "no container was checked",
		"No container of the manifests runs exeunt, as far as they tell. Where the image's own ENTRYPOINT does, give its Dockerfile as well, or name the container with --container."},

	{ruleGraceZero, Error, "the platform grants no time at all",
		"With a grace period of 0 the platform sends SIGKILL at once: no stop runs, and nothing is written, drained or deregistered."},
	{ruleGraceTooShort, Error, "a stop may take longer than the platform grants",
		"The platform sends SIGKILL when its grace period is over, whatever the container is doing. It has to be at least the stop's worst case and a margin of a second (a tenth of a short one)."},
	{ruleKillFirst, Error, "the platform kills before grace_period is over",
		"exeunt plans with grace_period: it cuts drains, and sends its own SIGKILL, so that exit hooks and the last log line still happen. Where the platform grants less, its SIGKILL comes before any of that. It is a warning where the stop's worst case fits all the same."},
	{ruleNoGrace, Warning, "grace_period is not declared, and the stop has no end of its own",
		"exeunt can't know what the platform grants. Without grace_period a drain is not cut and a child that does not end is not killed in time: the platform's SIGKILL ends everything."},
	{ruleGraceUnused, Note, "the platform grants more than grace_period uses",
		"The stop is cut to fit grace_period, although the platform would wait longer."},
	{rulePreStopGrace, Error, "the preStop hook takes of the time that the stop needs",
		"A preStop hook runs before the stop signal is sent, and its time counts inside terminationGracePeriodSeconds. grace_period counts from the signal. It is a warning where nobody knows how long the hook takes. After a hook that overran the grace period the kubelet waits two seconds."},
	{rulePreStopDrain, Note, "both the preStop hook and a drain wait",
		"A preStop sleep is there to let load balancers forget the pod before the signal. The drain's delay is there for the same: one of them is enough."},
	{rulePreStopSignals, Warning, "the preStop hook stops the service by itself",
		"The stop signal follows as soon as the hook returns, so it comes while the service is still stopping. What the hook does belongs into the stop, where the next step waits for it."},
	{ruleProbeGrace, Warning, "a probe's own terminationGracePeriodSeconds is too short for the stop",
		"When that probe fails, its grace period holds instead of the pod's."},
	{ruleSidecar, Note, "a sidecar has only what is left of the pod's grace period",
		"A native sidecar gets its stop signal when the main containers are gone. The grace period has been running since the pod's deletion, and exeunt's budget begins with the signal. When nothing is left, the kubelet waits two seconds."},

	{ruleNoTrigger, Error, "the stop signal triggers no stop",
		"What the platform sends is named by no stop's `on`, so that no stop runs: it goes to the child as it is, or where a signal block sends it. Base images set STOPSIGNAL: nginx and php-fpm SIGQUIT, httpd SIGWINCH, postgres SIGINT, haproxy SIGUSR1."},
	{ruleSignalUnknown, Error, "there is no such stop signal",
		"The platform refuses it when the container is made."},
	{ruleUncatchable, Error, "the stop signal can't be caught",
		"Nothing can react to SIGKILL or SIGSTOP: no stop runs."},
	{ruleSignalNeedsOS, Error, "lifecycle.stopSignal needs spec.os.name",
		"Kubernetes (since 1.33, feature gate ContainerStopSignals) refuses a stopSignal in a pod that does not say spec.os.name, because the signals depend on it."},
	{ruleResize, Warning, "resizing the terminal stops the service",
		"SIGWINCH triggers the stop, and the container has a terminal, which sends SIGWINCH whenever its size changes."},

	{ruleShellForm, Error, "ENTRYPOINT is in shell form",
		"In shell form `/bin/sh -c` is started, and whether it replaces itself by exeunt depends on the shell. CMD and the arguments of `docker run` are ignored. Write a JSON array, in double quotes."},
	{ruleNoExec, Error, "a shell stays between the platform and exeunt, or exeunt and the application",
		"A shell that does not `exec` its last command stays: above exeunt it gets the stop signal and does not pass it on; below exeunt it is the child, and dies of the signal while the application is still finishing. It is a warning below exeunt."},
	{ruleComposeString, Warning, "a command in a compose file is written for a shell, and none runs it",
		"Compose splits a string into words by itself. No shell sees `&&`, `|`, `;`, a redirection or `exec`: they become arguments."},
	{ruleNoCommand, Error, "exeunt is given no command",
		"An entrypoint in a manifest replaces the image's CMD too, and an ENTRYPOINT in a Dockerfile resets that of its base. With no command and no child.command in the file exeunt exits with 64."},
	{ruleNotInImage, Warning, "nothing puts the file where exeunt looks for it",
		"Without a file exeunt forwards every signal and does nothing else. It looks at --config, $EXEUNT_CONFIG, then /etc/exeunt/lifecycle.hcl."},
	{ruleConfigMap, Warning, "the file that is mounted is not the one that was checked",
		"The ConfigMap mounted where exeunt reads its file holds another text. What was checked is not what will run."},

	{ruleStaysReady, Warning, "the container is ready while it drains",
		"Nothing makes the readiness probe fail before the drain begins. The kubelet goes on probing a pod that is being deleted, and load balancers that go by the probe, or by the endpoint's serving condition, go on sending."},
	{ruleNoReadiness, Note, "the container has ports and a drain, and no readiness probe",
		"Without one a pod counts as ready from its start to its end."},
	{ruleLivenessReady, Warning, "the liveness probe is `exeunt ready`",
		"`exeunt ready` fails until child.ready is true and from a stop's first step on. As a liveness probe it restarts the container for it."},
	{ruleLivenessStart, Warning, "the liveness probe may end the container during its start hooks",
		"Start hooks run before the child. A liveness probe without a startup probe counts from the container's start."},

	{ruleSharedPID, Note, "exeunt is not PID 1 in a shared PID namespace",
		"It makes itself the subreaper and reaps what its own descendants leave; orphans of others go to PID 1. The target \"container\" would reach other containers, so exeunt refuses to start with it (an error), and hooks that signal by name find other containers' processes too (a warning)."},
	{ruleHostPID, Note, "exeunt is not PID 1 in the host's PID namespace",
		"As in a shared PID namespace, and the others are all processes of the host."},
	{ruleDockerInit, Note, "docker's init is PID 1 above exeunt",
		"init: true puts an init before the entrypoint. exeunt is one itself: it becomes a subreaper, and the target \"container\" is refused (an error)."},
	{ruleUser, Error, "exeunt can't switch to the user that the file names",
		"Only root, or a process with CAP_SETUID and CAP_SETGID, can start the child or a hook as another user."},
	{ruleCapability, Error, "a capability is dropped that the file needs",
		"To start a process as another user takes SETUID and SETGID; to signal it afterwards takes KILL."},
	{ruleReadOnly, Warning, "a hook writes to a read-only root file system",
		"The step fails at stop time. Mount something writable there: an emptyDir, a tmpfs."},
	{ruleHostConnections, Warning, "connections() counts those of the whole host",
		"In the host's network namespace the probe sees every process's connections on that port, and the drain may not end before its timeout."},

	{ruleJob, Warning, "an interrupted job counts as done",
		"exit.status makes 0 of the status that a stop leaves. A Job whose pod is evicted, preempted or past its deadline is then complete, although its work is not."},
	{ruleTermination, Note, "the report of a stop is written where nobody looks",
		"exeunt writes why and how the container ended to /dev/termination-log, or where --termination-log says, and `kubectl describe pod` shows what stands at terminationMessagePath."},
	{ruleBadValue, Error, "a value that the platform refuses",
		"It does not have the type or the form that is needed."},
	{ruleUnresolved, Note, "a value that only the environment, or another file, knows",
		"What depends on it is not checked."},
}

// Rules lists every rule, in the order of the documentation.
func Rules() []Rule { return rules[:] }

func ruleSeverity(id string) Severity {
	for _, r := range rules {
		if r.ID == id {
			return r.Severity
		}
	}
	return Error
}

// RuleTable prints the rules as the documentation has them.
func RuleTable() string {
	var b strings.Builder
	b.WriteString("| rule | severity | a finding says that | why, and what to do |\n| --- | --- | --- | --- |\n")
	for _, r := range rules {
		fmt.Fprintf(&b, "| `%s` | %v | %s | %s |\n", r.ID, r.Severity, r.Short, strings.ReplaceAll(r.Help, "|", `\|`))
	}
	return b.String()
}
