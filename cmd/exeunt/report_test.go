package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"exeunt/cmd/exeunt/timeline"
)

// patient is a stop with a step of each kind, and its child finishes something first.
const patient = `
grace_period = "10s"
stop "graceful" {
  on = ["SIGTERM"]
  hook "deregister" {
    script  = "sleep 0.1; echo gone"
    timeout = "5s"
  }
  drain {
    delay = "300ms"
  }
  forward {
    signal = "SIGQUIT"
    to     = "child"
  }
  escalate {
    after  = "3s"
    signal = "SIGKILL"
  }
}
`

const finishing = `trap 'echo quit; sleep 0.25; kill -9 $!; echo bye; exit 3' QUIT; trap '' TERM; sleep 60 & echo ready; wait`

// agreement is how far the report may be from what an outside clock says.
const agreement = 20 * time.Millisecond

// The report's numbers are those of a clock outside: this test's. On a busy machine either side may be late for a while, so
// each number has twenty tries to agree: one that is wrong is wrong in each of them.
func TestReportAgreesWithAnOutsideClock(t *testing.T) {
	best := map[string]time.Duration{}
	for range 20 {
		agreed := true
		for what, off := range disagreement(t) {
			if have, ok := best[what]; !ok || off < have {
				best[what] = off
			}
			agreed = agreed && best[what] <= agreement
		}
		if agreed {
			return
		}
		t.Logf("off so far: %v", best)
	}
	t.Errorf("at their best, they are off by %v", best)
}

// disagreement is how far each number is off in one stop.
func disagreement(t *testing.T) map[string]time.Duration {
	p := start(t, patient, []string{"--log-format", "json"}, finishing)
	p.line("ready")
	asked := time.Now()
	p.signal(syscall.SIGTERM)
	quit, bye := p.line("quit"), p.line("bye")
	status, all := p.end()
	stops, err := timeline.ReadLog(strings.NewReader(all), true)
	if err != nil || len(stops) != 1 {
		t.Fatalf("%d stops, %v in\n%s", len(stops), err, all)
	}
	h := stops[0]
	if status != 3 || h.Status != 3 || !h.Ended || h.Stop != "graceful" || h.Trigger != "SIGTERM" || h.Sender != nil && p.pid1 {
		t.Errorf("status %d; the report: %+v", status, h)
	}
	if len(h.Steps) != 4 || h.Steps[2].Step != "forward SIGQUIT" || h.Steps[1].Took < timeline.Seconds(300*time.Millisecond) {
		t.Fatalf("the steps are %+v in\n%s", h.Steps, all)
	}
	off := map[string]time.Duration{}
	agree := func(what string, reported timeline.Seconds, outside time.Duration) {
		off[what] = (time.Duration(reported) - outside).Abs()
	}
	agree("the begin by the wall clock", timeline.Seconds(h.Began.Sub(asked)), 0)
	agree("the forward", h.Steps[2].Begin, quit.Sub(asked))
	agree("the end of the wait", h.Steps[3].Begin+h.Steps[3].Took, bye.Sub(asked))
	agree("the child's end", h.Child.At, bye.Sub(asked))
	agree("the whole", h.Took, p.at.Sub(asked))
	agree("what is left", *h.Left, 10*time.Second-p.at.Sub(asked))
	return off
}

// What stands in the termination log is what kubectl describe pod shows.
func TestTerminationLog(t *testing.T) {
	for name, test := range map[string]struct {
		before, lifecycle, script string
		stop                      bool
		status                    int
		wants                     []string // lines, in their order
	}{
		"a stop": {"", patient, finishing, true, 3,
			[]string{`exeunt: the stop took `, `hook "deregister": done after `, `drain: done after `, `forward SIGQUIT: to child`, `the child ends: exited: status 3`}},
		"beside the application's own": {"out of licenses", patient, finishing, true, 3, []string{"out of licenses", `exeunt: the stop took `}},
		"a crash":                      {"", "", "echo ready; exit 7", false, 7, []string{"exeunt: the child ended, and nobody had asked for a stop: exit status 7", "child exited by itself: status 7"}},
		"a death by SIGKILL":           {"", "", "echo ready; kill -9 $$", false, 137, []string{"which exeunt did not send: look for the memory limit (OOM)"}},
		"a file that is wrong":         {"", "grace_period = 3\nstop \"x\" {}\n", "exit 0", false, 78, []string{"lifecycle.hcl:1:16", "exeunt: cannot use "}},
		"all is well":                  {"", "", "echo ready", false, 0, nil},
		"no room is left":              {strings.Repeat("x", 4090), "", "exit 7", false, 7, []string{"xxx"}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "termination-log")
			if err := os.WriteFile(path, []byte(test.before), 0o666); err != nil {
				t.Fatal(err)
			}
			p := start(t, test.lifecycle, []string{"--termination-log", path}, test.script)
			if test.stop {
				p.line("ready")
				p.signal(syscall.SIGTERM)
			}
			if status, all := p.end(); status != test.status {
				t.Errorf("exit status %d, want %d\n%s", status, test.status, all)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			rest := string(text)
			for _, want := range test.wants {
				_, after, found := strings.Cut(rest, want)
				if !found {
					t.Errorf("no %q in its place in\n%s", want, text)
				}
				rest = after
			}
			if test.wants == nil && len(text) > 0 || len(text) > 4096 {
				t.Errorf("it holds %d bytes:\n%s", len(text), text)
			}
		})
	}
}

// Nothing but a regular file is written to, and nothing that can't be written changes the end.
func TestTerminationLogThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o666); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink("/dev/null", link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{fifo, dir, link, "/dev/full", "/proc/nowhere/file", "none"} {
		began := time.Now()
		status, all := start(t, "", []string{"--termination-log", path}, "exit 7").end()
		if took := time.Since(began); status != 7 || took > 5*time.Second {
			t.Errorf("%s: exit status %d after %v, want 7\n%s", path, status, took, all)
		}
	}
	if _, err := os.Stat("none"); err == nil {
		t.Error(`"none" was taken for a file`)
	}
	made := filepath.Join(dir, "made")
	start(t, "", []string{"--termination-log", made}, "exit 7").end()
	if text, err := os.ReadFile(made); err != nil || !strings.Contains(string(text), "exit status 7") {
		t.Errorf("a file that was asked for is not made: %v\n%s", err, text)
	}
}
