package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"exeunt/cmd/exeunt/apps"
)

// Every file that can be written passes exeunt check and exeunt fmt --check, as a user would run them.
func TestInitWritesWhatCheckAccepts(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, a := range apps.All() {
		for _, grace := range []string{"1s", "10s", "30s", "5m"} {
			args := []string{"init", "--force", "--app", a.Name, "--grace", grace}
			if code, stdout, stderr := exeunt(args...); code != 0 || stdout != "" || !strings.HasPrefix(stderr, "exeunt: lifecycle.hcl says how ") {
				t.Fatalf("%q: status %d\n%s%s", args, code, stdout, stderr)
			}
			if code, stdout, stderr := exeunt("check", "lifecycle.hcl"); code != 0 || !strings.Contains(stdout, `stop "graceful"`) || stderr != "" {
				t.Errorf("%q: check: status %d\n%s%s", args, code, stdout, stderr)
			}
			if code, stdout, stderr := exeunt("fmt", "--check", "lifecycle.hcl"); code != 0 {
				t.Errorf("%q: fmt: status %d\n%s%s", args, code, stdout, stderr)
			}
		}
	}
}

func TestInit(t *testing.T) {
	t.Chdir(t.TempDir())
	wrote := func(args ...string) (file, stderr string) {
		t.Helper()
		code, stdout, stderr := exeunt(append([]string{"init", "--force"}, args...)...)
		if code != 0 || stdout != "" {
			t.Fatalf("%q: status %d\n%s%s", args, code, stdout, stderr)
		}
		src, err := os.ReadFile("lifecycle.hcl")
		if err != nil {
			t.Fatal(err)
		}
		return string(src), stderr
	}
	contains := func(text string, wants ...string) {
		t.Helper()
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
	}

	file, stderr := wrote("--app", "postgresql", "--grace=45s")
	contains(file, "# How PostgreSQL stops. Written by `exeunt init --app postgres --grace 45s`", `grace_period = "45s"`, `signal = "SIGINT"`)
	contains(stderr, "exeunt:   SIGTERM  waits until the clients end their sessions by themselves (smart shutdown)\n",
		"exeunt: so says https://www.postgresql.org/", "exeunt: hint: the shutdown ends with a checkpoint", "exeunt: hint: exeunt check lifecycle.hcl ")

	file, _ = wrote("--", "uwsgi", "--http", ":9090")
	contains(file, "port = 9090", "--app uwsgi --port 9090`")
	file, _ = wrote("--port", "9191", "--", "uwsgi", "--http", ":9090")
	contains(file, "port = 9191")
	_, stderr = wrote("--", "sh", "-c", "php-fpm")
	contains(stderr, "exeunt: hint: a shell stands before PHP-FPM and may not pass signals on: write exec before it, or no shell\n")

	file, stderr = wrote("--", "dumb-init", "-r", "15:3", "--", "nginx")
	contains(file, "# -r 15:3")
	contains(stderr, "exeunt: lifecycle.hcl says what dumb-init did with signals\n", "exeunt: hint: nginx runs behind it: exeunt init --app nginx writes")
}

func TestInitFromDockerfile(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, test := range []struct {
		dockerfile string
		code       int
		file       string
		stderr     string
	}{
		{"FROM debian\nCMD [\"nginx\", \"-g\", \"daemon off;\"]", 0, `on = ["SIGTERM", "SIGINT", "SIGQUIT"]`, "how nginx stops within 30s"},
		{"FROM debian\nSTOPSIGNAL 12\nCMD [\"nginx\"]", 0, `on = ["SIGTERM", "SIGINT", "SIGUSR2"] # docker stop and Kubernetes; Ctrl-C; this image's STOPSIGNAL`, "how nginx stops"},
		{"FROM debian\nENTRYPOINT [\"exeunt\", \"--\"]\nCMD [\"postgres\"]", 0, `on = ["SIGTERM", "SIGINT"] #`, "how PostgreSQL stops"},
		{"FROM python AS build\nCMD nothing\nFROM python\nCMD gunicorn -b :8000 app:app", 0, `signal = "SIGQUIT"`, "hint: a shell stands before Gunicorn"},
		{"FROM debian\nENTRYPOINT php-fpm\nCMD [\"nginx\"]", 0, "", "how PHP-FPM stops"},
		{"FROM debian\nSTOPSIGNAL SIGWINCH\nCMD [\"apache2-foreground\"]", 0, `on = ["SIGTERM", "SIGINT"] #`, "hint: STOPSIGNAL SIGWINCH of the Dockerfile never reaches Apache httpd by this file: write STOPSIGNAL SIGTERM"},
		{"FROM docker.io/library/postgres:16-alpine", 0, "", "hint: PostgreSQL is recognised by the base image, docker.io/library/postgres:16-alpine, and not in a Dockerfile without ENTRYPOINT and CMD"},
		{"FROM php:8.3-apache\nCMD [\"./start\"]", 0, `signal "SIGWINCH" {}`, "hint: Apache httpd is recognised by the base image, php:8.3-apache, and not in the image's command \"./start\""},
		{"FROM debian\nENV TINI_KILL_PROCESS_GROUP=1\nENTRYPOINT [\"/tini\", \"-e\", \"143\", \"--\"]\nCMD [\"./start\"]", 0, "  forward {}\n", "what tini did with signals"},
		{"FROM debian\nENV DUMB_INIT_SETSID=0\nENTRYPOINT [\"dumb-init\", \"./start\"]", 0, `to = "child"`, "what dumb-init did with signals"},
		{"FROM debian\nCMD [\"./start\"]", 1, "", "exeunt: no application that is known is recognised in the image's command \"./start\" and in its base image debian\n"},
		{"FROM debian", 1, "", "exeunt: no application that is known is recognised in a Dockerfile without ENTRYPOINT and CMD and in its base image debian\n"},
		{"FROM", 64, "", "exeunt: cannot read the Dockerfile: Dockerfile:1"},
	} {
		if err := os.WriteFile("Dockerfile", []byte(test.dockerfile), 0o666); err != nil {
			t.Fatal(err)
		}
		os.Remove("lifecycle.hcl")
		code, stdout, stderr := exeunt("init", "--from", "Dockerfile")
		src, _ := os.ReadFile("lifecycle.hcl")
		if code != test.code || stdout != "" || !strings.Contains(stderr, test.stderr) || !strings.Contains(string(src), test.file) {
			t.Errorf("%s: status %d\n%s%s", test.dockerfile, code, stderr, src)
		}
		if code != 0 {
			continue
		}
		if code, stdout, stderr := exeunt("check", "lifecycle.hcl"); code != 0 || stderr != "" {
			t.Errorf("%s: check: status %d\n%s%s", test.dockerfile, code, stdout, stderr)
		}
	}
	if err := os.WriteFile("compose.yaml", []byte("services: {a: {image: nginx}}"), 0o666); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := exeunt("init", "--from", "compose.yaml"); code != 64 || !strings.HasPrefix(stderr, "exeunt: \"compose.yaml\" is no Dockerfile\n") {
		t.Errorf("status %d\n%s", code, stderr)
	}
	if code, _, stderr := exeunt("init", "--from", "nothing"); code != 64 || !strings.HasPrefix(stderr, "exeunt: cannot read the Dockerfile: open nothing: ") {
		t.Errorf("status %d\n%s", code, stderr)
	}
}

func TestInitOutput(t *testing.T) {
	t.Chdir(t.TempDir())
	code, stdout, stderr := exeunt("init", "--app", "nginx", "-o", "-")
	if code != 0 || !strings.HasPrefix(stdout, "# How nginx stops.") || !strings.HasPrefix(stderr, "exeunt: this is how nginx stops within 30s\n") || strings.Contains(stderr, "exeunt check") {
		t.Errorf("status %d\n%s%s", code, stdout, stderr)
	}
	if found, _ := filepath.Glob("*"); len(found) > 0 {
		t.Errorf("%q were written", found)
	}
	if err := os.WriteFile("mine.hcl", []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	code, _, stderr = exeunt("init", "--app", "nginx", "--output", "mine.hcl")
	if code != exitFinding || !strings.HasPrefix(stderr, "exeunt: cannot write \"mine.hcl\": it is there already\nexeunt: hint: --force ") {
		t.Errorf("status %d\n%s", code, stderr)
	}
	if src, _ := os.ReadFile("mine.hcl"); string(src) != "mine" {
		t.Errorf("it was overwritten: %s", src)
	}
	code, _, stderr = exeunt("init", "--app", "nginx", "--output", "no/such/folder.hcl")
	if code != exitFailed || !strings.HasPrefix(stderr, "exeunt: cannot write: open no/such/folder.hcl: ") {
		t.Errorf("status %d\n%s", code, stderr)
	}
	if code, stdout, _ := exeunt("init", "--list"); code != 0 || !strings.Contains(stdout, "\nsidekiq      SIGTSTP, then SIGTERM\n") {
		t.Errorf("status %d\n%s", code, stdout)
	}
}

func TestInitMistakes(t *testing.T) {
	t.Chdir(t.TempDir())
	for args, want := range map[string]string{
		"":                         "init needs one of --app NAME, --from DOCKERFILE, --list, and a command behind --",
		"--app nginx -- nginx":     "init needs one of --app NAME, --from DOCKERFILE, --list, and a command behind --",
		"--app ngnix":              `no application is known as "ngnix": did you mean nginx?`,
		"--app quake":              `no application is known as "quake": exeunt init --list says which are`,
		"--app nginx --grace 0s":   `--grace "0s": nothing can be stopped in order in less than 1s`,
		"--app nginx --grace 30":   `--grace "30": write a duration like "30s" or "1m30s"`,
		"--app uwsgi --port 1e9":   `--port "1e9": write a whole number from 0 on`,
		"--app uwsgi --port 99999": `--port "99999": ports are less than 65536`,
		"-- dumb-init -x app":      "dumb-init: option -x is not known",
		"nginx":                    `init takes no argument, "nginx" was given: a command comes after --`,
	} {
		code, stdout, stderr := exeunt(append([]string{"init"}, strings.Fields(args)...)...)
		if want := "exeunt: " + want + "\nexeunt: hint: exeunt help init shows the command line\n"; code != exitUsage || stdout != "" || stderr != want {
			t.Errorf("exeunt init %s: status %d\n%swant\n%s", args, code, stderr, want)
		}
	}
	if code, _, stderr := exeunt("init", "--", "./server", "-x"); code != exitFinding || !strings.HasPrefix(stderr, "exeunt: no application that is known is recognised in \"./server -x\"\nexeunt: hint: ") {
		t.Errorf("status %d\n%s", code, stderr)
	}
	if found, _ := filepath.Glob("*"); len(found) > 0 {
		t.Errorf("%q were written", found)
	}
}
