package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	untidy = "stop \"a\" {\non=[\"TERM\"]\nforward   {}\n}\n"
	tidy   = "stop \"a\" {\n  on = [\"TERM\"]\n  forward {}\n}\n"
)

func TestFormatFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	read := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	write("untidy.hcl", untidy)
	write("tidy.hcl", tidy)
	write("wrong.hcl", "stop {\n")
	write("x.hcl.json", "{ }")
	write("[d]/1.hcl", untidy)
	write("[d]/2.hcl", tidy)
	write("[d]/3.hcl.json", "{ }")
	write("[d]/README", "no HCL")

	for _, test := range []struct {
		args   string
		code   int
		stdout string
		stderr string // what it holds
	}{
		{"--check tidy.hcl", 0, "", ""},
		{"--check untidy.hcl tidy.hcl [d]", 1, "untidy.hcl\n[d]/1.hcl\n", ""},
		{"--check untidy.hcl wrong.hcl", 78, "untidy.hcl\n", "exeunt: cannot format wrong.hcl: it is not HCL\n"},
		{"wrong.hcl", 78, "", "exeunt: wrong.hcl:1:6: error: "},
		{"missing.hcl tidy.hcl", 78, "", "exeunt: cannot format missing.hcl: no such file or directory\n"},
		{"x.hcl.json", 0, "", "exeunt: x.hcl.json is left alone: it is JSON, and this is the style of HCL\n"},
		{"untidy.hcl [d]", 0, "untidy.hcl\n[d]/1.hcl\n", ""},
		{"untidy.hcl [d]", 0, "", ""},
	} {
		code, stdout, stderr := exeunt(append([]string{"fmt"}, strings.Fields(test.args)...)...)
		if code != test.code || stdout != test.stdout || !strings.Contains(stderr, test.stderr) || (test.stderr == "") != (stderr == "") {
			t.Errorf("exeunt fmt %s: status %d, want %d\n%s%s", test.args, code, test.code, stdout, stderr)
		}
	}
	if read("untidy.hcl") != tidy || read("[d]/1.hcl") != tidy || read("x.hcl.json") != "{ }" || read("wrong.hcl") != "stop {\n" {
		t.Errorf("the files are not as they should be: %q, %q", read("untidy.hcl"), read("[d]/1.hcl"))
	}
	if info, err := os.Stat("untidy.hcl"); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode was not kept: %v, %v", info.Mode(), err)
	}
}

func TestFormatStream(t *testing.T) {
	for _, test := range []struct {
		in     string
		only   bool
		code   int
		stdout string
	}{
		{untidy, false, 0, tidy},
		{tidy, false, 0, tidy},
		{"", false, 0, ""},
		{untidy, true, 1, "<stdin>\n"},
		{tidy, true, 0, ""},
		{"stop {", false, 78, ""},
	} {
		var stdout, stderr bytes.Buffer
		code := formatter{test.only, &stdout, &stderr}.stream(strings.NewReader(test.in))
		if code != test.code || stdout.String() != test.stdout || (stderr.Len() > 0) != (code == 78) {
			t.Errorf("%q, check %v: status %d, want %d\n%s%s", test.in, test.only, code, test.code, &stdout, &stderr)
		}
	}
}
