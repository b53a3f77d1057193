# How Apache Kafka stops. Written by `exeunt init --app kafka`; yours to change from here on. `exeunt check`
# adds the times up.
#
# What Apache Kafka does on a signal (https://kafka.apache.org/documentation/#basic_ops_restarting):
#   SIGTERM, SIGINT, SIGHUP  hands its partitions' leadership over, writes its logs to disk, then ends with
#                            status 128+n (controlled shutdown)
#   SIGQUIT                  prints the stacks of its threads, and goes on
#
# SIGTERM is the controlled shutdown. SIGKILL leaves partitions without a leader for a while, and costs a
# recovery at the next start.
#
# A broker with many partitions needs minutes for it: give it a longer grace period.
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

# It ends by SIGTERM, or with the status that says so, when it was stopped in order. That is a success.
exit {
  status = { "143" = 0 }
}
