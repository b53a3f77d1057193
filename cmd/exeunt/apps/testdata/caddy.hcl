# How Caddy stops. Written by `exeunt init --app caddy`; yours to change from here on. `exeunt check` adds the
# times up.
#
# What Caddy does on a signal (https://caddyserver.com/docs/command-line#signals):
#   SIGTERM, SIGINT  finishes the requests in flight, then ends; a second SIGINT ends it at once
#   SIGQUIT          ends at once, but gives up the locks of its storage
#   SIGHUP, SIGUSR2  does nothing
#
# SIGTERM is Caddy's graceful stop. SIGQUIT still cleans up its storage's locks, which SIGKILL does not.
#
# Caddy waits for requests in flight without a limit unless its option grace_period sets one: let it be less
# than 22s.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Keep serving until the load balancer has noticed that this instance goes: the period of its probe times the
  #    failures it wants to see, or the time that an endpoint's removal takes to reach every node.
  drain {
    delay = "5s"
  }

  # 2. Ask it to finish and to end.
  forward {
    signal = "SIGTERM"
  }

  # 3. Don't wait for ever. SIGQUIT ends it without finishing, and whatever is left is killed 2s later. Both waits
  #    end at once when it is gone.
  escalate {
    after  = "22s"
    signal = "SIGQUIT"
  }
  escalate {
    after  = "2s"
    signal = "SIGKILL"
  }
}
