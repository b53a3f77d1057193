package examples_test

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"exeunt/cmd/exeunt/pty"
)

// dockerd's and podman's --init-path put exeunt under every container that is run with --init, whatever its image: the way in for images
// that can't change their entrypoint.

// needInitPath gives an engine whose --init is exeunt: one of our own.
func needInitPath(t *testing.T) (e *engine, image string) {
	t.Helper()
	e = needEngine(t)
	image = e.image(t, "plain")
	if binary := e.must(t, "info", "--format", "{{.InitBinary}}"); binary != initPath(e.dir) {
		const why = "the engine that answers is not ours: its --init is "
		if os.Getenv("EXEUNT_REQUIRE") == "all" {
			t.Fatal(why + binary)
		}
		t.Skip("SKIPPED: " + why + binary)
	}
	return e, image
}

func TestDockerInit(t *testing.T) {
	t.Parallel()
	e, image := needInitPath(t)
	run := func(t *testing.T, args ...string) *container {
		t.Helper()
		return e.run(t, append([]string{"--init", "--network", "none", image}, args...)...)
	}
	t.Run("the statuses", func(t *testing.T) {
		t.Parallel()
		for command, want := range map[string]int{"exit 42": 42, "kill -9 $$": 137} {
			run(t, "sh", "-c", command).wantExit(t, want)
		}
		out, err := e.docker("run", "--rm", "--init", "--network", "none", image, "nosuch")
		if err == nil || !strings.Contains(err.Error(), "exec nosuch failed: No such file or directory") {
			t.Errorf("a command that isn't there: %s %v", out, err)
		}
	})
	t.Run("signals", func(t *testing.T) {
		t.Parallel()
		c := run(t, "print-signals.pl")
		c.waitLine(t, "ready pid=")
		if line := c.exec(t, "sh", "-c", "tr '\\0' ' ' </proc/1/cmdline"); !strings.HasPrefix(line, "/sbin/docker-init -- print-signals.pl") {
			t.Errorf("PID 1 is %q", line)
		}
		if version := c.exec(t, "/sbin/docker-init", "--version"); !strings.HasPrefix(version, "tini version 0.19.0 (exeunt ") {
			t.Errorf("docker-init --version says %q", version)
		}
		for _, n := range []int{1, 2, 10, 15, 27, 28, 34} {
			c.kill(t, strconv.Itoa(n))
			c.waitGot(t, n)
		}
		c.stop(t, patience) // its second SIGTERM
		c.wantExit(t, 0)
		c.wantNone(t, "exeunt: ")
	})
	t.Run("Ctrl-C in a terminal", func(t *testing.T) {
		t.Parallel()
		c := e.runTerminal(t, "--init", "-i", image, "sh", "-c", `trap "echo interrupted; exit 5" INT; echo ready; while :; do sleep 0.1; done`)
		c.waitLine(t, "ready")
		if _, err := c.outer.WriteString("\x03"); err != nil {
			t.Fatal(err)
		}
		c.waitLine(t, "interrupted")
		if status := c.runEnds(t); status != 5 {
			t.Errorf("docker run ended with %d, want 5", status)
		}
	})
	t.Run("orphans", func(t *testing.T) {
		t.Parallel()
		c := run(t, "init-child", "orphans", "1000")
		c.waitLine(t, "orphans done: 1000")
		eventually(t, "no zombie is left", func() bool { return c.zombies(t) == 0 })
		c.stop(t, patience)
		c.wantExit(t, 0)
	})
	t.Run("a lifecycle.hcl", func(t *testing.T) {
		t.Parallel()
		c := e.run(t, "--init", "--network", "none", "--env", "EXEUNT_CONFIG=/lifecycle/plain.hcl", image,
			"sh", "-c", `trap "exit 7" TERM; echo ready; while :; do sleep 0.1; done`)
		c.waitLine(t, "ready")
		c.stop(t, patience)
		c.wantOrder(t, "in the place of tini", `stop "plain" begins`, `hook "touch" done`, "forward SIGTERM", "child exited: status 7")
		c.wantExit(t, 7)
	})
}

func TestPodmanInit(t *testing.T) {
	t.Parallel()
	e := needPodman(t, "plain", "localhost/exeunt-plain:latest")
	start := func(t *testing.T, name string, args ...string) *container {
		t.Helper()
		e.podman(t, append([]string{"run", "--detach", "--name", name, "--init", "--init-path", initPath(e.dir), "--network", "none"}, args...)...)
		t.Cleanup(func() { e.podmanCommand("rm", "--force", "--time", "0", name).Run() })
		c := newContainer(e, name)
		c.followCommand(t, e.podmanCommand("logs", "--follow", "--timestamps", name))
		return c
	}
	status := func(t *testing.T, name string, want string) {
		t.Helper()
		if got := e.podman(t, "wait", name); got != want {
			t.Errorf("%s ended with %s, want %s", name, got, want)
		}
	}
	const image = "localhost/exeunt-plain:latest"
	t.Run("the statuses", func(t *testing.T) {
		start(t, "init-status", image, "sh", "-c", "exit 42")
		status(t, "init-status", "42")
		start(t, "init-missing", image, "nosuch")
		status(t, "init-missing", "1")
	})
	t.Run("signals", func(t *testing.T) {
		c := start(t, "init-signals", image, "print-signals.pl")
		c.waitLine(t, "ready pid=")
		if line := e.podman(t, "exec", "init-signals", "sh", "-c", "tr '\\0' ' ' </proc/1/cmdline"); !strings.Contains(line, "-- print-signals.pl") {
			t.Errorf("PID 1 is %q", line)
		}
		if version := e.podman(t, "exec", "init-signals", "/proc/1/exe", "--version"); !strings.Contains(version, "exeunt") {
			t.Errorf("PID 1 says of itself %q", version)
		}
		for _, n := range []int{1, 2, 10, 15, 27, 34} {
			e.podman(t, "kill", "--signal", strconv.Itoa(n), "init-signals")
			c.waitGot(t, n)
		}
		e.podman(t, "stop", "--time", "60", "init-signals")
		status(t, "init-signals", "0")
	})
	t.Run("Ctrl-C in a terminal", func(t *testing.T) {
		outer, inner := pty.Open(t)
		cmd := e.podmanCommand("run", "--name", "init-terminal", "--init", "--init-path", initPath(e.dir), "--network", "none", "-i", "-t", image,
			"sh", "-c", `trap "echo interrupted; exit 5" INT; echo ready; while :; do sleep 0.1; done`)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = inner, inner, inner
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		inner.Close()
		t.Cleanup(func() { e.podmanCommand("rm", "--force", "--time", "0", "init-terminal").Run() })
		c := newContainer(e, "init-terminal")
		go func() {
			c.read(outer, false)
			close(c.ended)
		}()
		c.waitLine(t, "ready")
		if _, err := outer.WriteString("\x03"); err != nil {
			t.Fatal(err)
		}
		c.waitLine(t, "interrupted")
		var ended *exec.ExitError
		if err := cmd.Wait(); err != nil {
			ended, _ = err.(*exec.ExitError)
		}
		if ended == nil || ended.ExitCode() != 5 {
			t.Errorf("podman run ended with %v, want 5", ended)
		}
	})
	t.Run("orphans", func(t *testing.T) {
		c := start(t, "init-orphans", image, "init-child", "orphans", "1000")
		c.waitLine(t, "orphans done: 1000")
		eventually(t, "no zombie is left", func() bool {
			return e.podman(t, "exec", "init-orphans", "sh", "-c", `cat /proc/[0-9]*/stat 2>/dev/null | grep -c ") Z " || true`) == "0"
		})
		e.podman(t, "stop", "--time", "60", "init-orphans")
		status(t, "init-orphans", "0")
	})
}
