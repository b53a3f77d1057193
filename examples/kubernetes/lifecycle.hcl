# How this Pod's nginx starts to serve and stops. pod.yaml has the same text in its ConfigMap.
# `exeunt check lifecycle.hcl --manifest pod.yaml` adds up the worst case and holds both files against each other.

grace_period = "30s" # terminationGracePeriodSeconds: from the first SIGTERM to Kubernetes' SIGKILL

child {
  # What the readiness probe, `exeunt ready`, asks while the Pod runs. From the first step of a stop on it says no, whatever this is.
  ready = tcp_open("127.0.0.1:8080")
}

stop "graceful" {
  on = ["SIGTERM"]

  # 1. Keep serving. Kubernetes takes the Pod out of its Services at the moment it sends SIGTERM, and it takes some seconds until every node
  #    and load balancer has heard of it. Then, until the clients that hold a connection have closed it.
  drain {
    delay   = "5s"
    until   = connections(8080) == 0
    timeout = "10s"
  }

  # 2. Ask nginx to finish: it closes the listening sockets and ends when the last response is out.
  forward {
    signal = "SIGQUIT"
  }

  # 3. Don't wait for ever.
  escalate {
    after  = "10s"
    signal = "SIGTERM"
  }
  escalate {
    after  = "2s"
    signal = "SIGKILL"
  }
}
