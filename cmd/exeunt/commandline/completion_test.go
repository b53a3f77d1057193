package commandline

import (
	"context"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// need finds a program. Without it the test skips, or fails where EXEUNT_REQUIRE=all asks for every test.
func need(t *testing.T, program string) string {
	t.Helper()
	found, err := exec.LookPath(program)
	if err != nil && os.Getenv("EXEUNT_REQUIRE") == "all" {
		t.Fatalf("%s is not installed: .ci/install does it", program)
	}
	if err != nil {
		t.Skipf("%s is not installed", program)
	}
	return found
}

// Real shells complete real lines by the script that is printed for them.
func TestCompletion(t *testing.T) {
	init := Find("init")
	var flags []string
	for _, f := range init.allFlags() {
		flags = append(flags, f.spellings()...)
	}
	lines := []struct {
		line string
		want []string
	}{
		{"exeunt ", Names()},
		{"exeunt chec", []string{"check"}},
		{"exeunt --confi", []string{"--config"}},
		{"exeunt --log-level ", []string{"debug", "info", "warn", "error"}},
		{"exeunt --log-level=d", []string{"debug"}},
		{"exeunt --log-format ", []string{"text", "json"}},
		{"exeunt -c li", []string{"lifecycle.hcl"}},
		{"exeunt --log-level info chec", []string{"check"}},
		{"exeunt -c check chec", []string{"check"}}, // the first is a value
		{"exeunt check li", []string{"lifecycle.hcl"}},
		{"exeunt init -", flags},
		{"exeunt init --app postgre", []string{"postgres", "postgresql"}},
		{"exeunt init --force --app=ngin", []string{"nginx"}},
		{"exeunt init --grace ", nil},
		{"exeunt completion ", shells()},
		{"exeunt help ini", []string{"init"}},
		{"exeunt man che", []string{"check"}},
		{"exeunt man --all fol", []string{"folder"}},
		{"exeunt version ver", nil},
		{"exeunt zzap", []string{"zzapp"}},
		{"exeunt -v zzapp li", []string{"lifecycle.hcl"}},
		{"exeunt -- zzap", []string{"zzapp"}},
		{"exeunt -- zzapp li", []string{"lifecycle.hcl"}},
		{"exeunt -- check li", []string{"lifecycle.hcl"}}, // a command of that name
		{"exeunt init -- zzap", []string{"zzapp"}},
		{"exeunt init --grace 5s -- zzapp li", []string{"lifecycle.hcl"}},
	}
	scripts, err := filepath.Abs("testdata/shells")
	if err != nil {
		t.Fatal(err)
	}
	for shell, flag := range map[string]string{"bash": "--norc", "zsh": "-f", "fish": "--no-config"} {
		t.Run(shell, func(t *testing.T) {
			need(t, shell)
			folder := t.TempDir()
			for name, text := range map[string]string{
				"_exeunt": Completion(shell), "bin/zzapp": "#!/bin/sh\n", "work/lifecycle.hcl": "", "work/folder/x": "",
			} {
				file := filepath.Join(folder, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o777); err != nil {
					t.Fatal(err)
				}
			}
			args := []string{shell, flag, scripts + "/complete." + shell, folder}
			for _, test := range lines {
				args = append(args, test.line)
			}
			offers := complete(t, folder, args)
			if len(offers) != len(lines) {
				t.Fatalf("%d of %d lines were completed: %q", len(offers), len(lines), offers)
			}
			for i, test := range lines {
				want := slices.Clone(test.want)
				if slices.Sort(want); !slices.Equal(offers[i], want) {
					t.Errorf("%q: %.300q, want %q", test.line, offers[i], want)
				}
			}
		})
	}
}

// complete gives what a shell offers for each line, sorted: of a file its name, of "--flag=value" the value.
func complete(t *testing.T, folder string, args []string) (offers [][]string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = filepath.Join(folder, "work")
	cmd.Env = append(os.Environ(), "PATH="+folder+"/bin:"+os.Getenv("PATH"), "HOME="+folder, "XDG_CONFIG_HOME="+folder, "TERM=dumb", "LC_ALL=C")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if stderr.Len() > 0 || ctx.Err() != nil {
		t.Fatalf("%s: %v\n%.2000s%s", args[0], err, out, stderr.String())
	}
	var matches []string
	for _, line := range strings.Split(string(out), "\n") {
		match, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if _, value, ok := strings.Cut(match, "="); ok {
			match = value
		}
		switch {
		case line == "end":
			slices.Sort(matches)
			offers, matches = append(offers, slices.Compact(matches)), nil
		case match != "":
			matches = append(matches, path.Base(match))
		}
	}
	return offers
}
