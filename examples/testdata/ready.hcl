# Ready once the application listens; a stop that takes as long as a test needs to look at it.
grace_period = "100s"

child {
  ready = tcp_open("127.0.0.1:8080")
}

stop "graceful" {
  on    = ["SIGTERM"]
  again = "hurry"
  drain {
    delay = "60s"
  }
  forward {}
  escalate {
    after  = "10s"
    signal = "SIGKILL"
  }
}
