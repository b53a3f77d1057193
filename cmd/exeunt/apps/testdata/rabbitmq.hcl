# How RabbitMQ stops. Written by `exeunt init --app rabbitmq`; yours to change from here on. `exeunt check` adds
# the times up.
#
# What RabbitMQ does on a signal (https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/scripts/rabbitmq-server):
#   SIGTERM                   stops in order, as rabbitmqctl stop does, and ends with status 0
#   SIGINT                    stops in order and ends with status 130
#   SIGHUP, SIGTSTP, SIGCONT  does nothing
#
# SIGTERM is the clean stop of the script rabbitmq-server, which has the node stop. SIGINT stops it too but
# counts as a failure, so Ctrl-C is turned into SIGTERM.
#
# Queues with much to write and to hand over need a longer grace period. A hook that runs rabbitmq-upgrade drain
# before would move leaders and clients away.
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

  # 2. Don't wait for ever. The wait ends at once when it is gone.
  escalate {
    after  = "29s"
    signal = "SIGKILL"
    to     = "session"
  }
}
