package hooks

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// named3 starts three processes: two by a program's name, one by its argv[0]. It gives their pids in order.
func named3(t *testing.T, name string) []int {
	t.Helper()
	program := filepath.Join(t.TempDir(), name)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, program); err != nil {
		t.Fatal(err)
	}
	var pids []int
	for i := range 3 {
		command, _ := help(t, "wait", func(c *exec.Cmd) {
			if i == 2 {
				c.Args[0] = "/usr/bin/" + name // its comm is "exe"
				return
			}
			c.Path, c.Args[0] = program, "something else"
		})
		pids = append(pids, command.Process.Pid)
	}
	slices.Sort(pids)
	return pids
}

func TestSendByName(t *testing.T) {
	pids := named3(t, "exeunt-wait")
	result := run(t, &lifecycle.Send{Signal: 10, To: is("exeunt-wait")})
	if result.Err != nil || result.Delivery.Signal != 10 || !slices.Equal(result.Delivery.PIDs, pids) {
		t.Errorf("%+v, not %v", result, pids)
	}
	if n, err := (Probes{}).Processes(t.Context(), "exeunt-wait"); n != 3 || err != nil {
		t.Errorf("%d processes, %v", n, err)
	}
	for _, other := range []string{"exeunt-wai", "xeunt-wait", "something"} {
		if n, err := (Probes{}).Processes(t.Context(), other); n != 0 || err != nil {
			t.Errorf("%d processes of %q, %v", n, other, err)
		}
	}
	wantError(t, run(t, &lifecycle.Send{To: is("exeunt-none")}).Err,
		`no process is named "exeunt-none", neither by its comm (15 bytes at most) nor by the last part of its argv[0]`)
	wantError(t, run(t, &lifecycle.Send{To: is("")}).Err, "a process name is empty")
}

func TestProcessesThatAreOver(t *testing.T) {
	command, _ := help(t, "wait", func(c *exec.Cmd) { c.Args[0] = "exeunt-zombie" })
	if n, err := (Probes{}).Processes(t.Context(), "exeunt-zombie"); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	command.Process.Kill()
	// It is a zombie until its parent, this test, waits for it at its end: it is there, and doesn't count.
	await(t, "the process ends", func() bool {
		n, err := Probes{}.Processes(t.Context(), "exeunt-zombie")
		return n == 0 && err == nil
	})
	pid := command.Process.Pid
	if state, _, err := readStat(pid); err != nil || state != 'Z' {
		t.Fatalf("state %c, %v", state, err)
	}
	file := t.TempDir() + "/pid"
	os.WriteFile(file, fmt.Appendln(nil, pid), 0o644)
	wantError(t, run(t, &lifecycle.Send{To: is(file)}).Err, fmt.Sprintf("pid file %q names pid %d, which doesn't run", file, pid))
}

// exeunt finds neither itself nor the init of a container it isn't PID 1 of.
func TestSendNeverToItself(t *testing.T) {
	_, self, err := readStat(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	_, initial, err := readStat(1)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{self, programName(ownProc, os.Getpid()), initial} {
		result := run(t, &lifecycle.Send{To: is(name)})
		if d := result.Delivery; d != nil && (slices.Contains(d.PIDs, os.Getpid()) || slices.Contains(d.PIDs, 1)) {
			t.Errorf("%q is %v", name, d.PIDs)
		}
	}
	for _, pid := range []int{1, os.Getpid()} {
		path := t.TempDir() + "/pid"
		os.WriteFile(path, fmt.Append(nil, pid), 0o644)
		wantError(t, run(t, &lifecycle.Send{To: is(path)}).Err,
			fmt.Sprintf("pid file %q names pid %d, which a hook doesn't signal: forward is for the child", path, pid))
	}
}

func TestSendByPIDFile(t *testing.T) {
	command, _ := help(t, "wait", nil)
	pid := command.Process.Pid
	dir := t.TempDir()
	unix.Mkfifo(dir+"/fifo", 0o600)
	for name, text := range map[string]string{
		"plain": fmt.Sprint(pid), "line": fmt.Sprintf(" %d \r\n", pid), "postmaster": fmt.Sprintf("%d\n/var/lib\n5432\n", pid),
		"empty": "", "word": "x", "zero": "0", "negative": "-1", "gone": "4194305",
	} {
		os.WriteFile(dir+"/"+name, []byte(text), 0o644)
	}
	for name, want := range map[string]string{
		"plain": "", "line": "", "postmaster": "",
		"empty":    "pid file PATH has no pid on its first line",
		"word":     "pid file PATH has no pid on its first line",
		"zero":     "pid file PATH has no pid on its first line",
		"negative": "pid file PATH has no pid on its first line",
		"gone":     "pid file PATH names pid 4194305, which doesn't run",
		"none":     "cannot read pid file PATH: no such file or directory",
		"fifo":     "cannot read pid file PATH: it is not a regular file",
		".":        "cannot read pid file PATH: it is not a regular file",
	} {
		path := filepath.Join(dir, name)
		result := run(t, &lifecycle.Send{Signal: 1, To: is(dir + "/" + name)})
		wantError(t, result.Err, replacePath(want, path))
		if want == "" && !slices.Equal(result.Delivery.PIDs, []int{pid}) {
			t.Errorf("%s: %v", name, result.Delivery)
		}
	}
}
