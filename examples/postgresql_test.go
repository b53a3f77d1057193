package examples_test

import (
	"testing"
	"time"
)

// What the server's own log says.
const (
	postgresReady     = "database system is ready to accept connections"
	postgresFast      = "received fast shutdown request"
	postgresSmart     = "received smart shutdown request"
	postgresDown      = "database system is shut down"
	postgresWasDown   = "database system was shut down at"
	postgresRecovered = "not properly shut down"
)

// A client is connected for good when docker stop comes: the server shuts down all the same, in order, and its next start has nothing to recover.
func TestPostgresShutsDownFast(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	server := e.run(t, "--network", "none", e.image(t, "postgresql"))
	server.waitLine(t, postgresReady)
	server.sql(t, "create table kept as select 42 as answer")
	server.staysConnected(t)
	if user := server.exec(t, "sh", "-c", `stat --format=%U /proc/$(head -1 $PGDATA/postmaster.pid)`); user != "postgres" {
		t.Errorf("the server runs as %q", user)
	}

	wantTook(t, "the stop", server.stop(t, 60*time.Second), 0, 5*time.Second)
	server.wantOrder(t, `hook "initdb" done`, "child started", `stop "fast" begins`, "forward SIGINT", "child exited: status 0")
	server.wantNone(t, "escalate")
	server.waitLine(t, postgresFast)
	server.waitLine(t, postgresDown)
	server.wantExit(t, 0)

	again := server.startAgain(t)
	again.waitLine(t, postgresReady)
	again.waitLine(t, postgresWasDown)
	again.wantNone(t, postgresRecovered)
	again.wantOrder(t, `hook "initdb" skipped`, "child started")
	if answer := again.sql(t, "select answer from kept"); answer != "42" {
		t.Errorf("the table has %q, want 42", answer)
	}
}

// The same server without exeunt waits for its client on SIGTERM until it is killed, and its next start has to recover.
func TestPlainPostgresIsKilled(t *testing.T) {
	t.Parallel()
	e := needEngine(t)
	server := e.run(t, "--network", "none", "--entrypoint", "sh", "--user", "postgres", e.image(t, "postgresql"), "-c",
		"[ -e $PGDATA/PG_VERSION ] || initdb --auth-local=peer >/dev/null; exec postgres")
	server.waitLine(t, postgresReady)
	server.staysConnected(t)

	e.must(t, "stop", "-t", "2", server.name)
	server.waitLine(t, postgresSmart)
	server.wantNone(t, postgresDown)
	if status := server.exitCode(t); status != 137 {
		t.Errorf("ExitCode %d, want 137: docker stop was to kill it", status)
	}

	again := server.startAgain(t)
	again.waitLine(t, postgresRecovered)
	again.waitLine(t, postgresReady)
}

// sql runs a statement and gives what it prints.
func (c *container) sql(t *testing.T, statement string) string {
	t.Helper()
	return c.e.must(t, "exec", "--user", "postgres", c.name, "psql", "--no-align", "--tuples-only", "--command", statement)
}

// staysConnected leaves a client that never goes, as one of a pool.
func (c *container) staysConnected(t *testing.T) {
	t.Helper()
	c.e.must(t, "exec", "--detach", "--user", "postgres", c.name, "psql", "--command", "select pg_sleep(3600)")
	eventually(t, "a client is connected", func() bool {
		return c.sql(t, "select count(*) from pg_stat_activity where query = 'select pg_sleep(3600)'") == "1"
	})
}
