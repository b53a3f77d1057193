package lifecycle_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/tools/txtar"
)

// Every scenario's file, written in JSON, gives the same trace.
func TestScenariosInJSON(t *testing.T) {
	files, _ := filepath.Glob("testdata/scenarios/*.txtar")
	if len(files) == 0 {
		t.Fatal("no scenarios")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := newScenario(t, archive)
			source := s.part("lifecycle.hcl")
			source.Name, source.Data = "lifecycle.hcl.json", toJSON(t, source.Data)
			s.file = source.Name
			s.run()
			if want := string(s.part("trace").Data); s.trace.String() != want {
				t.Errorf("the trace differs from HCL's; got:\n%s\nwant:\n%s\nthe file:\n%s", &s.trace, want, source.Data)
			}
		})
	}
}

// toJSON writes HCL as HCL's JSON: a block with a label holds an array of objects, which keeps the order of its steps.
func toJSON(t *testing.T, src []byte) []byte {
	t.Helper()
	file, diags := hclsyntax.ParseConfig(src, "lifecycle.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	text, err := json.MarshalIndent(bodyToJSON(file.Body.(*hclsyntax.Body), src), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func bodyToJSON(body *hclsyntax.Body, src []byte) []any {
	items := []any{}
	for name, attr := range body.Attributes {
		items = append(items, map[string]any{name: expressionToJSON(attr.Expr, src)})
	}
	for _, block := range body.Blocks {
		inner := bodyToJSON(block.Body, src)
		var value any = inner
		switch block.Type {
		case "drain", "forward", "escalate", "parallel", "locals": // an array would be many of them
			value = merged(inner)
		}
		if len(inner) == 0 { // an empty array would be none
			value = map[string]any{}
		}
		for _, label := range block.Labels {
			value = map[string]any{label: value}
		}
		items = append(items, map[string]any{block.Type: value})
	}
	return items
}

// merged makes one object of several; of blocks of one type, as of the hooks in a parallel, an object by label.
func merged(items []any) map[string]any {
	all := map[string]any{}
	for _, item := range items {
		for name, value := range item.(map[string]any) {
			if before, ok := all[name].(map[string]any); ok {
				for label, x := range value.(map[string]any) {
					before[label] = x
				}
				continue
			}
			all[name] = value
		}
	}
	return all
}

func expressionToJSON(e hclsyntax.Expression, src []byte) any {
	switch e := e.(type) {
	case *hclsyntax.TupleConsExpr:
		list := []any{}
		for _, x := range e.Exprs {
			list = append(list, expressionToJSON(x, src))
		}
		return list
	case *hclsyntax.ObjectConsExpr:
		object := map[string]any{}
		for _, item := range e.Items {
			key, _ := item.KeyExpr.Value(nil)
			object[key.AsString()] = expressionToJSON(item.ValueExpr, src)
		}
		return object
	}
	if v, diags := e.Value(nil); !diags.HasErrors() && v.IsKnown() && !v.IsNull() {
		switch v.Type() {
		case cty.String:
			return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(v.AsString())
		case cty.Bool:
			return v.True()
		case cty.Number:
			return json.Number(v.AsBigFloat().Text('f', -1))
		}
	}
	return fmt.Sprintf("${%s}", e.Range().SliceBytes(src))
}
