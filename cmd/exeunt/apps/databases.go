package apps

func databases() []*App {
	return []*App{
		{
			Name: "postgres", Title: "PostgreSQL", Also: []string{"postgresql"}, Programs: []string{"postgres", "postmaster"},
			Source: "https://www.postgresql.org/docs/current/server-shutdown.html",
			Signals: []Taken{
				{on(sigINT), "rolls open transactions back, closes the sessions, writes all to disk, then ends (fast shutdown)"},
				{on(sigTERM), "waits until the clients end their sessions by themselves (smart shutdown)"},
				{on(sigQUIT), "ends at once; the next start has to recover from the log (immediate shutdown)"},
				{on(sigHUP), "reads its configuration again"},
			},
			Why:  "On SIGTERM PostgreSQL waits for its clients, whose connection pools never end their sessions: until the platform's SIGKILL. SIGINT is the fast shutdown. Before SIGKILL, which may leave shared memory behind, comes SIGQUIT, which ends every process and costs a recovery. They are for the first process only: on SIGINT a backend would cancel its query, no more.",
			Set:  "The shutdown ends with a checkpoint: a database that writes much needs a longer grace period.",
			Stop: sigINT, Master: true, Hard: sigQUIT,
		},
		{
			Name: "pgbouncer", Title: "PgBouncer", Programs: []string{"pgbouncer"},
			Source: "https://www.pgbouncer.org/usage.html#signals",
			Signals: []Taken{
				{on(sigINT), "lets the transactions in flight finish, then ends (safe shutdown); a second one ends it at once"},
				{on(sigTERM), "waits until the clients are gone since 1.23, ends at once before"},
				{on(sigQUIT), "ends at once"},
				{on(sigHUP), "reads its configuration again"},
				{on(sigUSR1, sigUSR2), "pauses; goes on"},
			},
			Why:    "SIGTERM means another thing from release 1.23 on: before, it cuts every client, since then it waits for all of them. SIGINT lets the servers' work in flight finish in every release.",
			Serves: true, Stop: sigINT, Hard: sigQUIT,
		},
		{
			Name: "mysql", Title: "MySQL", Also: []string{"mariadb"}, Programs: []string{"mysqld", "mariadbd", "mysqld_safe", "mariadbd-safe"},
			Source: "https://dev.mysql.com/doc/refman/8.4/en/unix-signal-response.html",
			Signals: []Taken{
				{on(sigTERM), "shuts down in order, as the statement SHUTDOWN does"},
				{on(sigHUP), "reads its grant tables again and flushes its tables and logs"},
				{on(sigUSR1), "flushes its logs"},
				{on(sigINT), "does nothing"},
			},
			Why:  "SIGTERM is the clean shutdown, and there is none between that and SIGKILL, which costs a recovery at the next start. SIGINT does nothing, so Ctrl-C is turned into SIGTERM.",
			Set:  "The shutdown writes what the buffer pool has not yet written: a large one needs a longer grace period, innodb_fast_shutdown=0 a much longer one. mysqld_safe would start the server again: run mysqld itself.",
			Stop: sigTERM,
		},
		{
			Name: "redis", Title: "Redis", Also: []string{"valkey"}, Programs: []string{"redis-server", "valkey-server", "redis-sentinel", "valkey-sentinel", "keydb-server"},
			Source: "https://redis.io/docs/latest/operate/oss_and_stack/reference/signals/",
			Signals: []Taken{
				{on(sigTERM, sigINT), "waits for its replicas, saves what it is configured to save, then ends; a second SIGINT ends it without saving"},
			},
			Why:  "SIGTERM is the graceful shutdown: it saves. A second SIGINT would not, so nothing but SIGKILL comes after it. Where the saving fails Redis goes on running.",
			Set:  "It waits for its replicas for shutdown-timeout, 10 seconds unless it is set, and saving takes the time that the data need: both together have to be less than {wait}.",
			Stop: sigTERM,
		},
		{
			Name: "mongodb", Title: "MongoDB", Also: []string{"mongo"}, Programs: []string{"mongod", "mongos"},
			Source: "https://www.mongodb.com/docs/manual/reference/command/shutdown/",
			Signals: []Taken{
				{on(sigTERM, sigINT), "steps down, lets the operations in flight finish within its quiesce period, then ends"},
				{on(sigUSR1), "rotates its log"},
			},
			Why:  "SIGTERM is the clean shutdown. SIGKILL costs a recovery at the next start.",
			Set:  "The quiesce period (shutdownTimeoutMillisForSignaledShutdown, since 5.0) is 15 seconds unless it is set: it has to be less than {wait}, with time left to write.",
			Stop: sigTERM,
		},
		{
			Name: "memcached", Title: "memcached", Programs: []string{"memcached"},
			Source: "https://github.com/memcached/memcached/wiki/WarmRestart",
			Signals: []Taken{
				{on(sigUSR1), "ends, and with -e keeps the cache in its memory file for the next start"},
				{on(sigTERM, sigINT), "ends at once; the cache is gone"},
			},
			Why:  "SIGUSR1 ends memcached as SIGTERM does, but with -e (since 1.5.18) the next start finds the cache again.",
			Stop: sigUSR1, Hard: sigTERM,
		},
		{
			Name: "cassandra", Title: "Apache Cassandra", Programs: []string{"cassandra"},
			Source: "https://cassandra.apache.org/doc/latest/cassandra/managing/tools/nodetool/drain.html",
			Signals: []Taken{
				{on(sigTERM, sigINT, sigHUP), "runs its shutdown hooks, then ends with status 128+n"},
				{on(sigQUIT), "prints the stacks of its threads, and goes on"},
			},
			Why:   "nodetool drain takes the node out of the ring's traffic and writes its memtables to disk, so that the next start has no commit log to replay. SIGTERM then ends it.",
			Set:   "Run it in the foreground: cassandra -f.",
			Hooks: []Hook{{Name: "drain", Why: "The node takes no more writes and flushes what it has.", HCL: "exec = [\"nodetool\", \"drain\"]", Long: true}},
			Stop:  sigTERM, OnTerm: true,
		},
	}
}
