package lang

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"exeunt/lifecycle"
)

// FuzzParse holds that a file, whatever is in it, gives either mistakes or a lifecycle; that what is printed about it is
// about places in it; and that whatever loads has live values that can be evaluated at any moment, with a value or an error.
func FuzzParse(f *testing.F) {
	for _, src := range seeds(f) {
		f.Add(src, false, uint64(0))
	}
	f.Add([]byte(`{"stop": {"a": [{"on": ["TERM"]}, {"drain": {"delay": "1s", "until": "${tcp_open(\"a:1\")}", "timeout": "1s"}}, {"forward": {}}]}}`), true, uint64(1))
	f.Fuzz(func(t *testing.T, src []byte, json bool, moment uint64) {
		name := "lifecycle.hcl"
		if json {
			name = "lifecycle.hcl.json"
		}
		plan, sources, diags := Parse(name, src, Options{Env: []string{"HOSTNAME=pod-1"}, Probes: answers{moment}})
		Print(discard{}, sources, diags, moment%2 == 0)
		if diags.HasErrors() {
			return
		}
		for _, value := range liveValues(plan) {
			value(scopeAt(moment))
		}
	})
}

func seeds(f *testing.F) [][]byte {
	all := [][]byte{[]byte(onePage)}
	for _, pattern := range []string{"testdata/diagnostics/*.txtar", "../testdata/scenarios/*.txtar"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			f.Fatalf("no seeds: %v", err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			for _, file := range txtar.Parse(text).Files {
				if strings.HasSuffix(file.Name, ".hcl") {
					all = append(all, file.Data)
				}
			}
		}
	}
	return all
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// answers are probes that say anything.
type answers struct{ seed uint64 }

func (a answers) Connections(context.Context, []int) (int, error) { return int(a.seed % 7), nil }
func (a answers) Processes(context.Context, string) (int, error)  { return int(a.seed % 5), nil }
func (a answers) HTTPStatus(context.Context, string) (int, error) { return int(a.seed % 600), nil }
func (a answers) TCPOpen(context.Context, string) (bool, error)   { return a.seed%2 == 0, nil }
func (a answers) FileExists(string) (bool, error) {
	if a.seed%3 == 0 {
		panic("a probe that fails worse than it should")
	}
	return a.seed%3 == 1, nil
}

func scopeAt(seed uint64) lifecycle.Scope {
	s := lifecycle.Scope{Signal: lifecycle.Signal(seed % 65), Elapsed: time.Duration(seed % 1e12), Remaining: time.Duration(seed%1e10) - 5e9, Child: int(seed % 3), Status: int(seed % 256)}
	if seed%2 == 0 {
		s.Sender, s.Stop = &lifecycle.Sender{PID: int(seed % 1000), Kernel: seed%4 == 0}, "graceful"
	}
	s.Exited, s.ChildSignal = seed%5 > 0, lifecycle.Signal(seed%11)
	return s
}

// liveValues lists all that is evaluated later.
func liveValues(l *lifecycle.Lifecycle) []func(lifecycle.Scope) {
	var all []func(lifecycle.Scope)
	all = add(all, l.Child.Ready)
	scripts := append(append([]*lifecycle.Script{l.Start, l.Exit.Hooks}, l.Stops...), l.Signals...)
	for _, script := range scripts {
		if script == nil {
			continue
		}
		for _, step := range script.Steps {
			switch s := step.(type) {
			case *lifecycle.Drain:
				all = add(all, s.Until)
			case *lifecycle.Hook:
				all = append(all, liveValuesOf(s)...)
			case *lifecycle.Parallel:
				for _, h := range s.Hooks {
					all = append(all, liveValuesOf(h)...)
				}
			}
		}
	}
	return all
}

func liveValuesOf(h *lifecycle.Hook) []func(lifecycle.Scope) {
	all := add(add(nil, h.When), h.Env)
	switch do := h.Do.(type) {
	case *lifecycle.Exec:
		all = add(all, do.Argv)
	case *lifecycle.Shell:
		all = add(all, do.Text)
	case *lifecycle.TCP:
		all = add(all, do.Address)
	case *lifecycle.Remove:
		all = add(all, do.Path)
	case *lifecycle.Send:
		all = add(all, do.To)
	case *lifecycle.Write:
		all = add(add(all, do.Path), do.Content)
	case *lifecycle.HTTP:
		all = add(add(add(all, do.URL), do.Headers), do.Body)
	}
	return all
}

func add[T any](all []func(lifecycle.Scope), live lifecycle.Live[T]) []func(lifecycle.Scope) {
	if live == nil {
		return all
	}
	return append(all, func(s lifecycle.Scope) {
		_, _ = live.Eval(context.Background(), s)
		_ = live.String()
	})
}
