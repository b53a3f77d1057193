package examples_test

import (
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// execStatus runs a command in the container and gives what it printed and its exit status.
func (c *container) execStatus(t *testing.T, flags []string, argv ...string) (out string, status int) {
	t.Helper()
	out, err := c.e.docker(append(append(append([]string{"exec"}, flags...), c.name), argv...)...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return out + err.Error(), exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out, 0
}

func (c *container) wantReady(t *testing.T, status int, words string) {
	t.Helper()
	out, got := c.execStatus(t, nil, "exeunt", "ready")
	if got != status || !strings.Contains(out, words) {
		t.Errorf("exeunt ready: %d, %q; want %d with %q", got, out, status, words)
	}
}

// exeunt ready and exeunt status need nothing: no shell, no file to write, no user in /etc/passwd, no capability.
func TestStatusInScratch(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	c := e.run(t, "--network", "none", "--read-only", "--user", "10001:10001", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
		e.image(t, "scratch"), "init-child", "serve", "127.0.0.1:8080")
	c.waitLine(t, "ready pid=")
	c.wantReady(t, 1, `not ready: child.ready is false: tcp_open("127.0.0.1:8080")`)
	c.kill(t, "USR1")
	c.waitLine(t, "listens")
	c.wantReady(t, 0, "ready")

	if out, status := c.execStatus(t, []string{"--user", "20002:10001"}, "exeunt", "status"); status != 1 ||
		!strings.Contains(out, "cannot look at pid 1: it runs as uid 10001, and this as uid 20002") ||
		!strings.Contains(out, "exeunt: hint: run this as the user that exeunt runs as") {
		t.Errorf("another user's exeunt status: %d %s", status, out)
	}

	c.kill(t, "TERM")
	c.waitLine(t, "drain begins")
	c.wantReady(t, 1, `not ready: stopping: stop "graceful" has begun, by SIGTERM`)
	var s struct {
		State string
		PID   int
		Child struct{ Command []string }
		Stop  struct {
			Name, Trigger string
			Sender        any
		}
		Step struct {
			Name string
			Left float64 `json:"left_seconds"`
		}
	}
	out, _ := c.execStatus(t, nil, "exeunt", "status", "--format", "json")
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if s.State != "stopping" || s.PID != 1 || s.Child.Command[0] != "init-child" || s.Stop.Name != "graceful" || s.Stop.Trigger != "SIGTERM" ||
		s.Stop.Sender != nil || s.Step.Name != "drain" || s.Step.Left > 60 || s.Step.Left < 20 {
		t.Errorf("the status is %s", out)
	}
	if out, _ = c.execStatus(t, nil, "exeunt", "status"); !strings.Contains(out, `stop      "graceful": SIGTERM from outside the container`) {
		t.Errorf("the status is %s", out)
	}
	c.kill(t, "TERM") // again = "hurry"
	c.wantExit(t, 0)
}

// Where exeunt is root and the child is not, docker exec asks as root.
func TestStatusOfAnotherUsersChild(t *testing.T) {
	t.Parallel()
	c := runPlain(t, "other-user.hcl", "exeunt", "--", "init-child", "ignore", "1")
	c.waitLine(t, "ready pid=")
	c.wantReady(t, 0, "ready")
	if out, status := c.execStatus(t, []string{"--user", "www-data"}, "exeunt", "ready"); status != 1 || !strings.Contains(out, "it runs as uid 0, and this as uid 33") {
		t.Errorf("exeunt ready as the child's user: %d %s", status, out)
	}
	c.kill(t, "TERM")
	c.wantExit(t, 143)
}

// buildScratchImage builds testdata/scratch, of what the plain image is made of.
func (e *engine) buildScratchImage() (string, error) {
	if _, err := e.images["plain"](); err != nil {
		return "", err
	}
	folder := filepath.Join(e.dir, "image")
	return e.build("scratch", filepath.Join(folder, "scratch", "Dockerfile"), folder)
}
