package timeline

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"exeunt/lifecycle"
)

// What the documents list is what the types have.
func TestSchemaIsThatOfTheTypes(t *testing.T) {
	names := func(fields []field) []string {
		var all []string
		for _, f := range fields {
			all = append(all, f.name)
		}
		return all
	}
	for what, c := range map[string]struct {
		of     any
		fields []string
	}{
		"events":  {Event{}, append(names(commonFields), names(eventFields)...)},
		"reports": {Happened{}, names(reportFields)},
		"plans":   {Planned{}, names(planFields)},
	} {
		if got := jsonNames(reflect.TypeOf(c.of)); !slices.Equal(got, c.fields) {
			t.Errorf("%s have the fields\n%v\nand documented are\n%v", what, got, c.fields)
		}
	}
	for _, nested := range []any{Child{}, Done{}, Moment{}, Victim{}, Line{}} {
		for _, name := range jsonNames(reflect.TypeOf(nested)) {
			if !strings.Contains(fieldTable(reportFields), "`"+name+"`") {
				t.Errorf("%q of %T is not documented", name, nested)
			}
		}
	}
	for _, name := range append(jsonNames(reflect.TypeOf(PlannedStep{})), jsonNames(reflect.TypeOf(Span{}))...) {
		if !strings.Contains(fieldTable(planFields), "`"+name+"`") {
			t.Errorf("%q of a planned step is not documented", name)
		}
	}
}

func jsonNames(of reflect.Type) []string {
	var names []string
	for i := range of.NumField() {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

// Every word of an event is documented, those of lifecycle and those of this package.
func TestEveryEventIsDocumented(t *testing.T) {
	var documented []string
	for _, e := range eventKinds {
		documented = append(documented, string(e.event))
	}
	for _, file := range []string{"../../../lifecycle/action.go", "happened.go"} {
		for _, word := range constants(t, file, "What") {
			if !slices.Contains(documented, word) {
				t.Errorf("event %q of %s is not documented", word, file)
			}
		}
	}
	var words []string
	for _, o := range outcomes {
		words = append(words, o.name)
	}
	for _, word := range []string{lifecycle.Done, lifecycle.Failed, lifecycle.TimedOut, lifecycle.Cut, lifecycle.Skipped, lifecycle.Hurried, lifecycle.Moot, lifecycle.TakenOver} {
		if !slices.Contains(words, word) {
			t.Errorf("outcome %q is not documented", word)
		}
	}
}

// constants are the values of the string constants of a type in a file.
func constants(t *testing.T, path, typ string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.CONST {
			continue
		}
		for _, spec := range gen.Specs {
			v := spec.(*ast.ValueSpec)
			if len(v.Values) != 1 || !strings.HasSuffix(typeName(v.Type), typ) {
				continue
			}
			value, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, value)
		}
	}
	if len(values) == 0 {
		t.Fatalf("no constants of %s in %s", typ, path)
	}
	return values
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// Every event of a stop has the fields that are documented for it, and no others.
func TestEventsHaveTheirFields(t *testing.T) {
	l := samples()["page"]
	open := samples()["open"]
	log := logOf(calmPlay(t), l, lifecycle.LevelDebug) + logOf(roughPlay(t), l, lifecycle.LevelDebug) + logOf(worst(t), open, lifecycle.LevelDebug) + reportOf(calmPlay(t).run(l, l.Stops[0]))
	seen := 0
	for line := range strings.Lines(log) {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatal(err)
		}
		seen++
		CheckEvent(t.Errorf, object)
	}
	if seen < 40 {
		t.Errorf("%d events only", seen)
	}
}

// CheckEvent reports what of an event is not as documented.
func CheckEvent(errorf func(string, ...any), object map[string]any) {
	i := slices.IndexFunc(eventKinds, func(k eventKind) bool { return string(k.event) == object["event"] })
	if i < 0 {
		errorf("event %v is not documented", object["event"])
		return
	}
	for _, f := range commonFields {
		if _, ok := object[f.name]; !ok {
			errorf("%v has no %s", object, f.name)
		}
		delete(object, f.name)
	}
	for _, f := range strings.Fields(eventKinds[i].fields) {
		name, optional := strings.CutSuffix(f, "?")
		if _, ok := object[name]; !ok && !optional {
			errorf("%s has no %s: %v", eventKinds[i].event, name, object)
		}
		delete(object, name)
	}
	for name := range object {
		errorf("%s has %s, which is not documented", eventKinds[i].event, name)
	}
}
