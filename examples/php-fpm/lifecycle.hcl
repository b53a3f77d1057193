# How this PHP-FPM stops. `exeunt check examples/php-fpm/lifecycle.hcl` adds up the worst case.

# What the platform grants before it kills: `docker stop --time 30`, or terminationGracePeriodSeconds: 30. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Keep serving while the web server in front drains: where both are stopped at once, as in one Pod, its last requests still come here. A
  #    second longer than its own drain (examples/nginx).
  drain {
    delay = "4s"
  }

  # 2. Ask PHP-FPM to finish. It is the master that is asked; it tells its workers itself. They may take process_control_timeout for it (see
  #    php-fpm.conf). The SIGTERM that was sent would make them drop every request in flight.
  forward {
    signal = "SIGQUIT"
    to     = "child"
  }

  # 3. Don't wait for ever: a script that takes too long is cut after 20 seconds, and whatever is left is killed 2 seconds later. Both waits
  #    end at once when PHP-FPM is gone.
  escalate {
    after  = "20s"
    signal = "SIGTERM"
  }
  escalate {
    after  = "2s"
    signal = "SIGKILL"
    to     = "session"
  }
}
