# A script that wants more time than the platform grants: exeunt has to end before docker stop -t 5 kills it.
grace_period = "5s"

stop "impatient" {
  on = ["SIGTERM"]

  hook "hang" {
    exec    = ["sleep", "infinity"]
    timeout = "2s"
  }
  forward {
    signal = "SIGTERM"
  }
  escalate {
    after  = "60s"
    signal = "SIGKILL"
  }
}
