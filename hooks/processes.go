package hooks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
)

// ownProc is where the kernel shows the processes of this PID namespace.
const ownProc = "/proc"

// findProcesses gives the pids of the living processes called name, in order, without exeunt itself. Two names count:
// the comm, which the kernel cuts at 15 bytes, and the last part of argv[0], which a process may overwrite (proc(5)).
func findProcesses(ctx context.Context, name string) ([]int, error) {
	return findProcessesIn(ctx, ownProc, name)
}

// findProcessesIn does that in another proc file system: of another PID namespace exeunt itself is no process.
func findProcessesIn(ctx context.Context, proc, name string) ([]int, error) {
	if name == "" {
		return nil, errors.New("a process name is empty")
	}
	all, err := listProcesses(proc)
	if err != nil {
		return nil, err
	}
	var found []int
	for _, pid := range all {
		if err := ctx.Err(); err != nil {
			return nil, cutOff{"reading /proc", err}
		}
		if (proc != ownProc || pid != os.Getpid()) && named(proc, pid, name) {
			found = append(found, pid)
		}
	}
	slices.Sort(found)
	return found, nil
}

func listProcesses(proc string) ([]int, error) {
	folder, err := os.Open(proc)
	if err != nil {
		return nil, fmt.Errorf("cannot list processes: %w", err)
	}
	defer folder.Close()
	names, err := folder.Readdirnames(-1)
	if err != nil {
		return nil, fmt.Errorf("cannot list processes: %w", err)
	}
	var pids []int
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// named reports whether pid lives and is called name. One that ends meanwhile is not.
func named(proc string, pid int, name string) bool {
	state, comm, err := readStatIn(proc, pid)
	if err != nil || !living(state) {
		return false
	}
	// The comm comes first: to read the arguments takes a lock of the process's memory, which one that hangs may hold.
	return comm == name || programName(proc, pid) == name
}

// living is false of zombies and the dead (proc(5), state).
func living(state byte) bool { return state != 'Z' && state != 'X' && state != 'x' }

func readStat(pid int) (state byte, comm string, err error) { return readStatIn(ownProc, pid) }

// readStatIn gives state and comm of a process. The comm may have any byte in it but is followed by none that closes a
// parenthesis (proc(5), /proc/pid/stat).
func readStatIn(proc string, pid int) (state byte, comm string, err error) {
	text, err := os.ReadFile(fmt.Sprintf("%s/%d/stat", proc, pid))
	if err != nil {
		return 0, "", err
	}
	from, to := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if from < 0 || to < from || to+2 >= len(text) {
		return 0, "", fmt.Errorf("cannot read the stat of pid %d", pid)
	}
	return text[to+2], string(text[from+1 : to]), nil
}

// programName is the last part of argv[0]; "" where it isn't known.
func programName(proc string, pid int) string {
	file, err := os.Open(fmt.Sprintf("%s/%d/cmdline", proc, pid))
	if err != nil {
		return ""
	}
	defer file.Close()
	text := make([]byte, 4096) // PATH_MAX
	n, err := io.ReadFull(file, text)
	if n == 0 {
		return "" // a kernel thread
	}
	first, _, whole := bytes.Cut(text[:n], []byte{0})
	if !whole && err == nil {
		return ""
	}
	return path.Base(string(first))
}
