# For a child that ignores SIGQUIT and SIGTERM: killed 3 seconds after the forward.
grace_period = "20s"

stop "stubborn" {
  on = ["SIGTERM"]

  forward {
    signal = "SIGQUIT"
  }
  escalate {
    after  = "2s"
    signal = "SIGTERM"
  }
  escalate {
    after  = "1s"
    signal = "SIGKILL"
  }
}
