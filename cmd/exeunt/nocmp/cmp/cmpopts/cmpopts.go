// Package cmpopts is here so that `go mod tidy` finds what tests of other modules import. Nothing uses it.
package cmpopts
