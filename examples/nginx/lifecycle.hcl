# How this nginx stops. `exeunt check examples/nginx/lifecycle.hcl` adds up the worst case.

# What the platform grants before it kills: `docker stop --time 30`, or terminationGracePeriodSeconds: 30. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Say no to new work: /healthz answers 503 from here on (see nginx.conf).
  hook "not-ready" {
    write {
      path = "/dev/shm/draining"
    }
    timeout = "1s"
  }

  # 2. Keep serving until the load balancer has noticed. Give it longer than it takes to notice: the probe's period times the failures it wants
  #    to see, and the time an endpoint's removal takes to reach every node.
  drain {
    delay = "3s"
  }

  # 3. Ask nginx to finish. SIGQUIT is its graceful stop: it closes the listening sockets and ends when the last response is out. The SIGTERM
  #    that was sent would be its fast stop, which cuts every response in flight.
  forward {
    signal = "SIGQUIT"
  }

  # 4. Don't wait for ever: a client that reads too slowly is cut after 20 seconds, and whatever is left is killed 2 seconds later. Both
  #    waits end at once when nginx is gone.
  escalate {
    after  = "20s"
    signal = "SIGTERM"
  }
  escalate {
    after  = "2s"
    signal = "SIGKILL"
  }
}
