# How Apache Cassandra stops. Written by `exeunt init --app cassandra`; yours to change from here on. `exeunt
# check` adds the times up.
#
# What Apache Cassandra does on a signal (https://cassandra.apache.org/doc/latest/cassandra/managing/tools/nodetool/drain.html):
#   SIGTERM, SIGINT, SIGHUP  runs its shutdown hooks, then ends with status 128+n
#   SIGQUIT                  prints the stacks of its threads, and goes on
#
# nodetool drain takes the node out of the ring's traffic and writes its memtables to disk, so that the next
# start has no commit log to replay. SIGTERM then ends it.
#
# Run it in the foreground: cassandra -f.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. The node takes no more writes and flushes what it has.
  hook "drain" {
    exec    = ["nodetool", "drain"]
    timeout = "14s"
  }

  # 2. Ask it to finish and to end.
  forward {
    signal = "SIGTERM"
  }

  # 3. Don't wait for ever. The wait ends at once when it is gone.
  escalate {
    after  = "15s"
    signal = "SIGKILL"
  }
}

# It ends by SIGTERM, or with the status that says so, when it was stopped in order. That is a success.
exit {
  status = { "143" = 0 }
}
