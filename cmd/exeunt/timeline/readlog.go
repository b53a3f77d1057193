package timeline

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// maxLine is the longest line of a log that is looked at: a report with a thousand victims fits.
const maxLine = 1 << 20

// ReadLog finds the stops in a log of --log-format json, in the order in which they began. Lines that are no events of exeunt's
// are skipped, as are what docker, kubectl and compose write before a line. A stop whose report is there is that; of one whose end is missing,
// what is there is told. keepOutput keeps the lines of hooks.
func ReadLog(log io.Reader, keepOutput bool) ([]*Happened, error) {
	in := bufio.NewReaderSize(log, 64<<10)
	runs := map[string]*pastRun{}
	var order []*pastRun
	for {
		line, err := readLine(in)
		if e, ok := parseEvent(line); ok {
			run := runs[e.Run]
			if run == nil {
				run = &pastRun{first: e.Time.Add(-time.Duration(e.Mono))}
				run.rec.Start, run.rec.KeepOutput = run.first, keepOutput
				runs[e.Run] = run
				order = append(order, run)
			}
			run.see(e)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read the log: %w", err)
		}
	}
	var stops []*Happened
	for _, run := range order {
		if h := run.happened(); h != nil {
			stops = append(stops, h)
		}
	}
	return stops, nil
}

// readLine reads a line, or nothing of one that is too long to be an event's.
func readLine(in *bufio.Reader) (string, error) {
	var line strings.Builder
	for {
		part, err := in.ReadSlice('\n')
		if line.Len()+len(part) <= maxLine {
			line.Write(part)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line.String(), err
		}
	}
}

// parseEvent reads an event of exeunt's out of a line: what stands before its first brace is somebody else's.
func parseEvent(line string) (e Event, ok bool) {
	i := strings.IndexByte(line, '{')
	if i < 0 {
		return e, false
	}
	text := line[i:]
	var wrapped struct { // Docker's json-file
		Log string `json:"log"`
	}
	if strings.Contains(text, `\"event\"`) && json.Unmarshal([]byte(text), &wrapped) == nil && wrapped.Log != "" {
		text = wrapped.Log
	}
	if !strings.Contains(text, `"mono_seconds"`) || json.Unmarshal([]byte(text), &e) != nil {
		return e, false
	}
	return e, e.Event != "" && !e.Time.IsZero()
}

// pastRun is what a log tells of one exeunt.
type pastRun struct {
	rec    Recorder
	first  time.Time // when it began, by its wall clock
	report *Happened
}

// see takes an event. The times are those of the monotonic clock: the wall clock may be set while a container stops.
func (r *pastRun) see(e Event) {
	if e.Event == StopReport && e.Report != nil {
		r.report = e.Report
		return
	}
	r.rec.See(r.first.Add(time.Duration(e.Mono)), e.note())
}

// happened is nil where nobody asked for a stop and the child lives.
func (r *pastRun) happened() *Happened {
	switch {
	case r.report != nil:
		h := *r.report
		h.Output = r.rec.Happened().Output
		return &h
	case r.rec.Began():
		return r.rec.Happened()
	}
	return nil
}
