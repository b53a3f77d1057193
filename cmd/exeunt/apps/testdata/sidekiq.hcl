# How Sidekiq stops. Written by `exeunt init --app sidekiq`; yours to change from here on. `exeunt check` adds
# the times up.
#
# What Sidekiq does on a signal (https://github.com/sidekiq/sidekiq/wiki/Signals):
#   SIGTSTP  fetches no new job and goes on with those it has; it does not end
#   SIGTERM  fetches no new job, lets those it has finish within its timeout, pushes the others back to Redis,
#            then ends
#   SIGTTIN  prints the backtraces of its threads
#
# SIGTSTP first makes Sidekiq quiet: nothing new is begun. SIGTERM then ends it within its own timeout, and what
# is not finished goes back to Redis: SIGKILL would lose that.
#
# Its timeout (-t, or :timeout: in sidekiq.yml) is 25 seconds unless it is set, and has to be less than 27s.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Take no new work.
  forward {
    signal = "SIGTSTP"
  }
  drain {
    delay = "2s"
  }

  # 2. Ask it to finish and to end.
  forward {
    signal = "SIGTERM"
  }

  # 3. Don't wait for ever. The wait ends at once when it is gone.
  escalate {
    after  = "27s"
    signal = "SIGKILL"
  }
}
