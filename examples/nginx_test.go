package examples_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// These repeat examples/nginx: lifecycle.hcl's drain, and nginx.conf.
const (
	nginxGrace    = 30 * time.Second
	nginxDrain    = 3 * time.Second
	nginxDownload = "http://127.0.0.1:8080/slow/download.bin"
	nginxHealth   = "http://127.0.0.1:8080/healthz"
	nginxFile     = "/srv/www/download.bin"
)

// A download that is in flight when docker stop comes arrives whole, and the stop takes as long as that download does.
func TestNginxFinishesTheDownload(t *testing.T) {
	server := runNginx(t)
	sum := strings.Fields(server.exec(t, "sha256sum", nginxFile))[0]
	health := server.client(t, "watch", nginxHealth)
	health.waitLine(t, "status 200")
	download := server.client(t, "get", nginxDownload)
	download.waitLine(t, "begin")

	began := time.Now()
	took := server.stop(t, nginxGrace)

	whole := download.waitLine(t, "whole")
	if !strings.HasSuffix(whole.text, sum) {
		t.Errorf("the download is not the file: %q, want the sum %s", whole.text, sum)
	}
	server.wantExit(t, 0)
	lines := server.wantOrder(t, `child started`, `stop "graceful" begins`, `hook "not-ready"`, `drain`, `forward SIGQUIT`, `child exited: status 0`)
	server.wantNone(t, "escalate")

	// The test is worth something only if the download outlived the drain, so that SIGQUIT found it in flight.
	forward := lines[4].at
	rest := whole.at.Sub(began)
	if !whole.at.After(forward) {
		t.Errorf("the download was over %v before SIGQUIT", forward.Sub(whole.at))
	}
	wantTook(t, "the way to SIGQUIT", forward.Sub(lines[1].at), nginxDrain, time.Second)
	wantTook(t, fmt.Sprintf("docker stop with %.2f s of download left", rest.Seconds()), took, rest-100*time.Millisecond, 1500*time.Millisecond)

	// The health check said no while nginx still took requests.
	if no := health.waitLine(t, "status 503"); !no.at.Before(forward) {
		t.Error("the health check did not fail before SIGQUIT")
	}
}

// With nothing in flight the stop is over after the drain: no step waits longer than it has to.
func TestNginxIdleStop(t *testing.T) {
	t.Parallel()
	server := runNginx(t)
	health := server.client(t, "watch", nginxHealth)
	health.waitLine(t, "status 200")
	wantTook(t, "docker stop", server.stop(t, nginxGrace), nginxDrain, 1500*time.Millisecond)
	server.wantExit(t, 0)
}

// What exeunt is for: the same image without it cuts the same download, because SIGTERM is nginx's fast stop.
func TestPlainNginxCutsTheDownload(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	server := e.run(t, "--network", "none", "--entrypoint", "nginx", image(t, e.nginxImage), "-g", "daemon off;")
	download := server.client(t, "get", nginxDownload)
	download.waitLine(t, "begin")
	if took := server.stop(t, nginxGrace); took > nginxDrain {
		t.Errorf("docker stop took %v: nginx waited?", took)
	}
	t.Log(download.waitLine(t, "cut").text)
	download.wantNone(t, "whole")
}

func runNginx(t *testing.T) *container {
	t.Helper()
	e := needEngine(t)
	return e.run(t, "--network", "none", image(t, e.nginxImage))
}

// client runs testdata/child in the network of the container, whose loopback nobody else has: tests can't collide on a port.
func (c *container) client(t *testing.T, args ...string) *container {
	t.Helper()
	return c.e.run(t, append([]string{"--network", "container:" + c.name, image(t, c.e.plainImage), "init-child"}, args...)...)
}

func image(t *testing.T, build func() (string, error)) string {
	t.Helper()
	tag, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return tag
}
