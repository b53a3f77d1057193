package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"exeunt/lifecycle/lang"
)

// What reference.md says of blocks, attributes, names and functions is printed by the code: none of them can exist
// undocumented, nor be documented and not exist.
func TestReference(t *testing.T) {
	want := map[string]string{
		"names":     scopeTable(),
		"functions": wordList(lang.FunctionNames()),
		"limits":    wordList(lang.LimitNames()),
	}
	for _, b := range lang.Schema() {
		if len(b.Attributes)+len(b.Blocks) > 0 && b.ID != "parallel" { // which says in its first sentence what it holds
			want[b.ID] = blockTable(b)
		}
	}
	for name, text := range want {
		printedPart(t, "reference.md", name, text)
	}
	text, err := os.ReadFile("reference.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`<!-- (\S+), printed by the code`).FindAllStringSubmatch(string(text), -1) {
		if _, ok := want[m[1]]; !ok {
			t.Errorf("reference.md has a part %q, which the code does not", m[1])
		}
	}
}

// Every block has a heading of its name, every warning a row.
func TestReferenceHeadings(t *testing.T) {
	text, err := os.ReadFile("reference.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range lang.Schema() {
		if b.ID != lang.FileBlock && !regexp.MustCompile("(?m)^###+ `"+b.Name()+"`").Match(text) {
			t.Errorf("reference.md has no heading of %s", b.ID)
		}
	}
	for _, summary := range warnings(t) {
		if !strings.Contains(string(text), "\n| "+summary+" |") {
			t.Errorf("reference.md says nothing of the warning %q", summary)
		}
	}
}

// warnings lists the summaries of the decoder's warnings.
func warnings(t *testing.T) []string {
	t.Helper()
	files, _ := filepath.Glob("../lifecycle/lang/*.go")
	var all []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\bwarning\(.*?, "([A-Z][^"]*)"`).FindAllStringSubmatch(string(text), -1) {
			all = append(all, m[1])
		}
	}
	if len(all) == 0 {
		t.Fatal("package lang has no warnings")
	}
	return all
}

func blockTable(b lang.Block) string {
	var s strings.Builder
	if len(b.Attributes) > 0 {
		s.WriteString("| attribute | type | default | evaluated | |\n| --- | --- | --- | --- | --- |\n")
	}
	for _, a := range b.Attributes {
		name, when, def := "`"+a.Name+"`", "once", ""
		if a.Required {
			name = "**" + name + "**"
		}
		if a.Live {
			when = "live"
		}
		if a.Default != "" {
			def = "`" + a.Default + "`"
		}
		fmt.Fprintf(&s, "| %s | %s | %s | %s | %s |\n", name, a.Type, def, when, a.Doc)
	}
	if len(b.Blocks) > 0 {
		var names []string
		for _, id := range b.Blocks {
			names = append(names, "`"+id[strings.LastIndex(id, ".")+1:]+"`")
		}
		if len(b.Attributes) > 0 {
			s.WriteString("\n")
		}
		fmt.Fprintf(&s, "Blocks in it: %s.\n", strings.Join(names, ", "))
	}
	return s.String()
}

func scopeTable() string {
	blocks := []string{"ready", "start", "signal", "stop", "exit"}
	var s strings.Builder
	s.WriteString("| name | type | `child.ready` | `start` | `signal` | `stop` | `exit` |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, n := range lang.ScopeNames() {
		fmt.Fprintf(&s, "| `%s` | %s |", n.Name, n.Type)
		for _, b := range blocks {
			mark := ""
			if slices.Contains(n.In, b) {
				mark = "yes"
			}
			fmt.Fprintf(&s, " %s |", mark)
		}
		s.WriteString("\n")
	}
	return s.String()
}

func wordList(words []string) string {
	return "`" + strings.Join(words, "`, `") + "`.\n"
}
