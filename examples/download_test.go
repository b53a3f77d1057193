package examples_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What the web servers' lifecycle.hcl have in common.
const (
	exampleGrace = 30 * time.Second
	exampleDrain = 3 * time.Second
)

// A download is what a test asks a web server for, to see whether a stop cuts it.
type download struct {
	url    string
	file   string // in the container: what should arrive
	health string // the URL that answers 200, and 503 once a stop has begun
	signal string // the server's graceful stop
}

// finishesTheDownload stops the server while a client downloads. The client gets all of the file, and the stop takes as long as that takes.
func (c *container) finishesTheDownload(t *testing.T, d download) {
	t.Helper()
	sum := strings.Fields(c.exec(t, "sha256sum", d.file))[0]
	health := c.client(t, "watch", d.health)
	health.waitLine(t, "status 200")
	client := c.client(t, "get", d.url)
	client.waitLine(t, "begin")

	took := c.stop(t, exampleGrace)

	whole := client.waitLine(t, "whole")
	if !strings.HasSuffix(whole.text, sum) {
		t.Errorf("the download is not the file: %q, want the sum %s", whole.text, sum)
	}
	c.wantExit(t, 0)
	lines := c.wantOrder(t, `child started`, `stop "graceful" begins`, `hook "not-ready"`, `drain`, `forward `+d.signal, `child exited: status 0`)
	c.wantNone(t, "escalate")

	// The test is worth something only if the download outlived the drain, so that the signal found it in flight.
	forward := lines[4].at
	rest := whole.at.Sub(c.asked)
	if !whole.at.After(forward) {
		t.Errorf("the download was over %v before %s", forward.Sub(whole.at), d.signal)
	}
	wantTook(t, "the way to "+d.signal, forward.Sub(lines[1].at), exampleDrain, time.Second)
	wantTook(t, fmt.Sprintf("the stop with %.2f s of download left", rest.Seconds()), took, rest, 2*slack)

	// The health check said no while the server still took requests.
	if no := health.waitLine(t, "status 503"); !no.at.Before(forward) {
		t.Errorf("the health check did not fail before %s", d.signal)
	}
}

// cutsTheDownload stops a server without exeunt, which does not wait for its client.
func (c *container) cutsTheDownload(t *testing.T, url string) {
	t.Helper()
	client := c.client(t, "get", url)
	client.waitLine(t, "begin")
	if took := c.stop(t, exampleGrace); took > exampleDrain {
		t.Errorf("the stop took %v: the server waited?", took)
	}
	t.Log(client.waitLine(t, "cut").text)
	client.wantNone(t, "whole")
}
