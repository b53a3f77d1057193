package reaper

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// output starts a process, and gives what it prints and its exit status.
func output(t *testing.T, s Spec) (text string, status int) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	if s.Env == nil {
		s.Env = os.Environ()
	}
	s.Files = [3]*os.File{null, w, w}
	pid, err := Start(s)
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(all)), await(t, pid)
}

func await(t *testing.T, pid int) int {
	t.Helper()
	var ws unix.WaitStatus
	for {
		_, err := unix.Wait4(pid, &ws, 0, nil)
		if err == nil {
			break
		}
		if err != unix.EINTR {
			t.Fatal(err)
		}
	}
	if ws.Signaled() {
		return 128 + int(ws.Signal())
	}
	return ws.ExitStatus()
}

func file(t *testing.T, path, text string, mode os.FileMode) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// both runs a test by way of fork and by way of the trampoline.
func both(t *testing.T, test func(t *testing.T, change func(Spec) Spec)) {
	t.Helper()
	t.Run("fork", func(t *testing.T) { test(t, func(s Spec) Spec { return s }) })
	t.Run("trampoline", func(t *testing.T) {
		test(t, func(s Spec) Spec {
			umask := 0o022
			s.Umask = &umask
			return s
		})
	})
}

// The program is found as execvp(3) finds it.
func TestProgramIsFound(t *testing.T) {
	dir := t.TempDir()
	file(t, dir+"/denied/app", "#!/bin/sh\necho wrong\n", 0o644)
	file(t, dir+"/good/app", "#!/bin/sh\necho good \"$@\"\n", 0o755)
	file(t, dir+"/plain/app", "echo plain \"$0\" \"$@\"\n", 0o755) // no first line: ENOEXEC, /bin/sh runs it
	if err := os.MkdirAll(dir+"/folder/app", 0o755); err != nil {
		t.Fatal(err)
	}
	both(t, func(t *testing.T, change func(Spec) Spec) {
		for _, c := range []struct{ name, path, dir, want string }{
			{"app", dir + "/good", "", "good a b"},
			{"app", "/nowhere:" + dir + "/denied:" + dir + "/folder:" + dir + "/good", "", "good a b"},
			{"app", dir + "/plain", "", "plain " + dir + "/plain/app a b"},
			{"app", "", dir + "/good", "good a b"}, // an empty entry is the workdir
			{"app", "good", dir, "good a b"},
			{"good/app", "/nowhere", dir, "good a b"},
			{"./app", "", dir + "/good", "good a b"},
		} {
			text, status := output(t, change(Spec{Argv: []string{c.name, "a", "b"}, Dir: c.dir, Env: []string{"PATH=/bin", "PATH=" + c.path}}))
			if text != c.want || status != 0 {
				t.Errorf("%q with PATH=%q in %q: %q, status %d, want %q", c.name, c.path, c.dir, text, status, c.want)
			}
		}
		if text, _ := output(t, change(Spec{Argv: []string{"true"}, Env: []string{"A=b"}})); text != "" {
			t.Errorf("without PATH: %q", text)
		}
	})
}

// 127 where it isn't there, 126 where it can't be executed, 125 for all else.
func TestProgramThatCannotStart(t *testing.T) {
	dir := t.TempDir()
	file(t, dir+"/denied/app", "#!/bin/sh\n", 0o644)
	file(t, dir+"/lost/app", "#!/no/such/shell\n", 0o755)
	file(t, dir+"/busy/app", "#!/bin/sh\n", 0o755)
	self, err := os.ReadFile("/bin/true")
	if err != nil {
		t.Fatal(err)
	}
	busy, err := os.OpenFile(dir+"/busy/app", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	if _, err := busy.Write(self); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir+"/folder/app", 0o755); err != nil {
		t.Fatal(err)
	}
	both(t, func(t *testing.T, change func(Spec) Spec) {
		for _, c := range []struct {
			name, path, dir string
			status          int
			says            string
		}{
			{"app", "/nowhere:/neither", "", 127, `cannot start "app": it is not found in PATH="/nowhere:/neither"`},
			{"/no/such/app", "", "", 127, `cannot start "/no/such/app": no such file or directory`},
			{"app", dir + "/lost", "", 127, "what its first line names"},
			{"/dev/null/app", "", "", 127, "not a directory"},
			{"app", dir + "/denied", "", 126, "permission denied (is it executable?"},
			{"app", "/nowhere:" + dir + "/denied", "", 126, "permission denied"},
			{dir + "/folder/app", "", "", 126, "permission denied"},
			{dir + "/busy/app", "", "", 126, "text file busy"},
			{"true", "/bin", dir + "/nowhere", 125, "its workdir"},
			{"", "", "", 127, "a command without a name"},
		} {
			null, _ := os.OpenFile(os.DevNull, os.O_RDWR, 0)
			_, err := Start(change(Spec{Argv: []string{c.name}, Env: []string{"PATH=" + c.path}, Dir: c.dir, Files: [3]*os.File{null, null, null}}))
			null.Close()
			var start *StartError
			if !errors.As(err, &start) || start.Status != c.status || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q with PATH=%q in %q: %v, want status %d and %q", c.name, c.path, c.dir, err, c.status, c.says)
			}
		}
	})
}

// A command line of many kilobytes does not end at the trampoline's own.
func TestLongCommandLine(t *testing.T) {
	both(t, func(t *testing.T, change func(Spec) Spec) {
		long := strings.Repeat("\xff\"", 60_000) // and no UTF-8
		text, status := output(t, change(Spec{Argv: []string{"sh", "-c", `printf %s "$1$2" | cksum`, "sh", long, long}}))
		want, _ := output(t, Spec{Argv: []string{"sh", "-c", `printf %s "$1$1" | cksum`, "sh", long}})
		if text != want || !strings.HasSuffix(text, " 240000") || status != 0 {
			t.Errorf("%q, status %d, want %q", text, status, want)
		}
	})
}

func TestWhoItRunsAs(t *testing.T) {
	needRoot(t)
	both(t, func(t *testing.T, change func(Spec) Spec) {
		show := func(user, group string) string {
			t.Helper()
			account, err := LookUp(user, group)
			if err != nil {
				t.Fatal(err)
			}
			text, _ := output(t, change(Spec{Argv: []string{"sh", "-c", "id -u; id -g; id -G"}, Who: &account.Identity, Dir: "/"}))
			return strings.ReplaceAll(text, "\n", " ")
		}
		for _, c := range []struct{ user, group, want string }{
			{"www-data", "", "33 33 33"},
			{"33", "", "33 33 33"},
			{"www-data", "daemon", "33 1 1 33"},
			{"12345", "", "12345 0 0"},
			{"12345", "54321", "12345 54321 54321"},
		} {
			if got := show(c.user, c.group); got != c.want {
				t.Errorf("user %q group %q: %q, want %q", c.user, c.group, got, c.want)
			}
		}
	})
	for _, c := range []struct{ user, group, want string }{
		{"nobody-of-that-name", "", `there is no user "nobody-of-that-name": write one of /etc/passwd, or a number`},
		{"", "no-group", `there is no group "no-group": write one of /etc/group, or a number`},
	} {
		if _, err := LookUp(c.user, c.group); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

func TestUmaskAndNoNewPrivileges(t *testing.T) {
	umask := 0o027
	text, _ := output(t, Spec{Argv: []string{"sh", "-c", "umask; grep NoNewPrivs /proc/self/status"}, Umask: &umask, NoNewPrivileges: true})
	if text != "0027\nNoNewPrivs:\t1" {
		t.Errorf("%q", text)
	}
}

// Every limit that has a name is set.
func TestLimits(t *testing.T) {
	rows := map[string]string{"as": "Max address space", "core": "Max core file size", "cpu": "Max cpu time", "data": "Max data size",
		"fsize": "Max file size", "locks": "Max file locks", "memlock": "Max locked memory", "msgqueue": "Max msgqueue size",
		"nice": "Max nice priority", "nofile": "Max open files", "nproc": "Max processes", "rss": "Max resident set",
		"rtprio": "Max realtime priority", "rttime": "Max realtime timeout", "sigpending": "Max pending signals", "stack": "Max stack size"}
	for _, name := range LimitNames() {
		var now unix.Rlimit
		for _, l := range limits {
			if l.name == name {
				if err := unix.Prlimit(0, l.resource, nil, &now); err != nil {
					t.Fatal(err)
				}
			}
		}
		soft, hard := min(now.Max, 1<<31)/2, min(now.Max, 1<<31) // to raise it may be more than a test may do
		text, status := output(t, Spec{Argv: []string{"cat", "/proc/self/limits"}, Limits: map[string]lifecycle.Limit{name: {Soft: soft, Hard: hard}}})
		found := false
		for line := range strings.Lines(text) {
			rest, ok := strings.CutPrefix(line, rows[name])
			if fields := strings.Fields(rest); ok && len(fields) > 1 {
				found = fields[0] == strconv.FormatUint(soft, 10) && fields[1] == strconv.FormatUint(hard, 10)
			}
		}
		if !found {
			t.Errorf("limit %q is not there, status %d:\n%s", name, status, text)
		}
	}
	if len(rows) != len(LimitNames()) {
		t.Errorf("%d limits are tried of %d", len(rows), len(LimitNames()))
	}
}

// The child gets no file but its three, unless exeunt inherited one; CloseFiles takes that too.
func TestFilesOfTheChild(t *testing.T) {
	leak, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer leak.Close()
	fd := int(leak.Fd())
	list := Spec{Argv: []string{"sh", "-c", "echo /proc/self/fd/*"}}
	if text, _ := output(t, list); strings.Contains(text, "/"+strconv.Itoa(fd)) {
		t.Errorf("a file of exeunt's own is handed over: %s", text)
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETFD, 0); err != nil { // as if it was inherited
		t.Fatal(err)
	}
	if text, _ := output(t, list); !strings.Contains(text, "/"+strconv.Itoa(fd)) {
		t.Errorf("an inherited file is not handed over: %s", text)
	}
	umask := 0o022
	list.Umask = &umask
	if text, _ := output(t, list); !strings.Contains(text, "/"+strconv.Itoa(fd)) {
		t.Errorf("an inherited file is not handed over by way of the trampoline: %s", text)
	}
	list.CloseFiles = true
	if text, _ := output(t, list); strings.Contains(text, "/"+strconv.Itoa(fd)) {
		t.Errorf("CloseFiles hands a file over: %s", text)
	}
}

func TestSessions(t *testing.T) {
	own, err := unix.Getsid(0)
	if err != nil {
		t.Fatal(err)
	}
	for session, want := range map[Session]func(p, group, sid int) bool{
		NewSession: func(p, group, sid int) bool { return group == p && sid == p },
		NewGroup:   func(p, group, sid int) bool { return group == p && sid == own },
		SameGroup:  func(p, group, sid int) bool { return group == unix.Getpgrp() && sid == own },
	} {
		text, _ := output(t, Spec{Argv: []string{"sh", "-c", "exec cat /proc/self/stat"}, Session: session})
		fields := strings.Fields(text)
		p, _ := strconv.Atoi(fields[0])
		group, _ := strconv.Atoi(fields[4])
		sid, _ := strconv.Atoi(fields[5])
		if !want(p, group, sid) {
			t.Errorf("session %d: pid %d, group %d, session %d", session, p, group, sid)
		}
	}
}

// The trap "fork fails": with no process left to have, Start fails with 125, by both ways, and says why.
// Fails without: EAGAIN in startError.
func TestForkFails(t *testing.T) {
	needRoot(t)
	r := launch(t, entryBinary(t), func(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID} }, "forkless")
	for range 2 {
		if got := r.wait("status"); got != `status 125: cannot start "true": resource temporarily unavailable (the limit of processes or memory is reached)` {
			t.Error(got)
		}
	}
}

// helpForkless starts a process by both ways where there can be none.
func helpForkless([]string) error {
	ReserveThreads()
	if err := become(Identity{UID: 12345, GID: 12345, Groups: []int{}}); err != nil { // of root's processes there is no limit
		return err
	}
	if err := unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{Cur: 1, Max: 1}); err != nil {
		return err
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	umask := 0o022
	for _, way := range []*int{nil, &umask} {
		_, err := Start(Spec{Argv: []string{"true"}, Env: os.Environ(), Files: [3]*os.File{null, null, null}, Umask: way})
		var start *StartError
		errors.As(err, &start)
		fmt.Printf("status %d: %v\n", start.Status, err)
	}
	return nil
}
