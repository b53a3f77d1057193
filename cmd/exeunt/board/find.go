package board

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Reader reads the board of a running exeunt.
type Reader struct {
	PID  int // in the PID namespace of the /proc that is read
	file *os.File
	dir  string
}

// proc is where the kernel shows processes.
const proc = "/proc"

// NotFound says that nobody was found, and Why as far as that can be told.
type NotFound struct{ Why string }

func (e *NotFound) Error() string { return e.Why }

// Denied says that the kernel does not let us look at a process.
type Denied struct {
	PID      int
	UID, Own int
}

func (e *Denied) Error() string {
	if e.UID != e.Own {
		return fmt.Sprintf("cannot look at pid %d: it runs as uid %d, and this as uid %d", e.PID, e.UID, e.Own)
	}
	return fmt.Sprintf("cannot look at pid %d: it has rights or a group that this has not", e.PID)
}

// Open opens the board of exeunt pid.
func Open(pid int) (*Reader, error) {
	dir := filepath.Join(proc, strconv.Itoa(pid))
	file, err := openNamed(dir, Name)
	switch {
	case err == nil:
		return &Reader{PID: pid, file: file, dir: dir}, nil
	case errors.Is(err, os.ErrPermission):
		return nil, &Denied{PID: pid, UID: owner(dir), Own: os.Getuid()}
	case errors.Is(err, errNone):
		return nil, &NotFound{fmt.Sprintf("pid %d is no exeunt", pid)}
	case errors.Is(err, os.ErrNotExist), errors.Is(err, unix.ESRCH):
		return nil, &NotFound{fmt.Sprintf("there is no pid %d", pid)}
	}
	return nil, fmt.Errorf("cannot look at pid %d: %w", pid, err)
}

// Find opens the board of the nearest exeunt: the one this process descends from, else PID 1, else the only other one of the
// same container, which is to say of the same mount namespace.
func Find() (*Reader, error) {
	if _, err := os.Stat(filepath.Join(proc, "self", "fd")); err != nil {
		return nil, &NotFound{"there is no /proc to look into"}
	}
	for pid := os.Getppid(); pid > 1; pid = parent(pid) {
		if r, err := Open(pid); err == nil {
			return r, nil
		}
	}
	r, failure := Open(1)
	if failure == nil {
		return r, nil
	}
	others := openOthers()
	switch len(others) {
	case 0:
		var denied *Denied
		if errors.As(failure, &denied) {
			return nil, fmt.Errorf("no exeunt is found: %w", failure)
		}
		return nil, &NotFound{"no exeunt runs here"}
	case 1:
		return others[0], nil
	}
	var pids []string
	for _, r := range others {
		pids = append(pids, strconv.Itoa(r.PID))
		r.Close()
	}
	return nil, &NotFound{fmt.Sprintf("several exeunts run here: say which by --pid: %s", strings.Join(pids, ", "))}
}

// openOthers opens the boards of all exeunts of this mount namespace.
func openOthers() []*Reader {
	var readers []*Reader
	entries, _ := os.ReadDir(proc)
	own, _ := os.Readlink(filepath.Join(proc, "self", "ns", "mnt"))
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		if mounts, err := os.Readlink(filepath.Join(proc, entry.Name(), "ns", "mnt")); err != nil || mounts != own {
			continue
		}
		if r, err := Open(pid); err == nil {
			readers = append(readers, r)
		}
	}
	return readers
}

// Close lets go of it.
func (r *Reader) Close() error { return r.file.Close() }

// attempts is how often a board is looked at, a millisecond apart, before what is whole in it is taken: it is just being made, or
// written to.
const attempts = 5

// Read gives the newest record, and how many orphans were reaped.
func (r *Reader) Read() (record Record, orphans uint64, err error) {
	memory := make([]byte, size)
	for attempt := range attempts {
		n, err := r.file.ReadAt(memory, 0)
		if err != nil && err != io.EOF {
			return record, 0, fmt.Errorf("cannot read the status of pid %d: %w", r.PID, err)
		}
		text, orphans, ok, settled := newest(memory[:n])
		if ok && (settled || attempt == attempts-1) {
			if err := json.Unmarshal(text, &record); err != nil {
				return record, 0, fmt.Errorf("cannot understand the status of pid %d: is it an exeunt of another version? %w", r.PID, err)
			}
			return record, orphans, nil
		}
		time.Sleep(time.Millisecond)
	}
	return record, 0, fmt.Errorf("cannot understand the status of pid %d: is it an exeunt of another version?", r.PID)
}

// Files are the lifecycle's files as exeunt read them.
func (r *Reader) Files() ([]File, error) {
	file, err := openNamed(r.dir, FileName)
	if err != nil {
		return nil, fmt.Errorf("cannot read the files of pid %d: %w", r.PID, err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxFiles))
	if err != nil {
		return nil, fmt.Errorf("cannot read the files of pid %d: %w", r.PID, err)
	}
	files, ok := filesOf(text)
	if !ok {
		return nil, fmt.Errorf("cannot understand the files of pid %d", r.PID)
	}
	return files, nil
}

// Environment is what exeunt was started with.
func (r *Reader) Environment() ([]string, error) {
	text, err := os.ReadFile(filepath.Join(r.dir, "environ"))
	if err != nil {
		return nil, fmt.Errorf("cannot read the environment of pid %d: %w", r.PID, err)
	}
	return strings.FieldsFunc(string(text), func(c rune) bool { return c == 0 }), nil
}

// maxFiles is above what package lang reads of a directory that anybody writes.
const maxFiles = 64 << 20

var errNone = errors.New("it has no such file")

// openNamed opens the memfd of a name that the process of a folder in /proc holds.
func openNamed(dir, name string) (*os.File, error) {
	fds, err := os.Open(filepath.Join(dir, "fd"))
	if err != nil {
		return nil, err
	}
	defer fds.Close()
	names, err := fds.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	denied := error(nil)
	for _, fd := range names {
		path := filepath.Join(dir, "fd", fd)
		target, err := os.Readlink(path)
		if errors.Is(err, os.ErrPermission) {
			denied = err
		}
		if err != nil || target != "/memfd:"+name+" (deleted)" {
			continue
		}
		return os.Open(path)
	}
	if denied != nil {
		return nil, denied
	}
	return nil, errNone
}

// owner is the user a process runs as, -1 where that can't be told.
func owner(dir string) int {
	text, _ := os.ReadFile(filepath.Join(dir, "status"))
	return statusNumber(string(text), "Uid:")
}

// parent is the parent of a process in this PID namespace; 0: it has none.
func parent(pid int) int {
	text, _ := os.ReadFile(filepath.Join(proc, strconv.Itoa(pid), "status"))
	return max(0, statusNumber(string(text), "PPid:"))
}

// statusNumber is the first number of a line of /proc/PID/status (proc(5)).
func statusNumber(text, name string) int {
	for _, line := range strings.Split(text, "\n") {
		if rest, ok := strings.CutPrefix(line, name); ok {
			if fields := strings.Fields(rest); len(fields) > 0 {
				if n, err := strconv.Atoi(fields[0]); err == nil {
					return n
				}
			}
		}
	}
	return -1
}
