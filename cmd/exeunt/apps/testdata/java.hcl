# How the Java virtual machine stops. Written by `exeunt init --app java`; yours to change from here on. `exeunt
# check` adds the times up.
#
# What the Java virtual machine does on a signal (https://docs.oracle.com/en/java/javase/21/troubleshoot/handle-signals-and-exceptions.html):
#   SIGTERM, SIGINT, SIGHUP  runs its shutdown hooks, then ends with status 128+n; not with -Xrs
#   SIGQUIT                  prints the stacks of its threads, and goes on
#
# SIGTERM runs the shutdown hooks. The machine ends with status 143 after them, which is no mistake.
#
# Whether requests in flight are finished is for the program to say: with Spring Boot, server.shutdown=graceful
# and a spring.lifecycle.timeout-per-shutdown-phase of less than 24s. SIGQUIT does not end it.
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
