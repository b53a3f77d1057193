package lang

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"exeunt/lifecycle"
)

// parse reads a text that has no mistake and no warning.
func parse(t *testing.T, name, src string, o Options) *lifecycle.Lifecycle {
	t.Helper()
	plan, sources, diags := Parse(name, []byte(src), o)
	if len(diags) > 0 {
		var text strings.Builder
		Print(&text, sources, diags, false)
		t.Fatal(text.String())
	}
	return plan
}

func TestChild(t *testing.T) {
	plan := parse(t, "lifecycle.hcl", `
child {
  command           = ["app", "--port", 8080]
  workdir           = "/srv"
  env               = { A = "b", N = 1 }
  user              = 1000
  group             = "app"
  umask             = "0027"
  no_new_privileges = true
  limits            = { nofile = 1024, core = "unlimited", nproc = "10:unlimited" }
  pid_file          = "/run/app.pid"
  ready             = true
}
`, Options{})
	umask := 0o27
	want := lifecycle.Child{
		Command: []string{"app", "--port", "8080"},
		Process: lifecycle.Process{
			Dir: "/srv", Env: map[string]string{"A": "b", "N": "1"}, User: "1000", Group: "app", Umask: &umask, NoNewPrivileges: true,
			Limits: map[string]lifecycle.Limit{"nofile": {Soft: 1024, Hard: 1024}, "core": {Soft: unlimited, Hard: unlimited}, "nproc": {Soft: 10, Hard: unlimited}},
		},
		PIDFile: "/run/app.pid",
		Ready:   known[bool]{true, "true"},
	}
	if !reflect.DeepEqual(plan.Child, want) {
		t.Errorf("%+v\nwant\n%+v", plan.Child, want)
	}
}

// What is not written has its default, and an empty file is the transparent init.
func TestDefaults(t *testing.T) {
	for _, src := range []string{"", "exit {}\n", "start {}\n", "child {}\n", "locals {}\n"} {
		if plan := parse(t, "lifecycle.hcl", src, Options{}); !reflect.DeepEqual(plan, &lifecycle.Lifecycle{}) {
			t.Errorf("%q is %+v", src, plan)
		}
	}
	plan := parse(t, "lifecycle.hcl", `
stop "a" {
  on = ["TERM"]
  hook "h" {
    exec = ["x"]
  }
  drain {
    delay   = "1s"
    until   = file_exists("/x")
    timeout = "1s"
  }
  forward {
    to = "group"
  }
  escalate {
    after = "3s"
  }
}
`, Options{})
	steps := plan.Stops[0].Steps
	hook := steps[0].(*lifecycle.Hook)
	hook.Do = nil
	if want := (&lifecycle.Hook{Name: "h", Timeout: 10 * time.Second, RetryDelay: time.Second}); !reflect.DeepEqual(hook, want) {
		t.Errorf("a hook is %+v", hook)
	}
	if every := steps[1].(*lifecycle.Drain).Every; every != 250*time.Millisecond {
		t.Errorf("a drain polls every %v", every)
	}
	if want := (&lifecycle.Forward{To: lifecycle.Group}); !reflect.DeepEqual(steps[2], want) {
		t.Errorf("a forward is %+v", steps[2])
	}
	if want := (&lifecycle.Escalate{After: 3 * time.Second, Signal: lifecycle.SIGKILL, To: lifecycle.Group}); !reflect.DeepEqual(steps[3], want) {
		t.Errorf("an escalate is %+v", steps[3])
	}
}

func TestLocate(t *testing.T) {
	none := func(string) string { return "" }
	set := func(name string) string { return map[string]string{"EXEUNT_CONFIG": "/from/env"}[name] }
	if path, err := Locate("/from/flag", set); path != "/from/flag" || err != nil {
		t.Errorf("the flag wins: %q, %v", path, err)
	}
	if path, err := Locate("", set); path != "/from/env" || err != nil {
		t.Errorf("then the variable: %q, %v", path, err)
	}
	want := DefaultPath
	if _, err := os.Stat(DefaultPath); errors.Is(err, fs.ErrNotExist) {
		want = ""
	}
	if path, err := Locate("", none); path != want || err != nil {
		t.Errorf("then %s where it exists: %q, %v", DefaultPath, path, err)
	}
}

// told is probes that say what they were asked, or fail as told.
type told struct {
	answers
	asked *[]any
	err   error
}

func (w told) Connections(ctx context.Context, ports []int) (int, error) {
	*w.asked = append(*w.asked, ctx.Value(key{}), ports)
	return len(ports), w.err
}

func (w told) TCPOpen(context.Context, string) (bool, error) { panic("out of order") }

type key struct{}

func ready(t *testing.T, expression string, p Probes) lifecycle.Live[bool] {
	t.Helper()
	plan := parse(t, "lifecycle.hcl", "child {\n  ready = "+expression+"\n}\n", Options{Probes: p})
	return plan.Child.Ready
}

// The context of Eval reaches the probe, and so does what is asked.
func TestProbe(t *testing.T) {
	var asked []any
	asks := ready(t, "connections(80, 443) == 2", told{asked: &asked})
	ctx := context.WithValue(context.Background(), key{}, "mine")
	if value, err := asks.Eval(ctx, lifecycle.Scope{}); !value || err != nil {
		t.Errorf("%v, %v", value, err)
	}
	if want := []any{"mine", []int{80, 443}}; !reflect.DeepEqual(asked, want) {
		t.Errorf("asked %v", asked)
	}
	if asks.String() != "connections(80, 443) == 2" {
		t.Errorf("it is called %v", asks)
	}
}

// Whatever happens in a probe is an error, and what ended it can be told.
func TestFailures(t *testing.T) {
	var asked []any
	over, cancel := context.WithCancel(context.Background())
	cancel()
	for _, test := range []struct {
		expression string
		ctx        context.Context
		probes     Probes
		want       string
		is         error
	}{
		{"connections(80) == 0", context.Background(), told{asked: &asked, err: context.DeadlineExceeded}, "connections: context deadline exceeded", context.DeadlineExceeded},
		{"connections(80) == 0", over, told{asked: &asked}, "context canceled", context.Canceled},
		{"connections(80) == 0", context.Background(), nil, "connections: nothing can be asked here", nil},
		{"tcp_open(\"a:1\")", context.Background(), told{asked: &asked}, "internal error", nil},
		{"child.pid == 1", context.Background(), nil, "", nil},
		{"child.pid > 1", context.Background(), nil, "argument must not be null", nil},
		{"file(\"none\") == \"\"", context.Background(), nil, "file: cannot read \"none\": no such file or directory", nil},
	} {
		value, err := ready(t, test.expression, test.probes).Eval(test.ctx, lifecycle.Scope{})
		text := ""
		if err != nil {
			text = err.Error()
		}
		if value || !strings.Contains(text, test.want) || (test.want == "") != (err == nil) || test.is != nil && !errors.Is(err, test.is) {
			t.Errorf("%s: %v, %v; want %q", test.expression, value, err, test.want)
		}
	}
}

// A relative path begins at the directory of the file it is written in; a live one is read when it is asked for.
func TestFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("lifecycle.hcl", "child {\n  command = [file(\"name\")]\n  ready   = file(\"state\") == \"up\"\n}\n")
	write("name", "app")
	t.Chdir(dir)
	plan, _, diags := Load("lifecycle.hcl", Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if plan.Child.Command[0] != "app" {
		t.Errorf("the command is %q", plan.Child.Command)
	}
	write("state", "up")
	t.Chdir("/")
	if up, err := plan.Child.Ready.Eval(context.Background(), lifecycle.Scope{}); !up || err != nil {
		t.Errorf("%v, %v", up, err)
	}
	write("state", "down")
	if up, err := plan.Child.Ready.Eval(context.Background(), lifecycle.Scope{}); up || err != nil {
		t.Errorf("%v, %v", up, err)
	}
}

// JSON is the same language; a "//" is a comment, and an array of objects keeps the order of steps.
func TestJSON(t *testing.T) {
	plan := parse(t, "x.json", `{
  "//": "how it stops",
  "locals": {"port": 8080},
  "stop": {"a": [
    {"on": ["TERM"], "//": "only that"},
    {"drain": {"delay": "1s", "until": "${connections(local.port) == 0}", "timeout": "2s"}},
    {"forward": {"signal": "QUIT"}},
    {"hook": {"b": {"exec": ["x", "${stop.name}-${1 + 1}"]}, "c": {"write": {"path": "/x", "content": "$${}"}}}},
    {"escalate": [{"after": "2s", "signal": "TERM"}, {"after": "1s"}]}
  ]}
}`, Options{})
	var kinds []string
	for _, s := range plan.Stops[0].Steps {
		kinds = append(kinds, reflect.TypeOf(s).Elem().Name())
	}
	if got := strings.Join(kinds, " "); got != "Drain Forward Hook Hook Escalate Escalate" {
		t.Errorf("the steps are %s", got)
	}
	if until := plan.Stops[0].Steps[0].(*lifecycle.Drain).Until; until.String() != "connections(local.port) == 0" {
		t.Errorf("until is %v", until)
	}
	exec := plan.Stops[0].Steps[2].(*lifecycle.Hook).Do.(*lifecycle.Exec)
	if argv, err := exec.Argv.Eval(context.Background(), lifecycle.Scope{Stop: "a"}); err != nil || !reflect.DeepEqual(argv, []string{"x", "a-2"}) {
		t.Errorf("%q, %v", argv, err)
	}
	write := plan.Stops[0].Steps[3].(*lifecycle.Hook).Do.(*lifecycle.Write)
	if text, err := write.Content.Eval(context.Background(), lifecycle.Scope{}); text != "${}" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

// Functions are Terraform's, also where cty's own differ.
func TestFunctions(t *testing.T) {
	for expression, want := range map[string]string{
		`coalesce("", null, "c")`:                          "c",
		`length("äöü")`:                                    "3",
		`length([1, 2])`:                                   "2",
		`replace("a.b.c", ".", "-")`:                       "a-b-c",
		`replace("a1b22", "/[0-9]+/", "#")`:                "a#b#",
		`base64encode("user:password")`:                    "dXNlcjpwYXNzd29yZA==",
		`base64decode("aMO8aA==")`:                         "hüh",
		`urlencode("a b/c")`:                               "a+b%2Fc",
		`lookup(env, "NONE", "default")`:                   "default",
		`lookup(env, "HOME", "default")`:                   "/home",
		`try(env.NONE, "tried")`:                           "tried",
		`can(env.NONE)`:                                    "false",
		`join(",", [for k, v in { a = 1 } : "${k}=${v}"])`: "a=1",
		`jsonencode({ a = [1, "b", true] })`:               `{"a":[1,"b",true]}`,
		`tonumber("3") + 1`:                                "4",
	} {
		plan := parse(t, "lifecycle.hcl", "child {\n  command = ["+expression+"]\n}\n", Options{Env: []string{"HOME=/home"}})
		if got := plan.Child.Command[0]; got != want {
			t.Errorf("%s is %q, not %q", expression, got, want)
		}
	}
}

// Colour marks the kind and the place, nothing else; what a file holds can't do anything to a terminal.
func TestColour(t *testing.T) {
	_, sources, diags := Parse("x.hcl", []byte("a = \"\x1b[2J\"\n"), Options{})
	var plain, colour strings.Builder
	Print(&plain, sources, diags, false)
	Print(&colour, sources, diags, true)
	if strings.Contains(plain.String(), "\x1b") || strings.Contains(colour.String(), "\x1b[2J") {
		t.Errorf("it prints %q", plain.String())
	}
	if !strings.Contains(colour.String(), "\x1b[31merror\x1b[0m") {
		t.Errorf("in colour it prints %q", colour.String())
	}
	if strip := strings.NewReplacer("\x1b[31m", "", "\x1b[1m", "", "\x1b[0m", "").Replace(colour.String()); strip != plain.String() {
		t.Errorf("without its colour it is %q, not %q", strip, plain.String())
	}
}

// Of a line that is longer than a screen, what is round the mistake is shown; of mistakes without end, the first hundred.
func TestLongLine(t *testing.T) {
	src := "a = \"" + strings.Repeat("x", 500) + "${nope}" + strings.Repeat("y", 500) + "\"\nlocals {\n  b = \"" +
		strings.Repeat("x", 500) + "${nope}\"\n  c = [" + strings.Repeat("nope, ", 200) + "]\n}\n"
	_, sources, diags := Parse("x.hcl", []byte(src), Options{})
	var text strings.Builder
	Print(&text, sources, diags, false)
	for line := range strings.Lines(text.String()) {
		if len(line) > 400 && !strings.Contains(line, "The file has no") {
			t.Errorf("a line of %d characters: %s", len(line), line)
		}
	}
	lines := strings.Split(text.String(), "\n")
	for i, line := range lines {
		if mark := strings.Index(line, "^^^^"); mark > 0 && i > 0 && len(lines[i-1]) > mark+4 {
			if got := lines[i-1][mark : mark+4]; got != "nope" {
				t.Errorf("%q is underlined", got)
			}
		}
	}
	if want := "exeunt: and 102 more\n"; !strings.HasSuffix(text.String(), want) {
		t.Errorf("it ends with %q", lines[len(lines)-2])
	}
}
