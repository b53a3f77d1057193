# stubborn.hcl, but the status of a killed child counts as success.
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

exit {
  status = { "137" = 0 } # being killed is this child's way to end
}
