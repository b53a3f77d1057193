package timeline

import (
	"strings"
	"testing"
	"time"

	"exeunt/lifecycle"
)

// A log tells the same as the notes it was written from: all of it where the end of the stop is in one event, and the
// steps and their times where that is missing.
func TestLogTellsWhatHappened(t *testing.T) {
	l := samples()["page"]
	for name, play := range map[string]func(*testing.T) *play{"calm": calmPlay, "rough": roughPlay, "worst": worst} {
		want := play(t).run(l, l.Stops[0])
		log := logOf(play(t), l, lifecycle.LevelDebug)
		if got := only(t, log); JSON(Timeline{Happened: got}) != JSON(Timeline{Happened: want}) {
			t.Errorf("%s: from the events:\n%s\nfrom the notes:\n%s", name, JSON(Timeline{Happened: got}), JSON(Timeline{Happened: want}))
		}
		short := logOf(play(t), l, lifecycle.LevelWarn)
		if got := only(t, short+reportOf(want)); JSON(Timeline{Happened: got}) != JSON(Timeline{Happened: want}) {
			t.Errorf("%s: from the report:\n%s", name, JSON(Timeline{Happened: got}))
		}
	}
}

func only(t *testing.T, log string) *Happened {
	t.Helper()
	stops, err := ReadLog(strings.NewReader(log), false)
	if err != nil || len(stops) == 0 {
		t.Fatalf("%d stops, %v in\n%s", len(stops), err, log)
	}
	return stops[len(stops)-1]
}

// Logs come with lines of others, with what docker, kubectl and compose write before a line, wrapped by Docker's log driver, and
// from several containers at once.
func TestLogsOfOthers(t *testing.T) {
	l := samples()["page"]
	calm := logOf(calmPlay(t), l, lifecycle.LevelInfo) + reportOf(calmPlay(t).run(l, l.Stops[0]))
	rough := strings.ReplaceAll(logOf(roughPlay(t), l, lifecycle.LevelInfo)+reportOf(roughPlay(t).run(l, l.Stops[0])), runID(epoch.Add(-90*time.Second)), "another")

	var mixed strings.Builder
	lines := map[string][]string{"web-1  | ": strings.SplitAfter(calm, "\n"), "2026-03-04T05:06:07.123456789Z stderr F ": strings.SplitAfter(rough, "\n")}
	for i := range 100 {
		for _, prefix := range []string{"web-1  | ", "2026-03-04T05:06:07.123456789Z stderr F "} {
			mixed.WriteString(`{"level":"info","msg":"GET / 200","event":"request"}` + "\n" + "GET /{ 200\n\x00\xff\n")
			if i < len(lines[prefix])-1 {
				mixed.WriteString(prefix + lines[prefix][i])
			}
		}
	}
	stops, err := ReadLog(strings.NewReader(mixed.String()), false)
	if err != nil || len(stops) != 2 {
		t.Fatalf("%d stops, %v", len(stops), err)
	}
	if stops[0].Status != 0 || stops[1].Status != 137 {
		t.Errorf("exit statuses %d and %d, want 0 and 137", stops[0].Status, stops[1].Status)
	}

	var driver strings.Builder
	for line := range strings.Lines(calm) {
		driver.WriteString(`{"log":` + quoted(line) + `,"stream":"stderr","time":"2026-03-04T05:06:07Z"}` + "\n")
	}
	if got, want := only(t, driver.String()), only(t, calm); JSON(Timeline{Happened: got}) != JSON(Timeline{Happened: want}) {
		t.Errorf("in Docker's own file it is another stop:\n%s", JSON(Timeline{Happened: got}))
	}
	if stops, err := ReadLog(strings.NewReader("no event\n{}\n"), false); err != nil || len(stops) != 0 {
		t.Errorf("%d stops in a log without any, %v", len(stops), err)
	}
}

func quoted(line string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(line) + `"`
}

func TestHookOutputIsKeptOnRequest(t *testing.T) {
	start := epoch.Add(-time.Second)
	log := NewEvent(start, epoch, lifecycle.Note{What: lifecycle.ScriptBegins, Level: lifecycle.LevelInfo, Script: `stop "a"`, Signal: lifecycle.SIGTERM}).Line() +
		NewEvent(start, epoch.Add(time.Second), lifecycle.Note{What: HookOutput, Level: lifecycle.LevelInfo, Step: `hook "b"`, Text: "gone"}).Line()
	for _, keep := range []bool{false, true} {
		stops, err := ReadLog(strings.NewReader(log), keep)
		if err != nil || len(stops) != 1 || (len(stops[0].Output) == 1) != keep {
			t.Errorf("keep %t: %+v, %v", keep, stops, err)
		}
	}
}

// FuzzReadLog: whatever a log holds, it is read and drawn without a panic.
func FuzzReadLog(f *testing.F) {
	f.Add("")
	f.Add(`{"time":"2026-03-04T05:06:07Z","mono_seconds":1,"run":"a","event":"script_begins","script":"stop \"x\"","signal":"SIGTERM"}` + "\n" +
		`{"time":"2026-03-04T05:06:07Z","mono_seconds":-5,"run":"a","event":"step_ends","script":"exit","step":"drain","took_seconds":-1e9,"outcome":"cut"}`)
	f.Add(`{"time":"2026-03-04T05:06:07Z","mono_seconds":1,"run":"a","event":"stop_report","report":{"took_seconds":1e9,"grace_seconds":-3,"steps":[{"begin_seconds":-9,"took_seconds":99}],"moments":[{}],"killed":[{}]}}`)
	l := samples()["page"]
	plan := Plan(l, l.Stops[0])
	f.Fuzz(func(t *testing.T, log string) {
		stops, err := ReadLog(strings.NewReader(log), true)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range stops {
			for _, tl := range []Timeline{{Happened: h}, {Happened: h, Planned: plan}} {
				Text(Style{Width: 60}, tl)
				SVG(tl)
				HTML("x", tl)
				Mermaid(tl)
				JSON(tl)
			}
			if n := len(h.Account(500)); n > 500 {
				t.Errorf("an account of %d bytes", n)
			}
			h.Summary()
		}
	})
}

// An account of a child that never was says why, in what room there is.
func TestAccountOfNoChild(t *testing.T) {
	var r Recorder
	r.See(epoch, lifecycle.Note{What: lifecycle.ChildNotStarted, Level: lifecycle.LevelError, Status: 127, Text: `cannot start "app": not found in $PATH`})
	r.See(epoch, lifecycle.Note{What: lifecycle.LifecycleEnds, Status: 127})
	h := r.Happened()
	const want = "exeunt: the child was not started: exit status 127\ncannot start \"app\": not found in $PATH\n"
	if got := h.Account(2048); !strings.HasPrefix(got, want) {
		t.Errorf("it says\n%s\nwant\n%s", got, want)
	}
	for limit := range 200 {
		if got := h.Account(limit); len(got) > limit {
			t.Errorf("%d bytes of %d:\n%s", len(got), limit, got)
		}
	}
}

// A flood of signals during a stop costs PID 1 no memory.
func TestFlood(t *testing.T) {
	var r Recorder
	r.See(epoch, lifecycle.Note{What: lifecycle.ScriptBegins, Script: `stop "a"`, Signal: lifecycle.SIGTERM})
	for range 100_000 {
		r.See(epoch, lifecycle.Note{What: lifecycle.SignalIgnored, Signal: lifecycle.SIGTERM, Text: "SIGTERM ignored"})
		r.See(epoch, lifecycle.Note{What: lifecycle.StepEnds, Script: "signal SIGHUP", Step: "forward SIGUSR2", Outcome: lifecycle.Done, Signal: lifecycle.SIGHUP})
	}
	r.See(epoch, lifecycle.Note{What: lifecycle.StepEnds, Script: `stop "a"`, Step: "drain", Outcome: lifecycle.Done})
	r.See(epoch, lifecycle.Note{What: lifecycle.ChildEnded})
	h := r.Happened()
	if last := h.Steps[len(h.Steps)-1]; last.Step != "drain" || len(h.Steps) > maxSteps+1 || len(h.Moments) > maxMoments+1 || h.Omitted < 199_000 || !h.Child.Ended {
		t.Errorf("%d steps, %d moments, %d omitted, the last step %+v", len(h.Steps), len(h.Moments), h.Omitted, last)
	}
}
