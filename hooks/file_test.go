package hooks

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

func TestWrite(t *testing.T) {
	defer unix.Umask(unix.Umask(0o077)) // the mode is what was wanted all the same
	dir := t.TempDir()
	for _, c := range []struct {
		name, path string
		do         lifecycle.Write
		content    string
		mode       os.FileMode
	}{
		{"nothing", "/new", lifecycle.Write{}, "", 0o644},
		{"content", "/new", lifecycle.Write{Content: is("a\n")}, "a\n", 0o644},
		{"a mode", "/secret", lifecycle.Write{Content: is("b"), Mode: 0o600}, "b", 0o600},
		{"a mode with more", "/new", lifecycle.Write{Mode: 0o4755}, "", 0o755 | os.ModeSetuid},
		{"directories above", "/a/b/c", lifecycle.Write{Content: is("d")}, "d", 0o644},
	} {
		c.do.Path = is(dir + c.path)
		wantError(t, run(t, &c.do).Err, "")
		wantFile(t, dir+c.path, c.content, c.mode)
	}
	wantNames(t, dir, "a", "new", "secret")
}

func wantFile(t *testing.T, path, content string, mode os.FileMode) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != content {
		t.Errorf("%s has %q (%v), not %q", path, got, err, content)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode() != mode {
		t.Errorf("%s: %v (%v), not %v", path, info.Mode(), err, mode)
	}
}

// wantNames checks that nothing else was left behind.
func wantNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%s holds %q, not %q", dir, got, want)
	}
}

// Whoever reads meanwhile gets the old content or the new one.
func TestWriteIsAtomic(t *testing.T) {
	path := t.TempDir() + "/f"
	text := [2]string{strings.Repeat("a", 1<<16), strings.Repeat("b", 1<<16)}
	write := func(i int) {
		wantError(t, run(t, &lifecycle.Write{Path: is(path), Content: is(text[i%2])}).Err, "")
	}
	write(0)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 300 {
			write(i)
		}
	}()
	for over := false; !over; {
		select {
		case <-done:
			over = true
		default:
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text[0] && string(got) != text[1] {
			t.Fatalf("read %d bytes: %v", len(got), err)
		}
	}
}

func TestWriteThroughLinks(t *testing.T) {
	dir := t.TempDir()
	os.Symlink("real", dir+"/link")
	do := &lifecycle.Write{Path: is(dir + "/link"), Content: is("a")}
	wantError(t, run(t, do).Err, "") // it points nowhere: replaced
	wantNames(t, dir, "link")

	os.WriteFile(dir+"/real", []byte("old"), 0o600)
	os.Remove(dir + "/link")
	os.Symlink("real", dir+"/link")
	wantError(t, run(t, do).Err, "")
	wantFile(t, dir+"/real", "a", 0o644)
	if to, err := os.Readlink(dir + "/link"); to != "real" {
		t.Errorf("the link is %q, %v", to, err)
	}
}

func TestWriteToWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(dir+"/file", nil, 0o644)
	listener, err := net.Listen("unix", dir+"/socket")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	unix.Mkfifo(dir+"/fifo", 0o600)
	for path, want := range map[string]string{
		"/dev/null":     "",
		"/dev/full":     "cannot write PATH: no space left on device",
		dir:             "cannot write PATH: is a directory: write the path of a file in it",
		dir + "/file/x": "cannot write PATH: not a directory: what stands above it is a file",
		dir + "/socket": "cannot write PATH: it is a socket: an http hook can speak to it, by http+unix://",
		dir + "/fifo":   "cannot write PATH: no such device or address (nobody reads the FIFO)",
	} {
		err := run(t, &lifecycle.Write{Path: is(path), Content: is("a")}).Err
		wantError(t, err, replacePath(want, path))
	}
}

func TestWriteToAFIFO(t *testing.T) {
	path := t.TempDir() + "/fifo"
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	wantError(t, run(t, &lifecycle.Write{Path: is(path), Content: is("q")}).Err, "")
	got := make([]byte, 1)
	if _, err := io.ReadFull(reader, got); err != nil || got[0] != 'q' {
		t.Errorf("the FIFO gives %q, %v", got, err)
	}

	// Full, with a reader that doesn't read: the context ends it.
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	do := &lifecycle.Write{Path: is(path), Content: is(strings.Repeat("x", 1<<20))}
	result := Begin(ctx, &lifecycle.Hook{Do: do}, lifecycle.Scope{}, time.Now())
	wantError(t, result.Err, fmt.Sprintf("cannot write %q: cut off while its reader doesn't read", path))
}

// What is given up must not happen afterwards.
func TestWriteCutOff(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := replace(ctx, dir+"/f", []byte("a"), 0o644); err == nil || err.Error() != "cut off while writing" {
		t.Error(err)
	}
	wantNames(t, dir)
}

// helpWrite writes "new" to $EXEUNT_TEST_PATH as uid 65534 or behind a mount, and prints what came of it.
func helpWrite() error {
	path := os.Getenv("EXEUNT_TEST_PATH")
	dir := filepath.Dir(path)
	switch os.Getenv("EXEUNT_TEST_HOW") {
	case "nobody":
		if err := unix.Setgid(65534); err != nil {
			return err
		}
		if err := unix.Setuid(65534); err != nil {
			return err
		}
	case "mounted": // as Kubernetes does with a termination log
		if err := unix.Mount(path+".mounted", path, "", unix.MS_BIND, ""); err != nil {
			return err
		}
	case "read-only":
		if err := unix.Mount("none", dir, "tmpfs", unix.MS_RDONLY, ""); err != nil {
			return err
		}
	}
	hook := &lifecycle.Hook{Do: &lifecycle.Write{Path: is(path), Content: is("new")}}
	err := Begin(context.Background(), hook, lifecycle.Scope{}, time.Now()).Err
	fmt.Printf("ready: %v\n", err)
	return nil
}

func TestWriteWhereItCannotBeReplaced(t *testing.T) {
	needRoot(t)
	for _, c := range []struct {
		name, how string
		dir, file os.FileMode
		want      string
		content   string
	}{
		{"directory not writable, file is", "nobody", 0o755, 0o666, "ready: <nil>", "new"},
		{"neither is", "nobody", 0o755, 0o644,
			`ready: cannot write PATH: permission denied: exeunt runs as uid 65534, which needs to write to the file or to its directory`, "old"},
		{"directory is, file is not", "nobody", 0o777, 0o644, "ready: <nil>", "new"},
		{"a mounted file", "mounted", 0o755, 0o640, "ready: <nil>", "old"}, // what is below the mount stays
		{"a read-only file system", "read-only", 0o755, 0o644,
			`ready: cannot write PATH: read-only file system: mount something writable there (a tmpfs, an emptyDir)`, "old"},
	} {
		t.Run(c.name, func(t *testing.T) {
			// Not t.TempDir, which nobody else may look into.
			dir, err := os.MkdirTemp("", "exeunt-test-")
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(dir)
			path := dir + "/f"
			os.WriteFile(path, []byte("old"), 0o600)
			os.WriteFile(path+".mounted", []byte("mounted"), 0o640)
			os.Chmod(path, c.file)
			os.Chmod(dir, c.dir)
			_, line := help(t, "write", func(command *exec.Cmd) {
				command.Env = append(command.Env, "EXEUNT_TEST_PATH="+path, "EXEUNT_TEST_HOW="+c.how)
				ownMounts(command)
			})
			if want := replacePath(c.want, path); line != want {
				t.Errorf("it says\n\t%s, not\n\t%s", line, want)
			}
			if got, _ := os.ReadFile(path); string(got) != c.content {
				t.Errorf("the file has %q", got)
			}
			if c.how == "mounted" {
				wantFile(t, path+".mounted", "new", 0o640)
			}
			wantNames(t, dir, "f", "f.mounted")
		})
	}
}

func replacePath(text, path string) string {
	return strings.Replace(text, "PATH", fmt.Sprintf("%q", path), 1)
}

// ownMounts gives a helper a mount namespace of its own, all of it: unshare(2) is a thread's.
func ownMounts(command *exec.Cmd) {
	command.SysProcAttr = &unix.SysProcAttr{Unshareflags: unix.CLONE_NEWNS}
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: it takes another user, or mounts")
	}
}

func TestRemove(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(dir+"/file", nil, 0o644)
	os.Symlink("file", dir+"/link")
	unix.Mkfifo(dir+"/fifo", 0o600)
	os.Mkdir(dir+"/dir", 0o755)
	for _, c := range []struct{ name, err string }{
		{"link", ""}, {"fifo", ""}, {"fifo", ""}, {"none", ""}, {"none/none", ""}, {"file/none", ""},
		{"dir", fmt.Sprintf("cannot remove %q: it is a directory, and remove removes one file", dir+"/dir")},
	} {
		wantError(t, run(t, &lifecycle.Remove{Path: is(dir + "/" + c.name)}).Err, c.err)
	}
	wantNames(t, dir, "dir", "file")
	needRoot(t) // others have no permission to begin with
	wantError(t, run(t, &lifecycle.Remove{Path: is("/proc/version")}).Err,
		`cannot remove "/proc/version": operation not permitted: exeunt runs as uid 0, which needs to write to its directory`)
}
