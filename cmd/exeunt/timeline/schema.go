package timeline

import (
	"fmt"
	"strings"

	"exeunt/lifecycle"
)

// The tables of docs/events.md. A test holds them against the types and against lifecycle's words: what is not here can't be
// in a line.

// field is a key of a JSON object.
type field struct{ name, means string }

var commonFields = []field{
	{"time", "when, by the wall clock: RFC 3339 with up to nanoseconds"},
	{"mono_seconds", "when, by the monotonic clock: seconds since this exeunt began; nobody sets this clock"},
	{"run", "the same in all lines of one exeunt process, and in no other's"},
	{"level", "`DEBUG`, `INFO`, `WARN`, `ERROR`"},
	{"event", "the word of the table below"},
	{"msg", "the whole sentence, the same as in the text log; its wording may change"},
}

var eventFields = []field{
	{"script", "the block it happened in: `stop \"graceful\"`, `signal SIGHUP`, `start`, `exit`"},
	{"step", "`hook \"deregister\"`, `drain`, `forward SIGQUIT`, `escalate SIGKILL`"},
	{"outcome", "of a step that ends: see below"},
	{"reason", "of the outcome, in words"},
	{"took_seconds", "how long a step took; of `lifecycle_ends`: since the first trigger"},
	{"limit_seconds", "how long a step that begins may take; of a stop: what the platform grants"},
	{"signal", "the signal received or delivered, or what ended the child: `SIGTERM`, `SIGRTMIN+3`"},
	{"sender", "who sent a signal received: `{\"pid\", \"uid\", \"command\"}`, or `\"kernel\": true`; absent where it comes from outside the container or can't be known"},
	{"to", "whom the signal is delivered to: `child`, `group`, `session`, `container`"},
	{"pid", "the process"},
	{"command", "an array: the words of the child's command; of any other process, its command line, cut, as one word"},
	{"state", "of a process, as in proc(5): `S`, `D`, `T`"},
	{"status", "an exit status, 128+n for signal n"},
	{"report", "the whole stop: see below"},
}

// eventKind is a row of the table of events.
type eventKind struct {
	event  lifecycle.What
	level  string
	means  string
	fields string // beside the common ones; ? may be absent
}

var eventKinds = []eventKind{
	{Diagnosed, "WARN", "what is to be said about the file, as in the text log, all of it at once; ERROR: nothing is started", "status?"},
	{lifecycle.ChildStarted, "INFO", "the child runs; a second one: the daemon that the command left is the child", "pid command?"},
	{lifecycle.ChildNotStarted, "ERROR", "it does not: it can't be executed, a start hook failed, or (INFO) a stop came first", "status signal? sender?"},
	{lifecycle.ChildEnded, "INFO", "the child is gone", "pid status signal?"},
	{SignalReceived, "DEBUG", "a signal came to exeunt; the next event says what came of it", "signal sender?"},
	{lifecycle.SignalHeld, "INFO", "it waits until the child exists", "signal sender?"},
	{lifecycle.SignalForwarded, "DEBUG", "no block names it, it went on as it came; INFO by `again = \"forward\"`", "signal sender? to script?"},
	{lifecycle.SignalIgnored, "INFO", "nothing is done about it; DEBUG once the service is over", "signal sender? script?"},
	{lifecycle.StopHurried, "INFO", "a repeat of the trigger ends the current wait", "script signal sender?"},
	{lifecycle.ScriptBegins, "INFO", "a stop or the script of a signal begins", "script signal sender? limit_seconds?"},
	{lifecycle.ScriptEnds, "DEBUG", "its last step is over; INFO where another stop takes over", "script outcome?"},
	{lifecycle.StepBegins, "INFO", "a hook or a drain begins; DEBUG: the wait of an escalate, or a hook's for the child", "script step limit_seconds?"},
	{lifecycle.StepEnds, "INFO", "a step is over, or skipped; WARN where it failed or escalates", "script step outcome took_seconds reason? signal? to?"},
	{lifecycle.StepRetries, "INFO", "a hook failed and is tried again", "script step outcome took_seconds reason"},
	{lifecycle.HookKilled, "WARN", "a hook got SIGKILL", "script step reason signal"},
	{lifecycle.PollFailed, "WARN", "a drain's `until` can't be told and counts as false; said once a drain", "script step"},
	{lifecycle.WaitingForTheEnd, "INFO", "no step is left, the child lives", "script to"},
	{lifecycle.BudgetOver, "WARN", "what still lives gets SIGKILL, before the platform sends it", "script took_seconds signal to"},
	{ProcessLeft, "INFO", "one of those who get SIGKILL next, or who did not go of it", "pid command state"},
	{ProcessOutlives, "INFO", "somebody lives when exeunt ends after a stop", "pid command state"},
	{lifecycle.ProcessUnkilled, "ERROR", "somebody is not gone after SIGKILL; the `process_left` that follow say who", "to"},
	{lifecycle.LingerBegins, "DEBUG", "what is left of the session gets SIGTERM", "limit_seconds signal to"},
	{lifecycle.LingerEnds, "INFO", "it is gone; WARN: it gets SIGKILL", "outcome took_seconds signal? to?"},
	{HookOutput, "INFO", "a line that a hook printed", "step"},
	{LogDropped, "WARN", "the log's reader was too slow: lines are missing", ""},
	{lifecycle.LifecycleEnds, "DEBUG", "exeunt exits; `took_seconds` is there where a stop was asked for", "status took_seconds? limit_seconds?"},
	{StopReport, "INFO", "the end of a stop, or of a child that ended by itself, and the whole of it in one event", "status took_seconds limit_seconds? report"},
	{Message, "", "anything else", ""},
	{Trace, "DEBUG", "what the machine was told (`<`) and what it wants (`>`)", ""},
}

var reportFields = []field{
	{"schema", "1; a field that changes or goes makes another number, a new one does not"},
	{"stop", "the stop that ran (the last, where one took over); absent: nobody asked, the child ended by itself"},
	{"took_over", "the names of the stops before it, which it cut short"},
	{"trigger", "the signal that began it"},
	{"sender", "who sent that; absent: outside the container, or not known"},
	{"began", "the first trigger, by the wall clock; all the times below count from here, by the monotonic clock"},
	{"began_mono_seconds", "the first trigger, as `mono_seconds` of an event"},
	{"grace_seconds", "what the platform grants; absent: not declared"},
	{"ended", "false where the rest is not known; never in an event, only where a report is made of a log that breaks off"},
	{"took_seconds", "from the first trigger to the end"},
	{"left_seconds", "of the grace period, at the end"},
	{"status", "exeunt's exit status"},
	{"child", "`pid`, `ended`, `ended_seconds`, `status` (128+n for signal n), `signal` (what ended it)"},
	{"steps", "every step in its order: `script`, `step`, `begin_seconds`, `took_seconds`, `limit_seconds`, `outcome`, `reason`, `retries`, `killed` (a hook that got SIGKILL), `signal` and `to` (what it delivered)"},
	{"moments", "what is no step: `at_seconds`, `event`, `signal`, `sender`, `text`. Signals are among them, at most 200"},
	{"omitted", "how many more moments, and steps of signal scripts, there were in a flood of signals"},
	{"killed", "who got SIGKILL from exeunt: `at_seconds`, `pid`, `command`, `state`, `by` (the step, `linger`, `the budget`)"},
	{"unkilled", "who was not gone a second after SIGKILL, as in `killed`"},
	{"outlived", "who lived when exeunt ended, as in `killed`: the kernel's SIGKILL came next, or, where exeunt is not PID 1, nobody's"},
	{"output", "lines of hooks: `at_seconds`, `step`, `text`; never in an event"},
}

var planFields = []field{
	{"stop", "its name"},
	{"on", "its triggers"},
	{"grace_seconds", "what the platform grants; absent: not declared"},
	{"allowed_seconds", "the grace period less the margin"},
	{"kill_after_seconds", "when exeunt sends SIGKILL to what still lives, so that the exit hooks have their time"},
	{"declared_seconds", "the sum of all worst cases"},
	{"earliest_end_seconds", "the end, if hooks take no time, conditions are true at once, and the child goes when it is asked for the last time before an escalation"},
	{"latest_end_seconds", "the end, if everything takes what it may"},
	{"endless", "true where nothing ends the child"},
	{"open", "true where a drain takes what the other steps leave"},
	{"fits", "whether the worst cases add up to what is allowed"},
	{"steps", "`script`, `step`, `kind` (`hook`, `drain`, `forward`, `escalate`, `wait`, `linger`, `margin`), `at` (its place; the hooks of a `parallel` share one), `parallel`, `delay_seconds`, `limit_seconds`, `declares`, `earliest` and `latest` (each `begin_seconds` and `end_seconds`), `lost_seconds` (what the budget does not leave it, in the worst case), `missed` (not reached, in the worst case), `open`, `endless`"},
}

// outcomes are the words of `outcome`.
var outcomes = []field{
	{lifecycle.Done, "it did what it should; of an escalate: the signal was sent"},
	{lifecycle.Failed, "a hook could not, and is not tried again"},
	{lifecycle.TimedOut, "its time was over"},
	{lifecycle.Cut, "the budget is needed by what follows, or used up"},
	{lifecycle.Skipped, "by `when`, because the child is gone, or by an aborting hook"},
	{lifecycle.Hurried, "a repeat of the trigger ended it"},
	{lifecycle.Moot, "what it waited for had happened"},
	{lifecycle.TakenOver, "another stop began"},
}

// SchemaTables prints the tables of docs/events.md as Markdown, by their names.
func SchemaTables() map[string]string {
	return map[string]string{
		"common":   fieldTable(commonFields),
		"fields":   fieldTable(eventFields),
		"events":   eventTable(),
		"outcomes": fieldTable(outcomes),
		"report":   fieldTable(reportFields),
		"plan":     fieldTable(planFields),
	}
}

func fieldTable(fields []field) string {
	var b strings.Builder
	b.WriteString("| | |\n| --- | --- |\n")
	for _, f := range fields {
		fmt.Fprintf(&b, "| `%s` | %s |\n", f.name, f.means)
	}
	return b.String()
}

func eventTable() string {
	var b strings.Builder
	b.WriteString("| event | level | what happened | fields |\n| --- | --- | --- | --- |\n")
	for _, e := range eventKinds {
		var fields []string
		for _, f := range strings.Fields(e.fields) {
			name, optional := strings.CutSuffix(f, "?")
			if name = "`" + name + "`"; optional {
				name += "?"
			}
			fields = append(fields, name)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", e.event, e.level, e.means, strings.Join(fields, ", "))
	}
	return b.String()
}
