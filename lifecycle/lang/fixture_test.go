package lang

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the texts of testdata/diagnostics; commit only what you understand")

// A fixture is a txtar file: files to load (lifecycle.hcl, or lifecycle.hcl.json, or those of conf.d), `env` and `command` where
// they matter, and `text`, all that is printed about them.
func TestDiagnostics(t *testing.T) {
	for _, name := range fixtures(t) {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			name, _ := filepath.Abs(name)
			_, sources, diags := loadFixture(t, archive)
			var text strings.Builder
			Print(&text, sources, diags, false)
			want := part(archive, "text")
			if *update {
				want.Data = []byte(text.String())
				if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if string(want.Data) != text.String() {
				t.Errorf("printed (go test ./lifecycle/lang -update rewrites it):\n%s\nwant:\n%s", &text, want.Data)
			}
		})
	}
}

func fixtures(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/diagnostics/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	return names
}

func part(archive *txtar.Archive, name string) *txtar.File {
	for i := range archive.Files {
		if archive.Files[i].Name == name {
			return &archive.Files[i]
		}
	}
	return &txtar.File{}
}

// loadFixture writes the files of a fixture into a directory of its own and loads them there.
func loadFixture(t *testing.T, archive *txtar.Archive) (plan any, sources Sources, diags hcl.Diagnostics) {
	t.Helper()
	t.Chdir(t.TempDir())
	path := "lifecycle.hcl"
	for _, f := range archive.Files {
		switch {
		case f.Name == "text", f.Name == "env", f.Name == "command":
			continue
		case strings.HasPrefix(f.Name, "conf.d/"):
			path = "conf.d"
		case f.Name == "lifecycle.hcl.json":
			path = f.Name
		}
		if err := os.MkdirAll(filepath.Dir(f.Name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.Name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return Load(path, Options{Env: strings.Fields(string(part(archive, "env").Data)), Command: lines(part(archive, "command").Data)})
}

func lines(text []byte) []string {
	if len(text) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// Every place in the code that makes a diagnostic is shown by a fixture.
func TestEveryDiagnosticHasAFixture(t *testing.T) {
	var shown strings.Builder
	calls := diagnosticCalls(t)
	for _, name := range fixtures(t) {
		name, _ := filepath.Abs(name)
		t.Run(filepath.Base(name), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			_, _, diags := loadFixture(t, archive)
			for _, d := range diags {
				fmt.Fprintf(&shown, "\x00%s\x00%s\x00\n", d.Summary, d.Detail)
			}
		})
	}
	for _, c := range calls {
		pattern := regexp.QuoteMeta("\x00" + c.summary + "\x00" + c.format + "\x00")
		pattern = regexp.MustCompile(`%(\\\.)?[vsdqT]`).ReplaceAllString(pattern, "(?s:.*?)")
		if !regexp.MustCompile(pattern).MatchString(shown.String()) {
			t.Errorf("%s: no fixture in testdata/diagnostics shows %q, %q", c.at, c.summary, c.format)
		}
	}
}

type diagnosticCall struct {
	at              token.Position
	summary, format string
}

// diagnosticCalls finds the calls of problem and warning in this package.
func diagnosticCalls(t *testing.T) []diagnosticCall {
	t.Helper()
	names, _ := filepath.Glob("*.go")
	var calls []diagnosticCall
	fset := token.NewFileSet()
	words := map[string]string{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec: // a constant for a summary
				if len(n.Values) == 1 {
					if text, ok := literal(n.Values[0]); ok {
						words[n.Names[0].Name] = text
					}
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "problem" || f.Name == "warning") {
					summary, known := literal(n.Args[1])
					if name, ok := n.Args[1].(*ast.Ident); ok {
						summary, known = words[name.Name], true
					}
					format, alsoKnown := literal(n.Args[2])
					if !known || !alsoKnown {
						t.Errorf("%s: a diagnostic's words have to be constants", fset.Position(n.Pos()))
					}
					calls = append(calls, diagnosticCall{fset.Position(n.Pos()), summary, format})
				}
			}
			return true
		})
	}
	if len(calls) < 40 {
		t.Errorf("only %d diagnostics were found in the code", len(calls))
	}
	return calls
}

// literal is the text of a string literal, or of several with plus between them.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		x, xok := literal(e.X)
		y, yok := literal(e.Y)
		return x + y, xok && yok
	}
	return "", false
}
