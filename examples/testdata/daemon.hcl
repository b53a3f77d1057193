# A daemon that forks away: nginx without "daemon off".
grace_period = "30s"

child {
  pid_file = "/run/nginx.pid"
}

stop "graceful" {
  on = ["SIGTERM"]

  forward {
    signal = "SIGQUIT"
    to     = "child"
  }
  escalate {
    after = "20s"
  }
}
