package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"exeunt/cmd/exeunt/timeline"
	"exeunt/lifecycle"
	"exeunt/reaper"
)

// What exeunt prints about itself: to stderr, one line an event, `exeunt: ` before it, lower case; hints on lines of
// their own, `exeunt: hint: `. Stdout belongs to the child. With --log-format json the same events are objects, one a
// line: timeline.Event, documented in docs/events.md.
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
	began   time.Time // exeunt did: mono_seconds count from here
}

// logged is a line, or a mark that all before it is written.
type logged struct {
	line    string
	written chan struct{} // nil: a line
}

func newLogger(out io.Writer, level lifecycle.Level, json bool) *logger {
	return &logger{level: level, json: json, out: out, queue: make(chan logged, queueLines), began: time.Now()}
}

// say logs a line of no note.
func (l *logger) say(level lifecycle.Level, format string, args ...any) {
	l.note(time.Now(), lifecycle.Note{What: timeline.Message, Level: level, Text: fmt.Sprintf(format, args...)})
}

// note logs a note that was made at a time.
func (l *logger) note(at time.Time, n lifecycle.Note) {
	if n.Level < l.level {
		return
	}
	if l.json {
		l.print(l.object(at, n))
		return
	}
	l.print("exeunt: " + n.Text + "\n")
}

// report logs the end of a stop: one line, and in JSON the whole of it. Of a child that nobody stopped, the line that tells
// its end has told everything; JSON has the report of it too.
func (l *logger) report(at time.Time, h *timeline.Happened) {
	n := lifecycle.Note{What: timeline.StopReport, Level: lifecycle.LevelInfo, Took: time.Duration(h.Took),
		Limit: time.Duration(h.Grace), Status: h.Status, Text: h.Summary()}
	if n.Level < l.level || !l.json && h.Stop == "" {
		return
	}
	if !l.json {
		l.note(at, n)
		return
	}
	e := timeline.NewEvent(l.began, at, n)
	e.Report = h
	l.print(e.Line())
}

// output logs a line that a hook printed.
func (l *logger) output(hook, line string) {
	if l.json {
		l.print(l.object(time.Now(), lifecycle.Note{What: timeline.HookOutput, Level: lifecycle.LevelInfo, Step: fmt.Sprintf("hook %q", hook), Text: line}))
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
	_ = reaper.WriteFromBackground() // where that fails there may be no line, but there is nobody else to tell
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
		return l.object(time.Now(), lifecycle.Note{What: timeline.LogDropped, Level: lifecycle.LevelWarn, Text: text})
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

// object is the line of --log-format json.
func (l *logger) object(at time.Time, n lifecycle.Note) string {
	return timeline.NewEvent(l.began, at, n).Line()
}

// lines prints a text as it is.
func (l *logger) lines(text string) {
	for line := range strings.Lines(text) {
		l.print(line)
	}
}
