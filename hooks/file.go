package hooks

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// doWrite makes or replaces a file with the wanted mode, whatever the umask, and makes the directories above it (0755).
//
// A reader sees the old file or the new one, never a part: the new one is written beside it and renamed over it. A
// symbolic link stays one; what it points to is replaced. Where the directory can't be written to, or the file is
// mounted (a Kubernetes termination log), it is written in place instead and keeps its mode and owner. What is no regular
// file, such as a control FIFO or a device, is written to as it is; it never blocks longer than ctx. The data is not
// synced: a container's stop survives without it.
func doWrite(ctx context.Context, h *lifecycle.Hook, do *lifecycle.Write, scope lifecycle.Scope) error {
	path, err := evaluate(ctx, "path", do.Path, scope)
	if err != nil {
		return err
	}
	content, err := evaluate(ctx, "content", do.Content, scope)
	if err != nil {
		return err
	}
	if path, err = absolute(h, "path", path); err != nil {
		return err
	}
	mode := do.Mode
	if mode == 0 {
		mode = 0o644
	}
	if err := write(ctx, path, []byte(content), mode); err != nil {
		return fmt.Errorf("cannot write %q: %w%s", path, bare(err), hint(err))
	}
	return nil
}

// errSocket is a unix socket where something to write to was meant.
var errSocket = errors.New("it is a socket: an http hook can speak to it, by http+unix://")

func write(ctx context.Context, path string, content []byte, mode uint32) error {
	// Links are resolved first: a rename would replace the link. One that points nowhere is replaced after all.
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return unix.EISDIR
	case err == nil && info.Mode().Type() == fs.ModeSocket:
		return errSocket
	case err == nil && !info.Mode().IsRegular():
		return writeInPlace(ctx, path, content, 0)
	}
	exists := err == nil
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	err = replace(ctx, path, content, mode)
	full := errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) // to truncate the old one would only lose it
	if err != nil && exists && !full && ctx.Err() == nil {
		return writeInPlace(ctx, path, content, os.O_TRUNC)
	}
	return err
}

// replace writes a new file beside path and renames it.
func replace(ctx context.Context, path string, content []byte, mode uint32) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), ".exeunt-*")
	if err != nil {
		return err
	}
	defer func() {
		file.Close()
		if err != nil {
			os.Remove(file.Name())
		}
	}()
	if _, err := file.Write(content); err != nil {
		return err
	}
	if err := unix.Fchmod(int(file.Fd()), mode); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return cutOff{"writing", err} // whoever gave up on it must not see it happen later
	}
	return os.Rename(file.Name(), path)
}

// writeInPlace writes to what exists. A FIFO without a reader is an error at once (ENXIO, fifo(7)), a full one after ctx.
func writeInPlace(ctx context.Context, path string, content []byte, flags int) error {
	file, err := os.OpenFile(path, os.O_WRONLY|unix.O_NONBLOCK|unix.O_NOCTTY|flags, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	// Regular files have no deadline, and need none: within bounds them.
	defer context.AfterFunc(ctx, func() { file.SetWriteDeadline(time.Now()) })()
	_, err = file.Write(content)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return cutOff{"its reader doesn't read", ctx.Err()}
	}
	return err
}

// hint says what to do about an error of write.
func hint(err error) string {
	switch {
	case errors.Is(err, unix.ENXIO):
		return " (nobody reads the FIFO)"
	case errors.Is(err, unix.EROFS):
		return ": mount something writable there (a tmpfs, an emptyDir)"
	case errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM):
		return fmt.Sprintf(": exeunt runs as uid %d, which needs to write to the file or to its directory", os.Geteuid())
	case errors.Is(err, unix.ENOTDIR):
		return ": what stands above it is a file"
	case errors.Is(err, unix.EISDIR):
		return ": write the path of a file in it"
	}
	return ""
}

// doRemove removes a file, a link, a socket or a FIFO. One that isn't there is no failure; a directory is.
func doRemove(ctx context.Context, h *lifecycle.Hook, do *lifecycle.Remove, scope lifecycle.Scope) error {
	path, err := evaluate(ctx, "remove", do.Path, scope)
	if err != nil {
		return err
	}
	if path, err = absolute(h, "remove", path); err != nil {
		return err
	}
	switch err := syscall.Unlink(path); {
	case err == nil, errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENOTDIR):
		return nil
	case errors.Is(err, unix.EISDIR):
		return fmt.Errorf("cannot remove %q: it is a directory, and remove removes one file", path)
	case errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM):
		return fmt.Errorf("cannot remove %q: %w: exeunt runs as uid %d, which needs to write to its directory", path, err, os.Geteuid())
	default:
		return fmt.Errorf("cannot remove %q: %w", path, err)
	}
}
