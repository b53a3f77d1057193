# What `dumb-init -r 15:3 -r2:3 --rewrite=1:0 --rewrite 10:12 -v` did with signals, for exeunt to do. Written by
# `exeunt init -- dumb-init -r 15:3 -r2:3 --rewrite=1:0 --rewrite 10:12 -v app -x`; yours to change from here
# on. `exeunt check` adds the times up.
#
# Reaping, the terminal and the exit status are as they were.
#
# SIGTSTP, SIGTTIN and SIGTTOU, which dumb-init turns into SIGSTOP, reach the session as they come.
#
# -v: exeunt logs one line a transition on stderr; with -v it logs more.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM"] # docker stop and Kubernetes

  forward {
    signal = "SIGQUIT" # -r 15:3
  }

  # dumb-init waits for ever: the platform's SIGKILL then ends it and every other process. This one comes just
  # before that, and the log says whom it hit.
  escalate {
    after  = "28s"
    signal = "SIGKILL"
    to     = "session"
  }
}

signal "SIGINT" {
  forward {
    signal = "SIGQUIT" # -r 2:3
  }
}

signal "SIGHUP" {} # -r 1:0

signal "SIGUSR1" {
  forward {
    signal = "SIGUSR2" # -r 10:12
  }
}

exit {
  # dumb-init sends SIGTERM to what is left of the session when the child is gone, and ends. This gives it a
  # moment to act on that.
  linger = "1s"
}
