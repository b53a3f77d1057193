// Package cmp stands in for github.com/google/go-cmp/cmp, by a replace line in go.mod. hclwrite, which `exeunt fmt` formats with,
// imports that package for one comparison of its own, which exeunt never makes; but what it prepares at start-up would cost every
// PID 1 half a millisecond and 0.2 MB: see docs/design.md.
package cmp

import "reflect"

// Option is what the package's options are. There are none here.
type Option any

// Equal reports whether two values are deeply equal.
func Equal(x, y any, _ ...Option) bool { return reflect.DeepEqual(x, y) }
