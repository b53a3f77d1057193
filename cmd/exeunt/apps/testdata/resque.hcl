# How Resque stops. Written by `exeunt init --app resque`; yours to change from here on. `exeunt check` adds the
# times up.
#
# What Resque does on a signal (https://github.com/resque/resque#signals):
#   SIGQUIT           waits for its job to finish, then ends
#   SIGTERM, SIGINT   kills its job at once, then ends
#   SIGUSR1           kills its job at once, and goes on
#   SIGUSR2, SIGCONT  begins no new job; begins new jobs again
#
# On SIGTERM Resque kills the job that is running. SIGQUIT lets it finish.
#
# With TERM_CHILD=1 the job is given SIGTERM and RESQUE_TERM_TIMEOUT seconds before it is killed.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Ask it to finish and to end: the first process alone, which tells the others.
  forward {
    signal = "SIGQUIT"
    to     = "child"
  }

  # 2. Don't wait for ever. SIGTERM ends it without finishing, and whatever is left is killed 2s later. Both waits
  #    end at once when it is gone.
  escalate {
    after  = "27s"
    signal = "SIGTERM"
  }
  escalate {
    after  = "2s"
    signal = "SIGKILL"
    to     = "session"
  }
}
