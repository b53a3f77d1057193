# How HAProxy stops. Written by `exeunt init --app haproxy`; yours to change from here on. `exeunt check` adds
# the times up.
#
# What HAProxy does on a signal (https://docs.haproxy.org/3.0/management.html#4):
#   SIGUSR1          closes its listening sockets and ends when the last session has (soft stop)
#   SIGTERM, SIGINT  ends at once and cuts every session
#   SIGUSR2          reads its configuration again, with -W
#   SIGHUP           logs the state of its proxies; with -W it reads its configuration again
#
# On SIGTERM HAProxy cuts every session. SIGUSR1 is its soft stop.
#
# hard-stop-after in the global section bounds the soft stop from HAProxy's side: let it be less than 22s.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT", "SIGUSR1"] # docker stop and Kubernetes; Ctrl-C; the official image's STOPSIGNAL

  # 1. Keep serving until the load balancer has noticed that this instance goes: the period of its probe times the
  #    failures it wants to see, or the time that an endpoint's removal takes to reach every node.
  drain {
    delay = "5s"
  }

  # 2. Ask it to finish and to end: the first process alone, which tells the others.
  forward {
    signal = "SIGUSR1"
    to     = "child"
  }

  # 3. Don't wait for ever. SIGTERM ends it without finishing, and whatever is left is killed 2s later. Both waits
  #    end at once when it is gone.
  escalate {
    after  = "22s"
    signal = "SIGTERM"
  }
  escalate {
    after  = "2s"
    signal = "SIGKILL"
    to     = "session"
  }
}
