# How Puma stops. Written by `exeunt init --app puma`; yours to change from here on. `exeunt check` adds the
# times up.
#
# What Puma does on a signal (https://github.com/puma/puma/blob/master/docs/signals.md):
#   SIGTERM           finishes the requests in flight, then ends, by SIGTERM unless raise_exception_on_sigterm
#                     is false
#   SIGINT            finishes the requests in flight, then ends
#   SIGUSR1           restarts its workers one after the other
#   SIGUSR2           restarts, and reads its configuration again
#   SIGHUP            opens its log files again; where it logs to none it ends as on SIGINT
#   SIGTTIN, SIGTTOU  has one worker more, or less
#
# SIGTERM is Puma's graceful stop. It ends by that signal when it is done, which is status 143, and no mistake.
#
# force_shutdown_after and worker_shutdown_timeout in config/puma.rb have to be less than 24s.
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

# It ends by SIGTERM, or with the status that says so, when it was stopped in order. That is a success.
exit {
  status = { "143" = 0 }
}
