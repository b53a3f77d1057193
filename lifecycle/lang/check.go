package lang

import (
	"context"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// evaluate gives the value of an expression as far as it is known at load. Of HCL's own words about wrong names the better ones of
// explain are told.
func (d *decoder) evaluate(e *expression, k scopeKind) (v cty.Value, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			d.report(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Internal error", Detail: fmt.Sprint(p), Subject: e.at()})
			ok = false
		}
	}()
	ctx := d.context(context.Background(), k, nil, e.base)
	v, diags := e.Value(ctx)
	diags = d.explain(e.Expression, k, append(calmed(diags), undecided(e.Expression, ctx)...))
	if !diags.HasErrors() {
		diags = append(diags, comparisons(e.Expression, ctx)...)
	}
	d.report(diags...)
	return v, !diags.HasErrors()
}

// calmed has calm errors in place of functions that panicked.
func calmed(diags hcl.Diagnostics) hcl.Diagnostics {
	for i, d := range diags {
		call, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](d)
		if !ok || call.FunctionCallError() == nil {
			continue
		}
		if err, panicked := calm(call.FunctionCallError()); panicked {
			diags[i] = &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Internal error", Detail: upperFirst(err.Error()), Subject: d.Subject}
		}
	}
	return diags
}

// What HCL does not say of an expression whose values are not known yet.

// plainly visits the parts of an expression whose names mean the same as in the whole of it, and whose failure would be one: not what
// stands within a `for`, a splat, try() or can().
type plainly struct {
	visit  func(hclsyntax.Node) hcl.Diagnostics
	within int
}

func (p *plainly) Enter(n hclsyntax.Node) hcl.Diagnostics {
	if p.within > 0 || hides(n) {
		p.within++
		return nil
	}
	return p.visit(n)
}

func (p *plainly) Exit(hclsyntax.Node) hcl.Diagnostics {
	if p.within > 0 {
		p.within--
	}
	return nil
}

func hides(n hclsyntax.Node) bool {
	switch n := n.(type) {
	case *hclsyntax.ForExpr, *hclsyntax.SplatExpr:
		return true
	case *hclsyntax.FunctionCallExpr:
		return n.Name == "try" || n.Name == "can"
	}
	return false
}

// undecided reports what is wrong on either side of what isn't decided yet: HCL keeps silent about both.
func undecided(e hclsyntax.Expression, ctx *hcl.EvalContext) hcl.Diagnostics {
	return hclsyntax.Walk(e, &plainly{visit: func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.BinaryOpExpr:
			if n.Op.ShortCircuit != nil && unknown(n.LHS, ctx) {
				_, diags := n.RHS.Value(ctx)
				return diags
			}
		case *hclsyntax.ConditionalExpr:
			if unknown(n.Condition, ctx) {
				_, diags := n.TrueResult.Value(ctx)
				_, more := n.FalseResult.Value(ctx)
				return append(diags, more...)
			}
		}
		return nil
	}})
}

// unknown reports whether a value is not known yet.
func unknown(e hclsyntax.Expression, ctx *hcl.EvalContext) bool {
	v, diags := e.Value(ctx)
	return !diags.HasErrors() && !v.IsKnown()
}

// comparisons reports what can never be equal: HCL would only say false.
func comparisons(e hclsyntax.Expression, ctx *hcl.EvalContext) hcl.Diagnostics {
	return hclsyntax.Walk(e, &plainly{visit: func(n hclsyntax.Node) hcl.Diagnostics {
		op, ok := n.(*hclsyntax.BinaryOpExpr)
		if !ok {
			return nil
		}
		left, leftDiags := op.LHS.Value(ctx)
		right, rightDiags := op.RHS.Value(ctx)
		if leftDiags.HasErrors() || rightDiags.HasErrors() {
			return nil
		}
		l, r := left.Type(), right.Type()
		equality := op.Op == hclsyntax.OpEqual || op.Op == hclsyntax.OpNotEqual
		unsure := func(v cty.Value) bool { return v.Type() == cty.String && !v.IsKnown() }
		switch {
		case l == cty.DynamicPseudoType || r == cty.DynamicPseudoType:
		case equality && l != r && (l.IsPrimitiveType() || r.IsPrimitiveType()):
			return hcl.Diagnostics{problem(&op.SrcRange, "Comparison of different types", "The left side is %s and the right side is %s: they are never equal.%s",
				typeName(l), typeName(r), asNumber(op, l, r))}
		case !equality && op.Op.Type == cty.Bool && (unsure(left) || unsure(right)) && l != r:
			return hcl.Diagnostics{problem(&op.SrcRange, "Comparison of different types", "The left side is %s and the right side is %s.%s", typeName(l), typeName(r), asNumber(op, l, r))}
		}
		return nil
	}})
}

// asNumber is the hint for the usual case, a number in a string.
func asNumber(op *hclsyntax.BinaryOpExpr, l, r cty.Type) string {
	if l == cty.String && r == cty.Number || l == cty.Number && r == cty.String {
		return "\nWrite tonumber(...) round the string, or the number in quotes."
	}
	return ""
}
