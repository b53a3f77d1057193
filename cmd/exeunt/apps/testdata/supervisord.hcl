# How supervisord stops. Written by `exeunt init --app supervisord`; yours to change from here on. `exeunt
# check` adds the times up.
#
# What supervisord does on a signal (https://supervisord.org/running.html#signals):
#   SIGTERM, SIGINT, SIGQUIT  stops all its programs, each by its own stopsignal, then ends
#   SIGHUP                    stops all its programs, reads its configuration again and starts them
#   SIGUSR2                   opens its log files again
#
# SIGTERM makes supervisord stop its programs by the stopsignal that each of them has. It must reach supervisord
# only: a program that ended by it would be started again.
#
# Each program has its stopwaitsecs, 10 unless it is set, and programs with a higher priority number are stopped
# first: those times, one after the other, have to be less than 24s. Run it in the foreground: supervisord -n.
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

  # 2. Ask it to finish and to end: the first process alone, which tells the others.
  forward {
    signal = "SIGTERM"
    to     = "child"
  }

  # 3. Don't wait for ever. The wait ends at once when it is gone.
  escalate {
    after  = "24s"
    signal = "SIGKILL"
    to     = "session"
  }
}
