# A stop whose hooks need a process, and do without one.
grace_period = "20s"

stop "traps" {
  on = ["SIGTERM"]

  hook "exec" {
    exec    = ["true"]
    timeout = "2s"
  }
  hook "http" {
    http {
      url = "http://127.0.0.1:1/" # nobody is there
    }
    timeout = "1s"
  }
  hook "write" {
    write {
      path    = "/dev/shm/stopping"
      content = "yes"
    }
    timeout = "1s"
  }
  drain {
    delay = "1s"
  }
  forward {
    signal = "SIGTERM"
  }
  escalate {
    after  = "10s"
    signal = "SIGKILL"
  }
}
