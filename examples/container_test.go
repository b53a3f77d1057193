package examples_test

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for a line or a state before it fails. Nothing that works comes near it.
const patience = 60 * time.Second

// logs is for whoever writes a README.
var logs = flag.Bool("logs", false, "print every container's log, also where the test passes")

// A container is one that a test runs, with its log as it grows.
type container struct {
	e     *engine
	name  string
	since time.Time
	asked time.Time // when the engine sent the signal of stop

	mu    sync.Mutex
	log   []logLine
	grown chan struct{} // closed and replaced at each new line
	ended chan struct{} // closed when the log is over, with the container
}

type logLine struct {
	at     time.Time // when the engine read it
	stderr bool
	text   string
}

func newContainer(e *engine, name string) *container {
	return &container{e: e, name: name, since: time.Now(), grown: make(chan struct{}), ended: make(chan struct{})}
}

func nameFor(t *testing.T) string {
	return fmt.Sprintf("exeunt-test-%s-%d", strings.ToLower(strings.ReplaceAll(t.Name(), "/", "-")), time.Now().UnixNano())
}

// run starts a container, detached, and removes it after the test. args are docker run's flags, the image and the command.
func (e *engine) run(t *testing.T, args ...string) *container {
	t.Helper()
	c := newContainer(e, nameFor(t))
	t.Cleanup(func() {
		if out, err := e.docker("rm", "--force", "--volumes", c.name); err != nil {
			t.Logf("cannot remove container: %v %s", err, out)
		}
	})
	e.must(t, append([]string{"run", "--detach", "--name", c.name, "--label", e.label}, args...)...)
	c.follow(t)
	return c
}

// startAgain is docker start of a container that has ended. Its log is that of the new life.
func (c *container) startAgain(t *testing.T) *container {
	t.Helper()
	again := newContainer(c.e, c.name)
	t.Cleanup(func() {
		c.e.docker("kill", again.name) // else its log goes on
	})
	c.e.must(t, "start", c.name)
	again.follow(t)
	return again
}

// follow reads the container's log since its start as it is written, until the container is gone.
func (c *container) follow(t *testing.T) {
	t.Helper()
	cmd := exec.Command("docker", "logs", "--follow", "--timestamps", "--since", stamp(c.since), c.name)
	cmd.Env = c.e.env
	c.followCommand(t, cmd)
}

// followCommand reads what a command prints, until it ends. At the end of the test it is killed.
func (c *container) followCommand(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	readers.Go(func() { c.read(stdout, false) })
	readers.Go(func() { c.read(stderr, true) })
	go func() {
		readers.Wait()
		cmd.Wait()
		close(c.ended)
	}()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-c.ended
		if t.Failed() || *logs {
			t.Logf("log of %s:\n%s", c.name, c)
		}
	})
}

func (c *container) read(r io.Reader, stderr bool) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		stamp, text, _ := strings.Cut(lines.Text(), " ")
		at, err := time.Parse(time.RFC3339Nano, stamp)
		if err != nil {
			text = lines.Text() // the docker command's own words
		}
		c.mu.Lock()
		c.log = append(c.log, logLine{at, stderr, text})
		close(c.grown)
		c.grown = make(chan struct{})
		c.mu.Unlock()
	}
}

// lines gives the log so far, in the order of time: standard output and standard error come on two ways.
func (c *container) lines() ([]logLine, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	log := slices.Clone(c.log)
	slices.SortStableFunc(log, func(a, b logLine) int { return a.at.Compare(b.at) })
	return log, c.grown
}

func (c *container) String() string {
	log, _ := c.lines()
	var s strings.Builder
	for _, l := range log {
		fmt.Fprintf(&s, "%s %s\n", l.at.Format("15:04:05.000"), l.text)
	}
	return s.String()
}

// waitLine waits for a line that contains text and gives the first.
func (c *container) waitLine(t *testing.T, text string) logLine {
	t.Helper()
	return c.waitLineAfter(t, time.Time{}, text)
}

// waitLineAfter waits for such a line that was written after a time.
func (c *container) waitLineAfter(t *testing.T, at time.Time, text string) logLine {
	t.Helper()
	return c.waitFor(t, fmt.Sprintf("with %q", text), func(l logLine) bool { return !l.at.Before(at) && strings.Contains(l.text, text) })
}

func (c *container) waitFor(t *testing.T, what string, is func(logLine) bool) logLine {
	t.Helper()
	deadline := time.After(patience)
	for over := false; ; {
		log, grown := c.lines()
		if i := slices.IndexFunc(log, is); i >= 0 {
			return log[i]
		}
		if over {
			t.Fatalf("no line %s, and the container is gone: %s", what, c.name)
		}
		select {
		case <-grown:
		case <-c.ended: // read all of it once more
			over = true
		case <-deadline:
			t.Fatalf("no line %s within %v in the log of %s", what, patience, c.name)
		}
	}
}

// wantOrder fails unless exeunt's own lines contain the texts, each after the one before. It gives those lines.
func (c *container) wantOrder(t *testing.T, texts ...string) []logLine {
	t.Helper()
	c.waitLine(t, texts[len(texts)-1])
	log, _ := c.lines()
	var found []logLine
	for _, l := range log {
		if len(found) < len(texts) && strings.HasPrefix(l.text, "exeunt: ") && strings.Contains(l.text, texts[len(found)]) {
			found = append(found, l)
		}
	}
	if len(found) < len(texts) {
		t.Fatalf("line %q is missing, or comes before %q", texts[len(found)], texts[:len(found)])
	}
	return found
}

// wantNone fails if a line contains text.
func (c *container) wantNone(t *testing.T, text string) {
	t.Helper()
	log, _ := c.lines()
	for _, l := range log {
		if strings.Contains(l.text, text) {
			t.Errorf("unwanted line %q", l.text)
		}
	}
}

// stop is docker stop with its grace period. It gives the time from the engine's signal to the container's end, both by the engine's clock: the docker
// command itself takes longer on a busy machine. It fails where the engine had to kill: exeunt ends in time by itself.
func (c *container) stop(t *testing.T, grace time.Duration) time.Duration {
	t.Helper()
	c.e.must(t, "stop", "-t", strconv.Itoa(int(grace.Seconds())), c.name)
	sent := c.wantNeverKilled(t)
	if len(sent) == 0 {
		t.Fatal("docker events knows of no signal")
	}
	c.asked = sent[0].at
	ended, err := time.Parse(time.RFC3339Nano, c.e.must(t, "inspect", "--format", "{{.State.FinishedAt}}", c.name))
	if err != nil {
		t.Fatal(err)
	}
	took := ended.Sub(c.asked)
	t.Logf("the stop took %.2f s", took.Seconds())
	return took
}

// A sentSignal is one that the engine sent.
type sentSignal struct {
	at     time.Time
	signal string
}

// wantNeverKilled fails if the engine sent the container a SIGKILL. It gives what it sent.
func (c *container) wantNeverKilled(t *testing.T) []sentSignal {
	t.Helper()
	events := c.e.must(t, "events", "--since", stamp(c.since), "--until", stamp(time.Now()),
		"--filter", "container="+c.name, "--filter", "event=kill", "--format", "{{.TimeNano}} {{.Actor.Attributes.signal}}")
	var sent []sentSignal
	for line := range strings.Lines(events) {
		at, signal, _ := strings.Cut(strings.TrimSpace(line), " ")
		nano, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		sent = append(sent, sentSignal{time.Unix(0, nano), signal})
	}
	if slices.ContainsFunc(sent, func(s sentSignal) bool { return s.signal == "9" }) {
		t.Errorf("the engine had to kill the container: it sent %v", sent)
	}
	return sent
}

func stamp(t time.Time) string { return fmt.Sprintf("%d.%09d", t.Unix(), t.Nanosecond()) }

// kill sends a signal to the container's PID 1.
func (c *container) kill(t *testing.T, signal string) {
	t.Helper()
	c.e.must(t, "kill", "--signal", signal, c.name)
}

// wait waits for the container's end and gives its exit status.
func (c *container) wait(t *testing.T) int {
	t.Helper()
	out, err := c.e.dockerFor(patience, "wait", c.name)
	if err != nil {
		t.Fatal(err)
	}
	return number(t, out)
}

// exitCode is what docker inspect says about a container that ended.
func (c *container) exitCode(t *testing.T) int {
	t.Helper()
	return number(t, c.e.must(t, "inspect", "--format", "{{.State.ExitCode}}", c.name))
}

func (c *container) wantExit(t *testing.T, want int) {
	t.Helper()
	c.wait(t)
	if got := c.exitCode(t); got != want {
		t.Errorf("docker inspect says ExitCode %d, want %d", got, want)
	}
}

// exec runs a command in the container and gives its standard output.
func (c *container) exec(t *testing.T, argv ...string) string {
	t.Helper()
	return c.e.must(t, append([]string{"exec", c.name}, argv...)...)
}

// eventually waits for a state that no log line tells.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(patience)
	retry := time.NewTicker(50 * time.Millisecond)
	defer retry.Stop()
	for !holds() {
		select {
		case <-retry.C:
		case <-deadline:
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// early is how much a time between two of the engine's stamps may be too short: its stamps come a little after what they tell.
const early = 250 * time.Millisecond

// wantTook fails unless took lies between the sum of the steps and that plus slack: what starting processes, the engine and a machine busy with
// other tests may add.
func wantTook(t *testing.T, what string, took, steps, slack time.Duration) {
	t.Helper()
	if took < steps-early || took > steps+slack {
		t.Errorf("%s took %.2f s, want %v to %v", what, took.Seconds(), steps, steps+slack)
	}
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
