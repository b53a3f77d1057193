# One step of each kind, for runs that are unusual in another way.
grace_period = "20s"

stop "plain" {
  on = ["SIGTERM"]

  hook "touch" {
    exec = ["touch", "/dev/shm/stopping"]
  }
  drain {
    delay = "100ms"
  }
  forward {
    signal = "SIGTERM"
  }
  escalate {
    after  = "5s"
    signal = "SIGKILL"
  }
}
