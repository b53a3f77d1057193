package lang

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// explain puts better words in place of HCL's about names that an expression can't use, and adds what HCL did not come by: the
// right side of an && whose left side is false. What stands in try() and can() may fail.
func (w *world) explain(e hclsyntax.Expression, k scopeKind, diags hcl.Diagnostics) hcl.Diagnostics {
	better := w.misnamed(e, k)
	var all hcl.Diagnostics
	for _, d := range diags {
		if !overlapsAny(d.Subject, better) {
			all = append(all, d)
		}
	}
	for _, d := range better {
		if d.Summary != notSet || overlapsAny(d.Subject, diags) { // env.X may stand where it isn't evaluated
			all = append(all, d)
		}
	}
	return all
}

const notSet = "Variable not set"

func overlapsAny(r *hcl.Range, diags hcl.Diagnostics) bool {
	return r != nil && slices.ContainsFunc(diags, func(d *hcl.Diagnostic) bool { return d.Subject != nil && overlap(*d.Subject, *r) })
}

func overlap(a, b hcl.Range) bool {
	return a.Filename == b.Filename && a.Start.Byte < b.End.Byte && b.Start.Byte < a.End.Byte
}

// misnamed says what is wrong with the names in an expression.
func (w *world) misnamed(e hclsyntax.Expression, k scopeKind) hcl.Diagnostics {
	var diags, tried hcl.Diagnostics
	hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		call, ok := n.(*hclsyntax.FunctionCallExpr)
		switch {
		case !ok:
		case call.Name == "try" || call.Name == "can":
			at := call.Range()
			tried = append(tried, &hcl.Diagnostic{Subject: &at})
		case k == atLoad && isProbe(call.Name):
			at := call.NameRange
			diags = append(diags, onceOnly(&at, call.Name+"()"))
		}
		return nil
	})
	for _, traversal := range e.Variables() {
		if d := w.misnamedVariable(traversal, k); d != nil {
			diags = append(diags, d)
		}
	}
	return slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool { return overlapsAny(d.Subject, tried) })
}

func onceOnly(at *hcl.Range, name string) *hcl.Diagnostic {
	return problem(at, "Not known at load", "%s is known only while a script runs, and this value is evaluated once, when the file is read.\n"+
		"until, when and what a hook sends or runs are evaluated when their step begins.", name)
}

func (w *world) misnamedVariable(t hcl.Traversal, k scopeKind) *hcl.Diagnostic {
	root, at := t.RootName(), t.SourceRange()
	known := k.variables(nil)
	value, visible := known[root]
	switch {
	case root == "env":
		value = w.env
	case root == "local":
		value = w.locals
	case visible:
	case inExit.variables(nil)[root] != cty.NilVal && k == atLoad:
		return onceOnly(&at, root)
	case inExit.variables(nil)[root] != cty.NilVal:
		return problem(&at, "Not known here", "%s is not known in %s.", root, scopeWords[k])
	default:
		names := append(slices.Sorted(maps.Keys(known)), "env", "local")
		rootAt := t[0].SourceRange()
		return problem(&rootAt, "Unknown name", "There is no %s here; there are %s.%s", root, listed(slices.Sorted(slices.Values(names)), "and"), didYouMean(root, names))
	}
	if len(t) < 2 {
		return nil
	}
	name, ok := stepName(t[1])
	if !ok {
		return nil
	}
	at = hcl.RangeBetween(t[0].SourceRange(), t[1].SourceRange())
	names := keysOf(value)
	if slices.Contains(names, name) {
		return misnamedSender(t, k)
	}
	switch {
	case root == "env":
		return problem(&at, notSet, "The environment variable %s is not set.\nWrite lookup(env, %q, \"default\") where it may be missing.", name, name)
	case root == "local":
		return problem(&at, "Unknown local", "No locals block sets %s.%s", name, didYouMean(name, names))
	case slices.Contains(keysOf(inExit.variables(nil)[root]), name):
		return problem(&at, "Not known here", "%s.%s is known in exit only.", root, name)
	}
	return problem(&at, "Unknown name", "%s has no %s; it has %s.%s", root, name, listed(names, "and"), didYouMean(name, names))
}

// misnamedSender is about the one name of three parts, signal.sender.x.
func misnamedSender(t hcl.Traversal, k scopeKind) *hcl.Diagnostic {
	if len(t) < 3 || t.RootName() != "signal" {
		return nil
	}
	inner, _ := stepName(t[1])
	name, ok := stepName(t[2])
	names := slices.Sorted(maps.Keys(senderType().AttributeTypes()))
	if inner != "sender" || !ok || slices.Contains(names, name) {
		return nil
	}
	at := hcl.RangeBetween(t[0].SourceRange(), t[2].SourceRange())
	return problem(&at, "Unknown name", "signal.sender has no %s; it has %s.%s", name, listed(names, "and"), didYouMean(name, names))
}

// stepName is the x of `.x` and of `["x"]`.
func stepName(step hcl.Traverser) (string, bool) {
	switch s := step.(type) {
	case hcl.TraverseAttr:
		return s.Name, true
	case hcl.TraverseIndex:
		if s.Key.Type() == cty.String && s.Key.IsKnown() && !s.Key.IsNull() {
			return s.Key.AsString(), true
		}
	}
	return "", false
}

func keysOf(v cty.Value) []string {
	switch {
	case v == cty.NilVal:
		return nil
	case v.Type().IsObjectType():
		return slices.Sorted(maps.Keys(v.Type().AttributeTypes()))
	case v.IsKnown() && !v.IsNull() && v.CanIterateElements():
		return slices.Sorted(maps.Keys(v.AsValueMap()))
	}
	return nil
}
