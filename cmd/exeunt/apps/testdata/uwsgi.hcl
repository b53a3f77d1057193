# How uWSGI stops. Written by `exeunt init --app uwsgi`; yours to change from here on. `exeunt check` adds the
# times up.
#
# What uWSGI does on a signal (https://uwsgi-docs.readthedocs.io/en/latest/Management.html#signals-for-controlling-uwsgi):
#   SIGTERM          reloads its workers and itself, brutally: it does not end; with die-on-term it ends at once
#   SIGINT, SIGQUIT  ends at once and cuts the requests in flight
#   SIGHUP           reloads its workers and itself, gracefully
#   SIGUSR1          prints statistics
#   SIGTSTP          pauses, or goes on
#
# On SIGTERM uWSGI reloads instead of ending, unless die-on-term is set, and no signal is a graceful stop. So
# the file waits until the connections are gone, and then sends SIGQUIT, which ends it with or without
# die-on-term.
#
# The port has to be the one that uWSGI itself listens on. Where it has a --master-fifo, a hook that writes "q"
# to that is its graceful stop.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

locals {
  port = 8000 # whose connections the drain below waits for
}

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Keep serving until the load balancer has noticed that this instance goes, and then until the last
  #    connection is closed.
  drain {
    delay   = "5s"
    until   = connections(local.port) == 0
    timeout = "22s"
  }

  # 2. Ask it to finish and to end: the first process alone, which tells the others.
  forward {
    signal = "SIGQUIT"
    to     = "child"
  }

  # 3. Don't wait for ever. The wait ends at once when it is gone.
  escalate {
    after  = "2s"
    signal = "SIGKILL"
    to     = "session"
  }
}
