package rehearsal

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"exeunt/cmd/exeunt/timeline"
	"exeunt/lifecycle"
)

var update = flag.Bool("update", false, "rewrite the goldens; commit only what you understand")

// stopped is a stop as it should be.
func stopped() *timeline.Happened {
	return &timeline.Happened{Schema: 1, Stop: "graceful", Trigger: "SIGTERM", Grace: seconds(10), Ended: true, Took: seconds(1.25),
		Began: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Child: timeline.Child{PID: 7, Ended: true, At: seconds(1.2)},
		Steps: []timeline.Done{
			{Script: `stop "graceful"`, Step: `hook "deregister"`, Took: seconds(0.2), Limit: seconds(1), Outcome: lifecycle.Done},
			{Script: `stop "graceful"`, Step: "drain", Begin: seconds(0.2), Took: seconds(1), Outcome: lifecycle.Done},
			{Script: `stop "graceful"`, Step: "forward SIGQUIT", Begin: seconds(1.2), Outcome: lifecycle.Done, Signal: "SIGQUIT", To: "session"},
		}}
}

func seconds(s float64) timeline.Seconds { return timeline.Seconds(s * float64(time.Second)) }

// Every way to fail, and what is only remarked. The words are the ones a CI system shows.
func TestVerdicts(t *testing.T) {
	killed := timeline.Victim{At: seconds(1), PID: 7, Command: "app", By: "escalate SIGKILL"}
	worker := timeline.Victim{At: seconds(1), PID: 9, Command: "worker\x1b[2J", State: "S", By: "linger"}
	step := func(s timeline.Done) func(*Run) {
		return func(r *Run) { r.Happened.Steps = append(r.Happened.Steps, s) }
	}
	child := func(c timeline.Child) func(*Run) {
		return func(r *Run) { r.Happened.Child = c; r.Happened.Status = c.Status }
	}
	for name, c := range map[string]struct {
		change  func(*Run)
		early   error
		faults  []string
		remarks []string
	}{
		"as it should be":   {change: func(*Run) {}},
		"exeunt has ended":  {change: func(*Run) {}, early: errEnded},
		"nothing happened":  {change: func(r *Run) { r.Happened = nil }, faults: []string{"exeunt ended before there was anything to stop"}},
		"not ready":         {change: func(r *Run) { r.Happened = nil }, early: failure("it was not ready"), faults: []string{"it was not ready"}},
		"ended before":      {change: func(r *Run) { r.Happened.Stop = ""; r.Happened.Child.Status = 7 }, faults: []string{"the child ended before the stop was asked for, with status 7"}},
		"crashed before":    {change: func(r *Run) { r.Happened.Stop = ""; r.Happened.Child.Signal = "SIGSEGV" }, faults: []string{"the child was ended by SIGSEGV before the stop was asked for"}},
		"exeunt was killed": {change: func(r *Run) { r.Happened.Ended = false }, faults: []string{"exeunt ended without saying how: was it killed?"}},
		"late":              {change: func(r *Run) { r.Happened.Took = seconds(11) }, faults: []string{"the stop took 11s, more than the 10s granted: the platform would have sent SIGKILL"}},
		"took over":         {change: func(r *Run) { r.Happened.TookOver = []string{"fast"} }, remarks: []string{`the stop took over from stop "fast"`}},
		"by default":        {change: child(timeline.Child{PID: 7, Ended: true, Signal: "SIGQUIT", Status: 131}), remarks: []string{"the child was ended by SIGQUIT and did not handle it: whatever it was doing was cut off", `exeunt's exit status is 131, which a platform calls a failure: exit { status = { "131" = 0 } } maps it, if it is none`}},
		"crashed":           {change: child(timeline.Child{PID: 7, Ended: true, Signal: "SIGABRT"}), faults: []string{"the child crashed: SIGABRT"}},
		"killed by another": {change: child(timeline.Child{PID: 7, Ended: true, Signal: "SIGKILL", Status: 137}), faults: []string{"the child was ended by SIGKILL, which exeunt did not send: look for the memory limit (OOM), or for who else did"}},
		"killed": {change: func(r *Run) {
			child(timeline.Child{PID: 7, Ended: true, At: seconds(1), Signal: "SIGKILL"})(r)
			r.Happened.Killed = []timeline.Victim{killed}
		}, faults: []string{"the child (pid 7) did not end by itself: exeunt had to send SIGKILL, 1s after the first trigger"}},
		"can't be killed":    {change: func(r *Run) { r.Happened.Child.Ended = false; r.Happened.Unkilled = []timeline.Victim{killed} }, faults: []string{"the child (pid 7) could not be ended, not even by SIGKILL", "pid 7 (app) was not gone a second after SIGKILL"}},
		"a worker killed":    {change: func(r *Run) { r.Happened.Killed = []timeline.Victim{worker} }, faults: []string{"pid 9 (worker?[2J) had to be killed, by linger"}},
		"many killed":        {change: func(r *Run) { r.Happened.Killed = many(8) }, faults: []string{"pid 100 (w) had to be killed, by linger", "pid 101 (w) had to be killed, by linger", "pid 102 (w) had to be killed, by linger", "pid 103 (w) had to be killed, by linger", "pid 104 (w) had to be killed, by linger", "and so for 3 more processes"}},
		"a worker outlives":  {change: func(r *Run) { r.Happened.Outlived = []timeline.Victim{worker} }, faults: []string{"pid 9 (worker?[2J) outlived the child, and was left to the kernel's SIGKILL"}, remarks: []string{`exit { linger = "2s" } asks what is left of the child's session to go, and forward { to = "container" } reaches other sessions too`}},
		"a hook fails":       {change: step(timeline.Done{Step: `hook "x"`, Took: seconds(0.1), Outcome: lifecycle.Failed, Reason: "exit status 1"}), faults: []string{`hook "x" failed after 100ms: exit status 1`}},
		"a hook hangs":       {change: step(timeline.Done{Step: `hook "x"`, Took: seconds(1), Outcome: lifecycle.TimedOut}), faults: []string{`hook "x" timed out after 1s`}},
		"a hook is killed":   {change: step(timeline.Done{Step: `hook "x"`, Took: seconds(1), Outcome: lifecycle.TimedOut, Killed: true}), faults: []string{`hook "x" did not end when its time was over, and got SIGKILL`}},
		"a hook tries again": {change: step(timeline.Done{Step: `hook "x"`, Outcome: lifecycle.Done, Retries: 2}), remarks: []string{`hook "x" needed 3 tries`}},
		"a drain is cut":     {change: step(timeline.Done{Step: "drain", Took: seconds(3), Outcome: lifecycle.Cut, Reason: "why"}), remarks: []string{"the drain was cut after 3s: why"}},
		"it escalates":       {change: step(timeline.Done{Step: "escalate SIGTERM", Took: seconds(3), Outcome: lifecycle.Done, Signal: "SIGTERM", To: "session"}), remarks: []string{"the session was not gone after 3s, and got SIGTERM"}},
		"it kills":           {change: step(timeline.Done{Step: "escalate SIGKILL", Took: seconds(3), Outcome: lifecycle.Done, Signal: "SIGKILL", To: "session"}), faults: []string{"the session was not gone after 3s, and got SIGKILL"}},
		"it lingers":         {change: step(timeline.Done{Script: "exit", Step: "linger", Took: seconds(1), Outcome: lifecycle.Done}), remarks: []string{"somebody outlived the child, and went 1s after SIGTERM, within linger"}},
		"the budget":         {change: func(r *Run) { r.Happened.Moments = []timeline.Moment{{Event: "budget_over", Text: "used up"}} }, faults: []string{"the budget was used up: used up"}},
		"zombies":            {change: func(r *Run) { r.Zombies = 2 }, remarks: []string{"2 zombies of the application's own children, dead and not reaped by their parents, when the stop was asked for: exeunt can reap orphans only, and becomes their parent when the application ends"}},
	} {
		r := &Run{Number: 1, Happened: stopped()}
		c.change(r)
		r.judge(c.early)
		if !slices.Equal(r.Faults, c.faults) || !slices.Equal(r.Remarks, c.remarks) {
			t.Errorf("%s: faults %q, remarks %q\nwant %q, %q", name, r.Faults, r.Remarks, c.faults, c.remarks)
		}
		if r.Passed() != (len(c.faults) == 0) || r.Passed() != strings.HasPrefix(r.Verdict(), "passed: ") {
			t.Errorf("%s: passed %t, %q", name, r.Passed(), r.Verdict())
		}
	}
}

func many(n int) (all []timeline.Victim) {
	for i := range n {
		all = append(all, timeline.Victim{PID: 100 + i, Command: "w", By: "linger"})
	}
	return all
}

func TestSpreads(t *testing.T) {
	var runs []*Run
	for _, took := range []float64{3, 1, 2, 10} {
		h := stopped()
		h.Took, h.Steps[1].Took = seconds(took), seconds(took/2)
		runs = append(runs, &Run{Happened: h})
	}
	runs[3].Happened.Steps = append(runs[3].Happened.Steps, timeline.Done{Step: "drain", Took: seconds(9)})
	runs = append(runs, &Run{})
	got := Spreads(runs)
	want := []Spread{
		{`hook "deregister"`, 4, seconds(0.2), seconds(0.2), seconds(0.2)}, {"drain", 4, seconds(0.5), seconds(1.25), seconds(5)},
		{"forward SIGQUIT", 4, 0, 0, 0}, {"drain (2)", 1, seconds(9), seconds(9), seconds(9)}, {theStop, 4, seconds(1), seconds(2.5), seconds(10)},
	}
	if !slices.Equal(got, want) {
		t.Errorf("spreads %v\nwant    %v", got, want)
	}
}

// The report in each format, of a run that passed and one that did not, with hostile names in them.
func TestReports(t *testing.T) {
	plan := &lifecycle.Lifecycle{Grace: 10 * time.Second, Stops: []*lifecycle.Script{{Kind: lifecycle.StopScript, Name: "graceful", On: []lifecycle.Signal{lifecycle.SIGTERM},
		Steps: []lifecycle.Step{&lifecycle.Drain{Delay: time.Second}, &lifecycle.Forward{Signal: lifecycle.SIGQUIT, To: lifecycle.Session}}}}}
	report := &Report{Config: "/a<b>&\"c\".hcl", Stop: "graceful", Signal: "SIGTERM", Place: Place{Why: "it is refused"}, Wanted: 2}
	for n := 1; n <= 2; n++ {
		r := &Run{Number: n, Planned: timeline.Plan(plan, plan.Stops[0]), Happened: stopped(), Ready: 356 * time.Millisecond, Orphans: uint64(n - 1),
			Output: []string{"<hello> \x1b[2J]]>\x00"}}
		r.Happened.Output = []timeline.Line{{At: seconds(0.1), Step: `hook "deregister"`, Text: "gone & done"}}
		if n == 2 {
			r.Happened.Steps[0].Outcome, r.Happened.Steps[0].Reason = lifecycle.Failed, "exit status 1 <&>\x01"
			r.Happened.Outlived = []timeline.Victim{{PID: 9, Command: "worker"}}
		}
		r.judge(nil)
		report.Runs = append(report.Runs, r)
	}
	if report.Passed() {
		t.Error("the report passed, and a run of it did not")
	}
	texts := map[string]string{"report.txt": report.Text(timeline.Style{Width: 90}), "report.xml": report.JUnit()}
	for name, got := range texts {
		for _, r := range report.Runs { // the pictures are package timeline's
			for _, width := range []int{90, 100} {
				picture := timeline.Text(timeline.Style{Width: width}, r.Timeline())
				got = strings.ReplaceAll(strings.ReplaceAll(got, picture, "(picture)\n"), xmlText(picture), "(picture)\n")
			}
		}
		path := filepath.Join("testdata", name)
		if *update {
			if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(path, []byte(got), 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || got != string(want) {
			t.Errorf("%s differs (go test ./cmd/exeunt/rehearsal -update rewrites it): %v\n%s", path, err, got)
		}
	}
	var suites struct {
		Suite struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Cases    []struct {
				Name    string `xml:"name,attr"`
				Class   string `xml:"classname,attr"`
				Failure *struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(texts["report.xml"]), &suites); err != nil {
		t.Fatal(err)
	}
	s := suites.Suite
	if s.Tests != 2 || s.Failures != 1 || s.Cases[0].Failure != nil || s.Cases[1].Class != report.Config ||
		s.Cases[1].Failure.Message != report.Runs[1].Faults[0] || s.Cases[1].Failure.Text != strings.Join(report.Runs[1].Faults, "\n") {
		t.Errorf("JUnit has %+v", s)
	}
	var d document
	if err := json.Unmarshal([]byte(report.JSON()), &d); err != nil || d.Runs[1].Faults[0] != report.Runs[1].Faults[0] {
		t.Errorf("JSON has %+v, %v", d, err)
	}
	if err := xml.Unmarshal([]byte(report.SVG()), new(struct{})); err != nil {
		t.Errorf("SVG: %v", err)
	}
}
