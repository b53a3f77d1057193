# How Unicorn stops. Written by `exeunt init --app unicorn`; yours to change from here on. `exeunt check` adds
# the times up.
#
# What Unicorn does on a signal (https://yhbt.net/unicorn/SIGNALS.html):
#   SIGQUIT           waits for its workers to finish their requests, then ends
#   SIGTERM, SIGINT   ends its workers at once
#   SIGHUP            reads its configuration again and replaces its workers
#   SIGUSR1           opens its log files again
#   SIGUSR2           begins to replace its program
#   SIGWINCH          ends its workers when they are done; only as a daemon
#   SIGTTIN, SIGTTOU  has one worker more, or less
#
# On SIGTERM Unicorn ends its workers at once. SIGQUIT is its graceful stop.
#
# A request that takes longer than Unicorn's own timeout, 60 seconds unless it is set, loses its worker: let
# that be less than 22s.
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
