# How RQ stops. Written by `exeunt init --app rq`; yours to change from here on. `exeunt check` adds the times
# up.
#
# What RQ does on a signal (https://python-rq.org/docs/workers/#taking-down-workers):
#   SIGTERM, SIGINT  waits for its job to finish, then ends; a second one kills the job
#
# SIGTERM lets the job finish, a second one kills it but still takes the worker off the register. They must
# reach the worker only: its work horse ends on SIGTERM at once.
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
