# How Node.js stops. Written by `exeunt init --app node`; yours to change from here on. `exeunt check` adds the
# times up.
#
# What Node.js does on a signal (https://nodejs.org/api/process.html#signal-events):
#   SIGTERM, SIGINT  ends at once with status 128+n, unless the program listens for the signal
#   SIGHUP           ends at once, unless the program listens for the signal
#   SIGUSR1          begins to listen for a debugger
#
# A program that does not listen for SIGTERM is ended by it at once, and its requests are cut. So the file waits
# until the connections are gone, for some of the time, and then sends SIGTERM, which a program that does listen
# for it has the rest of the time for.
#
# The port has to be the one that the program listens on. Keep-alive connections of clients count as long as
# they are open: server.closeIdleConnections() is for the program to call. npm, yarn and pnpm start the program
# as a process of their own: run node itself.
#
# A signal that no block names reaches it as it comes.

# What the platform grants before it kills: terminationGracePeriodSeconds in Kubernetes, stop_grace_period in
# compose, docker stop --time. Everything below has to fit.
grace_period = "30s"

locals {
  port = 3000 # whose connections the drain below waits for
}

stop "graceful" {
  on = ["SIGTERM", "SIGINT"] # docker stop and Kubernetes; Ctrl-C

  # 1. Keep serving until the load balancer has noticed that this instance goes, and then until the last
  #    connection is closed: for as long as the steps below leave of the grace period, 17s together.
  drain {
    delay = "5s"
    until = connections(local.port) == 0
  }

  # 2. Ask it to finish and to end.
  forward {
    signal = "SIGTERM"
  }

  # 3. Don't wait for ever. The wait ends at once when it is gone.
  escalate {
    after  = "12s"
    signal = "SIGKILL"
  }
}

# It ends by SIGTERM, or with the status that says so, when it was stopped in order. That is a success.
exit {
  status = { "143" = 0 }
}
