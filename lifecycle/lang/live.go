package lang

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty/function"

	"exeunt/lifecycle"
)

// live is a value that is evaluated when its step begins.
type live[T any] struct {
	shape[T]
	*world
	*expression
	in scopeKind
}

// known is a live value that needs nothing of the scope.
type known[T any] struct {
	value T
	text  string
}

func (k known[T]) Eval(context.Context, lifecycle.Scope) (T, error) { return k.value, nil }
func (k known[T]) String() string                                   { return k.text }

func (l *live[T]) String() string { return l.text }

// Eval gives the value at a moment. A panic in a function is an error.
func (l *live[T]) Eval(ctx context.Context, s lifecycle.Scope) (value T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	if err := ctx.Err(); err != nil {
		return value, err
	}
	v, diags := l.Value(l.context(ctx, l.in, &s, l.base))
	if diags.HasErrors() {
		return value, evalError(diags)
	}
	return l.convert(v)
}

// evalError is the first of the errors, as the log wants it. What a probe said is kept whole: it may be that ctx ended.
func evalError(diags hcl.Diagnostics) error {
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		if call, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](d); ok && call.FunctionCallError() != nil {
			err, _ := calm(call.FunctionCallError())
			return fmt.Errorf("%s: %w", call.CalledFunctionName(), err)
		}
		return errors.New(strings.TrimSuffix(lowerFirst(d.Detail), "."))
	}
	return nil
}

// calm leaves the stack out of what cty makes of a panic in a function; panicked says that it was one.
func calm(err error) (calmed error, panicked bool) {
	var p function.PanicError
	if errors.As(err, &p) {
		return fmt.Errorf("internal error: %v", p.Value), true
	}
	return err, false
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// liveValue decodes a live attribute; nil where it isn't set, or is wrong.
func liveValue[T any](b *block, name string, s shape[T]) lifecycle.Live[T] {
	e, ok := b.attrs[name]
	if !ok {
		return nil
	}
	v, ok := b.check(e, b.in, s.want, name)
	if !ok {
		return nil
	}
	if v.IsWhollyKnown() {
		value, err := s.convert(v)
		if err != nil {
			return nil // check has reported it
		}
		return known[T]{value, e.text}
	}
	return &live[T]{s, b.world, e, b.in}
}
