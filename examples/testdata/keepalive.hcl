# nginx with a client that keeps its connection: the drain ends when the last one is closed, or at its timeout.
grace_period = "60s"

stop "connections" {
  on = ["SIGTERM"]

  drain {
    delay   = "100ms"
    until   = connections(8080) == 0
    every   = "250ms"
    timeout = "8s"
  }
  forward {
    signal = "SIGQUIT"
  }
  escalate {
    after = "10s"
  }
}
