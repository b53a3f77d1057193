package manifest_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"exeunt/cmd/exeunt/manifest"
	"exeunt/lifecycle/lang"
)

var update = flag.Bool("update", false, "rewrite the reports in the cases")

// A case is a txtar file: what it shows, lifecycle.hcl, manifests, and the report that comes out. Files under beside/ are there to be
// opened and are no manifests. `container` names the one that is meant.
const (
	lifecycleFile = "lifecycle.hcl"
	containerFile = "container"
	besidePrefix  = "beside/"
)

var reports = []string{"report", "report.json", "report.sarif"}

func TestCases(t *testing.T) {
	paths, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { runCase(t, path) })
	}
}

func runCase(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := check(t, archive)
	for i := range archive.Files {
		f := &archive.Files[i]
		if !slices.Contains(reports, f.Name) {
			continue
		}
		var got bytes.Buffer
		switch {
		case err != nil:
			fmt.Fprintln(&got, err)
		case f.Name == "report":
			r.Text(&got)
		case f.Name == "report.json":
			r.JSON(&got)
		default:
			r.SARIF(&got, "test", true)
		}
		if *update {
			f.Data = got.Bytes()
		} else if got.String() != string(f.Data) {
			t.Errorf("%s, %s:\n%s\nwant:\n%s", path, f.Name, got.String(), f.Data)
		}
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// check reads what a case holds and gives its report.
func check(t *testing.T, archive *txtar.Archive) (*manifest.Report, error) {
	t.Helper()
	files := map[string][]byte{}
	o := manifest.Options{
		File:        lifecycleFile,
		Subcommands: []string{"check", "ready", "version"},
		ValueFlags:  []string{"c", "config", "log-level", "log-format", "termination-log"},
		Open: func(name string) ([]byte, error) {
			if text, ok := files[name]; ok {
				return text, nil
			}
			return nil, os.ErrNotExist
		},
	}
	r := &manifest.Report{Files: []string{lifecycleFile}}
	var docs []*manifest.Document
	for _, f := range archive.Files {
		switch {
		case f.Name == lifecycleFile:
			o.Source = f.Data
		case f.Name == containerFile:
			o.Container = strings.TrimSpace(string(f.Data))
		case slices.Contains(reports, f.Name):
		case strings.HasPrefix(f.Name, besidePrefix):
			files[strings.TrimPrefix(f.Name, besidePrefix)] = f.Data
		default:
			doc, err := manifest.Read(f.Name, f.Data)
			if err != nil {
				r.Unreadable(err)
				continue
			}
			docs = append(docs, doc)
		}
	}
	plan, sources, diags := lang.Parse(lifecycleFile, o.Source, lang.Options{Env: []string{"HOSTNAME=web-0"}})
	if diags.HasErrors() {
		var text strings.Builder
		lang.Print(&text, sources, diags, false)
		t.Fatal(text.String())
	}
	return r, r.Check(plan, docs, o)
}

// Every rule has a case. Those of the file itself come from whoever loads it, and have theirs there.
func TestEveryRuleHasACase(t *testing.T) {
	paths, _ := filepath.Glob("testdata/cases/*.txtar")
	found := map[string]bool{manifest.RuleFileWrong: true, manifest.RuleFileWarning: true, manifest.RuleStopTooLong: true}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r, _ := check(t, archive)
		for _, f := range r.Findings {
			found[f.Rule] = true
			if f.Problem == "" || f.At.File == "" || strings.HasSuffix(f.Problem, ".") || strings.ContainsAny(f.Problem+f.Change, "\n") {
				t.Errorf("%s: a finding without a place or a sentence: %+v", path, f)
			}
		}
	}
	for _, rule := range manifest.Rules() {
		if !found[rule.ID] {
			t.Errorf("no case shows %s", rule.ID)
		}
		delete(found, rule.ID)
	}
	for id := range found {
		t.Errorf("%s is no rule", id)
	}
}
