package lang

import (
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// expression is an attribute's value as it is written. JSON's are turned into the native syntax's, so that there is one
// kind to check.
type expression struct {
	hclsyntax.Expression
	name hcl.Range
	text string // the source
	base string // the directory of its file, absolute: relative paths of file() begin there, also when exeunt has moved to "/"
}

func (b *block) expression(attr *hcl.Attribute) *expression {
	e := &expression{name: attr.NameRange, base: b.directory(attr.NameRange.Filename)}
	var diags hcl.Diagnostics
	e.Expression, e.text, diags = native(attr.Expr, b.sources[attr.NameRange.Filename])
	b.report(diags...)
	if diags := astronomic(e.Expression); diags.HasErrors() {
		b.report(diags...)
		e.Expression = &hclsyntax.LiteralValueExpr{Val: cty.DynamicVal, SrcRange: e.Range()} // which is no further mistake
	}
	return e
}

// maxExponent is of two; a number beyond takes hours to write down.
const maxExponent = 1 << 12

// astronomic reports numbers that nothing can be done with in the time there is.
func astronomic(e hclsyntax.Expression) hcl.Diagnostics {
	return hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		literal, ok := n.(*hclsyntax.LiteralValueExpr)
		if !ok || literal.Val.Type() != cty.Number || !literal.Val.IsKnown() || literal.Val.IsNull() {
			return nil
		}
		if exponent := literal.Val.AsBigFloat().MantExp(nil); exponent > maxExponent || exponent < -maxExponent {
			at := literal.Range()
			return hcl.Diagnostics{problem(&at, "Number out of range", "No number here is so large, or so small.")}
		}
		return nil
	})
}

// directory is where a file is; relative where that can't be told.
func (d *decoder) directory(file string) string {
	dir := filepath.Dir(file)
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return dir
}

// at is where a mistake in the value is shown.
func (e *expression) at() *hcl.Range { r := e.Range(); return &r }

// native gives an expression of the native syntax and its source text. Of JSON's "${x}" the text is x.
func native(e hcl.Expression, src []byte) (hclsyntax.Expression, string, hcl.Diagnostics) {
	at := e.Range()
	text := string(at.SliceBytes(src))
	if n, ok := e.(hclsyntax.Expression); ok {
		return n, oneLine(text), nil
	}
	if items, diags := hcl.ExprList(e); !diags.HasErrors() {
		tuple := &hclsyntax.TupleConsExpr{SrcRange: at, OpenRange: at}
		for _, item := range items {
			x, _, itemDiags := native(item, src)
			tuple.Exprs = append(tuple.Exprs, x)
			diags = append(diags, itemDiags...)
		}
		return tuple, oneLine(text), diags
	}
	if pairs, diags := hcl.ExprMap(e); !diags.HasErrors() {
		object := &hclsyntax.ObjectConsExpr{SrcRange: at, OpenRange: at}
		for _, pair := range pairs {
			key, _, keyDiags := native(pair.Key, src)
			value, _, valueDiags := native(pair.Value, src)
			object.Items = append(object.Items, hclsyntax.ObjectConsItem{KeyExpr: key, ValueExpr: value})
			diags = append(append(diags, keyDiags...), valueDiags...)
		}
		return object, oneLine(text), diags
	}
	value, diags := e.Value(nil) // without a context: as it is written
	if value.Type() != cty.String || value.IsNull() {
		return &hclsyntax.LiteralValueExpr{Val: value, SrcRange: at}, text, diags
	}
	inner := hcl.Pos{Line: at.Start.Line, Column: at.Start.Column + 1, Byte: at.Start.Byte + 1} // after the quote
	x, diags := hclsyntax.ParseTemplate([]byte(value.AsString()), at.Filename, inner)
	if diags.HasErrors() {
		return &hclsyntax.LiteralValueExpr{Val: cty.DynamicVal, SrcRange: at}, text, diags
	}
	if wrap, ok := x.(*hclsyntax.TemplateWrapExpr); ok {
		text = strings.TrimSuffix(strings.TrimPrefix(value.AsString(), "${"), "}")
		wrap.SrcRange = at
	}
	if template, ok := x.(*hclsyntax.TemplateExpr); ok {
		template.SrcRange = at
	}
	return x, oneLine(text), diags
}

// oneLine is a text as a line of the log shows it.
func oneLine(text string) string {
	if !strings.Contains(text, "\n") {
		return strings.TrimSpace(text)
	}
	return strings.Join(strings.Fields(text), " ")
}
