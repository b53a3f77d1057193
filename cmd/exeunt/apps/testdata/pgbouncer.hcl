# How PgBouncer stops. Written by `exeunt init --app pgbouncer`; yours to change from here on. `exeunt check`
# adds the times up.
#
# What PgBouncer does on a signal (https://www.pgbouncer.org/usage.html#signals):
#   SIGINT            lets the transactions in flight finish, then ends (safe shutdown); a second one ends it at
#                     once
#   SIGTERM           waits until the clients are gone since 1.23, ends at once before
#   SIGQUIT           ends at once
#   SIGHUP            reads its configuration again
#   SIGUSR1, SIGUSR2  pauses; goes on
#
# SIGTERM means another thing from release 1.23 on: before, it cuts every client, since then it waits for all of
# them. SIGINT lets the servers' work in flight finish in every release.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Keep serving until the load balancer has noticed that this instance goes: the period of its probe times the
  #    failures it wants to see, or the time that an endpoint's removal takes to reach every node.
  drain {
    delay = "5s"
  }

  # 2. Ask it to finish and to end.
  forward {
    signal = "SIGINT"
  }

  # 3. Don't wait for ever. SIGQUIT ends it without finishing, and whatever is left is killed 2s later. Both waits
  #    end at once when it is gone.
  escalate {
    after  = "22s"
    signal = "SIGQUIT"
  }
  escalate {
    after  = "2s"
    signal = "SIGKILL"
  }
}
