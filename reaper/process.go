package reaper

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// process is what /proc/PID/stat says of one (proc(5)).
type process struct {
	pid, parent, group, session int
	started                     uint64 // in clock ticks since the machine's start: with the pid it names a process for good
	state                       byte
	comm                        string
}

// living is false of zombies and the dead.
func (p process) living() bool { return p.state != 'Z' && p.state != 'X' && p.state != 'x' }

// stopped is true of those that job control or a debugger has stopped.
func (p process) stopped() bool { return p.state == 'T' || p.state == 't' }

// ProcessInfo is a process for the log.
type ProcessInfo struct {
	PID     int
	Parent  int
	State   byte   // as ps(1) shows it: R, S, D, T
	Command string // its command line, cut; in brackets where there is none
}

// String is how the log shows it: `pid 12 (S) nginx: worker process`.
func (p ProcessInfo) String() string { return fmt.Sprintf("pid %d (%c) %s", p.PID, p.State, p.Command) }

// commandLimit is how much of a command line the log shows, in bytes.
const commandLimit = 120

// processes reads /proc. One that ends meanwhile is left out. An error says that there is no /proc to read, or that it is that
// of another PID namespace (exeunt started by unshare -p without --mount-proc): its numbers mean other processes here.
func processes() ([]process, error) {
	self, err := os.Readlink("/proc/self")
	if err != nil {
		return nil, err
	}
	if self != strconv.Itoa(os.Getpid()) {
		return nil, errors.New("/proc is that of another PID namespace")
	}
	proc, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer proc.Close()
	names, err := proc.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	var all []process
	buffer := make([]byte, 1024)
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			if p, ok := readProcess(pid, buffer); ok {
				all = append(all, p)
			}
		}
	}
	return all, nil
}

// readProcess reads one; buffer holds what is read. The comm may have any byte in it, but none behind it is a closing
// parenthesis.
func readProcess(pid int, buffer []byte) (process, bool) {
	fd, err := unix.Open("/proc/"+strconv.Itoa(pid)+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return process{}, false
	}
	defer unix.Close(fd)
	n, err := unix.Read(fd, buffer)
	if err != nil {
		return process{}, false
	}
	text := buffer[:n]
	from, to := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if from < 0 || to < from {
		return process{}, false
	}
	fields := bytes.Fields(text[to+1:])
	if len(fields) < 20 || len(fields[0]) != 1 {
		return process{}, false
	}
	started, _ := strconv.ParseUint(string(fields[19]), 10, 64)
	number := func(i int) int {
		value, _ := strconv.Atoi(string(fields[i]))
		return value
	}
	return process{pid: pid, parent: number(1), group: number(2), session: number(3), started: started, state: fields[0][0], comm: string(text[from+1 : to])}, true
}

// lookAt reads one process.
func lookAt(pid int) (process, bool) { return readProcess(pid, make([]byte, 1024)) }

// comm is a process's name, "" where it can't be seen.
func comm(pid int) string {
	name, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/comm")
	if err != nil {
		return ""
	}
	return printable(strings.TrimSuffix(string(name), "\n"))
}

// info reads what the log shows of a process. Its command line is the process's own to write, hence printable.
func (p process) info() ProcessInfo {
	command := "[" + p.comm + "]"
	if file, err := os.Open("/proc/" + strconv.Itoa(p.pid) + "/cmdline"); err == nil {
		defer file.Close()
		text := make([]byte, commandLimit+1)
		if n, _ := file.Read(text); n > 0 {
			line := strings.TrimRight(strings.ReplaceAll(string(text[:min(n, commandLimit)]), "\x00", " "), " ")
			if n > commandLimit {
				line += "..."
			}
			if line != "" {
				command = line
			}
		}
	}
	return ProcessInfo{PID: p.pid, Parent: p.parent, State: p.state, Command: printable(command)}
}

// printable replaces what could harm a terminal or a log.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}

// Descendants describes the processes that descend from pid, the dead that nobody has reaped among them (state Z), in the order
// of their pids; none where they can't be seen.
func Descendants(pid int) []ProcessInfo {
	all, _ := processes()
	family := map[int]bool{pid: true}
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if family[p.parent] && !family[p.pid] {
				family[p.pid], grown = true, true
			}
		}
	}
	var infos []ProcessInfo
	for _, p := range all {
		if family[p.pid] && p.pid != pid {
			infos = append(infos, p.info())
		}
	}
	slices.SortFunc(infos, func(a, b ProcessInfo) int { return a.PID - b.PID })
	return infos
}

// IsOwnChild reports whether pid lives and is exeunt's own to reap: a direct child, or an orphan that came to it.
func IsOwnChild(pid int) bool {
	p, ok := lookAt(pid)
	return ok && p.living() && p.parent == os.Getpid()
}
