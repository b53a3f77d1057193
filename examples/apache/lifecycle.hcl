# How this Apache httpd stops. `exeunt check examples/apache/lifecycle.hcl` adds up the worst case.

# What the platform grants before it kills: `docker stop --time 30`, or terminationGracePeriodSeconds: 30. Everything below has to fit.
grace_period = "30s"

# A container that was killed keeps its pid file, and the next start in it might take another process for a running httpd.
start {
  hook "stale-pid" {
    remove = "/run/apache2/apache2.pid"
  }
}

# httpd's graceful stop is SIGWINCH: the signal that a terminal sends when its window is resized. An empty script swallows it, so that under
# `docker run -t` nobody stops the server by pulling at a corner.
signal "SIGWINCH" {}

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Say no to new work: /healthz answers 503 from here on (see site.conf).
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

  # 3. Ask httpd to finish. It is the first process that is asked; it tells its children itself. The SIGTERM that was sent would make it cut
  #    every response in flight.
  forward {
    signal = "SIGWINCH"
    to     = "child"
  }

  # 4. Don't wait for ever: a client that reads too slowly is cut after 20 seconds, and whatever is left is killed 2 seconds later. Both
  #    waits end at once when httpd is gone.
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
