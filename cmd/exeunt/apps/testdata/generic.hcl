# How an application stops. Written by `exeunt init --app generic`; yours to change from here on. `exeunt check`
# adds the times up.
#
# What an application does on a signal:
#   SIGTERM, SIGINT  ends, and finishes before that what its makers have it finish
#
# Most applications take SIGTERM as the wish that they end. Read in its documentation whether yours finishes the
# work in flight then, and whether another signal means that.
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
    signal = "SIGTERM"
  }

  # 3. Don't wait for ever. The wait ends at once when it is gone.
  escalate {
    after  = "24s"
    signal = "SIGKILL"
  }
}
