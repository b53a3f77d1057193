# How this PostgreSQL starts and stops. `exeunt check examples/postgresql/lifecycle.hcl` adds up the worst case.

# What the platform grants before it kills: `docker stop --time 60`, or terminationGracePeriodSeconds: 60. Everything below has to fit. The
# shutdown ends with a checkpoint: a database that writes much needs longer.
grace_period = "60s"

locals {
  data = lookup(env, "PGDATA", "/var/lib/postgresql/data") # as the Dockerfile sets it
}

# exeunt itself starts as root, so that it can make the volume's folder ready; the server and initdb run as postgres.
child {
  user = "postgres"
}

start {
  hook "volume" { # a fresh volume often belongs to root
    exec       = ["install", "--directory", "--owner=postgres", "--group=postgres", "--mode=0700", local.data]
    on_failure = "abort"
  }
  hook "initdb" { # the first start
    when       = !file_exists("${local.data}/PG_VERSION")
    exec       = ["initdb", "--pgdata", local.data, "--auth-local=peer", "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
    user       = "postgres"
    timeout    = "60s"
    on_failure = "abort"
  }
}

stop "fast" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. The fast shutdown: open transactions are rolled back, sessions are closed, everything is written to disk. On the SIGTERM that was sent
  #    PostgreSQL would wait until every client has gone by itself, and a connection pool never goes. Only to the first process: to a backend
  #    SIGINT means no more than "cancel the query".
  forward {
    signal = "SIGINT"
    to     = "child"
  }

  # 2. If the checkpoint takes too long: the immediate shutdown. The next start then has to recover from the write-ahead log, but no process
  #    and no shared memory is left behind, as SIGKILL might.
  escalate {
    after  = "50s"
    signal = "SIGQUIT"
  }
  escalate {
    after  = "5s"
    signal = "SIGKILL"
    to     = "session"
  }
}
