package lang

import (
	"strings"
	"testing"
)

// onePage is the page of the language that shows most of it.
const onePage = `
grace_period = "30s"
locals { port = 8080 }
child {
  command = ["php-fpm8.2", "--nodaemonize"]
  user    = "www-data"
  ready   = tcp_open("127.0.0.1:${local.port}")
}
start {
  hook "wait-for-db" {
    tcp        = "db:5432"
    retries    = 30
    timeout    = "60s"
    on_failure = "abort"
  }
}
signal "SIGHUP" {
  forward { signal = "SIGUSR2" }
}
signal "SIGWINCH" {}
stop "graceful" {
  on    = ["SIGTERM", "SIGINT"]
  again = "hurry"
  hook "not-ready" {
    write {
      path = "/run/app/draining"
    }
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
    until   = connections(local.port) == 0
    every   = "250ms"
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
  status = { "143" = 0 }
  hook "ship-logs" {
    exec    = ["/hooks/ship-logs"]
    timeout = "2s"
  }
}
`

func TestOnePage(t *testing.T) {
	plan, sources, diags := Parse("lifecycle.hcl", []byte(onePage), Options{Env: []string{"HOSTNAME=pod-1"}})
	if len(diags) > 0 {
		var text strings.Builder
		Print(&text, sources, diags, false)
		t.Fatal(text.String())
	}
	b := plan.Bound(plan.Stops[0])
	if b.Total.Seconds() != 29 || !b.Fits() {
		t.Errorf("the worst case is %v, not 29s", b.Total)
	}
}
