package hooks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// Delivery is a signal to send to processes that lived when they were looked up. One that is gone by then (ESRCH) is no
// failure, unless all are.
type Delivery struct {
	Signal lifecycle.Signal
	PIDs   []int // never empty; neither 1 nor exeunt itself
}

// prepareSend finds whom a signal hook means: `to` is the path of a pid file where it has a slash, else the name of one or
// more processes.
func prepareSend(ctx context.Context, h *lifecycle.Hook, do *lifecycle.Send, scope lifecycle.Scope) (*Delivery, error) {
	to, err := evaluate(ctx, "to", do.To, scope)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(to, "/") {
		all, err := findProcesses(ctx, to)
		if err != nil {
			return nil, err
		}
		var pids []int
		for _, pid := range all {
			if pid != 1 { // where exeunt isn't PID 1, that is somebody else's init
				pids = append(pids, pid)
			}
		}
		if len(pids) == 0 {
			return nil, fmt.Errorf("no process is named %q, neither by its comm (15 bytes at most) nor by the last part of its argv[0]", to)
		}
		return &Delivery{do.Signal, pids}, nil
	}
	path, err := absolute(h, "to", to)
	if err != nil {
		return nil, err
	}
	pid, err := ReadPIDFile(path)
	if err != nil {
		return nil, err
	}
	if pid == 1 || pid == os.Getpid() {
		return nil, fmt.Errorf("pid file %q names pid %d, which a hook doesn't signal: forward is for the child", path, pid)
	}
	if state, _, err := readStat(pid); err != nil || !living(state) {
		return nil, fmt.Errorf("pid file %q names pid %d, which doesn't run", path, pid)
	}
	return &Delivery{do.Signal, []int{pid}}, nil
}

// ReadPIDFile gives the pid on the first line of a file. It never blocks on a FIFO. A file that isn't there yet is
// fs.ErrNotExist.
func ReadPIDFile(path string) (int, error) {
	text, err := readFile(path, 4096)
	if err != nil {
		return 0, fmt.Errorf("cannot read pid file %q: %w", path, bare(err))
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || pid <= 0 {
		return 0, fmt.Errorf("pid file %q has no pid on its first line", path)
	}
	return pid, nil
}

// errNotRegular is a FIFO, a device, a directory where a file was meant: opening or reading it could take for ever.
var errNotRegular = errors.New("it is not a regular file")

// readFile reads a regular file up to limit bytes.
func readFile(path string, limit int64) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	return io.ReadAll(io.LimitReader(file, limit))
}

// bare is the cause of an error of package os, which names operation and path once more.
func bare(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}
