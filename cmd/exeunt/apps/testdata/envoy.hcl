# How Envoy stops. Written by `exeunt init --app envoy`; yours to change from here on. `exeunt check` adds the
# times up.
#
# What Envoy does on a signal (https://www.envoyproxy.io/docs/envoy/latest/operations/admin):
#   SIGTERM, SIGINT  closes its listeners and ends at once
#   SIGUSR1          opens its access logs again
#   SIGHUP           does nothing
#
# Envoy drains by its admin interface, not by a signal: SIGTERM alone cuts every connection. First the health
# check filter says that it fails, then the listeners are drained, and when the connections are gone SIGTERM
# ends it.
#
# The admin interface has to listen on 127.0.0.1:9901. --drain-time-s, which is 600 unless it is set, has to be
# less than 25s: connections are closed over that time.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

locals {
  port = 10000 # whose connections the drain below waits for
}

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Envoy's own health check fails from here on, and responses tell HTTP clients to close their connections.
  hook "fail-health-check" {
    http {
      method = "POST"
      url    = "http://127.0.0.1:9901/healthcheck/fail"
    }
    timeout = "1s"
  }

  # 2. The listeners are drained: connections are closed as they become idle, new ones are not taken when
  #    --drain-time-s is over.
  hook "drain-listeners" {
    http {
      method = "POST"
      url    = "http://127.0.0.1:9901/drain_listeners?graceful"
    }
    timeout = "1s"
  }

  # 3. Keep serving until the load balancer has noticed that this instance goes, and then until the last
  #    connection is closed: for as long as the steps below leave of the grace period, 25s together.
  drain {
    delay = "5s"
    until = connections(local.port) == 0
  }

  # 4. Ask it to finish and to end.
  forward {
    signal = "SIGTERM"
  }

  # 5. Don't wait for ever. The wait ends at once when it is gone.
  escalate {
    after  = "2s"
    signal = "SIGKILL"
  }
}
