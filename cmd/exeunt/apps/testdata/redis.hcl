# How Redis stops. Written by `exeunt init --app redis`; yours to change from here on. `exeunt check` adds the
# times up.
#
# What Redis does on a signal (https://redis.io/docs/latest/operate/oss_and_stack/reference/signals/):
#   SIGTERM, SIGINT  waits for its replicas, saves what it is configured to save, then ends; a second SIGINT
#                    ends it without saving
#
# SIGTERM is the graceful shutdown: it saves. A second SIGINT would not, so nothing but SIGKILL comes after it.
# Where the saving fails Redis goes on running.
#
# It waits for its replicas for shutdown-timeout, 10 seconds unless it is set, and saving takes the time that
# the data need: both together have to be less than 29s.
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
