package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"exeunt/cmd/exeunt/timeline"
)

const nginxFile = "../../examples/nginx/lifecycle.hcl"

func TestPlan(t *testing.T) {
	t.Setenv("COLUMNS", "")
	t.Setenv("EXEUNT_CONFIG", "")
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	noStop := write("no-stop.hcl", "grace_period = \"5s\"\n")
	wrong := write("wrong.hcl", "grace_period = 5\n")
	two := write("two.hcl", `
stop "one" {
  on = ["SIGTERM"]
  forward {}
  escalate {
    after  = "1s"
    signal = "SIGKILL"
  }
}
stop "two" {
  on = ["SIGINT"]
  forward {}
  escalate {
    after  = "2s"
    signal = "SIGKILL"
  }
}
`)
	empty := write("empty.log", "nothing\n")
	for _, test := range []struct {
		args   string
		code   int
		stdout string // how it begins
		stderr string // what it contains
	}{
		{nginxFile, 0, "stop \"graceful\" on SIGTERM, SIGINT\nat least 3s, at most 26s of the 30s granted: it fits\n", ""},
		{"--format svg " + nginxFile, 0, "<svg ", ""},
		{"--format html " + nginxFile, 0, "<!doctype html>", ""},
		{"--format json " + nginxFile, 0, "{\n  \"schema\": 1,", ""},
		{"--format mermaid " + nginxFile, 0, "gantt\n", ""},
		{"--stop two " + two, 0, "stop \"two\" on SIGINT\n", ""},
		{"--stop tow " + two, 64, "", `--stop "tow": ` + two + ` has no such stop: did you mean "two"?`},
		{"--stop other " + two, 64, "", `has no such stop: its stops are ["one" "two"]`},
		{"--output " + filepath.Join(dir, "no/where") + " " + nginxFile, 125, "", "exeunt: cannot write the picture: "},
		{noStop, 1, "", "exeunt: nothing to draw: " + noStop + " has no stop block"},
		{wrong, 78, "", "exeunt: cannot use " + wrong},
		{"", 64, "", "no file to draw: write exeunt plan FILE"},
		{"--format png " + nginxFile, 64, "", "png"},
		{"--nth 1 " + nginxFile, 64, "", "write --events LOG too"},
		{"--events x --nth 0", 64, "", "the first stop of a log is 1"},
		{"--events " + filepath.Join(dir, "none"), 125, "", "exeunt: cannot read the log: "},
		{"--events " + empty, 1, "", "tells of no stop\nexeunt: hint: it has to be written with exeunt --log-format json"},
	} {
		code, stdout, stderr := exeunt(append([]string{"plan"}, strings.Fields(test.args)...)...)
		if code != test.code || !strings.HasPrefix(stdout, test.stdout) || !strings.Contains(stderr, test.stderr) || test.stderr == "" && stderr != "" {
			t.Errorf("exeunt plan %s: status %d, want %d\n%s%s", test.args, code, test.code, stdout, stderr)
		}
	}
	_, both, _ := exeunt("plan", two)
	if !strings.Contains(both, `stop "one"`) || !strings.Contains(both, `stop "two"`) {
		t.Errorf("not every stop is drawn:\n%s", both)
	}
	picture := filepath.Join(dir, "stop.svg")
	_, want, _ := exeunt("plan", "--format", "svg", nginxFile)
	if code, _, stderr := exeunt("plan", "--format", "svg", "-o", picture, nginxFile); code != 0 || stderr != "" {
		t.Fatalf("status %d\n%s", code, stderr)
	}
	if got, err := os.ReadFile(picture); err != nil || string(got) != want {
		t.Errorf("what is written is not what is printed: %v", err)
	}
}

func TestPlanOfALog(t *testing.T) {
	t.Setenv("COLUMNS", "100")
	log, err := os.ReadFile("../../docs/testdata/stop.log")
	if err != nil {
		t.Fatal(err)
	}
	other := strings.ReplaceAll(strings.ReplaceAll(string(log), `graceful`, "hasty"), `"run":"`, `"run":"x`)
	path := filepath.Join(t.TempDir(), "two.log")
	if err := os.WriteFile(path, append(log, other...), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args, stdout, stderr string // what they contain
		code                 int
	}{
		{"", `stop "hasty" by SIGTERM`, "", 0},
		{"--nth 1", `stop "graceful" by SIGTERM`, "", 0},
		{"--nth 3", "", "tells of 2 stops, and --nth is 3", 1},
		{"--stop graceful", `stop "graceful" by SIGTERM`, "", 0},
		{"--stop other", "", `tells of no stop "other"`, 1},
		{"--nth 1 " + nginxFile, "░ planned at most", "", 0},
		{nginxFile, `stop "hasty" by SIGTERM`, `drawn without a plan: ` + nginxFile + ` has no stop "hasty"`, 0},
	} {
		code, stdout, stderr := exeunt(append([]string{"plan", "--events", path}, strings.Fields(test.args)...)...)
		if code != test.code || !strings.Contains(stdout, test.stdout) || !strings.Contains(stderr, test.stderr) || test.stderr == "" && stderr != "" {
			t.Errorf("exeunt plan --events LOG %s: status %d, want %d\n%s%s", test.args, code, test.code, stdout, stderr)
		}
	}
}

// A locale that is not UTF-8 gets ASCII; one that nobody has set says nothing about whoever reads a log.
func TestPlanKeepsToTheLocale(t *testing.T) {
	for locale, ascii := range map[string]bool{"C": true, "POSIX": true, "de_DE.ISO-8859-1": true, "C.UTF-8": false, "en_US.utf8": false, "": false} {
		t.Setenv("LC_ALL", "")
		t.Setenv("LC_CTYPE", "")
		t.Setenv("LANG", locale)
		_, text, _ := exeunt("plan", nginxFile)
		if got := strings.IndexFunc(text, func(r rune) bool { return r > '~' }) < 0; got != ascii {
			t.Errorf("LANG=%s: ASCII %t, want %t\n%s", locale, got, ascii, text)
		}
		for line := range strings.Lines(text) {
			if len([]rune(line)) > logWidth+1 {
				t.Errorf("a line of %d columns:\n%s", len([]rune(line)), line)
			}
		}
	}
}

// Every line of a real stop's log at its most talkative is an event of docs/events.md, with the fields that stand there.
func TestEventsAreAsDocumented(t *testing.T) {
	document, err := os.ReadFile("../../docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| [A-Z]* \\| .* \\| (.*) \\|$").FindAllStringSubmatch(string(document), -1) {
		fields[row[1]] = row[2]
	}
	const file = `
grace_period = "4s"
signal "SIGUSR1" {
  hook "reload" {
    exec    = ["echo", "reloaded"]
    timeout = "5s"
  }
}
stop "graceful" {
  on    = ["SIGTERM"]
  again = "hurry"
  hook "fails" {
    exec        = ["false"]
    retries     = 1
    retry_delay = "10ms"
    timeout     = "1s"
  }
  drain {
    delay   = "10ms"
    until   = tcp_open("nowhere")
    every   = "100ms"
    timeout = "200ms"
  }
  forward {
    signal = "SIGUSR2"
    to     = "child"
  }
}
exit {
  linger = "100ms"
}
`
	p := start(t, file, []string{"--log-format", "json", "-v", "--timeline"}, `trap '' USR1 USR2 TERM HUP; echo ready; while :; do sleep 1; done`)
	p.line("ready")
	for _, s := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGHUP, syscall.SIGTERM} {
		p.signal(s)
	}
	p.holding(`"step_retries"`) // which the hurry would keep it from
	p.signal(syscall.SIGTERM)
	_, all := p.end()
	seen := map[string]bool{}
	for line := range strings.Lines(all) {
		if !strings.HasPrefix(line, "{") {
			if strings.TrimSpace(line) != "ready" {
				t.Errorf("a line that is no event: %s", line)
			}
			continue
		}
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		event, _ := object["event"].(string)
		listed, ok := fields[event]
		if !ok {
			t.Errorf("event %q is not documented: %s", event, line)
			continue
		}
		seen[event] = true
		for _, common := range []string{"time", "mono_seconds", "run", "level", "event", "msg"} {
			if _, ok := object[common]; !ok {
				t.Errorf("no %s in %s", common, line)
			}
			delete(object, common)
		}
		for name := range object {
			if !strings.Contains(listed, "`"+name+"`") {
				t.Errorf("%s has %s, which is not documented for it: %s", event, name, line)
			}
		}
	}
	for _, want := range []string{"diagnosed", "child_started", "signal_received", "signal_forwarded", "script_begins", "step_begins", "step_ends", "step_retries",
		"waiting", "budget_over", "process_left", "child_ended", "hook_output", "lifecycle_ends", string(timeline.StopReport), "trace"} {
		if !seen[want] {
			t.Errorf("no %s in this stop:\n%s", want, all)
		}
	}
}
