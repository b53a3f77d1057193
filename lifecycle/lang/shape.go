package lang

import (
	"errors"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// shape is a type of the language with the Go type it becomes.
type shape[T any] struct {
	want cty.Type
	give func(cty.Value) T // of a known value that is not null and has no null in it
}

func boolShape() shape[bool] { return shape[bool]{cty.Bool, cty.Value.True} }

func textShape() shape[string] { return shape[string]{cty.String, cty.Value.AsString} }

func textsShape() shape[[]string] {
	return shape[[]string]{cty.List(cty.String), func(v cty.Value) []string {
		list := []string{}
		for _, x := range v.AsValueSlice() {
			list = append(list, x.AsString())
		}
		return list
	}}
}

func textMapShape() shape[map[string]string] {
	return shape[map[string]string]{cty.Map(cty.String), func(v cty.Value) map[string]string {
		m := map[string]string{}
		for k, x := range v.AsValueMap() {
			m[k] = x.AsString()
		}
		return m
	}}
}

// convert gives the Go value of a value that may have any type.
func (s shape[T]) convert(v cty.Value) (value T, err error) {
	v, err = convert.Convert(v, s.want)
	switch {
	case err != nil:
		return value, err
	case !v.IsWhollyKnown():
		return value, errors.New("it is not known")
	case hasNull(v):
		return value, errors.New("it is null")
	}
	return s.give(v), nil
}

func hasNull(v cty.Value) bool {
	null := false
	_ = cty.Walk(v, func(_ cty.Path, x cty.Value) (bool, error) {
		null = null || x.IsNull()
		return !null, nil
	})
	return null
}

// check evaluates an expression with what is known at load, and reports what is wrong with it. The value has the type wanted, or is unknown.
func (b *block) check(e *expression, k scopeKind, want cty.Type, name string) (cty.Value, bool) {
	v, ok := b.evaluate(e, k)
	if !ok {
		return cty.NilVal, false
	}
	return b.converted(e, v, want, name)
}

func (b *block) converted(e *expression, v cty.Value, want cty.Type, name string) (cty.Value, bool) {
	given := v
	v, err := convert.Convert(v, want)
	if err != nil {
		b.report(problem(e.at(), "Wrong type", "%s is %s, and this is %s.%s", name, typeName(want), typeName(given.Type()), asList(given, want, name)))
		return cty.NilVal, false
	}
	if v.IsKnown() && hasNull(v) {
		b.report(problem(e.at(), "Null value", "%s can't be null, nor have null in it.", name))
		return cty.NilVal, false
	}
	return v, true
}

// asList is the hint to write a command as a list.
func asList(given cty.Value, want cty.Type, name string) string {
	if !want.IsListType() || given.Type() != cty.String || !given.IsKnown() || given.IsNull() {
		return ""
	}
	words := strings.Fields(given.AsString())
	for i, word := range words {
		words[i] = fmt.Sprintf("%q", word)
	}
	return fmt.Sprintf("\nWrite %s = [%s]", name, strings.Join(words, ", "))
}

func typeName(t cty.Type) string {
	switch {
	case t == cty.String:
		return "a string"
	case t == cty.Number:
		return "a number"
	case t == cty.Bool:
		return "true or false"
	case t.IsListType() && t.ElementType() == cty.String:
		return "a list of strings"
	case t.IsListType() && t.ElementType() == cty.Number:
		return "a list of numbers"
	case t.IsListType(), t.IsTupleType(), t.IsSetType():
		return "a list"
	case t.IsMapType() && t.ElementType() == cty.String:
		return "a map of strings"
	case t.IsMapType() && t.ElementType() == cty.Number:
		return "a map of numbers"
	case t.IsMapType(), t.IsObjectType():
		return "a map"
	}
	return "something else"
}
