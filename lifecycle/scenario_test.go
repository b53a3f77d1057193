package lifecycle_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"exeunt/lifecycle"
	"exeunt/lifecycle/lang"
)

var update = flag.Bool("update", false, "rewrite the traces of testdata/scenarios; commit only what you understand")

// A scenario is a txtar file whose name is the claim: prose, `lifecycle.hcl`, `script` and `trace`. A line of the script is
// a time since the beginning and what happens then:
//
//	3s signal SIGTERM [from PID COMMAND UID]
//	3s hook NAME ok | skipped | failed TEXT
//	3s polls true | false | error TEXT | unanswered    from here on every poll is answered so, at once
//	3s child exits STATUS | child dies SIGNAL
//	3s gone TARGET
//	3s adopted PID
//	3s nothing                                         let the time pass until then
//
// `as ...` says what the language has no word for, of exeunt in another init's place: see (*scenario).as.
//
// `start fails STATUS TEXT`, without a time, answers the start of the child; by default it gets pid 7. `not pid 1`
// makes it so; `before signal SIGTERM` comes before anything began; `show values` adds what each hook would do. Deadlines fire by
// themselves at their time. The trace holds every event and every action.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/scenarios/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := newScenario(t, archive)
			s.run()
			if *update {
				s.part("trace").Data = []byte(s.trace.String())
				if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(s.part("trace").Data); s.trace.String() != want {
				t.Errorf("the trace differs (go test ./lifecycle -update rewrites it); got:\n%s\nwant:\n%s", &s.trace, want)
			}
		})
	}
}

// load reads a lifecycle.hcl that has no mistake.
func load(t *testing.T, name string, src []byte) *lifecycle.Lifecycle {
	t.Helper()
	plan, sources, diags := lang.Parse(name, src, lang.Options{Env: []string{"HOSTNAME=pod-1"}})
	if diags.HasErrors() {
		var text strings.Builder
		lang.Print(&text, sources, diags, false)
		t.Fatal(text.String())
	}
	return plan
}

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

type scenario struct {
	t       *testing.T
	archive *txtar.Archive
	file    string // lifecycle.hcl
	values  bool   // show what each hook would do
	m       *lifecycle.Machine
	now     time.Time
	trace   strings.Builder
	fails   *lifecycle.NotStarted
	hooks   map[string]int // by name, the id under way
	polls   string
	events  []lifecycle.Event
	ended   bool
}

func (s *scenario) part(name string) *txtar.File {
	for i := range s.archive.Files {
		if s.archive.Files[i].Name == name {
			return &s.archive.Files[i]
		}
	}
	s.archive.Files = append(s.archive.Files, txtar.File{Name: name})
	return &s.archive.Files[len(s.archive.Files)-1]
}

func newScenario(t *testing.T, archive *txtar.Archive) *scenario {
	return &scenario{t: t, archive: archive, file: "lifecycle.hcl", now: epoch, hooks: map[string]int{}, polls: "unanswered"}
}

func (s *scenario) run() {
	var lines, early []string
	var as [][]string
	pid1 := true
	for _, line := range strings.Split(string(s.part("script").Data), "\n") {
		line, _, _ = strings.Cut(line, "#")
		switch words := strings.Fields(line); {
		case len(words) == 0:
		case words[0] == "before":
			early = words[1:]
		case words[0] == "show":
			s.values = true
		case words[0] == "not":
			pid1 = false
		case words[0] == "as":
			as = append(as, words[1:])
		case words[0] == "start":
			status, err := strconv.Atoi(words[2])
			s.must(err)
			s.fails = &lifecycle.NotStarted{Status: status, Reason: strings.Join(words[3:], " ")}
		default:
			lines = append(lines, line)
		}
	}
	plan := load(s.t, s.file, s.part(s.file).Data)
	for _, words := range as {
		s.as(plan, words)
	}
	s.m = lifecycle.NewMachine(plan, pid1)
	if early != nil {
		s.tell(early)
	}
	s.happens(lifecycle.Begin{})
	for _, line := range lines {
		at, what, _ := strings.Cut(strings.TrimSpace(line), " ")
		d, err := time.ParseDuration(at)
		s.must(err)
		s.pass(epoch.Add(d), false)
		s.tell(strings.Fields(what))
	}
	s.pass(epoch.Add(time.Hour), true)
	if !s.ended {
		fmt.Fprintf(&s.trace, "%s goes on\n", s.m.State())
	}
}

// as changes a plan as another init's name does:
//
//	as unnamed TARGET                signals that no block names go there
//	as sleep                         who is stopped stays so
//	as farewell SIGNAL TARGET        what is left gets it at the child's end
//	as suspend SIGNAL SIGNAL         the first is forwarded as the second to the group, then exeunt stops itself
//	as no child                      there is none
func (s *scenario) as(plan *lifecycle.Lifecycle, words []string) {
	target := func(word string) lifecycle.Target {
		to, err := lifecycle.ParseTarget(word)
		s.must(err)
		return to
	}
	signal := func(word string) lifecycle.Signal {
		sig, err := lifecycle.ParseSignal(word)
		s.must(err)
		return sig
	}
	switch words[0] {
	case "unnamed":
		to := target(words[1])
		plan.Unnamed.To = &to
	case "sleep":
		plan.Unnamed.Sleep = true
	case "farewell":
		plan.Exit.Farewell = &lifecycle.Forward{Signal: signal(words[1]), To: target(words[2])}
	case "suspend":
		on := signal(words[1])
		plan.Signals = append(plan.Signals, &lifecycle.Script{Kind: lifecycle.SignalScript, Name: on.String(), On: []lifecycle.Signal{on},
			Steps: []lifecycle.Step{&lifecycle.Forward{Signal: signal(words[2]), To: lifecycle.Group}, &lifecycle.Suspend{}}})
	case "no":
		plan.Child.None = true
	default:
		s.t.Fatalf("unknown line of a script: as %q", words)
	}
}

// pass fires the deadlines up to a time; at the end of a scenario, all of them.
func (s *scenario) pass(until time.Time, last bool) {
	for n := 0; !s.ended; n++ {
		at, ok := s.m.Deadline()
		if !ok || at.After(until) {
			break
		}
		if n > 10000 {
			s.t.Fatalf("a deadline at %v fires again and again", at.Sub(epoch))
		}
		if at.After(s.now) {
			s.now = at
		}
		s.happens(lifecycle.Deadline{})
	}
	if !last && until.After(s.now) {
		s.now = until
	}
}

func (s *scenario) tell(words []string) {
	rest := func(n int) string { return strings.Join(words[n:], " ") }
	switch words[0] {
	case "signal":
		sig, err := lifecycle.ParseSignal(words[1])
		s.must(err)
		r := lifecycle.Received{Signal: sig}
		if len(words) == 6 {
			pid, _ := strconv.Atoi(words[3])
			uid, _ := strconv.Atoi(words[5])
			r.From = &lifecycle.Sender{PID: pid, Command: words[4], UID: uid}
		}
		s.happens(r)
	case "hook":
		id, ok := s.hooks[words[1]]
		if !ok {
			s.t.Fatalf("hook %q does not run at %v", words[1], s.now.Sub(epoch))
		}
		delete(s.hooks, words[1])
		ev := lifecycle.HookEnded{ID: id, Skipped: words[2] == "skipped"}
		if words[2] == "failed" {
			ev.Err = errors.New(rest(3))
		}
		s.happens(ev)
	case "polls":
		s.polls = rest(1)
	case "child":
		ev := lifecycle.ChildExited{}
		var err error
		if words[1] == "exits" {
			ev.Status, err = strconv.Atoi(words[2])
		} else {
			ev.Signal, err = lifecycle.ParseSignal(words[2])
		}
		s.must(err)
		s.happens(ev)
	case "adopted":
		pid, err := strconv.Atoi(words[1])
		s.must(err)
		s.happens(lifecycle.Adopted{PID: pid})
	case "gone":
		to, err := lifecycle.ParseTarget(words[1])
		s.must(err)
		s.happens(lifecycle.Gone{To: to})
	case "nothing":
	default:
		s.t.Fatalf("unknown line of a script: %q", words)
	}
}

func (s *scenario) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *scenario) happens(ev lifecycle.Event) {
	s.events = append(s.events, ev)
	for len(s.events) > 0 {
		ev, s.events = s.events[0], s.events[1:]
		before := s.m.State()
		actions := s.m.Step(s.now, ev)
		became := ""
		if s.m.State() != before {
			became = fmt.Sprintf("  [%v]", s.m.State())
		}
		if len(actions) > 0 || became != "" {
			fmt.Fprintf(&s.trace, "%-8v < %v%s\n", s.now.Sub(epoch), ev, became)
		}
		for _, a := range actions {
			s.do(a)
		}
	}
}

func (s *scenario) do(a lifecycle.Action) {
	mark := ">"
	switch a := a.(type) {
	case lifecycle.Note:
		mark = "  \""
		if a.Level == lifecycle.LevelDebug {
			mark = "  '"
		}
		fmt.Fprintf(&s.trace, "         %s%v\n", mark, a)
		return
	case lifecycle.Bug:
		s.t.Errorf("at %v: %v", s.now.Sub(epoch), a)
	case lifecycle.StartChild:
		if s.fails != nil {
			s.events = append(s.events, *s.fails)
		} else {
			s.events = append(s.events, lifecycle.Started{PID: 7, Command: []string{"app"}})
		}
	case lifecycle.RunHook:
		s.hooks[a.Hook.Name] = a.ID
	case lifecycle.Poll:
		switch kind, text, _ := strings.Cut(s.polls, " "); kind {
		case "true", "false":
			s.events = append(s.events, lifecycle.Polled{ID: a.ID, True: kind == "true"})
		case "error":
			s.events = append(s.events, lifecycle.Polled{ID: a.ID, Err: errors.New(text)})
		}
	case lifecycle.End:
		s.ended = true
	}
	fmt.Fprintf(&s.trace, "         %s %v\n", mark, a)
	if run, ok := a.(lifecycle.RunHook); ok && s.values {
		for _, line := range values(run.Hook, run.Scope) {
			fmt.Fprintf(&s.trace, "             %s\n", line)
		}
	}
}
