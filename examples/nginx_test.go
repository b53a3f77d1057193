package examples_test

import "testing"

// These repeat examples/nginx/nginx.conf.
const (
	nginxDownload = "http://127.0.0.1:8080/slow/download.bin"
	nginxHealth   = "http://127.0.0.1:8080/healthz"
	nginxFile     = "/srv/www/download.bin"
)

// A download that is in flight when docker stop comes arrives whole, and the stop takes as long as that download does.
func TestNginxFinishesTheDownload(t *testing.T) {
	server := runNginx(t)
	server.finishesTheDownload(t, download{url: nginxDownload, file: nginxFile, health: nginxHealth, signal: "SIGQUIT"})
}

// With nothing in flight the stop is over after the drain: no step waits longer than it has to.
func TestNginxIdleStop(t *testing.T) {
	t.Parallel()
	server := runNginx(t)
	health := server.client(t, "watch", nginxHealth)
	health.waitLine(t, "status 200")
	wantTook(t, "the stop", server.stop(t, exampleGrace), exampleDrain, slack)
	server.wantExit(t, 0)
}

// A terminal sends its signals to the processes in its foreground, with no regard to PID 1: Ctrl-C would be nginx's fast stop. The file
// names SIGINT, so it is the graceful one.
func TestCtrlC(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	server := e.runTerminal(t, "-i", e.image(t, "nginx"))
	server.waitLine(t, "child started")
	server.client(t, "watch", nginxHealth).waitLine(t, "status 200")
	if _, err := server.outer.WriteString("\x03"); err != nil {
		t.Fatal(err)
	}
	server.waitLine(t, `stop "graceful" begins: SIGINT`) // behind the terminal's own ^C
	server.wantOrder(t, "drain done", "forward SIGQUIT", "child exited: status 0")
	if status := server.runEnds(t); status != 0 {
		t.Errorf("docker run ended with %d, want 0", status)
	}
}

// What exeunt is for: the same image without it cuts the same download, because SIGTERM is nginx's fast stop.
func TestPlainNginxCutsTheDownload(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	server := e.run(t, "--network", "none", "--entrypoint", "nginx", e.image(t, "nginx"), "-g", "daemon off;")
	server.cutsTheDownload(t, nginxDownload)
}

func runNginx(t *testing.T) *container {
	t.Helper()
	e := needEngine(t)
	return e.run(t, "--network", "none", e.image(t, "nginx"))
}

// client runs testdata/child in the network of the container, whose loopback nobody else has: tests can't collide on a port.
func (c *container) client(t *testing.T, args ...string) *container {
	t.Helper()
	return c.e.run(t, append([]string{"--network", "container:" + c.name, c.e.image(t, "plain"), "init-child"}, args...)...)
}
