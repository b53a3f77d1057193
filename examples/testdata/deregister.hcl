# A registry that is not always there: it is asked again.
grace_period = "30s"

stop "deregister" {
  on = ["SIGTERM"]

  hook "deregister" {
    http {
      method = "PUT"
      url    = "http://127.0.0.1:8500/v1/agent/service/deregister/${lookup(env, "HOSTNAME", "?")}"
    }
    retries     = 3
    retry_delay = "200ms"
    timeout     = "10s"
  }
  forward {}
  escalate {
    after = "5s"
  }
}
