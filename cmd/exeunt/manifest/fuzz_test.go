package manifest_test

import (
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"exeunt/cmd/exeunt/manifest"
	"exeunt/lifecycle/lang"
)

// Whatever a file holds: it is read or refused with one line that has a place in it, and what was read can be checked and
// written in every format.
func FuzzRead(f *testing.F) {
	paths, _ := filepath.Glob("testdata/cases/*.txtar")
	var source []byte
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			switch {
			case file.Name == lifecycleFile && source == nil:
				source = file.Data
			case file.Name != lifecycleFile && !slices.Contains(reports, file.Name):
				f.Add(file.Data)
			}
		}
	}
	plan, _, _ := lang.Parse(lifecycleFile, source, lang.Options{})
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := manifest.Read("file", data)
		if err != nil {
			checkError(t, err, data)
			return
		}
		r := &manifest.Report{Files: []string{lifecycleFile}}
		if err := r.Check(plan, []*manifest.Document{doc}, manifest.Options{File: lifecycleFile, Source: source}); err != nil {
			t.Fatal(err)
		}
		for _, found := range r.Findings {
			if found.Problem == "" || found.At.File == "" || found.At.Line > 1+strings.Count(string(data), "\n")+strings.Count(string(data), "\r") && !exotic(data) {
				t.Errorf("a finding at no place: %+v", found)
			}
		}
		r.Text(io.Discard)
		r.JSON(io.Discard)
		r.SARIF(io.Discard, "test", true)
	})
}

func checkError(t *testing.T, err error, data []byte) {
	var bad *manifest.ReadError
	switch {
	case !errors.As(err, &bad):
		t.Fatalf("%T: %v", err, err)
	case strings.Contains(bad.Problem, "internal error"):
		t.Fatal(err)
	case bad.At.File == "" || bad.Problem == "" || strings.Contains(bad.Problem, "\n"):
		t.Fatalf("%+v", bad)
	case bad.At.Line > 2+strings.Count(string(data), "\n")+strings.Count(string(data), "\r") && !exotic(data):
		t.Fatalf("line %d of %q", bad.At.Line, data)
	}
}

// exotic reports line ends that only YAML counts, and texts whose bytes are not UTF-8.
func exotic(data []byte) bool {
	return strings.ContainsAny(string(data), "\u0085\u2028\u2029") || len(data) > 1 && data[0] >= 0xfe && data[1] >= 0xfe
}
