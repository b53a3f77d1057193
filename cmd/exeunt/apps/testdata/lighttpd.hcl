# How lighttpd stops. Written by `exeunt init --app lighttpd`; yours to change from here on. `exeunt check` adds
# the times up.
#
# What lighttpd does on a signal (https://github.com/lighttpd/lighttpd1.4/blob/master/doc/initscripts.txt):
#   SIGINT   finishes the requests in flight, then ends
#   SIGTERM  ends at once and cuts the connections
#   SIGUSR1  finishes the requests in flight, then reads its configuration again
#   SIGHUP   opens its log files again
#
# On SIGTERM lighttpd cuts its connections. SIGINT is its graceful stop.
#
# Run it in the foreground: lighttpd -D.
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
    signal = "SIGINT"
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
