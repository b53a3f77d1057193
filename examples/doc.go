// Package examples holds one folder per application: its Dockerfile, its lifecycle.hcl and a README. It has no code but tests: every
// container test of exeunt lives here, so that all of them share one engine (engine_test.go).
//
// go test ./examples -run Nginx -v -args -logs prints what every container has said, also where the test passes.
package examples
