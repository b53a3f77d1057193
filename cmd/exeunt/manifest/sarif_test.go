package manifest_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"exeunt/cmd/exeunt/manifest"
)

// What the schema of SARIF 2.1.0 requires, and what code scanners take for granted of it: asked of every case's log.
func TestSARIF(t *testing.T) {
	paths, _ := filepath.Glob("testdata/cases/*.txtar")
	results := 0
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r, _ := check(t, archive)
		var text bytes.Buffer
		if err := r.SARIF(&text, "1.2.3", true); err != nil {
			t.Fatal(err)
		}
		var log map[string]any
		if err := json.Unmarshal(text.Bytes(), &log); err != nil {
			t.Fatal(err)
		}
		s := sarif{t, path}
		if log["version"] != "2.1.0" {
			t.Errorf("%s: version %v", path, log["version"])
		}
		for _, run := range s.objects(log, "runs") {
			results += s.run(run)
		}
	}
	if results == 0 {
		t.Error("no result in any case")
	}
}

type sarif struct {
	t    *testing.T
	path string
}

func (s sarif) run(run map[string]any) int {
	driver := s.object(s.object(run, "tool"), "driver")
	s.text(driver, "name")
	var ids []string
	for _, rule := range s.objects(driver, "rules") {
		ids = append(ids, s.text(rule, "id"))
		for _, key := range []string{"shortDescription", "fullDescription", "help"} {
			s.text(s.object(rule, key), "text")
		}
		s.level(s.object(rule, "defaultConfiguration"))
	}
	results := s.objects(run, "results")
	for _, result := range results {
		s.text(s.object(result, "message"), "text")
		s.level(result)
		if i := int(result["ruleIndex"].(float64)); ids[i] != s.text(result, "ruleId") {
			s.t.Errorf("%s: the rule %d is %s, not %v", s.path, i, ids[i], result["ruleId"])
		}
		s.text(s.object(result, "partialFingerprints"), "exeunt/v1")
		locations := s.objects(result, "locations")
		if len(locations) != 1 {
			s.t.Errorf("%s: %d locations", s.path, len(locations))
		}
		for _, l := range locations {
			s.location(s.object(l, "physicalLocation"))
		}
	}
	return len(results)
}

func (s sarif) location(physical map[string]any) {
	uri, err := url.Parse(s.text(s.object(physical, "artifactLocation"), "uri"))
	if err != nil || uri.String() == "" {
		s.t.Errorf("%s: %v %v", s.path, uri, err)
	}
	region, ok := physical["region"].(map[string]any)
	if !ok {
		return
	}
	for key, value := range region {
		if n, ok := value.(float64); !ok || n < 1 {
			s.t.Errorf("%s: %s is %v", s.path, key, value)
		}
	}
	if region["startLine"] == nil {
		s.t.Errorf("%s: a region without a line", s.path)
	}
}

func (s sarif) level(of map[string]any) {
	if !slices.Contains([]string{"error", "warning", "note"}, s.text(of, "level")) {
		s.t.Errorf("%s: level %v", s.path, of["level"])
	}
}

func (s sarif) object(of map[string]any, key string) map[string]any {
	o, ok := of[key].(map[string]any)
	if !ok {
		s.t.Fatalf("%s: no object %s in %v", s.path, key, of)
	}
	return o
}

func (s sarif) objects(of map[string]any, key string) (list []map[string]any) {
	items, ok := of[key].([]any)
	if !ok {
		s.t.Fatalf("%s: no list %s in %v", s.path, key, of)
	}
	for _, item := range items {
		list = append(list, item.(map[string]any))
	}
	return list
}

func (s sarif) text(of map[string]any, key string) string {
	text, ok := of[key].(string)
	if !ok || text == "" {
		s.t.Fatalf("%s: no text %s in %v", s.path, key, of)
	}
	return text
}

// Paths become URIs relative to where the command ran; what no relative URI can be is a file's.
func TestSARIFPlaces(t *testing.T) {
	for file, want := range map[string]string{
		"deploy/web.yaml":   "deploy/web.yaml",
		"./web.yaml":        "web.yaml",
		"my files/web.yaml": "my%20files/web.yaml",
		"/srv/web.yaml":     "file:///srv/web.yaml",
		"a:b.yaml":          "./a:b.yaml",
		"<stdin>":           "%3Cstdin%3E",
	} {
		r := &manifest.Report{}
		r.Add(manifest.Finding{Rule: manifest.RuleUnreadable, Severity: manifest.Error, At: manifest.Pos{File: file}, Problem: "x"})
		var text bytes.Buffer
		r.SARIF(&text, "", false)
		if !bytes.Contains(text.Bytes(), []byte(`"uri": "`+want+`"`)) {
			t.Errorf("%s: no %s in %s", file, want, text.Bytes()[len(text.Bytes())-900:])
		}
	}
}
