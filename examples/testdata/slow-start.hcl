# A start that takes its time: SIGTERM comes before the child.
grace_period = "20s"

start {
  hook "slow" {
    exec    = ["sleep", "infinity"]
    timeout = "10m"
  }
}

stop "early" {
  on = ["SIGTERM"]

  forward {
    signal = "SIGTERM"
  }
  escalate {
    after  = "5s"
    signal = "SIGKILL"
  }
}
