package examples_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// withFile gives docker run's flags for a file of testdata in the place of the image's own lifecycle.hcl.
func (e *engine) withFile(name string) []string {
	return []string{"--network", "none", "--volume", filepath.Join(e.root, "examples/testdata", name) + ":/etc/exeunt/lifecycle.hcl:ro"}
}

// These repeat testdata/keepalive.hcl.
const (
	keepaliveEvery   = 250 * time.Millisecond
	keepaliveTimeout = 8 * time.Second
)

// A client of a real nginx keeps its connection while the server drains: the drain is over within two polls of its closing.
func TestDrainEndsWithItsLastConnection(t *testing.T) {
	t.Parallel()
	server, clients := drainingNginx(t, 2)
	clients[0].kill(t, "TERM")
	first := clients[0].waitLine(t, "closed")
	server.waitLineAfter(t, first.at, "< poll #") // it is asked again, and there is one left
	clients[1].kill(t, "TERM")
	closed := clients[1].waitLine(t, "closed")
	done := server.waitLine(t, "drain done after")
	if late := done.at.Sub(closed.at); late < 0 || late > 2*keepaliveEvery {
		t.Errorf("the drain was over %v after the last connection, want at most two polls of %v", late, keepaliveEvery)
	}
	server.wantExit(t, 0)
	server.wantOrder(t, `stop "connections" begins`, "drain begins", "drain done after", "forward SIGQUIT", "child exited: status 0")
	server.wantNone(t, "deliver SIGKILL")
}

// A connection that never closes holds the drain up until its timeout, and no longer.
func TestDrainEndsAtItsTimeout(t *testing.T) {
	t.Parallel()
	server, _ := drainingNginx(t, 1)
	server.wantExit(t, 0)
	lines := server.wantOrder(t, `stop "connections" begins`, "drain begins", "drain timed out after", "forward SIGQUIT", "child exited: status 0")
	wantTook(t, "the drain", lines[2].at.Sub(lines[1].at), keepaliveTimeout+100*time.Millisecond, time.Second)
}

// drainingNginx gives a server that was asked to stop, and clients that keep their connections.
func drainingNginx(t *testing.T, clients int) (server *container, holding []*container) {
	t.Helper()
	e := needEngine(t)
	server = e.run(t, append(e.withFile("keepalive.hcl"), "--entrypoint", "exeunt", e.image(t, "nginx"), "--log-level", "debug", "--", "nginx", "-g", "daemon off;")...)
	server.waitLine(t, "child started")
	for range clients {
		client := server.client(t, "hold", nginxHealth)
		client.waitLine(t, "ready pid=")
		holding = append(holding, client)
	}
	server.kill(t, "TERM")
	server.waitLine(t, "drain begins")
	return server, holding
}

// An HTTP hook is tried again until the registry answers.
func TestDeregistration(t *testing.T) {
	t.Parallel()
	c := runPlainWith(t, "deregister.hcl", []string{"--hostname", "web-1"}, "exeunt", "--", "sleep", "infinity")
	c.waitLine(t, "child started")
	registry := c.client(t, "answer", "127.0.0.1:8500", "2")
	registry.waitLine(t, "ready pid=")
	c.stop(t, 30*time.Second)
	c.wantOrder(t, `hook "deregister" begins`, "status 503; again in 200ms", "status 503; again in 400ms", `hook "deregister" done`, "forward SIGTERM")
	c.wantExit(t, 143)
	registry.waitLine(t, "200 PUT")
	const request = " PUT /v1/agent/service/deregister/web-1"
	var asked []string
	log, _ := registry.lines()
	for _, l := range log {
		if strings.Contains(l.text, "PUT") {
			asked = append(asked, l.text)
		}
	}
	if want := []string{"503" + request, "503" + request, "200" + request}; !slices.Equal(asked, want) {
		t.Errorf("the registry was asked %q, want %q", asked, want)
	}
}

// A hook runs as the user it names, with that user's groups, home and rights, although exeunt is root.
func TestHookUnderAnotherUser(t *testing.T) {
	t.Parallel()
	c := runPlain(t, "hook-user.hcl", "exeunt", "--", "sleep", "infinity")
	c.waitLine(t, "child started")
	c.stop(t, 20*time.Second)
	for _, line := range []string{
		"script: uid=33(www-data) gid=33(www-data) groups=33(www-data)",
		"script: /var/tmp",
		"script: home /var/www",
		"cannot touch '/forbidden': Permission denied",
		"exec: id: cannot find name for user ID 4711",
		"ours: uid=0(root) gid=0(root) groups=0(root)",
	} {
		c.waitLine(t, line)
	}
	c.wantOrder(t, `hook "script" failed`, `hook "exec" failed`, `hook "ours" done`, "forward SIGTERM")
	c.wantExit(t, 143)
}

// adoption is what the log says when the daemon is found.
const adoption = "the command has ended, and its pid file names that"

// nginx as it is started without "daemon off": the command ends, the daemon that it leaves is the child, and a stop waits for its download.
func TestDaemonThatForksAway(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	server := e.run(t, append(e.withFile("daemon.hcl"), e.image(t, "nginx"), "nginx")...)
	started := server.waitLine(t, "child started: pid ").text
	adopted := server.waitLine(t, adoption).text
	download := server.client(t, "get", nginxDownload)
	download.waitLine(t, "begin")
	master := strings.TrimSpace(server.exec(t, "cat", "/run/nginx.pid"))
	if !strings.Contains(adopted, "pid "+master) || strings.Contains(started, "pid "+master+":") {
		t.Errorf("nginx says that it is pid %s; the log: %q, %q", master, started, adopted)
	}
	server.stop(t, exampleGrace)
	download.waitLine(t, "whole")
	server.wantOrder(t, `stop "graceful" begins`, "forward SIGQUIT to child", "child exited: status 0")
	server.wantExit(t, 0)
}

// The daemon's own end is the container's, with its status.
func TestDaemonThatDies(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	server := e.run(t, append(e.withFile("daemon.hcl"), e.image(t, "nginx"), "nginx")...)
	server.waitLine(t, adoption)
	server.exec(t, "sh", "-c", "kill -KILL $(cat /run/nginx.pid)")
	server.wantExit(t, 137)
	server.wantOrder(t, "child was ended by SIGKILL")
}

// Where there is nothing but exeunt, its file and the application, every hook that needs no program works.
func TestHooksInScratch(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	c := e.run(t, append(e.withFile("scratch-hooks.hcl"), e.image(t, "scratch"), "init-child", "answer", "127.0.0.1:8080", "0")...)
	c.waitLine(t, "ready pid=")
	c.stop(t, 20*time.Second)
	c.wantOrder(t, `hook "write" done`, `hook "http" done`, `hook "tcp" done`, `hook "signal" done`, "forward SIGTERM", "child exited: status 0")
	c.waitLine(t, "200 POST /draining since SIGTERM of hooks")
	c.waitLine(t, "got SIGUSR1")
	c.wantExit(t, 0)

	written := filepath.Join(t.TempDir(), "draining")
	e.must(t, "cp", c.name+":/draining", written)
	if text, err := os.ReadFile(written); string(text) != "since SIGTERM of hooks\n" {
		t.Errorf("the file says %q (%v)", text, err)
	}
}
