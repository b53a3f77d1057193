package examples_test

import (
	"testing"
	"time"
)

// initGrace is what testdata/init/Dockerfile has exeunt init write files for.
const initGrace = 15 * time.Second

// runInit runs a command under the file that exeunt init wrote for an application.
func runInit(t *testing.T, app string, command ...string) *container {
	t.Helper()
	e := needEngine(t)
	args := []string{"--network", "none", "--env", "EXEUNT_CONFIG=/lifecycle/" + app + ".hcl", e.image(t, "init"), "exeunt", "--"}
	return e.run(t, append(args, command...)...)
}

// Real servers finish what is in flight by the files that exeunt init writes, each by the signal of its own. That of uWSGI, which has no
// graceful stop, comes when the last connection is closed.
func TestInitFilesLetServersFinish(t *testing.T) {
	for app, test := range map[string]struct {
		command []string
		url     string
		signal  string
		after   bool // the signal comes after the answer
	}{
		"lighttpd": {[]string{"lighttpd", "-D", "-f", "lighttpd.conf"}, "http://127.0.0.1:8000/slow", "SIGINT", false},
		"haproxy":  {[]string{"sh", "-c", "lighttpd -f lighttpd.conf && exec haproxy -W -f haproxy.cfg"}, "http://127.0.0.1:8001/slow", "SIGUSR1", false},
		"gunicorn": {[]string{"gunicorn", "--bind", "127.0.0.1:8000", "app:app"}, "http://127.0.0.1:8000/", "SIGTERM", false},
		"uwsgi": {[]string{"uwsgi", "--plugin", "python3", "--master", "--http-socket", "127.0.0.1:8000", "--wsgi-file", "app.py", "--callable", "app"},
			"http://127.0.0.1:8000/", "SIGQUIT", true},
	} {
		t.Run(app, func(t *testing.T) {
			t.Parallel()
			server := runInit(t, app, test.command...)
			client := server.client(t, "get", test.url)
			client.waitLine(t, "begin")
			server.stop(t, initGrace)
			whole := client.waitLine(t, "whole")
			server.wantExit(t, 0)
			lines := server.wantOrder(t, `stop "graceful" begins`, "forward "+test.signal+" to child", "child exited: status 0")
			server.wantNone(t, "escalate")
			if after := lines[1].at.After(whole.at); after != test.after {
				t.Errorf("%s came %v after the answer", test.signal, lines[1].at.Sub(whole.at))
			}
		})
	}
}

// Redis saves what it has, and memcached ends by SIGUSR1 as it would by SIGTERM.
func TestInitFilesEndStores(t *testing.T) {
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		server := runInit(t, "redis", "redis-server", "--save", "60", "1")
		server.waitLine(t, "Ready to accept connections")
		server.exec(t, "redis-cli", "set", "a", "b")
		server.stop(t, initGrace)
		server.wantOrder(t, "forward SIGTERM", "child exited: status 0")
		server.waitLine(t, "DB saved on disk")
		server.wantExit(t, 0)
	})
	t.Run("memcached", func(t *testing.T) {
		t.Parallel()
		server := runInit(t, "memcached", "memcached", "-u", "memcache")
		server.waitLine(t, "child started")
		eventually(t, "memcached takes signals", func() bool {
			return server.exec(t, "sh", "-c", "echo stats | timeout 1 bash -c 'exec 3<>/dev/tcp/127.0.0.1/11211; cat >&3; head -1 <&3' || true") != ""
		})
		server.stop(t, initGrace)
		server.wantOrder(t, "forward SIGUSR1", "child exited: status 0")
		server.waitLine(t, "Gracefully stopping")
		server.wantExit(t, 0)
	})
}

// A worker's job is finished: the signal reaches the worker alone, and not the work horse, which would end by it.
func TestInitFilesLetWorkersFinish(t *testing.T) {
	t.Parallel()
	worker := runInit(t, "rq", "sh", "-c", "redis-server --save '' --daemonize yes >/dev/null && exec rq worker")
	worker.waitLine(t, "Listening on")
	worker.exec(t, "python3", "-c", "import redis, rq, app; rq.Queue(connection=redis.Redis()).enqueue(app.job)")
	worker.waitLine(t, "the job begins")
	worker.stop(t, initGrace)
	worker.wantOrder(t, "forward SIGTERM to child", "child exited: status 0")
	worker.waitLine(t, "the job is done")
	worker.wantNone(t, "escalate")
	worker.wantExit(t, 0)
}
