package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Kubernetes mounts a file into every container, /dev/termination-log, and shows in `kubectl describe pod` what stands in
// it when the container has ended: the last 4096 bytes. Writing it is a courtesy: whatever goes wrong with it, the end is on
// time and its status the same.

const (
	defaultTermination = "/dev/termination-log"
	noTermination      = "none"

	terminationLimit = 4096 // what Kubernetes reads
	terminationRoom  = 2048 // what exeunt takes of it: the application may have written its own
	terminationLeast = 128  // less says nothing
	terminationWait  = 100 * time.Millisecond
)

// lastWord is the file for exeunt's last word. A nil one is no file: its methods do nothing.
type lastWord struct {
	path string
	said bytes.Buffer // what the user was told so far
}

// openLastWord finds out whether there is such a file. Kubernetes makes the default, so it is there or it is not wanted;
// another path was asked for, and is made. Nothing but a regular file is written to.
func openLastWord(path string) *lastWord {
	if path == noTermination {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil && path == defaultTermination || err == nil && !info.Mode().IsRegular() {
		return nil
	}
	if absolute, err := filepath.Abs(path); err == nil { // exeunt goes to "/"
		path = absolute
	}
	return &lastWord{path: path}
}

// write appends a text, which is made to fit, and does not wait for a file system that hangs.
func (w *lastWord) write(text func(limit int) string) {
	if w == nil {
		return
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		w.append(text)
	}()
	select {
	case <-written:
	case <-time.After(terminationWait):
	}
}

// append leaves what stands in the file: it is the application's own word, and not to be pushed out of what Kubernetes reads.
func (w *lastWord) append(text func(limit int) string) {
	flags := os.O_WRONLY | os.O_APPEND | unix.O_NONBLOCK
	if w.path != defaultTermination {
		flags |= os.O_CREATE
	}
	file, err := os.OpenFile(w.path, flags, 0o644)
	if err != nil {
		return
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	before := ""
	if info.Size() > 0 {
		before = "\n"
	}
	room := min(terminationRoom, terminationLimit-info.Size()) - int64(len(before))
	if room < terminationLeast {
		return
	}
	_, _ = io.WriteString(file, before+text(int(room)))
}

// copied is a stream whose text is kept for the last word too.
func (w *lastWord) copied(out io.Writer) io.Writer {
	if w == nil {
		return out
	}
	return io.MultiWriter(out, &w.said)
}

// heard is what was said, whole lines of it.
func (w *lastWord) heard(limit int) string {
	text := w.said.String()
	if len(text) <= limit {
		return text
	}
	const more = "...\n"
	text = text[:limit-len(more)]
	return text[:strings.LastIndexByte(text, '\n')+1] + more
}

// forget drops what was said: it was nothing to end for.
func (w *lastWord) forget() {
	if w != nil {
		w.said = bytes.Buffer{}
	}
}
