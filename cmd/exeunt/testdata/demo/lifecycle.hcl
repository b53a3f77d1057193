# The demo's stop: what the platform sends is SIGTERM; this server wants SIGQUIT, and a moment before it.
grace_period = "10s"

stop "graceful" {
  on = ["SIGTERM"]

  hook "not-ready" { # first of all: no new traffic
    exec    = ["touch", env.DEMO_DRAINING]
    timeout = "1s"
  }

  drain { # load balancers need a moment to notice
    delay = "2s"
  }

  forward { # the server's word for "finish what is in flight"
    signal = "SIGQUIT"
  }

  escalate { # one client never goes: this is where patience ends
    after  = "3s"
    signal = "SIGTERM"
  }
  escalate {
    after  = "1s"
    signal = "SIGKILL"
  }
}
