package personality_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"exeunt/cmd/exeunt/pty"
	"exeunt/lifecycle"
)

// patience is how long a row waits for a line, a state or the end. Nothing that works comes near it.
const patience = 60 * time.Second

// running is one run of a row.
type running struct {
	t      *testing.T
	cmd    *exec.Cmd
	below  int // how many shells stand above the init
	outer  *os.File
	mu     sync.Mutex
	stdout []string
	stderr []string
	grown  chan struct{}
	marks  int
	ended  chan struct{}
	status string
	lost   bool // the status is not known
}

// play runs a row with the init of a folder and gives its outcome.
func play(t *testing.T, dir, name string, r row) string {
	t.Helper()
	run := &running{t: t, grown: make(chan struct{}), ended: make(chan struct{})}
	run.start(dir, name, r)
	steps := strings.Fields(r.do)
	if r.doTheirs != "" && filepath.Base(dir) != filepath.Base(built.dir) {
		steps = strings.Fields(r.doTheirs)
	}
	if r.child != "-" && !slices.ContainsFunc(steps, func(s string) bool { return strings.HasSuffix(s, "!") || s == "child:KILL" || s == "child:TERM" }) && !r.endsItself() {
		steps = append(steps, "TERM!")
	}
	if len(steps) > 0 && r.child != "-" && !strings.Contains(r.child, "exit=") {
		run.line("ready")
	}
	if len(steps) > 0 && r.child == "-" {
		run.up()
	}
	for _, step := range steps {
		run.step(step)
	}
	select {
	case <-run.ended:
	case <-time.After(patience):
		t.Fatalf("%s does not end\n%s", filepath.Join(dir, name), run)
	}
	if run.lost {
		run.status = "-"
	}
	return r.outcome(run.status, run.stdout, run.stderr)
}

func words(text string) []string {
	fields := strings.Fields(text)
	for i := range fields {
		fields[i] = strings.ReplaceAll(fields[i], "~", " ")
		if path, ok := strings.CutPrefix(fields[i], "@"); ok { // a file of testdata
			fields[i], _ = filepath.Abs(filepath.Join("testdata", path))
		}
	}
	return fields
}

func (run *running) start(dir, name string, r row) {
	t := run.t
	argv := append(append(words(r.under), name), words(r.args)...)
	if r.child != "-" {
		script, err := filepath.Abs("testdata/child.pl")
		if err != nil {
			t.Fatal(err)
		}
		argv = append(append(append(argv, "--"), words(r.alter)...), "perl", script)
		argv = append(argv, words(r.child)...)
		if !strings.Contains(r.child, "out=") {
			argv = append(argv, "out=15=0")
		}
	}
	attr := &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID | unix.CLONE_NEWNS}
	var shell []string
	switch r.where {
	case below, belowTTY:
		run.below, shell = 1, []string{"sh", "-c", `"$@"; exit $?`, "sh"}
	case outlived:
		run.below, run.lost, shell = 1, true, []string{"sh", "-c", `"$@"; echo "child ended: $?"; sleep 1000`, "sh"}
	case orphaned:
		run.below, run.lost, shell = 2, true, []string{"sh", "-c", `sh -c '"$@"; exit $?' sh "$@" & wait; wait; sleep 1000`, "sh"}
	}
	attr.Setsid = r.where == leader || r.where == terminal || r.where == belowTTY
	attr.Setctty = r.where == terminal || r.where == belowTTY
	run.cmd = exec.Command("unshare", slices.Concat([]string{"--mount-proc", "--"}, shell, argv)...)
	run.cmd.Env = append([]string{"PATH=" + dir + ":/usr/local/bin:/usr/bin:/bin"}, words(r.env)...)
	run.cmd.SysProcAttr = attr
	run.cmd.Dir = "/usr"
	handed, err := os.Open("/etc/hosts") // as a supervisor hands a socket over
	if err != nil {
		t.Fatal(err)
	}
	defer handed.Close()
	run.cmd.ExtraFiles = []*os.File{handed}
	run.streams(attr.Setctty)
}

// streams connects the three streams, starts it all and reads along.
func (run *running) streams(tty bool) {
	t := run.t
	var readers sync.WaitGroup
	var ends []*os.File // the run's own: closed here once it has them
	pipe := func() (*os.File, *os.File) {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, w)
		return r, w
	}
	stderr, w := pipe()
	run.cmd.Stderr = w
	var stdout *os.File
	if tty {
		var inner *os.File
		run.outer, inner = pty.Open(t)
		pty.Change(t, inner, func(settings *unix.Termios) { settings.Lflag &^= unix.ECHO }) // or what is typed stands before what the child says
		run.cmd.Stdin, run.cmd.Stdout, stdout = inner, inner, run.outer
		ends = append(ends, inner)
	} else {
		stdout, w = pipe()
		run.cmd.Stdout = w
	}
	if err := run.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for _, end := range ends {
		end.Close()
	}
	readers.Go(func() { run.read(stdout, &run.stdout) })
	readers.Go(func() { run.read(stderr, &run.stderr) })
	t.Cleanup(func() { run.cmd.Process.Kill() })
	go func() {
		err := run.cmd.Wait()
		readers.Wait()
		run.status = "0"
		if err != nil {
			run.status = strings.TrimPrefix(err.Error(), "exit status ")
		}
		close(run.ended)
	}()
}

func (run *running) read(from io.Reader, to *[]string) {
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		run.mu.Lock()
		*to = append(*to, strings.TrimSuffix(lines.Text(), "\r"))
		close(run.grown)
		run.grown = make(chan struct{})
		run.mu.Unlock()
	}
}

func (run *running) String() string {
	run.mu.Lock()
	defer run.mu.Unlock()
	return "stdout:\n" + strings.Join(run.stdout, "\n") + "\nstderr:\n" + strings.Join(run.stderr, "\n")
}

// step does one step:
//
//	TERM, 15       a signal to the init, then the mark
//	TERM!          a signal to the init that ends it
//	TERM?          a signal to the init and no mark: the child can't answer
//	child:KILL     a signal to the child itself
//	child=T init=T waits for the state of /proc
//	child+15       waits until that signal is pending at the child, which is stopped
//	line:TEXT      waits for a line of the child; "~" is a space
//	parent:KILL!   a signal to the init's parent; then to all, once the init is gone
//	resize         changes the size of the terminal
//	init:holds     adds to the outcome what the init itself holds: its working directory, the file it was handed
//	all!           ends everybody; none!: it ends by itself
//	type:TEXT      types it, into the terminal; "^C" is that key
func (run *running) step(step string) {
	what, arg, _ := strings.Cut(step, ":")
	switch {
	case what == "line":
		run.line(strings.ReplaceAll(arg, "~", " "))
	case what == "child":
		run.kill(run.child(), arg)
	case what == "parent":
		init := run.init()
		run.kill(parentOf(init), strings.TrimSuffix(arg, "!"))
		run.eventually("the init is gone", func() bool { s := state(init); return s == "" || s == "Z" })
		run.cmd.Process.Kill()
	case what == "type":
		keys := strings.NewReplacer("^C", "\x03", "^Z", "\x1a", `^\`, "\x1c", "~", " ").Replace(arg)
		if _, err := run.outer.WriteString(keys); err != nil {
			run.t.Fatal(err)
		}
	case step == "resize":
		if err := unix.IoctlSetWinsize(int(run.outer.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 33, Col: 99}); err != nil {
			run.t.Fatal(err)
		}
		run.settles(run.init())
		run.settles(run.child())
	case step == "init:holds":
		run.holds()
	case step == "none!": // it ends by itself
	case step == "all!":
		run.cmd.Process.Kill()
	case strings.HasPrefix(step, "child="):
		run.eventually(step, func() bool { return state(run.child()) == step[6:] })
	case strings.HasPrefix(step, "child+"):
		run.eventually(step, func() bool { return pending(run.child(), step[6:]) })
	case strings.HasPrefix(step, "init="):
		run.eventually(step, func() bool { return state(run.init()) == step[5:] })
	case strings.HasSuffix(step, "!"), strings.HasSuffix(step, "?"):
		run.kill(run.init(), step[:len(step)-1])
	default:
		run.kill(run.init(), step)
		run.settles(run.init())
		run.settles(run.child())
		for _, pid := range childrenOf(run.child()) {
			run.settles(pid)
		}
		run.kill(run.init(), "64")
		run.marks++
		run.line(fmt.Sprintf("mark %d", run.marks))
	}
}

// settles waits until a process has nothing to do: two signals at once may be taken by two threads of exeunt, in any order, and one
// handler of the child's may interrupt another.
func (run *running) settles(pid int) {
	run.eventually("it sleeps", func() bool {
		const stops = 1<<(20-1) | 1<<(21-1) | 1<<(22-1) // catatonit's child blocks them
		if pendingSignals(pid)&^stops != 0 {
			return false
		}
		threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
		return len(threads) > 0 && !slices.ContainsFunc(threads, func(path string) bool {
			text, _ := os.ReadFile(path)
			_, rest, _ := strings.Cut(string(text), ") ")
			return !strings.HasPrefix(rest, "S") && !strings.HasPrefix(rest, "T")
		})
	})
}

func (run *running) holds() {
	init := run.init()
	run.settles(init)
	dir, _ := os.Readlink(fmt.Sprintf("/proc/%d/cwd", init))
	file := "no file"
	links, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", init))
	for _, link := range links {
		if path, _ := os.Readlink(link); path == "/etc/hosts" {
			file = "the file it was handed"
		}
	}
	run.mu.Lock()
	defer run.mu.Unlock()
	run.stdout = append(run.stdout, fmt.Sprintf("child of one in %s that holds %s", dir, file))
}

func (run *running) kill(pid int, name string) {
	run.t.Helper()
	s, err := lifecycle.ParseSignal(name)
	if err == nil {
		err = unix.Kill(pid, unix.Signal(s))
	}
	if err != nil {
		run.t.Fatalf("cannot send %s to %d: %v\n%s", name, pid, err, run)
	}
}

// line waits for a line of the child.
func (run *running) line(want string) {
	run.t.Helper()
	for late := time.After(patience); ; {
		run.mu.Lock()
		grown, there := run.grown, slices.Contains(run.stdout, want)
		run.mu.Unlock()
		if there {
			return
		}
		select {
		case <-grown:
		case <-run.ended:
			run.t.Fatalf("it ended with no line %q\n%s", want, run)
		case <-late:
			run.t.Fatalf("no line %q\n%s", want, run)
		}
	}
}

func (run *running) eventually(what string, is func() bool) {
	run.t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			run.t.Fatalf("never: %s\n%s", what, run)
		}
	}
}

// init is the init's pid out here.
func (run *running) init() int {
	pid := run.cmd.Process.Pid
	for range run.below {
		run.eventually("there is a child", func() bool { return len(childrenOf(pid)) > 0 })
		pid = childrenOf(pid)[0]
	}
	return pid
}

// child is the first process that the init has begun.
func (run *running) child() int {
	init := run.init()
	run.eventually("the init has a child", func() bool { return len(childrenOf(init)) > 0 })
	return childrenOf(init)[0]
}

// childrenOf lists a process's children, the oldest first.
func childrenOf(pid int) []int {
	var pids []int
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, file := range files {
		text, _ := os.ReadFile(file)
		for _, word := range strings.Fields(string(text)) {
			n, _ := strconv.Atoi(word)
			pids = append(pids, n)
		}
	}
	slices.Sort(pids)
	return pids
}

// up waits until the init takes SIGTERM, in whatever way.
func (run *running) up() {
	run.eventually("the init takes signals", func() bool {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", run.init()))
		comm, _, _ := strings.Cut(string(text), "\n")
		return comm == "Name:\tcatatonit" && (mask(string(text), "SigBlk")|mask(string(text), "SigCgt"))>>(15-1)&1 == 1
	})
}

// mask is one of /proc/PID/status.
func mask(status, name string) uint64 {
	_, rest, _ := strings.Cut(status, "\n"+name+":\t")
	line, _, _ := strings.Cut(rest, "\n")
	bits, _ := strconv.ParseUint(line, 16, 64)
	return bits
}

func stat(pid int) []string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(text), ") ")
	return strings.Fields(rest)
}

// state is ps(1)'s letter, "" where there is no such process.
func state(pid int) string {
	if fields := stat(pid); len(fields) > 0 {
		return fields[0]
	}
	return ""
}

// pending reports whether a signal waits for a process to be continued.
func pending(pid int, number string) bool {
	n, _ := strconv.Atoi(number)
	return n > 0 && pendingSignals(pid)>>(n-1)&1 == 1
}

// pendingSignals is a process's mask of them, signal n as bit n-1.
func pendingSignals(pid int) uint64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	return mask(string(text), "ShdPnd")
}

func parentOf(pid int) int {
	fields := stat(pid)
	if len(fields) < 2 {
		return 0
	}
	n, _ := strconv.Atoi(fields[1])
	return n
}
