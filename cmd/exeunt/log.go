package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"exeunt/lifecycle"
)

// What exeunt prints about itself: to stderr, one line an event, `exeunt: ` before it, lower case; hints on lines of
// their own, `exeunt: hint: `. Stdout belongs to the child. With --log-format json the same events are objects, one a
// line, and the fields of lifecycle.Note are theirs.
//
// Logging never holds PID 1 up: lines go through a bounded queue, and where the reader stalls (a full pipe) they are
// dropped and counted.

const (
	// queueLines is what the queue holds: the longest burst, a flooding hook's, is worth no more memory than this.
	queueLines = 512
	// lastWords is how long the end waits for a slow reader, far below the margin of a grace period.
	lastWords = 100 * time.Millisecond
)

// logger prints notes and lines. Its methods may be called from any goroutine.
type logger struct {
	level   lifecycle.Level
	json    bool
	queue   chan logged
	dropped atomic.Int64
	start   sync.Once
	out     io.Writer
	now     func() time.Time
}

// logged is a line, or a mark that all before it is written.
type logged struct {
	line    string
	written chan struct{} // nil: a line
}

func newLogger(out io.Writer, level lifecycle.Level, json bool) *logger {
	return &logger{level: level, json: json, out: out, queue: make(chan logged, queueLines), now: time.Now}
}

// say logs a line of no note.
func (l *logger) say(level lifecycle.Level, format string, args ...any) {
	l.note(lifecycle.Note{Level: level, Text: fmt.Sprintf(format, args...)})
}

func (l *logger) note(n lifecycle.Note) {
	if n.Level < l.level {
		return
	}
	if l.json {
		l.print(l.object(n))
		return
	}
	l.print("exeunt: " + n.Text + "\n")
}

// output logs a line that a hook printed.
func (l *logger) output(hook, line string) {
	if l.json {
		l.print(l.object(lifecycle.Note{What: "hook_output", Level: lifecycle.LevelInfo, Step: fmt.Sprintf("hook %q", hook), Text: line}))
		return
	}
	l.print(hook + ": " + line + "\n")
}

func (l *logger) print(line string) {
	l.start.Do(func() { go l.write() })
	select {
	case l.queue <- logged{line: line}:
	default:
		l.dropped.Add(1)
	}
}

func (l *logger) write() {
	for item := range l.queue {
		if n := l.dropped.Swap(0); n > 0 {
			io.WriteString(l.out, l.lost(n))
		}
		if item.written != nil {
			close(item.written)
			continue
		}
		io.WriteString(l.out, item.line)
	}
}

func (l *logger) lost(n int64) string {
	text := fmt.Sprintf("%d lines of the log were dropped: its reader is too slow", n)
	if l.json {
		return l.object(lifecycle.Note{What: "log_dropped", Level: lifecycle.LevelWarn, Text: text})
	}
	return "exeunt: " + text + "\n"
}

// flush waits for what is queued to be written, but not for a reader that stalls.
func (l *logger) flush() {
	l.start.Do(func() { go l.write() })
	written, late := make(chan struct{}), time.After(lastWords)
	select {
	case l.queue <- logged{written: written}:
	case <-late:
		return
	}
	select {
	case <-written:
	case <-late:
	}
}

var slogLevels = map[lifecycle.Level]slog.Level{
	lifecycle.LevelDebug: slog.LevelDebug, lifecycle.LevelInfo: slog.LevelInfo,
	lifecycle.LevelWarn: slog.LevelWarn, lifecycle.LevelError: slog.LevelError,
}

// object is the line of --log-format json.
func (l *logger) object(n lifecycle.Note) string {
	var b strings.Builder
	r := slog.NewRecord(l.now(), slogLevels[n.Level], n.Text, 0)
	add := func(key, value string) {
		if value != "" {
			r.AddAttrs(slog.String(key, value))
		}
	}
	add("event", string(n.What))
	add("script", n.Script)
	add("step", n.Step)
	add("outcome", n.Outcome)
	if n.Took > 0 || n.Outcome != "" {
		r.AddAttrs(slog.Float64("took_seconds", n.Took.Seconds()))
	}
	if n.Limit > 0 {
		r.AddAttrs(slog.Float64("limit_seconds", n.Limit.Seconds()))
	}
	if n.What == lifecycle.ChildEnded || n.What == lifecycle.LifecycleEnds || n.What == lifecycle.ChildNotStarted {
		r.AddAttrs(slog.Int("status", n.Status))
	}
	_ = slog.NewJSONHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug}).Handle(context.Background(), r)
	return b.String()
}
