package main

import (
	"fmt"

	"exeunt/cmd/exeunt/timeline"
	"exeunt/lifecycle"
)

// What the loop says: to the log, to the report of a stop, to exeunt status.

// show tells exeunt status where the lifecycle stands.
func (l *loop) show() {
	if l.shown != nil {
		l.shown.look(l.machine.Snapshot(), l.kernel.ForksAway() && !(l.forked && l.awaitBy.IsZero()))
	}
}

// tellOf tells who lives in a target.
func (l *loop) tellOf(to lifecycle.Target, what lifecycle.What, text string) {
	for _, p := range l.kernel.List(to) {
		l.tell(lifecycle.Note{What: what, Level: lifecycle.LevelInfo, PID: p.PID, Command: []string{p.Command},
			State: string(p.State), Text: fmt.Sprintf(text, p)})
	}
}

// tell logs a note, and keeps it for the report; the last one brings the report about.
func (l *loop) tell(n lifecycle.Note) {
	if n.What == lifecycle.LifecycleEnds && n.Took > 0 && l.all != lifecycle.ChildProcess {
		l.tellOf(l.all, timeline.ProcessOutlives, "outlives exeunt: %v")
	}
	if n.What != lifecycle.ChildNotStarted || !l.told {
		l.log.note(l.now, n)
	}
	l.record.See(l.now, n)
	l.shown.see(n)
	if n.What == lifecycle.LifecycleEnds && l.record.Began() {
		l.log.report(l.now, l.record.Happened())
	}
}

// trace logs what the machine is told and what it wants; of a signal, who sent it too.
func (l *loop) trace(format string, what fmt.Stringer) {
	if l.log.level > lifecycle.LevelDebug {
		return
	}
	n := lifecycle.Note{What: timeline.Trace, Level: lifecycle.LevelDebug, Text: fmt.Sprintf(format, what)}
	if r, ok := what.(lifecycle.Received); ok {
		n.What, n.Signal, n.From = timeline.SignalReceived, r.Signal, r.From
	}
	l.log.note(l.now, n)
}

// complain logs what went wrong with a delivery: nothing that kill(2) says can stop a stop.
func (l *loop) complain(what string, err error) {
	if err != nil {
		n := lifecycle.Note{What: timeline.Message, Level: lifecycle.LevelWarn, Text: fmt.Sprintf("cannot %s: %v", what, err)}
		l.log.note(l.now, n)
		l.shown.see(n)
	}
}
