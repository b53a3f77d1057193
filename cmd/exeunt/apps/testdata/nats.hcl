# How NATS stops. Written by `exeunt init --app nats`; yours to change from here on. `exeunt check` adds the
# times up.
#
# What NATS does on a signal (https://docs.nats.io/running-a-nats-service/nats_admin/signals):
#   SIGUSR2          takes no new client, moves those it has to other servers bit by bit, then ends (lame duck
#                    mode)
#   SIGTERM, SIGINT  stops, and cuts its clients all at once
#   SIGUSR1          opens its log file again
#   SIGHUP           reads its configuration again
#   SIGQUIT          ends at once and prints its stacks
#
# On SIGTERM NATS lets all its clients go at once, and all of them connect elsewhere in the same moment. SIGUSR2
# is the lame duck mode, which spreads that.
#
# lame_duck_duration is 2 minutes unless it is set, and 10 seconds of lame_duck_grace_period come before it: set
# both in nats.conf to less than 27s together.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Ask it to finish and to end.
  forward {
    signal = "SIGUSR2"
  }

  # 2. Don't wait for ever. SIGTERM ends it without finishing, and whatever is left is killed 2s later. Both waits
  #    end at once when it is gone.
  escalate {
    after  = "27s"
    signal = "SIGTERM"
  }
  escalate {
    after  = "2s"
    signal = "SIGKILL"
  }
}
