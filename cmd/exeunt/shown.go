package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"exeunt/cmd/exeunt/board"
	"exeunt/lifecycle"
	"exeunt/lifecycle/lang"
)

// shown is what exeunt status and exeunt ready see of this exeunt. Where the kernel grants no board nobody sees anything, and all
// else goes on; a nil shown is such a one.
type shown struct {
	board   *board.Board
	record  board.Record
	last    lifecycle.Snapshot
	changed bool // the record is not yet on the board
}

// newShown makes the board and, where the file has an expression to evaluate later, keeps the file beside it.
func newShown(plan *lifecycle.Lifecycle, sources lang.Sources, log *logger) *shown {
	b, err := board.New()
	if err != nil {
		log.say(lifecycle.LevelDebug, "exeunt status will have nothing to show: %v", err)
		return nil
	}
	s := &shown{board: b, changed: true, record: board.Record{Version: version, PID: os.Getpid(), State: lifecycle.Starting.String()}}
	s.record.Start(time.Now())
	if plan.Child.Ready != nil {
		s.record.Ready = true
		if err := board.Keep(keptFiles(sources)); err != nil {
			log.say(lifecycle.LevelWarn, "exeunt ready can't evaluate child.ready: %v", err)
		}
	}
	s.board.Write(s.record)
	return s
}

// keptFiles are the files in the order they were read, under the paths they have whatever directory is current.
func keptFiles(sources lang.Sources) []board.File {
	var files []board.File
	for path, text := range sources {
		if whole, err := filepath.Abs(path); err == nil {
			path = whole
		}
		files = append(files, board.File{Path: path, Text: text})
	}
	slices.SortFunc(files, func(a, b board.File) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// orphan counts one that was reaped.
func (s *shown) orphan() {
	if s != nil {
		s.board.Reaped()
	}
}

// starts takes the command of a child that the machine is about to be told of.
func (s *shown) starts(command []string) {
	if s != nil {
		s.record.Runs(command)
	}
}

// see takes a note; the next look shows it.
func (s *shown) see(n lifecycle.Note) {
	if s != nil && s.record.See(n) {
		s.changed = true
	}
}

// look shows where the lifecycle stands, if that is another place than before. Awaited says that the child is to be a daemon
// that isn't there yet.
func (s *shown) look(now lifecycle.Snapshot, awaited bool) {
	if now != s.last || awaited != s.record.Child.Awaited {
		s.last, s.changed = now, true
		s.record.Look(now)
		s.record.Child.Awaited = awaited
	}
	if s.changed {
		s.changed = false
		s.board.Write(s.record)
	}
}
