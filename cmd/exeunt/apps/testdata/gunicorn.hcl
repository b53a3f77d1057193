# How Gunicorn stops. Written by `exeunt init --app gunicorn`; yours to change from here on. `exeunt check` adds
# the times up.
#
# What Gunicorn does on a signal (https://docs.gunicorn.org/en/stable/signals.html):
#   SIGTERM           waits for its workers to finish their requests, for graceful_timeout at most, then ends
#   SIGQUIT, SIGINT   ends its workers at once
#   SIGHUP            reads its configuration again and replaces its workers
#   SIGTTIN, SIGTTOU  has one worker more, or less
#   SIGUSR1           opens its log files again
#   SIGUSR2           begins to replace its program
#   SIGWINCH          ends its workers when they are done; only as a daemon
#
# SIGTERM is Gunicorn's graceful stop, SIGQUIT and SIGINT are its quick one: Ctrl-C would cut requests, so this
# file has it stop gracefully too.
#
# graceful_timeout is 30 seconds unless it is set: --graceful-timeout has to be less than 22s.
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

  # 3. Don't wait for ever. SIGQUIT ends it without finishing, and whatever is left is killed 2s later. Both waits
  #    end at once when it is gone.
  escalate {
    after  = "22s"
    signal = "SIGQUIT"
  }
  escalate {
    after  = "2s"
    signal = "SIGKILL"
    to     = "session"
  }
}
