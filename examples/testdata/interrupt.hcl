# What an image for a server says of the signals that a terminal sends.
grace_period = "20s"

signal "SIGWINCH" {}

stop "interrupt" {
  on = ["SIGTERM", "SIGINT"]

  forward {
    signal = "SIGKILL"
  }
  escalate {
    after = "5s"
  }
}
