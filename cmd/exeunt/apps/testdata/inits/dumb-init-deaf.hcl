# What `/usr/bin/dumb-init --rewrite=15:0 --rewrite 9:15 -r 17:1` did with signals, for exeunt to do. Written by
# `exeunt init -- /usr/bin/dumb-init --rewrite=15:0 --rewrite 9:15 -r 17:1 app`; yours to change from here on.
# `exeunt check` adds the times up.
#
# Reaping, the terminal and the exit status are as they were.
#
# SIGTSTP, SIGTTIN and SIGTTOU, which dumb-init turns into SIGSTOP, reach the session as they come.
#
# -r 9:15 is left out: no init can take SIGKILL.
#
# -r 17:1 is left out: no init can take SIGCHLD.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time.
grace_period = "30s"

signal "SIGTERM" {} # -r 15:0

exit {
  # dumb-init sends SIGTERM to what is left of the session when the child is gone, and ends. This gives it a
  # moment to act on that.
  linger = "1s"
}
