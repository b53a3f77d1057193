# How nginx stops. Written by `exeunt init --app nginx`; yours to change from here on. `exeunt check` adds the
# times up.
#
# What nginx does on a signal (https://nginx.org/en/docs/control.html):
#   SIGQUIT          finishes the requests in flight, then ends
#   SIGTERM, SIGINT  ends at once and cuts the requests in flight
#   SIGHUP           reads its configuration again
#   SIGUSR1          opens its log files again
#   SIGUSR2          begins to replace its program
#   SIGWINCH         ends its workers when they are done; only as a daemon
#
# On SIGTERM, which docker stop and Kubernetes send, nginx cuts every response in flight. SIGQUIT is its
# graceful stop.
#
# A client that reads slowly keeps a worker for as long as it reads: worker_shutdown_timeout in nginx.conf
# bounds that from nginx's side.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT", "SIGQUIT"] # docker stop and Kubernetes; Ctrl-C; the official image's STOPSIGNAL

  # 1. Keep serving until the load balancer has noticed that this instance goes: the period of its probe times the
  #    failures it wants to see, or the time that an endpoint's removal takes to reach every node.
  drain {
    delay = "5s"
  }

  # 2. Ask it to finish and to end: the first process alone, which tells the others.
  forward {
    signal = "SIGQUIT"
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
