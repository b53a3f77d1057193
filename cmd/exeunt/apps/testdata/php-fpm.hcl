# How PHP-FPM stops. Written by `exeunt init --app php-fpm`; yours to change from here on. `exeunt check` adds
# the times up.
#
# What PHP-FPM does on a signal (https://www.php.net/manual/en/install.fpm.configuration.php#process-control-timeout):
#   SIGQUIT          finishes the requests in flight, then ends; with process_control_timeout only
#   SIGTERM, SIGINT  ends at once and cuts the requests in flight
#   SIGUSR1          opens its log file again
#   SIGUSR2, SIGHUP  restarts its workers and reads its configuration again
#
# On SIGTERM PHP-FPM cuts every request in flight. SIGQUIT is its graceful stop.
#
# SIGQUIT is graceful only if process_control_timeout is set: it is 0 unless you set it in php-fpm.conf, and
# then the workers are ended at once all the same. Set it to a little less than 22s.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT", "SIGQUIT"] # docker stop and Kubernetes; Ctrl-C; the official image's STOPSIGNAL

  # 1. Keep serving until the load balancer has noticed that this instance goes: the period of its probe times the
  #    failures it wants to see, or the time that an endpoint's removal takes to reach every node.
  drain {
    delay = "5s"
  }

  # 2. Ask it to finish and to end: the first process alone, which tells the others.
  forward {
    signal = "SIGQUIT"
    to     = "child"
  }

  # 3. Don't wait for ever. SIGTERM ends it without finishing, and whatever is left is killed 2s later. Both waits
  #    end at once when it is gone.
  escalate {
    after  = "22s"
    signal = "SIGTERM"
  }
  escalate {
    after  = "2s"
    signal = "SIGKILL"
    to     = "session"
  }
}
