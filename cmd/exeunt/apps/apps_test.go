package apps

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"exeunt/lifecycle"
	"exeunt/lifecycle/lang"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

var update = flag.Bool("update", false, "rewrite the goldens")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is another (-update rewrites it):\n%s", path, got)
	}
}

// graces are short ones and long ones, and those of Docker and Kubernetes.
var graces = []time.Duration{LeastGrace, 1500 * time.Millisecond, 2 * time.Second, 3 * time.Second, 7777 * time.Millisecond, 10 * time.Second, 30 * time.Second, 45 * time.Second, 2 * time.Minute, time.Hour}

// shapes are applications whose files differ by more than their words.
var shapes = []string{"nginx", "apache", "envoy", "puma", "sidekiq", "node", "redis", "cassandra", "generic"}

// fits loads a file and says that there is nothing to say about it: no mistake, no warning, in the style of exeunt fmt,
// and each stop within its grace period.
func fits(t *testing.T, src []byte, command ...string) *lifecycle.Lifecycle {
	t.Helper()
	plan, sources, diags := lang.Parse("lifecycle.hcl", src, lang.Options{Command: command})
	if len(diags) > 0 {
		var text strings.Builder
		lang.Print(&text, sources, diags, false)
		t.Fatalf("%s\n%s", text.String(), src)
	}
	if !bytes.Equal(hclwrite.Format(src), src) {
		t.Errorf("not in the style of exeunt fmt:\n%s", src)
	}
	for _, stop := range plan.Stops {
		switch b := plan.Bound(stop); {
		case !b.Fits() || b.Allowed == 0:
			t.Errorf("%v takes %v of %v\n%s", stop, b.Total, b.Allowed, src)
		case !b.Ends:
			t.Errorf("%v does not end by itself\n%s", stop, src)
		}
	}
	for _, line := range strings.Split(string(src), "\n") {
		if strings.Contains(line, "{wait}") || strings.Contains(line, "{drain}") || strings.HasSuffix(line, " ") || strings.Contains(line, `"0s"`) {
			t.Errorf("%q in\n%s", line, src)
		}
	}
	return plan
}

func TestEveryFileFits(t *testing.T) {
	for _, a := range All() {
		for _, grace := range graces {
			t.Run(fmt.Sprintf("%s in %v", a.Name, grace), func(t *testing.T) {
				var command []string
				if len(a.Programs) > 0 {
					command = []string{strings.TrimSuffix(a.Programs[0], "*")}
				}
				plan := fits(t, a.File(Request{Grace: grace, By: "exeunt init --app " + a.Name}), command...)
				if plan.Grace != grace || len(plan.Stops) != 1 {
					t.Errorf("%d stops in %v", len(plan.Stops), plan.Grace)
				}
			})
		}
		if slices.Contains(shapes, a.Name) {
			golden(t, a.Name+".hcl", a.File(Request{Grace: 30 * time.Second, By: "exeunt init --app " + a.Name}))
		}
	}
}

// All the grace period is given away, and the application gets at least half of what is left of it.
func TestTimesUseTheWholeGracePeriod(t *testing.T) {
	for _, a := range All() {
		for _, grace := range graces {
			d := a.times(grace)
			hooks := time.Duration(0)
			for _, h := range a.Hooks {
				if h.Long {
					hooks += d.long
				} else {
					hooks += d.hook
				}
			}
			allowed := grace - lifecycle.Margin(grace)
			if got := hooks + d.drain + d.poll + d.quiet + d.wait + d.hard; got != allowed {
				t.Errorf("%s: %v of %v: %+v", a.Name, got, allowed, d)
			}
			if d.wait+d.poll+d.long < allowed/2 {
				t.Errorf("%s: of %v only %v are for the application: %+v", a.Name, allowed, d.wait+d.poll, d)
			}
		}
	}
}

// What the tables have to hold for the files and the docs to make sense.
func TestTable(t *testing.T) {
	names := map[string]bool{}
	for _, a := range All() {
		for _, name := range append([]string{a.Name}, a.Also...) {
			if names[name] {
				t.Errorf("%s is there twice", name)
			}
			names[name] = true
			if Find(name) == nil || Find(name).Name != a.Name {
				t.Errorf("Find(%q) is another", name)
			}
		}
		var takes []lifecycle.Signal
		for _, s := range a.Signals {
			takes = append(takes, s.Signals...)
			if strings.HasSuffix(s.Does, ".") || s.Does == "" {
				t.Errorf("%s: %q", a.Name, s.Does)
			}
		}
		for _, s := range append([]lifecycle.Signal{a.Stop}, a.Hard, a.Quiet) {
			if s != 0 && !slices.Contains(takes, s) {
				t.Errorf("%s is sent %v, of which its table says nothing", a.Name, s)
			}
		}
		for _, sentence := range []string{a.Why, a.Set} {
			if sentence != "" && !strings.HasSuffix(sentence, ".") {
				t.Errorf("%s: %q", a.Name, sentence)
			}
		}
		if !strings.HasPrefix(a.Source, "https://") && a.Name != "generic" {
			t.Errorf("%s: no source", a.Name)
		}
		for _, program := range a.Programs {
			if got := ofProgram("/usr/sbin/" + strings.Replace(program, "*", "8.2", 1)); got == nil || got.Name != a.Name {
				t.Errorf("%s is not recognised by %s", a.Name, program)
			}
		}
	}
}
