package examples_test

import (
	"strings"
	"testing"
)

// This repeats examples/apache.
const apacheDownload = "http://127.0.0.1:80/slow/download.bin"

// What httpd's own log says of its two ways to end.
const (
	apacheServes   = "resuming normal operations"
	apacheGraceful = "caught SIGWINCH, shutting down gracefully"
	apacheFast     = "caught SIGTERM, shutting down"
)

// A download that is in flight when docker stop comes arrives whole.
func TestApacheFinishesTheDownload(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	server := e.run(t, "--network", "none", e.image(t, "apache"))
	server.finishesTheDownload(t, download{url: apacheDownload, file: "/srv/www/slow/download.bin", health: "http://127.0.0.1:80/healthz", signal: "SIGWINCH"})
	server.waitLine(t, apacheGraceful)
	server.wantNone(t, apacheFast)
}

// The same image without exeunt: SIGTERM cuts the same download.
func TestPlainApacheCutsTheDownload(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	server := e.run(t, "--network", "none", "--entrypoint", "apache2", e.image(t, "apache"), "-D", "FOREGROUND")
	server.cutsTheDownload(t, apacheDownload)
	server.waitLine(t, apacheFast)
}

// SIGWINCH, httpd's graceful stop, is also what a terminal sends when its window is resized: to the processes in its foreground, with no
// regard to PID 1.
func TestApacheOutlivesAResize(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	server := e.runTerminal(t, e.image(t, "apache"))
	server.waitLine(t, apacheServes)
	server.resize(t, 33, 111)
	eventually(t, "the terminal in the container is resized", func() bool {
		return strings.Contains(server.exec(t, "stty", "--file=/dev/console", "size"), "33 111")
	})
	server.waitLine(t, "swallowed") // the kernel's, or the one that docker run passes on to PID 1: both are pending as one
	server.client(t, "watch", "http://127.0.0.1:80/healthz").waitLine(t, "status 200")
	server.wantNone(t, apacheGraceful)

	// A Ctrl-C, though, is a trigger of the file.
	if _, err := server.outer.WriteString("\x03"); err != nil {
		t.Fatal(err)
	}
	server.waitLine(t, `stop "graceful" begins: SIGINT`)
	server.waitLine(t, apacheGraceful)
	if status := server.runEnds(t); status != 0 {
		t.Errorf("docker run ended with %d, want 0", status)
	}
}

// The same image without exeunt ends by the resize.
func TestPlainApacheEndsByAResize(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	server := e.runTerminal(t, "--entrypoint", "apache2", e.image(t, "apache"), "-D", "FOREGROUND")
	server.waitLine(t, apacheServes)
	server.resize(t, 33, 111)
	server.waitLine(t, apacheGraceful)
	server.runEnds(t)
}
