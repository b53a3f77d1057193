# How memcached stops. Written by `exeunt init --app memcached`; yours to change from here on. `exeunt check`
# adds the times up.
#
# What memcached does on a signal (https://github.com/memcached/memcached/wiki/WarmRestart):
#   SIGUSR1          ends, and with -e keeps the cache in its memory file for the next start
#   SIGTERM, SIGINT  ends at once; the cache is gone
#
# SIGUSR1 ends memcached as SIGTERM does, but with -e (since 1.5.18) the next start finds the cache again.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Ask it to finish and to end.
  forward {
    signal = "SIGUSR1"
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
