# How MySQL stops. Written by `exeunt init --app mysql`; yours to change from here on. `exeunt check` adds the
# times up.
#
# What MySQL does on a signal (https://dev.mysql.com/doc/refman/8.4/en/unix-signal-response.html):
#   SIGTERM  shuts down in order, as the statement SHUTDOWN does
#   SIGHUP   reads its grant tables again and flushes its tables and logs
#   SIGUSR1  flushes its logs
#   SIGINT   does nothing
#
# SIGTERM is the clean shutdown, and there is none between that and SIGKILL, which costs a recovery at the next
# start. SIGINT does nothing, so Ctrl-C is turned into SIGTERM.
#
# The shutdown writes what the buffer pool has not yet written: a large one needs a longer grace period,
# innodb_fast_shutdown=0 a much longer one. mysqld_safe would start the server again: run mysqld itself.
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
