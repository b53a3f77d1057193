package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for a state. Nothing that works comes near it.
const patience = 30 * time.Second

// built is exeunt as users build it, for all tests of this run.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "exeunt-built-")
	if err != nil {
		return "", err
	}
	builtIn = dir
	cmd := exec.Command("make", "-C", "../..", "build", "BIN="+dir)
	cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("make build: %w\n%s", err, out)
	}
	return filepath.Join(dir, "exeunt"), nil
})

// builtIn is the folder of it; "": nothing was built.
var builtIn string

// removeBuilt is for the end of all tests.
func removeBuilt() {
	if builtIn != "" {
		os.RemoveAll(builtIn)
	}
}

// running is an exeunt that is PID 1 of a PID namespace.
type running struct {
	exeunt string
	pid    int // outside the namespace
	cmd    *exec.Cmd
	log    *os.File
}

// startPID1 runs exeunt as PID 1 with a file's text, and a shell's as its child.
func startPID1(t *testing.T, file, child string, env ...string) *running {
	t.Helper()
	exeunt, err := built()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("unshare", "--fork", "--pid", "--mount-proc", "true").CombinedOutput(); err != nil {
		if os.Getenv("EXEUNT_REQUIRE") == "all" {
			t.Fatalf("no PID namespace: %v %s", err, out)
		}
		t.Skipf("SKIPPED, no PID namespace: %v %s", err, out)
	}
	path := filepath.Join(t.TempDir(), "lifecycle.hcl")
	if err := os.WriteFile(path, []byte(file), 0o644); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(path + ".log")
	if err != nil {
		t.Fatal(err)
	}
	r := &running{exeunt: exeunt, log: log}
	r.cmd = exec.Command("unshare", "--fork", "--kill-child", "--pid", "--mount-proc", exeunt, "-c", path, "--", "sh", "-c", child)
	r.cmd.Env = append(os.Environ(), env...)
	r.cmd.Stdout, r.cmd.Stderr = log, log
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.cmd.Process.Kill()
		r.cmd.Wait()
		log.Close()
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("the log:\n%s", text)
		}
	})
	eventually(t, "exeunt is there", func() bool {
		children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", r.cmd.Process.Pid, r.cmd.Process.Pid))
		r.pid, _ = strconv.Atoi(strings.TrimSpace(string(children)))
		return r.pid != 0 && exec.Command(exeunt, "status", "--pid", strconv.Itoa(r.pid)).Run() == nil
	})
	// From here on the file is another one: what counts is what exeunt has read.
	if err := os.WriteFile(path, []byte("this is no HCL {"), 0o644); err != nil {
		t.Fatal(err)
	}
	return r
}

// inside runs a subcommand of exeunt in the namespaces of the running one, as docker exec does.
func (r *running) inside(args ...string) (out string, status int) {
	enter := []string{"--target", strconv.Itoa(r.pid), "--pid", "--mount", r.exeunt}
	cmd := exec.Command("nsenter", append(enter, args...)...)
	text, _ := cmd.CombinedOutput()
	return string(text), cmd.ProcessState.ExitCode()
}

// waitState waits for a state and gives the status then.
func (r *running) waitState(t *testing.T, state string) (s struct {
	PID     int
	State   string
	Orphans int `json:"orphans_reaped"`
	Child   struct {
		PID     int
		Command []string
		Status  *int
	}
	Stop struct {
		Name, Trigger string
		Left          float64 `json:"left_seconds"`
	}
	Step struct {
		Name string
		Left float64 `json:"left_seconds"`
	}
	Steps   []struct{ Step, Outcome string }
	Failure struct{ Text string } `json:"last_failure"`
}) {
	t.Helper()
	eventually(t, "state "+state, func() bool {
		s.State = ""
		out, status := r.inside("status", "--format", "json")
		return status == 0 && json.Unmarshal([]byte(out), &s) == nil && s.State == state
	})
	return s
}

func (r *running) wantReady(t *testing.T, status int, words string) {
	t.Helper()
	out, got := r.inside("ready")
	if got != status || !strings.Contains(out, words) || strings.Count(out, "\n") != 1 {
		t.Errorf("exeunt ready: %d, %q; want %d and one line with %q", got, out, status, words)
	}
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// exeunt status and exeunt ready through a whole life, from the start hooks to the linger.
func TestStatusAndReady(t *testing.T) {
	dir := t.TempDir()
	touch := func(name string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const file = `
grace_period = "300s"
locals {
  dir = env.TEST_DIR
}
child {
  ready = file_exists("${local.dir}/up") && processes("sh") > 0
}
start {
  hook "wait" {
    exec    = ["sh", "-c", "until [ -e ${local.dir}/go ]; do sleep 0.01; done"]
    timeout = "60s"
  }
}
stop "graceful" {
  on = ["SIGTERM"]
  hook "fails" {
    exec = ["false"]
  }
  drain {
    delay   = "1ms"
    until   = file_exists("${local.dir}/drained")
    every   = "10ms"
    timeout = "100s"
  }
  forward {}
  escalate {
    after  = "60s"
    signal = "SIGKILL"
    to     = "child"
  }
}
exit {
  linger = "60s"
}
`
	// The child leaves an orphan that is gone at once, and one that lives until it is allowed to go.
	const child = `trap 'exit 3' TERM
(sh -c 'trap "" TERM; until [ -e $TEST_DIR/end ]; do sleep 0.01; done' &)
(sh -c : &)
while :; do sleep 0.01; done`
	r := startPID1(t, file, child, "TEST_DIR="+dir)

	s := r.waitState(t, "starting")
	if s.PID != 1 || s.Child.PID != 0 || s.Step.Name != `hook "wait"` || s.Step.Left < 1 {
		t.Errorf("starting: %+v", s)
	}
	r.wantReady(t, 1, `not ready: starting: hook "wait"`)

	touch("go")
	s = r.waitState(t, "running")
	if s.Child.PID == 0 || s.Child.Command[0] != "sh" || s.Child.Status != nil || s.Stop.Name != "" {
		t.Errorf("running: %+v", s)
	}
	r.wantReady(t, 1, `not ready: child.ready is false: file_exists("${local.dir}/up")`)
	eventually(t, "orphans are counted", func() bool { return r.waitState(t, "running").Orphans > 0 })

	touch("up")
	r.wantReady(t, 0, "ready")

	if out, err := exec.Command("kill", "-TERM", strconv.Itoa(r.pid)).CombinedOutput(); err != nil {
		t.Fatalf("kill: %v %s", err, out)
	}
	eventually(t, "the drain", func() bool { return r.waitState(t, "stopping").Step.Name == "drain" })
	s = r.waitState(t, "stopping")
	if s.Stop.Name != "graceful" || s.Stop.Trigger != "SIGTERM" || s.Stop.Left < 200 || s.Stop.Left > 299 || s.Step.Left > 100 ||
		!strings.Contains(s.Failure.Text, `hook "fails" failed`) || len(s.Steps) != 2 {
		t.Errorf("stopping: %+v", s)
	}
	r.wantReady(t, 1, `not ready: stopping: stop "graceful" has begun, by SIGTERM`)

	touch("drained")
	s = r.waitState(t, "lingering")
	if s.Child.Status == nil || *s.Child.Status != 3 || s.Step.Name != "linger" {
		t.Errorf("lingering: %+v", s)
	}
	r.wantReady(t, 1, "not ready: lingering")

	touch("end")
	if r.cmd.Wait(); r.cmd.ProcessState.ExitCode() != 3 {
		t.Errorf("exeunt ended with %v, want 3", r.cmd.ProcessState)
	}
}

// A condition that hangs costs the timeout and no more.
func TestReadyNeverHangs(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // it takes connections and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	r := startPID1(t, `
child {
  ready = http_status("http://${env.SILENT}/") == 200
}
`, "exec sleep 1000", "SILENT="+silent.Addr().String())
	r.waitState(t, "running")
	began := time.Now()
	out, status := r.inside("ready", "--timeout", "200ms")
	if took := time.Since(began); status != 1 || out != "not ready: no answer within 200ms\n" || took < 200*time.Millisecond || took > 900*time.Millisecond {
		t.Errorf("exeunt ready --timeout 200ms: %d %q after %v", status, out, took)
	}
	r.wantReady(t, 1, "not ready: ") // the default is 1s
}

// With --log-fd the log goes where it is told, the child's output does not, and the child does not have the file.
func TestLogFile(t *testing.T) {
	exeunt, err := built()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("sh", "-c", `"$0" --log-fd 7 -- sh -c 'printf "%s%s\n" sa id >&2; [ -e /proc/self/fd/7 ] && printf "%s%s\n" inher ited' 7>&1 >/dev/null 2>/dev/null`, exeunt).Output()
	if err == nil || !strings.Contains(string(out), "exeunt: child started") || strings.Contains(string(out), "said") || strings.Contains(string(out), "inherited") {
		t.Errorf("%v\n%s", err, out) // the status is that of [ -e
	}
	for redirect, want := range map[string]string{"": "no such file is open", "7</dev/null": "it can't be written to"} {
		cmd := exec.Command("sh", "-c", `"$0" --log-fd 7 -- true `+redirect, exeunt)
		if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != exitUsage || !strings.Contains(string(out), "--log-fd 7: "+want) {
			t.Errorf("%q: %v\n%s", redirect, cmd.ProcessState, out)
		}
	}
}
