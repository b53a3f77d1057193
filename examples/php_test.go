package examples_test

import (
	"path/filepath"
	"testing"
	"time"
)

// These repeat examples/php-fpm.
const (
	phpDrain = 4 * time.Second
	phpSlow  = "http://127.0.0.1:8080/slow.php" // takes eight seconds
)

// A request that is in flight when docker stop comes to PHP-FPM is answered whole, through the nginx in front of it.
func TestPHPFinishesTheRequest(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	php := e.run(t, "--network", "none", "--add-host", "php:127.0.0.1", e.image(t, "php-fpm"))
	php.waitLine(t, "ready to handle connections")
	client := php.front(t).client(t, "get", phpSlow)
	client.waitLine(t, "begin")

	took := php.stop(t, exampleGrace)

	whole := client.waitLine(t, "whole 2097056")
	php.wantExit(t, 0)
	lines := php.wantOrder(t, `child started`, `stop "graceful" begins`, `drain`, `forward SIGQUIT`, `child exited: status 0`)
	php.wantNone(t, "escalate")
	if forward := lines[3].at; !whole.at.After(forward) {
		t.Errorf("the answer was over %v before SIGQUIT", forward.Sub(whole.at))
	}
	rest := whole.at.Sub(php.asked)
	wantTook(t, "the stop", took, max(phpDrain, rest), 2*slack)
}

// The same image without exeunt: SIGTERM cuts the same request.
func TestPlainPHPCutsTheRequest(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	php := e.run(t, "--network", "none", "--add-host", "php:127.0.0.1", "--entrypoint", "php-fpm8.2", e.image(t, "php-fpm"), "--nodaemonize")
	php.waitLine(t, "ready to handle connections")
	client := php.front(t).client(t, "get", phpSlow)
	client.waitLine(t, "begin")
	if took := php.stop(t, exampleGrace); took > phpDrain {
		t.Errorf("the stop took %v: PHP-FPM waited?", took)
	}
	t.Log(client.waitLine(t, "cut").text)
	client.wantNone(t, "whole")
}

// front starts nginx in front of PHP-FPM, as compose.yaml does, but in its network: the private engine has no bridge to give names on.
func (c *container) front(t *testing.T) *container {
	t.Helper()
	conf := filepath.Join(c.e.root, "examples/php-fpm/nginx.conf")
	web := c.e.run(t, "--network", "container:"+c.name, "--volume", conf+":/etc/nginx/nginx.conf:ro", c.e.image(t, "nginx"))
	web.waitLine(t, "child started")
	return newContainer(c.e, c.name)
}
