# How PostgreSQL stops. Written by `exeunt init --app postgres`; yours to change from here on. `exeunt check`
# adds the times up.
#
# What PostgreSQL does on a signal (https://www.postgresql.org/docs/current/server-shutdown.html):
#   SIGINT   rolls open transactions back, closes the sessions, writes all to disk, then ends (fast shutdown)
#   SIGTERM  waits until the clients end their sessions by themselves (smart shutdown)
#   SIGQUIT  ends at once; the next start has to recover from the log (immediate shutdown)
#   SIGHUP   reads its configuration again
#
# On SIGTERM PostgreSQL waits for its clients, whose connection pools never end their sessions: until the
# platform's SIGKILL. SIGINT is the fast shutdown. Before SIGKILL, which may leave shared memory behind, comes
# SIGQUIT, which ends every process and costs a recovery. They are for the first process only: on SIGINT a
# backend would cancel its query, no more.
#
# The shutdown ends with a checkpoint: a database that writes much needs a longer grace period.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Ask it to finish and to end: the first process alone, which tells the others.
  forward {
    signal = "SIGINT"
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
