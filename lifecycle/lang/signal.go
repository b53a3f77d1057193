package lang

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"exeunt/lifecycle"
)

// decodeSignal decodes what a signal does instead of being forwarded; without a step it is swallowed.
func decodeSignal(b *block) *lifecycle.Script {
	script := &lifecycle.Script{Kind: lifecycle.SignalScript, Name: b.label, Steps: decodeSteps(b)}
	if !b.named { // which is reported
		return script
	}
	s, diag := parseSignal(b.label, b.labels)
	if diag != nil {
		b.report(diag)
		return script
	}
	script.Name, script.On = s.String(), []lifecycle.Signal{s}
	b.claim(s, b, b.labels)
	return script
}

// signal decodes a signal; 0 where it isn't written.
func (b *block) signal(name string) lifecycle.Signal {
	v, e, ok := b.once(name)
	if !ok {
		return b.defaultSignal(name)
	}
	return b.toSignal(name, e, v)
}

func (b *block) defaultSignal(name string) lifecycle.Signal {
	s, _ := lifecycle.ParseSignal(strings.Trim(b.spec.attribute(name).Default, `"`))
	return s
}

func (b *block) toSignal(name string, e *expression, v cty.Value) lifecycle.Signal {
	v, ok := b.converted(e, v, cty.String, name)
	if !ok {
		return 0
	}
	s, diag := parseSignal(v.AsString(), *e.at())
	if diag != nil {
		b.report(diag)
	}
	return s
}

func parseSignal(text string, at hcl.Range) (lifecycle.Signal, *hcl.Diagnostic) {
	s, err := lifecycle.ParseSignal(text)
	if err != nil {
		return 0, problem(&at, "Unknown signal", "%s.%s", upperFirst(err.Error()), signalMeant(text))
	}
	return s, nil
}

// signalMeant is didYouMean of signals, whose names without SIG are what tells them apart.
func signalMeant(text string) string {
	names := lifecycle.SignalNames()
	for i, name := range names {
		names[i] = strings.TrimPrefix(name, "SIG")
	}
	if meant := nearest(strings.TrimPrefix(strings.ToUpper(text), "SIG"), names); meant != "" {
		return fmt.Sprintf("\nDid you mean \"SIG%s\"?", meant)
	}
	return ""
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// signals decodes a list of signals, with where each stands.
func (b *block) signals(name string) (signals []lifecycle.Signal, at []hcl.Range) {
	e := b.attrs[name]
	if e == nil {
		return nil, nil
	}
	if tuple, ok := e.Expression.(*hclsyntax.TupleConsExpr); ok {
		for _, x := range tuple.Exprs {
			element := &expression{Expression: x, name: e.name, base: e.base}
			if v, ok := b.evaluate(element, atLoad); ok && v.IsWhollyKnown() {
				if s := b.toSignal("a signal", element, v); s != 0 {
					signals, at = append(signals, s), append(at, x.Range())
				}
			}
		}
		return signals, at
	}
	for _, text := range b.texts(name) {
		s, diag := parseSignal(text, *e.at())
		if diag != nil {
			b.report(diag)
			continue
		}
		signals, at = append(signals, s), append(at, *e.at())
	}
	return signals, at
}
