package hooks

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"exeunt/lifecycle"
)

func TestWhen(t *testing.T) {
	path := t.TempDir() + "/written"
	do := &lifecycle.Write{Path: is(path)}
	for _, c := range []struct {
		name    string
		when    lifecycle.Live[bool]
		skipped bool
		err     string
	}{
		{"absent", nil, false, ""},
		{"true", is(true), false, ""},
		{"false", is(false), true, ""},
		{"cannot be evaluated", fails[bool]("no"), false, "cannot evaluate when: no"},
	} {
		t.Run(c.name, func(t *testing.T) {
			run(t, &lifecycle.Remove{Path: is(path)})
			result := Begin(t.Context(), &lifecycle.Hook{Do: do, When: c.when}, lifecycle.Scope{}, time.Now())
			wantError(t, result.Err, c.err)
			if result.Skipped != c.skipped {
				t.Errorf("skipped: %t", result.Skipped)
			}
			written, err := Probes{}.FileExists(path)
			if err != nil || written != (c.err == "" && !c.skipped) {
				t.Errorf("the file is there: %t, %v", written, err)
			}
		})
	}
}

func TestScopeReachesWhen(t *testing.T) {
	when := asks[bool](func(_ context.Context, scope lifecycle.Scope) (bool, error) { return scope.Child == 7, nil })
	hook := &lifecycle.Hook{Do: &lifecycle.Exec{Argv: is([]string{"x"})}, When: when}
	if r := Begin(t.Context(), hook, lifecycle.Scope{Child: 7}, time.Now()); r.Command == nil {
		t.Errorf("scope didn't arrive: %+v", r)
	}
}

// Every live value of every action is evaluated, and its failure says which it was.
func TestLiveValuesThatFail(t *testing.T) {
	text, ok := fails[string]("no"), is("http://127.0.0.1:1")
	for want, do := range map[string]lifecycle.Doing{
		"exec":    &lifecycle.Exec{Argv: fails[[]string]("no")},
		"script":  &lifecycle.Shell{Text: text},
		"url":     &lifecycle.HTTP{URL: text},
		"headers": &lifecycle.HTTP{URL: ok, Headers: fails[map[string]string]("no")},
		"body":    &lifecycle.HTTP{URL: ok, Body: text},
		"tcp":     &lifecycle.TCP{Address: text},
		"to":      &lifecycle.Send{To: text},
		"path":    &lifecycle.Write{Path: text},
		"content": &lifecycle.Write{Path: ok, Content: text},
		"remove":  &lifecycle.Remove{Path: text},
	} {
		wantError(t, run(t, do).Err, "cannot evaluate "+want+": no")
	}
}

func TestPanicIsAFailedHook(t *testing.T) {
	panics := asks[string](func(context.Context, lifecycle.Scope) (string, error) { panic("oh") })
	wantError(t, run(t, &lifecycle.TCP{Address: panics}).Err, "internal error: oh")
	// What the decoder never gives: an action without its value, none at all.
	if err := run(t, &lifecycle.HTTP{}).Err; err == nil {
		t.Error("no URL is no error")
	}
	wantError(t, run(t, nil).Err, "internal error: a hook does <nil>")
	_, err := Poll(t.Context(), asks[bool](func(context.Context, lifecycle.Scope) (bool, error) { panic("oh") }), lifecycle.Scope{})
	wantError(t, err, "internal error: oh")
}

func TestPoll(t *testing.T) {
	if yes, err := Poll(t.Context(), is(true), lifecycle.Scope{}); !yes || err != nil {
		t.Errorf("%t, %v", yes, err)
	}
	_, err := Poll(t.Context(), fails[bool]("no"), lifecycle.Scope{})
	wantError(t, err, "no")
}

// What doesn't end with its context is left behind, at a time that can be told in advance.
func TestNothingOutlivesItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := make(chan struct{})
		defer close(stuck)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		ignores := asks[bool](func(context.Context, lifecycle.Scope) (bool, error) { <-stuck; return true, nil })

		begun := time.Now()
		_, err := Poll(ctx, ignores, lifecycle.Scope{})
		if took := time.Since(begun); took != time.Second+Late {
			t.Errorf("the poll took %v", took)
		}
		wantError(t, err, "cut off while evaluating asks()")
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v is not due to the context", err)
		}

		// It is over before it begins.
		result := Begin(ctx, &lifecycle.Hook{Do: &lifecycle.Write{Path: is(t.TempDir() + "/x")}}, lifecycle.Scope{}, time.Now())
		wantError(t, result.Err, "cut off while it ran")
	})
}

// What ends with its context may say how far it came.
func TestWordsOfTheLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		polite := asks[bool](func(ctx context.Context, _ lifecycle.Scope) (bool, error) {
			<-ctx.Done()
			time.Sleep(Late / 2)
			return false, errors.New("half way")
		})
		_, err := Poll(ctx, polite, lifecycle.Scope{})
		wantError(t, err, "half way")
	})
}

func TestPaths(t *testing.T) {
	hook := &lifecycle.Hook{Process: lifecycle.Process{Dir: "/app"}}
	for _, c := range []struct {
		hook            *lifecycle.Hook
		path, want, err string
	}{
		{&lifecycle.Hook{}, "/a/../b", "/b", ""},
		{hook, "/a", "/a", ""},
		{hook, "a", "/app/a", ""},
		{&lifecycle.Hook{}, "a", "", `path = "a" is relative: write an absolute path, or set workdir`},
		{hook, "", "", "path is empty: write an absolute path"},
	} {
		got, err := absolute(c.hook, "path", c.path)
		wantError(t, err, c.err)
		if got != c.want {
			t.Errorf("%q is %q, not %q", c.path, got, c.want)
		}
	}
	for _, do := range []lifecycle.Doing{
		&lifecycle.Write{Path: is("a")}, &lifecycle.Remove{Path: is("a")}, &lifecycle.Send{To: is("a/b")},
		&lifecycle.HTTP{URL: is("http://h"), CAFile: "a"},
	} {
		if err := run(t, do).Err; err == nil || !strings.Contains(err.Error(), "is relative") {
			t.Errorf("%T: %v", do, err)
		}
	}
}
