# How Uvicorn stops. Written by `exeunt init --app uvicorn`; yours to change from here on. `exeunt check` adds
# the times up.
#
# What Uvicorn does on a signal (https://www.uvicorn.org/server-behavior/):
#   SIGTERM, SIGINT  takes no new connection, finishes the requests and background tasks in flight, then ends
#   SIGINT           a second time, while it stops: ends at once
#
# SIGTERM is Uvicorn's graceful stop; a SIGINT after it ends the waiting.
#
# A connection that never ends (a WebSocket, server-sent events) holds the stop up unless
# --timeout-graceful-shutdown is set: let it be less than 22s.
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

  # 2. Ask it to finish and to end: the first process alone, which tells the others.
  forward {
    signal = "SIGTERM"
    to     = "child"
  }

  # 3. Don't wait for ever. SIGINT ends it without finishing, and whatever is left is killed 2s later. Both waits
  #    end at once when it is gone.
  escalate {
    after  = "22s"
    signal = "SIGINT"
  }
  escalate {
    after  = "2s"
    signal = "SIGKILL"
    to     = "session"
  }
}

# It ends by SIGTERM, or with the status that says so, when it was stopped in order. That is a success.
exit {
  status = { "143" = 0 }
}
