# How Squid stops. Written by `exeunt init --app squid`; yours to change from here on. `exeunt check` adds the
# times up.
#
# What Squid does on a signal (https://www.squid-cache.org/Doc/config/shutdown_lifetime/):
#   SIGTERM  takes no new connection and ends when those in flight are done, after shutdown_lifetime at the
#            latest
#   SIGINT   ends at once
#   SIGHUP   reads its configuration again
#   SIGUSR1  rotates its logs
#
# SIGTERM is Squid's graceful stop, SIGINT its fast one.
#
# shutdown_lifetime is 30 seconds unless it is set, and Squid waits for all of it: set it to less than 22s. Run
# it in the foreground: squid --foreground.
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

  # 3. Don't wait for ever. SIGINT ends it without finishing, and whatever is left is killed 2s later. Both waits
  #    end at once when it is gone.
  escalate {
    after  = "22s"
    signal = "SIGINT"
  }
  escalate {
    after  = "2s"
    signal = "SIGKILL"
    to     = "session"
  }
}
