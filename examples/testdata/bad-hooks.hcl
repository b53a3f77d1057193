# Every way a hook can misbehave: the stop takes 2 seconds all the same, one for each hook that has to be stopped.
grace_period = "60s"

stop "bad-hooks" {
  on = ["SIGTERM"]

  hook "missing" {
    exec = ["/no/such/program"]
  }
  hook "fails" {
    exec = ["false"]
  }
  hook "daemon" { # leaves a process behind that holds the hook's stdout
    exec = ["sh", "-c", "sleep infinity & exit 0"]
  }
  hook "flood" {
    exec    = ["yes", "a line of the flood"]
    timeout = "1s"
  }
  hook "hang" {
    exec    = ["sleep", "infinity"]
    timeout = "1s"
  }
  forward {
    signal = "SIGTERM"
  }
  escalate {
    after  = "10s"
    signal = "SIGKILL"
  }
}
