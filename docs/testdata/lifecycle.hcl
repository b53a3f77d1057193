grace_period = "30s"

stop "graceful" {
  on = ["SIGTERM"]

  hook "not-ready" {
    exec    = ["touch", "/run/draining"]
    timeout = "1s"
  }
  hook "deregister" {
    http {
      method = "PUT"
      url    = "http://127.0.0.1:8500/v1/agent/service/deregister/${env.HOSTNAME}"
    }
    timeout = "3s"
    retries = 2
  }
  drain {
    delay   = "5s"
    until   = connections(8080) == 0
    timeout = "8s"
  }
  forward {
    signal = "SIGQUIT"
  }
  escalate {
    after  = "6s"
    signal = "SIGTERM"
  }
  escalate {
    after  = "2s"
    signal = "SIGKILL"
  }
}

exit {
  linger = "2s"
  hook "ship-logs" {
    exec    = ["sleep", "0.4"]
    timeout = "2s"
  }
}
