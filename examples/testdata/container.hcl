# The whole container is told to stop, whatever session its processes are in.
grace_period = "20s"

stop "container" {
  on = ["SIGTERM"]

  forward {
    signal = "SIGTERM"
    to     = "container"
  }
  escalate {
    after  = "5s"
    signal = "SIGKILL"
    to     = "container"
  }
}
