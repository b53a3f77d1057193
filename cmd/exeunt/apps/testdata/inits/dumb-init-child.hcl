# What `dumb-init -vc -r 15:3 -r 28:0 --` did with signals, for exeunt to do. Written by `exeunt init --
# dumb-init -vc -r 15:3 -r 28:0 -- app`; yours to change from here on. `exeunt check` adds the times up.
#
# Reaping, the terminal and the exit status are as they were.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM"] # docker stop and Kubernetes

  forward {
    signal = "SIGQUIT" # -r 15:3
    to     = "child"
  }

  # dumb-init waits for ever: the platform's SIGKILL then ends it and every other process. This one comes just
  # before that, and the log says whom it hit.
  escalate {
    after  = "29s"
    signal = "SIGKILL"
    to     = "session"
  }
}

signal "SIGWINCH" {} # -r 28:0

# dumb-init sends signals to the child alone; exeunt sends one that no block names to every process of the
# child's session. These are the signals that people and platforms send.
signal "SIGHUP" {
  forward {
    to = "child"
  }
}

signal "SIGINT" {
  forward {
    to = "child"
  }
}

signal "SIGQUIT" {
  forward {
    to = "child"
  }
}

signal "SIGUSR1" {
  forward {
    to = "child"
  }
}

signal "SIGUSR2" {
  forward {
    to = "child"
  }
}
