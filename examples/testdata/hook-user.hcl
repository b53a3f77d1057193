# exeunt and the child are root, the hooks are not.
grace_period = "20s"

stop "who" {
  on = ["SIGTERM"]

  hook "script" {
    timeout = "3s"
    script  = "id; pwd; echo home $HOME; touch /forbidden"
    user    = "www-data"
    workdir = "/var/tmp"
  }
  hook "exec" {
    timeout = "3s"
    exec    = ["id", "-un"]
    user    = "4711"
  }
  hook "ours" {
    timeout = "3s"
    exec    = ["id"]
  }
  forward {}
  escalate {
    after = "5s"
  }
}
