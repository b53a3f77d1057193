# What `/tini -g -e 143 -e130 --` did with signals, for exeunt to do. Written by `exeunt init -- /tini -g -e 143
# -e130 -- app`; yours to change from here on. `exeunt check` adds the times up.
#
# Reaping, the terminal and the exit status are as they were.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM"] # docker stop and Kubernetes

  forward {}

  # tini waits for ever: the platform's SIGKILL then ends it and every other process. This one comes just before
  # that, and the log says whom it hit.
  escalate {
    after  = "29s"
    signal = "SIGKILL"
    to     = "session"
  }
}

exit {
  status = {
    "143" = 0 # -e 143
    "130" = 0 # -e 130
  }
}
