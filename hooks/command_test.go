package hooks

import (
	"maps"
	"slices"
	"testing"
	"time"

	"exeunt/lifecycle"
)

func TestExec(t *testing.T) {
	hook := &lifecycle.Hook{
		Do:      &lifecycle.Exec{Argv: is([]string{"drain", "--now"})},
		Process: lifecycle.Process{User: "app", Dir: "/srv", Env: map[string]string{"A": "1", "B": "1"}},
		Env:     is(map[string]string{"B": "2", "EXEUNT_STOP": "mine"}),
	}
	scope := lifecycle.Scope{Signal: lifecycle.SIGTERM, Stop: "graceful", Remaining: -1, Child: 12}
	result := Begin(t.Context(), hook, scope, time.Now())
	if result.Err != nil || result.Command == nil {
		t.Fatalf("%+v", result)
	}
	got := result.Command
	if !slices.Equal(got.Argv, []string{"drain", "--now"}) || got.Process.User != "app" || got.Process.Dir != "/srv" {
		t.Errorf("%+v", got)
	}
	want := map[string]string{
		"A": "1", "B": "2",
		"EXEUNT_STOP": "mine", "EXEUNT_SIGNAL": "SIGTERM", "EXEUNT_CHILD_PID": "12", "EXEUNT_DEADLINE": "",
	}
	if !maps.Equal(got.Process.Env, want) {
		t.Errorf("environment is %v, not %v", got.Process.Env, want)
	}
	if len(hook.Process.Env) != 2 {
		t.Errorf("the hook itself was changed: %v", hook.Process.Env)
	}
}

func TestEnvironment(t *testing.T) {
	now := time.Date(2026, 1, 2, 16, 4, 5, 0, time.FixedZone("", 3600))
	for _, c := range []struct {
		name  string
		scope lifecycle.Scope
		want  map[string]string
	}{
		{"nothing is known", lifecycle.Scope{Remaining: -1}, map[string]string{
			"EXEUNT_STOP": "", "EXEUNT_SIGNAL": "", "EXEUNT_CHILD_PID": "", "EXEUNT_DEADLINE": "",
		}},
		{"a stop with a budget", lifecycle.Scope{Stop: "s", Signal: 37, Child: 9, Remaining: 90900 * time.Millisecond}, map[string]string{
			"EXEUNT_STOP": "s", "EXEUNT_SIGNAL": "SIGRTMIN+3", "EXEUNT_CHILD_PID": "9", "EXEUNT_DEADLINE": "2026-01-02T15:05:35Z",
		}},
		{"the child ended by itself", lifecycle.Scope{Remaining: 0, Exited: true, Status: 3}, map[string]string{
			"EXEUNT_STOP": "", "EXEUNT_SIGNAL": "", "EXEUNT_CHILD_PID": "", "EXEUNT_DEADLINE": "2026-01-02T15:04:05Z",
			"EXEUNT_STATUS": "3", "EXEUNT_STATUS_SIGNAL": "",
		}},
		{"a signal ended the child", lifecycle.Scope{Remaining: -1, Exited: true, Status: 137, ChildSignal: lifecycle.SIGKILL}, map[string]string{
			"EXEUNT_STOP": "", "EXEUNT_SIGNAL": "", "EXEUNT_CHILD_PID": "", "EXEUNT_DEADLINE": "",
			"EXEUNT_STATUS": "137", "EXEUNT_STATUS_SIGNAL": "SIGKILL",
		}},
	} {
		if got := Environment(c.scope, now); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, not %v", c.name, got, c.want)
		}
	}
}

func TestScript(t *testing.T) {
	result := run(t, &lifecycle.Shell{Text: is("echo $A")})
	if result.Err != nil || !slices.Equal(result.Command.Argv, []string{"/bin/sh", "-c", "echo $A"}) {
		t.Errorf("%+v", result)
	}
}

func TestScriptWithoutAShell(t *testing.T) {
	_, err := prepareShell(t.Context(), &lifecycle.Hook{}, &lifecycle.Shell{Text: is("x")}, "/nowhere/sh", lifecycle.Scope{}, time.Now())
	wantError(t, err, `there is no /nowhere/sh here to run the script: write exec = ["/path/to/program", "argument"] instead`)
}

func TestCommandsThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		argv []string
		env  map[string]string
		err  string
	}{
		{nil, nil, `exec names no program: write exec = ["/path/to/program", "argument"]`},
		{[]string{""}, nil, `exec names no program: write exec = ["/path/to/program", "argument"]`},
		{[]string{"a", "b\x00c"}, nil, "argument 1 has a zero byte in it"},
		{[]string{"a"}, map[string]string{"A=": ""}, `env "A=" cannot be set: a name is neither empty nor has = in it, and nothing has a zero byte`},
		{[]string{"a"}, map[string]string{"": ""}, `env "" cannot be set: a name is neither empty nor has = in it, and nothing has a zero byte`},
		{[]string{"a"}, map[string]string{"A": "\x00"}, `env "A" cannot be set: a name is neither empty nor has = in it, and nothing has a zero byte`},
	} {
		hook := &lifecycle.Hook{Do: &lifecycle.Exec{Argv: is(c.argv)}, Env: is(c.env)}
		result := Begin(t.Context(), hook, lifecycle.Scope{}, time.Now())
		wantError(t, result.Err, c.err)
		if result.Command != nil {
			t.Errorf("there is a command all the same: %+v", result.Command)
		}
	}
	hook := &lifecycle.Hook{Do: &lifecycle.Exec{Argv: is([]string{"a"})}, Env: fails[map[string]string]("no")}
	wantError(t, Begin(t.Context(), hook, lifecycle.Scope{}, time.Now()).Err, "cannot evaluate env: no")
}
