# A stop that goes on until a second SIGTERM.
grace_period = "100s"

stop "hurry" {
  on    = ["SIGTERM"]
  again = "hurry"

  hook "first" {
    exec = ["true"]
  }
  drain {
    delay = "80s"
  }
  forward {
    signal = "SIGTERM"
  }
}
