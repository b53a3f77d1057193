# How MongoDB stops. Written by `exeunt init --app mongodb`; yours to change from here on. `exeunt check` adds
# the times up.
#
# What MongoDB does on a signal (https://www.mongodb.com/docs/manual/reference/command/shutdown/):
#   SIGTERM, SIGINT  steps down, lets the operations in flight finish within its quiesce period, then ends
#   SIGUSR1          rotates its log
#
# SIGTERM is the clean shutdown. SIGKILL costs a recovery at the next start.
#
# The quiesce period (shutdownTimeoutMillisForSignaledShutdown, since 5.0) is 15 seconds unless it is set: it
# has to be less than 29s, with time left to write.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Ask it to finish and to end.
  forward {
    signal = "SIGTERM"
  }

  # 2. Don't wait for ever. The wait ends at once when it is gone.
  escalate {
    after  = "29s"
    signal = "SIGKILL"
  }
}
