package lang

import (
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// FunctionNames lists the functions that every expression can call.
func FunctionNames() []string {
	return slices.Sorted(maps.Keys(functions()))
}

// LimitNames lists what child.limits can hold.
func LimitNames() []string { return limitNames() }

// ScopeName is a name that a live expression can see, besides env and local.
type ScopeName struct {
	Name string   // "signal.sender.pid"
	Type string   // "string", "number"
	In   []string // where: "ready", "start", "signal", "stop", "exit"
}

// leaves lists the names below a root, with their types.
func leaves(root string, attributes map[string]cty.Type) map[string]string {
	all := map[string]string{}
	for name, t := range attributes {
		if t.IsObjectType() {
			maps.Copy(all, leaves(root+"."+name, t.AttributeTypes()))
			continue
		}
		all[root+"."+name] = t.FriendlyName()
	}
	return all
}

// ScopeNames lists them.
func ScopeNames() []ScopeName {
	all := map[string]*ScopeName{}
	for _, k := range []scopeKind{inReady, inStart, inSignal, inStop, inExit} {
		for root, value := range k.variables(nil) {
			for name, kind := range leaves(root, value.Type().AttributeTypes()) {
				if all[name] == nil {
					all[name] = &ScopeName{Name: name, Type: kind}
				}
				all[name].In = append(all[name].In, scopeWords[k])
			}
		}
	}
	var list []ScopeName
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, *all[name])
	}
	return list
}
