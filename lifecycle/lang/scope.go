package lang

import (
	"context"
	"maps"

	"github.com/hashicorp/hcl/v2"
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

// scopeWords are the names of the blocks, of ready that of the attribute.
var scopeWords = [...]string{atLoad: "locals", inReady: "ready", inStart: "start", inSignal: "signal", inStop: "stop", inExit: "exit"}

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
		if s.Sender != nil && !s.Sender.Kernel {
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
