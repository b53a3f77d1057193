package lang

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

var errNoProbes = errors.New("nothing can be asked here")

// probeFunctions ask the world while a script runs; where now is false, their answers are unknown.
func probeFunctions(ctx context.Context, p Probes, now bool) map[string]function.Function {
	ask := func(give cty.Type, do func(args []cty.Value) (cty.Value, error), params ...function.Parameter) function.Function {
		return function.New(&function.Spec{
			Params: params,
			Type:   function.StaticReturnType(give),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				switch {
				case !now:
					return cty.UnknownVal(give), nil
				case p == nil:
					return cty.UnknownVal(give), errNoProbes
				}
				return do(args)
			},
		})
	}
	text := func(name string) function.Parameter { return function.Parameter{Name: name, Type: cty.String} }
	return map[string]function.Function{
		"connections": connectionsFunction(ctx, p, now),
		"processes": ask(cty.Number, func(args []cty.Value) (cty.Value, error) {
			n, err := p.Processes(ctx, args[0].AsString())
			return cty.NumberIntVal(int64(n)), err
		}, text("name")),
		"http_status": ask(cty.Number, func(args []cty.Value) (cty.Value, error) {
			n, err := p.HTTPStatus(ctx, args[0].AsString())
			return cty.NumberIntVal(int64(n)), err
		}, text("url")),
		"tcp_open": ask(cty.Bool, func(args []cty.Value) (cty.Value, error) {
			open, err := p.TCPOpen(ctx, args[0].AsString())
			return cty.BoolVal(open), err
		}, text("address")),
		"file_exists": ask(cty.Bool, func(args []cty.Value) (cty.Value, error) {
			exists, err := p.FileExists(args[0].AsString())
			return cty.BoolVal(exists), err
		}, text("path")),
	}
}

// connectionsFunction takes one port or more. They are checked at load where they are known.
func connectionsFunction(ctx context.Context, p Probes, now bool) function.Function {
	port := function.Parameter{Name: "port", Type: cty.Number}
	return function.New(&function.Spec{
		Params:   []function.Parameter{port},
		VarParam: &port,
		Type:     function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			ports := make([]int, len(args))
			for i, arg := range args {
				n, exact := arg.AsBigFloat().Int64()
				if exact != big.Exact || n < 1 || n > 65535 {
					return cty.UnknownVal(cty.Number), function.NewArgError(i, fmt.Errorf("a port is a whole number from 1 to 65535"))
				}
				ports[i] = int(n)
			}
			switch {
			case !now:
				return cty.UnknownVal(cty.Number), nil
			case p == nil:
				return cty.UnknownVal(cty.Number), errNoProbes
			}
			n, err := p.Connections(ctx, ports)
			return cty.NumberIntVal(int64(n)), err
		},
	})
}

func isProbe(name string) bool {
	_, ok := probeFunctions(context.Background(), nil, false)[name]
	return ok
}
