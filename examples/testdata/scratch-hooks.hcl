# Every hook that needs no program, in an image that has none.
grace_period = "20s"

stop "hooks" {
  on = ["SIGTERM"]

  hook "write" {
    timeout = "3s"
    write {
      path    = "/draining"
      content = "since ${signal.name} of ${stop.name}\n"
    }
  }
  hook "http" {
    timeout = "3s"
    http {
      method = "POST"
      url    = "http://127.0.0.1:8080/draining"
      body   = file("/draining")
    }
  }
  hook "tcp" {
    timeout = "3s"
    tcp     = "127.0.0.1:8080"
  }
  hook "signal" {
    timeout = "3s"
    signal {
      name = "SIGUSR1"
      to   = "init-child"
    }
  }
  forward {}
  escalate {
    after = "5s"
  }
}
