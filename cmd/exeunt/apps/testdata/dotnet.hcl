# How .NET stops. Written by `exeunt init --app dotnet`; yours to change from here on. `exeunt check` adds the
# times up.
#
# What .NET does on a signal (https://learn.microsoft.com/en-us/dotnet/core/extensions/generic-host#host-shutdown):
#   SIGTERM, SIGINT, SIGQUIT  stops the host, which finishes the requests in flight within its ShutdownTimeout
#
# SIGTERM is the graceful stop of a .NET host. A program without one ends by the signal, with status 143.
#
# HostOptions.ShutdownTimeout is 30 seconds since .NET 6, 5 before it: set it to less than 24s.
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

  # 3. Don't wait for ever. The wait ends at once when it is gone.
  escalate {
    after  = "24s"
    signal = "SIGKILL"
  }
}

# It ends by SIGTERM, or with the status that says so, when it was stopped in order. That is a success.
exit {
  status = { "143" = 0 }
}
