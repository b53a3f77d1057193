package board

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

func newBoard(t *testing.T) (*Board, *Reader) {
	t.Helper()
	b, err := New()
	if err != nil {
		t.Fatal(err)
	}
	b.Write(Record{State: "starting"})
	r, err := Open(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.Close()
		path, _ := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", b.fd))
		if !strings.Contains(path, Name) {
			t.Errorf("the board's descriptor is %s", path)
		}
		unix.Close(b.fd) // the next test of this process looks for its own
		unix.Munmap(b.memory)
	})
	return b, r
}

func full() Record {
	r := Record{Version: "1", PID: 7, State: "stopping", Began: 1, Ready: true, Omitted: 2,
		Child: Child{PID: 8, Command: []string{"a", "\"b\\\x00\n\xff é\u2028<&>"}, Began: 2, Awaited: true, Ended: true, Status: 137, Signal: "SIGKILL"},
		Stop:  &Stop{Name: "graceful", Signal: "SIGTERM", Sender: &Sender{PID: 1, UID: 2, Command: "sh", Kernel: true}, Began: 3, Grace: 4, KillAt: 5, EndBy: 6},
		Step:  &Step{Name: "drain", Since: 7, Until: 8}, Failure: &Failure{Text: "it\tfailed", At: 9}}
	for i := range 3 {
		r.Steps = append(r.Steps, Done{Script: "stop", Step: fmt.Sprint(i), Outcome: "done", Reason: "x", Took: int64(i)})
	}
	return r
}

// The encoder says what encoding/json says, with every field set and with none.
func TestEncoder(t *testing.T) {
	for _, r := range []Record{full(), {}, {Stop: &Stop{}, Step: &Step{}, Failure: &Failure{}, Steps: []Done{{}}}} {
		want, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var got, same any
		if err := json.Unmarshal(r.encode(), &got); err != nil {
			t.Fatalf("%v in %s", err, r.encode())
		}
		if err := json.Unmarshal(want, &same); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, same) {
			t.Errorf("encoded %s\nwant    %s", r.encode(), want)
		}
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Record]()) {
		if reflect.ValueOf(full()).FieldByIndex(field.Index).IsZero() {
			t.Errorf("full leaves %s out", field.Name)
		}
	}
}

// What has no bound of its own is cut, so that the record always fits, and stays JSON.
func TestEveryRecordFits(t *testing.T) {
	r := full()
	r.Child.Command = shortened(bytesOf(100))
	for range 100 {
		r.add(Done{Script: shorten(strings.Repeat("\x01", 5000)), Step: shorten(strings.Repeat("é", 5000)), Outcome: "failed"})
	}
	if len(r.Steps) != maxSteps || r.Omitted != 2+3+100-maxSteps {
		t.Errorf("%d steps, %d omitted", len(r.Steps), r.Omitted)
	}
	var back Record
	if text := r.fit(maxText); len(text) > maxText || json.Unmarshal(text, &back) != nil {
		t.Errorf("%d bytes: %s", len(text), text)
	}
	if back.State != "stopping" || len(back.Steps)+back.Omitted != len(r.Steps)+r.Omitted {
		t.Errorf("of %d steps are there %d, and %d omitted", len(r.Steps), len(back.Steps), back.Omitted)
	}
	r.Failure.Text, r.Stop.Name = strings.Repeat("\x01", 5000), strings.Repeat("\x01", 5000)
	if text := r.fit(maxText); len(text) > maxText || json.Unmarshal(text, &back) != nil {
		t.Errorf("%d bytes: %s", len(text), text)
	}
}

func bytesOf(n int) (words []string) {
	for range n {
		words = append(words, strings.Repeat("\x01", 1000))
	}
	return words
}

// A reader that looks all the time, while a writer writes all the time, sees whole records only, and never an older one
// after a newer.
func TestReadersSeeWholeRecords(t *testing.T) {
	b, r := newBoard(t)
	stop := make(chan struct{})
	wrote := make(chan int)
	defer func() { // before the board goes
		close(stop)
		t.Logf("%d records written", <-wrote)
	}()
	go func() {
		record := Record{State: "running"}
		for i := 1; ; i++ {
			select {
			case <-stop:
				wrote <- i
				return
			default:
			}
			record.PID = i
			record.Version = strings.Repeat(string(rune('a'+i%26)), i%maxWord)
			b.Write(record)
		}
	}()
	last, seen := 0, 0
	memory := make([]byte, size)
	for began := time.Now(); time.Since(began) < 300*time.Millisecond; {
		if _, err := r.file.ReadAt(memory, 0); err != nil {
			t.Fatal(err)
		}
		text, _, ok, settled := newest(memory)
		if !ok || !settled {
			continue // a slot was written while the kernel copied: the reader looks again
		}
		var record Record
		if err := json.Unmarshal(text, &record); err != nil {
			t.Fatalf("half a record: %v in %q", err, text)
		}
		if record.PID < last || record.Version != strings.Repeat(string(rune('a'+record.PID%26)), record.PID%maxWord) && record.PID > 0 {
			t.Fatalf("record %d after %d: %s", record.PID, last, text)
		}
		last, seen = record.PID, seen+1
	}
	if t.Logf("%d records read", seen); seen == 0 {
		t.Error("nothing was read")
	}
}

// Nobody who finds the board can change it, by writing, by mapping or by cutting it off.
func TestTheBoardIsSealed(t *testing.T) {
	b, r := newBoard(t)
	path := fmt.Sprintf("/proc/self/fd/%d", b.fd)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt([]byte("x"), 0); !errors.Is(err, unix.EPERM) {
		t.Errorf("write: %v, want EPERM", err)
	}
	if _, err := unix.Mmap(int(file.Fd()), 0, size, unix.PROT_WRITE, unix.MAP_SHARED); !errors.Is(err, unix.EPERM) {
		t.Errorf("mmap: %v, want EPERM", err)
	}
	for _, length := range []int64{0, size + 1} {
		if err := file.Truncate(length); !errors.Is(err, unix.EPERM) {
			t.Errorf("truncate to %d: %v, want EPERM", length, err)
		}
	}
	b.Reaped()
	b.Write(full())
	record, orphans, err := r.Read()
	if err != nil || record.State != "stopping" || orphans != 1 {
		t.Errorf("read %+v, %d orphans, %v", record, orphans, err)
	}
}

func TestKeptFiles(t *testing.T) {
	_, r := newBoard(t)
	if _, err := r.Files(); err == nil {
		t.Error("files are there before they are kept")
	}
	want := []File{{"/a.hcl", []byte("x = 1\n")}, {"/b.hcl", bytes.Repeat([]byte{0, 'y'}, 50_000)}, {"/c.hcl", []byte{}}}
	if err := Keep(want); err != nil {
		t.Fatal(err)
	}
	got, err := r.Files()
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("kept %v, %v", got, err)
	}
	if _, ok := filesOf([]byte{200, 200}); ok {
		t.Error("what is cut off is understood")
	}
}

// What isn't there, and what is no exeunt, is said so.
func TestNotFound(t *testing.T) {
	var not *NotFound
	if _, err := Open(1 << 22); !errors.As(err, &not) || !strings.Contains(err.Error(), "there is no pid") {
		t.Errorf("pid %d: %v", 1<<22, err)
	}
	if _, err := Open(os.Getpid()); !errors.As(err, &not) || !strings.Contains(err.Error(), "is no exeunt") {
		t.Errorf("a process without a board: %v", err)
	}
}

// The text and the JSON of a status, whole.
func TestStatus(t *testing.T) {
	const second = int64(time.Second)
	r := Record{Version: "1.0", PID: 1, State: "stopping", Began: second, Omitted: 1,
		Child: Child{PID: 7, Command: []string{"nginx", "-g", "daemon off;"}, Began: 2 * second},
		Stop: &Stop{Name: "graceful", Signal: "SIGTERM", Began: 100 * second, Grace: 30 * second,
			KillAt: 127 * second, EndBy: 129 * second},
		Step:    &Step{Name: "drain", Since: 101 * second, Until: 109 * second},
		Steps:   []Done{{Script: "start", Step: `hook "db"`, Outcome: "done", Took: 1500_000_000}, {Script: `stop "graceful"`, Step: `hook "deregister"`, Outcome: "failed", Took: 12_345_678, Reason: "exit status 1"}},
		Failure: &Failure{Text: "hook \"deregister\" failed\x1b[2J", At: 101 * second}}
	var text, object strings.Builder
	s := r.status(103*second+673_000_000, 12, 1)
	if err := errors.Join(s.Text(&text), s.JSON(&object)); err != nil {
		t.Fatal(err)
	}
	if want := `state     stopping
uptime    1m43s, 12 orphans reaped
child     pid 7 for 1m42s: ["nginx" "-g" "daemon off;"]
stop      "graceful": SIGTERM from outside the container, 3.7s ago
step      drain for 2.7s, at most 5.3s more
budget    30s granted: SIGKILL to what still lives in 23.3s, all over in 25.3s
done      1 step more
          hook "db" done after 1.5s
          hook "deregister" failed after 12ms: exit status 1
failure   hook "deregister" failed?[2J (2.7s ago)
`; text.String() != want {
		t.Errorf("text:\n%s\nwant:\n%s", text.String(), want)
	}
	for _, want := range []string{`"schema": 1,`, `"uptime_seconds": 102.673,`, `"orphans_reaped": 12,`, `"left_seconds": 25.327,`, `"kill_in_seconds": 23.327`,
		`"elapsed_seconds": 3.673,`, `"took_seconds": 1.5`, `"took_seconds": 0.012,`} {
		if !strings.Contains(object.String(), want) {
			t.Errorf("%s is not in\n%s", want, object.String())
		}
	}
}

// docs/status.md has every field of the JSON.
func TestStatusIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../../docs/status.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []reflect.Type{reflect.TypeFor[Status](), reflect.TypeFor[StatusChild](), reflect.TypeFor[StatusStop](),
		reflect.TypeFor[StatusStep](), reflect.TypeFor[StatusDone](), reflect.TypeFor[StatusFailed](), reflect.TypeFor[Sender]()} {
		for _, field := range reflect.VisibleFields(of) {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if !bytes.Contains(page, []byte("`"+name+"`")) {
				t.Errorf("%q of %v is not in docs/status.md", name, of)
			}
		}
	}
}

// A record follows the machine and its notes.
func TestRecord(t *testing.T) {
	var r Record
	if r.See(lifecycle.Note{What: lifecycle.SignalForwarded, Level: lifecycle.LevelDebug}) {
		t.Error("a forwarded signal is to be shown")
	}
	r.See(lifecycle.Note{What: lifecycle.StepEnds, Level: lifecycle.LevelWarn, Step: "drain", Outcome: "cut", Text: "drain cut"})
	if len(r.Steps) != 1 || r.Failure == nil || r.Failure.Text != "drain cut" {
		t.Errorf("the record is %+v", r)
	}
	r.Look(lifecycle.Snapshot{State: lifecycle.Stopping, Child: 7, Stop: "graceful", By: lifecycle.Received{Signal: lifecycle.SIGTERM}, Began: time.Now(), Step: "drain"})
	if r.State != "stopping" || r.Child.PID != 7 || r.Child.Began == 0 || r.Stop.Signal != "SIGTERM" || r.Stop.Began == 0 || r.Step.Name != "drain" {
		t.Errorf("the record is %+v", r)
	}
}
