# How Celery stops. Written by `exeunt init --app celery`; yours to change from here on. `exeunt check` adds the
# times up.
#
# What Celery does on a signal (https://docs.celeryq.dev/en/stable/userguide/workers.html#worker-shutdown):
#   SIGTERM  finishes the tasks that are running, then ends (warm shutdown)
#   SIGQUIT  stops the tasks that are running and ends (cold shutdown; soft with worker_soft_shutdown_timeout)
#   SIGINT   begins the warm shutdown; the next one goes a stage further
#
# SIGTERM is the warm shutdown, SIGQUIT the cold one. They must reach the main process only: a SIGTERM ends a
# process of the prefork pool at once, and its task with it.
#
# With REMAP_SIGTERM=SIGQUIT in its environment SIGTERM would be the cold shutdown. worker_soft_shutdown_timeout
# (5.5) has to be less than 2s, or SIGKILL cuts it.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Ask it to finish and to end: the first process alone, which tells the others.
  forward {
    signal = "SIGTERM"
    to     = "child"
  }

  # 2. Don't wait for ever. SIGQUIT ends it without finishing, and whatever is left is killed 2s later. Both waits
  #    end at once when it is gone.
  escalate {
    after  = "27s"
    signal = "SIGQUIT"
  }
  escalate {
    after  = "2s"
    signal = "SIGKILL"
    to     = "session"
  }
}
