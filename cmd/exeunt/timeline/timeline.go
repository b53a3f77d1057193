// Package timeline draws how a container stops: before it happens, from what a lifecycle declares ([Plan]), and afterwards,
// from the notes of a run or from its log ([Recorder], [ReadLog]). One picture serves both, and both in one: what happened
// over what was planned.
//
// It is pure: data in, text out. All times count from the first trigger of the stop. [Text] is for a terminal or a log, [SVG],
// [HTML] and [Mermaid] are for documents, [JSON] is for programs: its schema, and that of the log's lines ([Event]), is
// docs/events.md, which is printed from this package.
package timeline

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"exeunt/lifecycle"
)

// Timeline is what is drawn: a plan, what happened, or what happened over what was planned. One of the two may be nil.
type Timeline struct {
	Planned  *Planned  `json:"planned,omitempty"`
	Happened *Happened `json:"happened,omitempty"`
}

// Seconds is a duration that JSON shows as a number of seconds, to the microsecond.
type Seconds time.Duration

// MarshalJSON implements json.Marshaler.
func (s Seconds) MarshalJSON() ([]byte, error) {
	us := time.Duration(s).Round(time.Microsecond).Microseconds()
	return strconv.AppendFloat(nil, float64(us)/1e6, 'f', -1, 64), nil
}

// UnmarshalJSON implements json.Unmarshaler. A number no duration can hold is an error.
func (s *Seconds) UnmarshalJSON(text []byte) error {
	if bytes.Equal(text, []byte("null")) {
		return nil
	}
	n, err := strconv.ParseFloat(string(text), 64)
	if err != nil || n > 1e9 || n < -1e9 {
		return fmt.Errorf("%q is no number of seconds", text)
	}
	*s = Seconds((time.Duration(n * 1e9)).Round(time.Microsecond))
	return nil
}

// String is for the reader: "12ms", "5.02s", "1m30s".
func (s Seconds) String() string {
	d := time.Duration(s)
	switch {
	case d < 0:
		return "-" + (-s).String()
	case d == 0:
		return "0s"
	case d < time.Millisecond:
		return "<1ms"
	case d < time.Second:
		d = d.Round(time.Millisecond)
	case d < 10*time.Second:
		d = d.Round(10 * time.Millisecond)
	case d < time.Minute:
		d = d.Round(100 * time.Millisecond)
	default:
		d = d.Round(time.Second)
	}
	return lifecycle.Written(d)
}

// rounded is to the millisecond, as the log has it.
func (s Seconds) rounded() string { return lifecycle.Written(time.Duration(s).Round(time.Millisecond)) }

// exactly is a duration as the file declares it.
func (s Seconds) exactly() string { return lifecycle.Written(time.Duration(s)) }

// Span is from when to when.
type Span struct {
	Begin Seconds `json:"begin_seconds"`
	End   Seconds `json:"end_seconds"`
}

func (s Span) length() Seconds { return s.End - s.Begin }

// Sender is who sent a signal, by si_pid and si_uid of sigaction(2).
type Sender struct {
	PID     int    `json:"pid"`
	UID     int    `json:"uid"`
	Command string `json:"command,omitempty"`
	Kernel  bool   `json:"kernel,omitempty"` // no process: a terminal that hung up, a parent's death, a timer
}

// printable is a text in one line that can't move a terminal's cursor or end a log's line: names of processes and of hooks
// are anybody's.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// shortened is a text of at most n runes.
func shortened(text string, n int, dots string) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	keep := n - len([]rune(dots))
	if keep < 0 {
		return string(runes[:max(0, n)])
	}
	return string(runes[:keep]) + dots
}
