# How Traefik stops. Written by `exeunt init --app traefik`; yours to change from here on. `exeunt check` adds
# the times up.
#
# What Traefik does on a signal (https://doc.traefik.io/traefik/routing/entrypoints/#lifecycle):
#   SIGTERM, SIGINT  takes requests for requestAcceptGraceTimeout more, finishes those in flight within
#                    graceTimeOut, then ends
#   SIGUSR1          opens its log files again
#
# SIGTERM is Traefik's graceful stop.
#
# The requests in flight have transport.lifeCycle.graceTimeOut of each entry point, which is 10s unless it is
# set: set it to less than 24s. The drain of this file does what requestAcceptGraceTimeout would do, which can
# stay 0.
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
