package lifecycle_test

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"exeunt/lifecycle"
)

// values describes what a hook would do at a moment, a line a value, for scenarios that show values. Shapes are those of
// package hooks: what isn't set is left out.
func values(h *lifecycle.Hook, s lifecycle.Scope) []string {
	v := &describer{scope: s}
	describe(v, "when", h.When)
	switch do := h.Do.(type) {
	case *lifecycle.Exec:
		describe(v, "exec", do.Argv)
	case *lifecycle.Shell:
		describe(v, "script", do.Text)
	case *lifecycle.TCP:
		describe(v, "tcp", do.Address)
	case *lifecycle.Remove:
		describe(v, "remove", do.Path)
	case *lifecycle.Send:
		describe(v, "signal "+do.Signal.String()+" to", do.To)
	case *lifecycle.Write:
		describe(v, "write", do.Path)
		describe(v, "content", do.Content)
		v.add("mode %#o", do.Mode)
	case *lifecycle.HTTP:
		describe(v, "http "+do.Method, do.URL)
		describe(v, "headers", do.Headers)
		describe(v, "body", do.Body)
		if len(do.Expect) > 0 {
			v.add("expect %v", do.Expect)
		}
		if do.CAFile != "" {
			v.add("ca_file %q", do.CAFile)
		}
	}
	describe(v, "env", h.Env)
	if h.Process.User != "" {
		v.add("user %q", h.Process.User)
	}
	if h.Process.Dir != "" {
		v.add("workdir %q", h.Process.Dir)
	}
	return v.lines
}

type describer struct {
	scope lifecycle.Scope
	lines []string
}

func (v *describer) add(format string, args ...any) {
	v.lines = append(v.lines, fmt.Sprintf(format, args...))
}

func describe[T any](v *describer, name string, live lifecycle.Live[T]) {
	if live == nil {
		return
	}
	value, err := live.Eval(context.Background(), v.scope)
	switch value := any(value).(type) {
	case map[string]string:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			v.add("%s %s=%q", name, key, value[key])
		}
	default:
		if err == nil {
			v.add("%s %#v", name, value)
		}
	}
	if err != nil {
		v.add("%s cannot be told: %v", name, err)
	}
}
