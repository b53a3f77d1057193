package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"exeunt/reaper"
)

// rehearsed is what exeunt rehearse says in JSON.
type rehearsed struct {
	Passed  bool
	Place   string
	Trigger string
	Runs    []struct {
		Passed   bool
		Verdict  string
		Faults   []string
		Remarks  []string
		Orphans  int `json:"orphans_reaped"`
		Zombies  int
		Output   []string
		Happened *struct {
			Stop  string
			Steps []struct{ Step, Outcome string }
		}
	}
	Spreads []struct {
		Step             string
		Runs             int
		Min, Median, Max float64
	}
	status int
}

// rehearsing is a rehearsal of a file's text; wrap is what stands before exeunt.
func rehearsing(t *testing.T, wrap []string, file string, args ...string) *exec.Cmd {
	t.Helper()
	exeunt, err := built()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "lifecycle.hcl")
	if err := os.WriteFile(path, []byte(file), 0o644); err != nil {
		t.Fatal(err)
	}
	words := slices.Concat(wrap, []string{exeunt, "rehearse", "--config", path}, args)
	return exec.Command(words[0], words[1:]...)
}

// rehearsedOnce runs one, and gives what it says in JSON.
func rehearsedOnce(t *testing.T, wrap []string, file string, args ...string) (r rehearsed) {
	t.Helper()
	cmd := rehearsing(t, wrap, file, append([]string{"--format", "json"}, args...)...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, _ := cmd.Output()
	r.status = cmd.ProcessState.ExitCode()
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("status %d: %v\n%s%s", r.status, err, out, &said)
	}
	if r.Passed != (r.status == 0) || !r.Passed && r.status != 1 {
		t.Errorf("passed: %t, and the status is %d", r.Passed, r.status)
	}
	for _, run := range r.Runs {
		t.Logf("%s %q %q", run.Verdict, run.Faults, run.Remarks)
	}
	return r
}

// wantFaults fails unless the only run failed for these reasons and no others.
func (r rehearsed) wantFaults(t *testing.T, faults ...string) {
	t.Helper()
	got := r.Runs[0].Faults
	for i, want := range faults {
		if i >= len(got) || !strings.Contains(got[i], want) {
			t.Errorf("the faults are %q, want %q", got, faults)
			return
		}
	}
	if len(got) != len(faults) {
		t.Errorf("the faults are %q, want %q", got, faults)
	}
}

// short is a stop of some moments.
const short = `
grace_period = "20s"
stop "graceful" {
  on = ["SIGTERM"]
  drain {
    delay = "50ms"
  }
  forward {}
  escalate {
    after  = "300ms"
    signal = "SIGKILL"
  }
}
`

// refuseNamespaces makes the kernel grant no PID namespace.
func refuseNamespaces() []string {
	return []string{"unshare", "--user", "--map-root-user", "sh", "-c", `echo 0 > /proc/sys/user/max_pid_namespaces && exec "$0" "$@"`}
}

// everywhere runs a test where there is a PID namespace and where there is none.
func everywhere(t *testing.T, test func(t *testing.T, wrap []string, place string)) {
	t.Run("pid1", func(t *testing.T) { test(t, nil, "pid1") })
	t.Run("subreaper", func(t *testing.T) { test(t, refuseNamespaces(), "subreaper") })
}

func TestRehearseAnAppThatStops(t *testing.T) {
	everywhere(t, func(t *testing.T, wrap []string, place string) {
		r := rehearsedOnce(t, wrap, short, "--after", "100ms", "--", "sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.01; done")
		if !r.Passed || r.Place != place || r.Trigger != "SIGTERM" || r.Runs[0].Happened.Stop != "graceful" {
			t.Errorf("%+v", r)
		}
	})
}

func TestRehearseAnAppThatIgnoresTERM(t *testing.T) {
	everywhere(t, func(t *testing.T, wrap []string, place string) {
		r := rehearsedOnce(t, wrap, short, "--after", "100ms", "--", "sh", "-c", "trap '' TERM; echo stubborn; exec sleep 1000")
		r.wantFaults(t, "did not end by itself: exeunt had to send SIGKILL")
		if r.Place != place || !slices.Contains(r.Runs[0].Output, "stubborn") {
			t.Errorf("%+v", r)
		}
	})
}

// A process that the application leaves is caught, whatever session it has gone to; the zombies of a living parent are remarked,
// orphans that exeunt reaps are no fault.
func TestRehearseAnAppThatLeaks(t *testing.T) {
	const leaks = `trap 'exit 0' TERM
setsid sleep 1717 &
(sh -c : &)
perl -e 'if (fork() == 0) { exit 0 } print "forked\n"; sleep 1000' &
while :; do sleep 0.01; done`
	everywhere(t, func(t *testing.T, wrap []string, _ string) {
		r := rehearsedOnce(t, wrap, short, "--after", "1s", "--", "sh", "-c", leaks)
		r.wantFaults(t, "(sleep 1717) outlived the child, and was left to the kernel's SIGKILL")
		if r.Runs[0].Zombies != 1 || !strings.Contains(strings.Join(r.Runs[0].Remarks, "\n"), "one zombie of the application's own children") || r.Runs[0].Orphans == 0 {
			t.Errorf("%+v", r.Runs[0])
		}
		wantNoneLeft(t, "1717")
	})
}

// wantNoneLeft fails if a process with a word in its command line descends from init or from this test.
func wantNoneLeft(t *testing.T, word string) {
	t.Helper()
	gone := func() bool {
		for _, p := range reaper.Descendants(1) {
			if strings.Contains(p.Command, word) {
				return false
			}
		}
		return true
	}
	eventually(t, "nothing is left of the rehearsal", gone)
}

// Whatever the hooks do wrong fails the rehearsal, and the application that does not become ready, or ends before it is asked.
func TestRehearseWhatElseGoesWrong(t *testing.T) {
	const polite = "trap 'exit 0' TERM; while :; do sleep 0.01; done"
	hook := strings.Replace(short, "  drain {", "  hook \"deregister\" {\n    script = \"echo no; exit 3\"\n  }\n  drain {", 1)
	r := rehearsedOnce(t, nil, hook, "--after", "50ms", "--", "sh", "-c", polite)
	r.wantFaults(t, `hook "deregister" failed after`)

	r = rehearsedOnce(t, nil, short, "--patience", "300ms", "--ready", `tcp_open("127.0.0.1:1") && processes("sh") > 0`, "--", "sh", "-c", polite)
	r.wantFaults(t, `it was not ready within 300ms: --ready is false: tcp_open("127.0.0.1:1") && processes("sh") > 0`)

	r = rehearsedOnce(t, nil, short, "--", "sh", "-c", "exit 7")
	r.wantFaults(t, "the child ended before the stop was asked for, with status 7")

	r = rehearsedOnce(t, nil, short, "--", "/nowhere/app")
	r.wantFaults(t, "the child was not started: ")

	const endless = "stop \"graceful\" {\n  on = [\"SIGTERM\"]\n  forward {}\n}\n"
	r = rehearsedOnce(t, nil, endless, "--after", "50ms", "--patience", "500ms", "--", "sh", "-c", "trap '' TERM; exec sleep 1000")
	r.wantFaults(t, "the stop was not over after")
}

// A file that reaches for the container finds its way into the verdict where there is none, and catches the leak where there is.
func TestRehearseTheContainer(t *testing.T) {
	file := strings.Replace(short, "  forward {}", "  forward {\n    to = \"container\"\n  }", 1)
	everywhere(t, func(t *testing.T, wrap []string, place string) {
		r := rehearsedOnce(t, wrap, file, "--after", "100ms", "--", "sh", "-c", "setsid sleep 1718 & trap 'exit 0' TERM; while :; do sleep 0.01; done")
		if place == "pid1" {
			r.wantFaults(t)
		} else {
			r.wantFaults(t, `exeunt ended before there was anything to stop: cannot reach the target "container" of stop "graceful": exeunt is not PID 1`)
		}
		wantNoneLeft(t, "1718")
	})
}

// --ready is an expression of the file's own language: locals and processes of the rehearsal's own namespace, and no others.
func TestRehearseReady(t *testing.T) {
	const file = "locals {\n  name = \"sh\"\n}\n" + short
	mine := fmt.Sprintf("exeunt-test-%d", os.Getpid())
	other := exec.Command("sh", "-c", "exec -a "+mine+" sleep 1000")
	if bash, err := exec.LookPath("bash"); err == nil {
		other.Path, other.Args[0] = bash, "bash"
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer other.Process.Kill()
	r := rehearsedOnce(t, nil, file, "--ready", `processes(local.name) > 0 && processes("`+mine+`") == 0`, "--", "sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.01; done")
	if !r.Passed || len(r.Runs[0].Remarks) != 0 { // the shell's sleeps are zombies for a moment only
		t.Errorf("%+v", r)
	}
	cmd := rehearsing(t, nil, file, "--ready", "tcp_opn(1)", "--", "true")
	if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != exitUsage || !strings.Contains(string(out), "tcp_open") {
		t.Errorf("status %d\n%s", cmd.ProcessState.ExitCode(), out)
	}
}

// Several runs, and the formats that CI systems take.
func TestRehearseRepeatedly(t *testing.T) {
	out := filepath.Join(t.TempDir(), "report")
	app := []string{"--", "sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.01; done"}
	r := rehearsedOnce(t, nil, short, append([]string{"--after", "20ms", "--repeat", "3"}, app...)...)
	if !r.Passed || len(r.Runs) != 3 || len(r.Spreads) != 4 || r.Spreads[3].Step != "the stop" || r.Spreads[3].Runs != 3 {
		t.Errorf("%+v", r)
	}
	for format, check := range map[string]func(text []byte) error{
		"junit": func(text []byte) error { return xml.Unmarshal(text, new(struct{})) },
		"svg":   func(text []byte) error { return xml.Unmarshal(text, new(struct{})) },
		"json":  func(text []byte) error { return json.Unmarshal(text, new(rehearsed)) },
	} {
		cmd := rehearsing(t, nil, short, append([]string{"--after", "20ms", "--format", format, "--output", out}, app...)...)
		shown, err := cmd.Output()
		if err != nil || !strings.Contains(string(shown), "passed: the child ended by itself") {
			t.Errorf("%s: %v\n%s", format, err, shown)
		}
		text, err := os.ReadFile(out)
		if err != nil || check(text) != nil {
			t.Errorf("%s: %v %v\n%s", format, err, check(text), text)
		}
	}
}

// Ctrl-C, a SIGTERM and the death of exeunt rehearse itself leave nothing behind. (Killed without a namespace, it can't.)
func TestRehearseLeavesNothing(t *testing.T) {
	everywhere(t, func(t *testing.T, wrap []string, place string) {
		for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
			if s == syscall.SIGKILL && place != "pid1" {
				continue
			}
			word := fmt.Sprintf("%d", 100_000+os.Getpid()*100+int(s))
			cmd := rehearsing(t, wrap, short, "--after", "1000s", "--verbose", "--", "sh", "-c",
				"trap '' TERM; setsid sleep "+word+" & (sleep "+word+" &) ; echo begun; while :; do sleep 0.01; done")
			stderr, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			waitText(t, stderr, "begun")
			cmd.Process.Signal(s)
			want := exitInterrupted
			if s == syscall.SIGKILL {
				want = -1
			}
			if cmd.Wait(); cmd.ProcessState.ExitCode() != want {
				t.Errorf("%v: %v, want %d", s, cmd.ProcessState, want)
			}
			wantNoneLeft(t, word)
		}
	})
}

func waitText(t *testing.T, from interface{ Read([]byte) (int, error) }, text string) {
	t.Helper()
	var all []byte
	buffer := make([]byte, 4096)
	for !bytes.Contains(all, []byte(text)) {
		n, err := from.Read(buffer)
		all = append(all, buffer[:n]...)
		if err != nil {
			t.Fatalf("%q does not come: %v\n%s", text, err, all)
		}
	}
}

// Who is not root gets a namespace by a user namespace, and his own user and no right in it.
func TestRehearseWithoutRoot(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("SKIPPED: it takes root to become somebody who isn't")
	}
	exeunt, err := built()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(exeunt), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := exec.Command("setpriv", "--reuid", "10001", "--regid", "10001", "--clear-groups", "unshare", "--user", "--pid", "--fork", "true").Run(); err != nil {
		t.Skipf("SKIPPED: no user namespaces for users here: %v", err)
	}
	dir, err := os.MkdirTemp("", "exeunt-rehearse-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	file := filepath.Join(dir, "lifecycle.hcl")
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(short), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("setpriv", "--reuid", "10001", "--regid", "10001", "--clear-groups", exeunt, "rehearse", "--config", file, "--format", "json",
		"--after", "20ms", "--", "sh", "-c", "id -u; grep -E '^Cap(Inh|Prm|Eff|Amb)' /proc/self/status; trap 'exit 0' TERM; while :; do sleep 0.01; done")
	cmd.Dir = "/"
	out, err := cmd.Output()
	var r rehearsed
	if err != nil || json.Unmarshal(out, &r) != nil || r.Place != "pid1" {
		t.Fatalf("%v\n%s", err, out)
	}
	said := strings.Join(r.Runs[0].Output, "\n")
	if !strings.HasPrefix(said, "10001\n") || strings.Count(said, "\t0000000000000000") != 4 {
		t.Errorf("the child is\n%s", said)
	}
}

// freePort is a port that was free a moment ago.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// need gives the path of a program, and skips where it isn't there.
func need(t *testing.T, pattern, pkg string) string {
	t.Helper()
	found, _ := filepath.Glob(pattern)
	if len(found) > 0 && os.Getuid() == 0 {
		return found[0]
	}
	if os.Getenv("EXEUNT_REQUIRE") == "all" {
		t.Fatalf("%s is not there: apt-get install %s, as root", pattern, pkg)
	}
	t.Skipf("SKIPPED: no %s, or not root: apt-get install %s", pattern, pkg)
	return ""
}

// The real nginx stops as its file says.
func TestRehearseNginx(t *testing.T) {
	nginx := need(t, "/usr/sbin/nginx", "nginx")
	dir, port := t.TempDir(), freePort(t)
	conf := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, `daemon off;
worker_processes 2;
pid %s/nginx.pid;
error_log stderr notice;
events {}
http {
  access_log off;
  server {
    listen 127.0.0.1:%d;
    location / { return 200 "ok"; }
  }
}
`, dir, port), 0o644); err != nil {
		t.Fatal(err)
	}
	r := rehearsedOnce(t, nil, fmt.Sprintf(`
grace_period = "20s"
child {
  command = [%q, "-c", %q]
  ready   = http_status("http://127.0.0.1:%d/") == 200
}
stop "graceful" {
  on = ["SIGTERM"]
  drain {
    delay   = "100ms"
    until   = connections(%d) == 0
    timeout = "5s"
  }
  forward {
    signal = "SIGQUIT"
    to     = "child"
  }
  escalate {
    after  = "10s"
    signal = "SIGKILL"
  }
}
`, nginx, conf, port, port), "--repeat", "2")
	if !r.Passed || len(r.Runs) != 2 || len(r.Runs[0].Remarks) != 0 {
		t.Errorf("%+v", r)
	}
}

// The real PostgreSQL: SIGINT is its fast shutdown, and passes with a client connected; SIGTERM waits for that client, and fails.
func TestRehearsePostgres(t *testing.T) {
	postgres := need(t, "/usr/lib/postgresql/*/bin/postgres", "postgresql")
	account, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(account.Uid)
	gid, _ := strconv.Atoi(account.Gid)
	dir, err := os.MkdirTemp("", "exeunt-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(filepath.Dir(postgres), "initdb"), "--auth", "trust", "--no-sync", "--username", "postgres", "--pgdata", data)
	initdb.Dir, initdb.SysProcAttr = dir, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	for signal, passes := range map[string]bool{"SIGINT": true, "SIGTERM": false} {
		port, connected := freePort(t), filepath.Join(dir, signal)
		go stayConnected(port, connected)
		r := rehearsedOnce(t, nil, fmt.Sprintf(`
grace_period = "60s"
child {
  command = [%q, "-D", %q, "-p", "%d", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"]
  user    = "postgres"
}
stop "fast" {
  on = ["SIGTERM"]
  forward {
    signal = %q
    to     = "child"
  }
  escalate {
    after  = "%s"
    signal = "SIGKILL"
  }
}
`, postgres, data, port, signal, map[bool]string{true: "30s", false: "1s"}[passes]), "--ready", fmt.Sprintf("file_exists(%q)", connected))
		if r.Passed != passes {
			t.Errorf("%s: %+v", signal, r)
		}
		if !passes && !strings.Contains(r.Runs[0].Faults[0], "did not end by itself: exeunt had to send SIGKILL") {
			t.Errorf("%s: %q", signal, r.Runs[0].Faults)
		}
	}
}

// stayConnected is a client that says nothing after it was let in; a file tells when that is.
func stayConnected(port int, file string) {
	hello := []byte("\x00\x00\x00\x00\x00\x03\x00\x00user\x00postgres\x00database\x00postgres\x00\x00")
	hello[3] = byte(len(hello))
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		client, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		client.Write(hello)
		all := make([]byte, 0, 4096)
		for {
			buffer := make([]byte, 4096)
			n, err := client.Read(buffer)
			all = append(all, buffer[:n]...)
			if bytes.HasSuffix(all, []byte("Z\x00\x00\x00\x05I")) { // ReadyForQuery, idle
				os.WriteFile(file, nil, 0o644)
				client.Read(buffer) // until it is closed
				return
			}
			if err != nil {
				break // it is still starting up
			}
		}
		client.Close()
	}
}
