package rehearsal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"sync"

	"exeunt/cmd/exeunt/timeline"
)

// diagnoses picks out of exeunt's events what it says about the file: it is the only word of one that ends over it.
type diagnoses struct {
	line []byte
	text string
}

// maxDiagnosis is far above what a file's mistakes take.
const maxDiagnosis = 64 << 10

func (d *diagnoses) Write(text []byte) (int, error) {
	for _, part := range bytes.SplitAfter(text, []byte("\n")) {
		if len(d.line)+len(part) <= maxDiagnosis {
			d.line = append(d.line, part...)
		}
		if !bytes.HasSuffix(part, []byte("\n")) {
			continue
		}
		var e timeline.Event
		if bytes.Contains(d.line, []byte(`"`+timeline.Diagnosed+`"`)) && json.Unmarshal(d.line, &e) == nil && e.Event == timeline.Diagnosed {
			d.text = strings.ReplaceAll(strings.TrimPrefix(e.Msg, "exeunt: "), "\nexeunt: ", "; ")
		}
		d.line = d.line[:0]
	}
	return len(text), nil
}

// What is kept of the application's output.
const (
	tailLines = 40
	tailLine  = 400 // bytes
)

// tail keeps the last lines of an output.
type tail struct {
	each func(line string)
	mu   sync.Mutex
	last []string
}

// read reads until the end, or until the file is closed: who outlives exeunt may hold the other end for ever.
func (t *tail) read(out io.Reader) {
	in := bufio.NewReaderSize(out, 64<<10)
	for {
		line, more, err := in.ReadLine()
		if err != nil {
			return
		}
		t.add(string(line))
		for more && err == nil { // the rest of what is too long
			_, more, err = in.ReadLine()
		}
	}
}

func (t *tail) add(line string) {
	if t.each != nil {
		t.each(line)
	}
	if len(line) > tailLine {
		line = line[:tailLine] + "..."
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last = append(t.last, line); len(t.last) > tailLines {
		t.last = t.last[1:]
	}
}

func (t *tail) lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.last...)
}
