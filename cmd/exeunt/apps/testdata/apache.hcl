# How Apache httpd stops. Written by `exeunt init --app apache`; yours to change from here on. `exeunt check`
# adds the times up.
#
# What Apache httpd does on a signal (https://httpd.apache.org/docs/2.4/stopping.html):
#   SIGWINCH  finishes the requests in flight, then ends (graceful-stop)
#   SIGTERM   ends its children at once and cuts the requests in flight
#   SIGUSR1   restarts its children as they become idle (graceful)
#   SIGHUP    restarts its children at once
#
# On SIGTERM httpd cuts every request in flight. Its graceful stop is SIGWINCH, of all signals the one that a
# terminal sends when its window is resized: with docker run -it that would stop the server.
#
# The official images of httpd and php-apache have STOPSIGNAL SIGWINCH, which this file keeps away from httpd:
# write STOPSIGNAL SIGTERM in the Dockerfile. apachectl and apache2ctl are shell scripts: run httpd -D
# FOREGROUND or apache2 -D FOREGROUND itself. GracefulShutdownTimeout bounds the stop from httpd's side.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

# A terminal sends SIGWINCH when its window is resized. It must not reach httpd, which would stop.
signal "SIGWINCH" {}

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Keep serving until the load balancer has noticed that this instance goes: the period of its probe times the
  #    failures it wants to see, or the time that an endpoint's removal takes to reach every node.
  drain {
    delay = "5s"
  }

  # 2. Ask it to finish and to end: the first process alone, which tells the others.
  forward {
    signal = "SIGWINCH"
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
