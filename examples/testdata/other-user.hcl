# The application runs as somebody else than exeunt.
grace_period = "20s"

child {
  user  = "www-data"
  ready = file_exists("/etc/passwd")
}

stop "plain" {
  on = ["SIGTERM"]
  forward {}
  escalate {
    after  = "10s"
    signal = "SIGKILL"
  }
}
