package lang

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"exeunt/lifecycle"
)

// scopeKind says what an expression can see besides env, local and the functions.
type scopeKind int

const (
	atLoad  scopeKind = iota // nothing: it is evaluated once
	inReady                  // probes, child.pid
	inStart                  // probes
	inSignal
	inStop
	inExit
)

// scopeNames is how a scope is called in sentences.
var scopeNames = [...]string{atLoad: "at load", inReady: "in ready", inStart: "in start", inSignal: "in a signal block", inStop: "in a stop", inExit: "in exit"}

// scopeOf is the scope that a block's live values have.
func scopeOf(kind lifecycle.ScriptKind) scopeKind {
	switch kind {
	case lifecycle.StartScript:
		return inStart
	case lifecycle.SignalScript:
		return inSignal
	case lifecycle.StopScript:
		return inStop
	case lifecycle.ExitScript:
		return inExit
	}
	return inReady
}

// variables gives what is in scope besides env and local. Without a lifecycle.Scope the values are unknown.
func (k scopeKind) variables(s *lifecycle.Scope) map[string]cty.Value {
	switch k {
	case inReady:
		return map[string]cty.Value{"child": childVariable(k, s)}
	case inSignal:
		return map[string]cty.Value{"signal": signalVariable(s), "child": childVariable(k, s)}
	case inStop, inExit:
		return map[string]cty.Value{"signal": signalVariable(s), "stop": stopVariable(s), "child": childVariable(k, s)}
	}
	return nil
}

func senderType() cty.Type {
	return cty.Object(map[string]cty.Type{"pid": cty.Number, "uid": cty.Number, "command": cty.String})
}

func signalVariable(s *lifecycle.Scope) cty.Value {
	v := map[string]cty.Value{"name": cty.UnknownVal(cty.String), "number": cty.UnknownVal(cty.Number), "sender": cty.UnknownVal(senderType())}
	if s != nil {
		v["name"] = textOrNull(s.Signal != 0, s.Signal.String())
		v["number"] = numberOrNull(s.Signal != 0, float64(s.Signal))
		v["sender"] = cty.NullVal(senderType())
		if s.Sender != nil {
			v["sender"] = cty.ObjectVal(map[string]cty.Value{
				"pid": cty.NumberIntVal(int64(s.Sender.PID)), "uid": cty.NumberIntVal(int64(s.Sender.UID)),
				"command": textOrNull(s.Sender.Command != "", s.Sender.Command),
			})
		}
	}
	return cty.ObjectVal(v)
}

func stopVariable(s *lifecycle.Scope) cty.Value {
	v := map[string]cty.Value{"name": cty.UnknownVal(cty.String), "elapsed": cty.UnknownVal(cty.Number), "remaining": cty.UnknownVal(cty.Number)}
	if s != nil {
		v["name"] = textOrNull(s.Stop != "", s.Stop)
		v["elapsed"] = cty.NumberFloatVal(s.Elapsed.Seconds())
		v["remaining"] = numberOrNull(s.Remaining >= 0, s.Remaining.Seconds())
	}
	return cty.ObjectVal(v)
}

func childVariable(k scopeKind, s *lifecycle.Scope) cty.Value {
	v := map[string]cty.Value{"pid": cty.UnknownVal(cty.Number)}
	if s != nil {
		v["pid"] = numberOrNull(s.Child != 0, float64(s.Child))
	}
	if k == inExit {
		v["status"], v["signal"] = cty.UnknownVal(cty.Number), cty.UnknownVal(cty.String)
		if s != nil {
			v["status"] = numberOrNull(s.Exited, float64(s.Status))
			v["signal"] = textOrNull(s.ChildSignal != 0, s.ChildSignal.String())
		}
	}
	return cty.ObjectVal(v)
}

func textOrNull(known bool, s string) cty.Value {
	if !known {
		return cty.NullVal(cty.String)
	}
	return cty.StringVal(s)
}

func numberOrNull(known bool, n float64) cty.Value {
	if !known {
		return cty.NullVal(cty.Number)
	}
	return cty.NumberFloatVal(n)
}

// world is what all expressions share: the functions, the environment, the locals.
type world struct {
	pure   *hcl.EvalContext // the functions that ask nobody
	env    cty.Value        // a map of strings
	locals cty.Value        // an object
	probes Probes
}

// context is what an expression is evaluated in. Without a scope nothing of it is known yet, and functions that ask the world
// give unknown values.
func (w *world) context(ctx context.Context, k scopeKind, s *lifecycle.Scope, dir string) *hcl.EvalContext {
	c := w.pure.NewChild()
	c.Variables = map[string]cty.Value{"env": w.env, "local": w.locals}
	maps.Copy(c.Variables, k.variables(s))
	c.Functions = map[string]function.Function{"file": fileFunction(dir, k == atLoad || s != nil)}
	if k != atLoad {
		maps.Copy(c.Functions, probeFunctions(ctx, w.probes, s != nil))
	}
	return c
}

// explain says what is wrong with the names in an expression, more helpfully than HCL does.
func (w *world) explain(e hclsyntax.Expression, k scopeKind) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, traversal := range e.Variables() {
		if d := w.explainName(traversal, k); d != nil {
			diags = append(diags, d)
		}
	}
	if k != atLoad {
		return diags
	}
	probes := probeFunctions(context.Background(), nil, false)
	hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		if call, ok := n.(*hclsyntax.FunctionCallExpr); ok {
			if _, probe := probes[call.Name]; probe {
				at := call.NameRange
				diags = append(diags, onceOnly(&at, call.Name+"()"))
			}
		}
		return nil
	})
	return diags
}

func onceOnly(at *hcl.Range, name string) *hcl.Diagnostic {
	return problem(at, "Not known at load", "%s is known only while a script runs, and this value is evaluated once, when the file is read.\n"+
		"until, when and what a hook sends or runs are evaluated when their step begins.", name)
}

func (w *world) explainName(t hcl.Traversal, k scopeKind) *hcl.Diagnostic {
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
		return problem(&at, "Not known here", "%s is not known %s.", root, scopeNames[k])
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
		return explainSender(t, k)
	}
	switch {
	case root == "env":
		return problem(&at, "Variable not set", "The environment variable %s is not set.\nWrite lookup(env, %q, \"default\") where it may be missing.", name, name)
	case root == "local":
		return problem(&at, "Unknown local", "No locals block sets %s.%s", name, didYouMean(name, names))
	case slices.Contains(keysOf(inExit.variables(nil)[root]), name):
		return problem(&at, "Not known here", "%s.%s is known in exit only.", root, name)
	}
	return problem(&at, "Unknown name", "%s has no %s; it has %s.%s", root, name, listed(names, "and"), didYouMean(name, names))
}

// explainSender is about the one name of three parts, signal.sender.x.
func explainSender(t hcl.Traversal, k scopeKind) *hcl.Diagnostic {
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
