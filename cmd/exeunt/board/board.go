// Package board is where a running exeunt says how it stands, and where `exeunt status` and `exeunt ready` read it.
//
// The board is a memfd that exeunt holds: no network, no writable path, no rights but those over exeunt itself. Others find
// it through /proc/PID/fd, which the kernel opens to who may trace the process (ptrace(2), PTRACE_MODE_READ_FSCREDS): the same
// user and group, with no fewer capabilities, or CAP_SYS_PTRACE. It is sealed: it can't grow or shrink, and nobody but
// exeunt writes to it.
//
// It is a header, which counts the orphans reaped, and two slots. A [Record] is written whole into the older slot, as JSON behind
// its number, length and checksum; a reader takes the newest slot that is whole. So it never sees half a record, whenever it
// looks and wherever the writer was stopped. Writing is a copy into memory: it never waits and never fails.
//
// Times on the board are nanoseconds of CLOCK_MONOTONIC, which is the same clock for all processes of a container.
package board

import (
	"encoding/binary"
	"os"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Name is what the memfd is called, FileName the one that holds the lifecycle's files: /proc/PID/fd shows
// "/memfd:exeunt-status (deleted)".
const (
	Name     = "exeunt-status"
	FileName = "exeunt-lifecycle"
)

// The layout. A reader of another version finds magic changed.
const (
	magic      = "exeunt\x00\x01"
	orphansAt  = 8
	headerSize = 64
	slotSize   = 4<<10 - headerSize/2 // two pages in all: what they hold is the memory exeunt pays
	slotHeader = 24                   // number, length, checksum
	size       = headerSize + 2*slotSize
	maxText    = slotSize - slotHeader
)

// Board is the writer's side. A nil Board takes everything and shows nothing. Its methods are called from one goroutine.
type Board struct {
	fd      int
	memory  []byte
	orphans *atomic.Uint64
	number  uint64
}

// New makes a board. The memfd stays open, and is never inherited.
func New() (*Board, error) {
	fd, err := create(Name)
	if err != nil {
		return nil, err
	}
	if err := unix.Ftruncate(fd, size); err != nil {
		unix.Close(fd)
		return nil, os.NewSyscallError("ftruncate", err)
	}
	memory, err := unix.Mmap(fd, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		unix.Close(fd)
		return nil, os.NewSyscallError("mmap", err)
	}
	// F_SEAL_FUTURE_WRITE leaves exeunt its own mapping. A kernel before 5.1 does not know it.
	const fixed = unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_SEAL
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, fixed|unix.F_SEAL_FUTURE_WRITE); err != nil {
		_, _ = unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, fixed)
	}
	clear(memory) // the pages are there from now on: a write later can't meet a memory limit
	copy(memory, magic)
	return &Board{fd: fd, memory: memory, orphans: (*atomic.Uint64)(unsafe.Pointer(&memory[orphansAt]))}, nil
}

// create makes a memfd. It is not to be executed: a kernel from 6.3 on can be told, and may insist (vm.memfd_noexec).
func create(name string) (int, error) {
	const flags = unix.MFD_CLOEXEC | unix.MFD_ALLOW_SEALING
	fd, err := unix.MemfdCreate(name, flags|unix.MFD_NOEXEC_SEAL)
	if err == unix.EINVAL {
		fd, err = unix.MemfdCreate(name, flags)
	}
	return fd, os.NewSyscallError("memfd_create", err)
}

// Reaped counts an orphan.
func (b *Board) Reaped() {
	if b != nil {
		b.orphans.Add(1)
	}
}

// Write shows a record.
func (b *Board) Write(r Record) {
	if b == nil {
		return
	}
	text := r.fit(maxText)
	b.number++
	slot := b.memory[headerSize+int(b.number%2)*slotSize:][:slotSize]
	// However little of this a reader sees, and in whatever order: the sum is not that of it.
	binary.LittleEndian.PutUint64(slot, b.number)
	binary.LittleEndian.PutUint64(slot[8:], uint64(len(text)))
	copy(slot[slotHeader:], text)
	binary.LittleEndian.PutUint64(slot[16:], checksum(slot[:16], text))
}

// checksum is FNV-1a, over the number and the length as well, so that it is no older record's.
func checksum(header, text []byte) uint64 {
	sum := uint64(14695981039346656037)
	for _, part := range [2][]byte{header, text} {
		for _, c := range part {
			sum = (sum ^ uint64(c)) * 1099511628211
		}
	}
	return sum
}

// newest gives the text of the newest whole slot of a board; ok is false where there is none, or where it is no board. It is
// settled where the other slot is whole too: a writer that was fast enough to write both while they were copied may have left
// an older record whole in the copy than it was found there before.
func newest(memory []byte) (text []byte, orphans uint64, ok, settled bool) {
	if len(memory) != size || string(memory[:len(magic)]) != magic {
		return nil, 0, false, false
	}
	var number uint64
	settled = true
	for i := range 2 {
		slot := memory[headerSize+i*slotSize:][:slotSize]
		n, length := binary.LittleEndian.Uint64(slot), binary.LittleEndian.Uint64(slot[8:])
		if n == 0 { // never written
			continue
		}
		if length > maxText || binary.LittleEndian.Uint64(slot[16:]) != checksum(slot[:16], slot[slotHeader:][:length]) {
			settled = false
			continue
		}
		if n > number {
			text, number = slot[slotHeader:][:length], n
		}
	}
	return text, binary.LittleEndian.Uint64(memory[orphansAt:]), number > 0, settled
}

// Keep puts the lifecycle's files beside the board, for whoever evaluates an expression of them later: the ones on disk may have
// changed. Nobody can write to them any more.
func Keep(files []File) error {
	var text []byte
	for _, f := range files {
		text = binary.AppendUvarint(text, uint64(len(f.Path)))
		text = append(text, f.Path...)
		text = binary.AppendUvarint(text, uint64(len(f.Text)))
		text = append(text, f.Text...)
	}
	fd, err := create(FileName)
	if err != nil {
		return err
	}
	for len(text) > 0 && err == nil {
		var n int
		n, err = unix.Write(fd, text)
		text = text[max(0, n):]
	}
	if err == nil {
		const all = unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE | unix.F_SEAL_SEAL
		_, err = unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, all)
	}
	if err != nil {
		unix.Close(fd)
	}
	return err // the descriptor stays open: it is how the files are found
}

// File is one of the lifecycle's files.
type File struct {
	Path string // absolute
	Text []byte
}

// filesOf reads what Keep has written.
func filesOf(text []byte) (files []File, ok bool) {
	next := func() []byte {
		length, n := binary.Uvarint(text)
		if ok = n > 0 && length <= uint64(len(text)-n); !ok {
			return nil
		}
		part := text[n:][:length]
		text = text[n:][length:]
		return part
	}
	for ok = true; ok && len(text) > 0; {
		path := next()
		if ok {
			files = append(files, File{Path: string(path), Text: next()})
		}
	}
	return files, ok
}

// now is CLOCK_MONOTONIC in nanoseconds.
func now() int64 {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) // it can't fail: the clock exists
	return t.Nano()
}

// moment is a time of Go's on that clock; 0 for the zero time.
func moment(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return now() - int64(time.Since(t))
}
