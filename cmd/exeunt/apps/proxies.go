package apps

func proxies() []*App {
	return []*App{
		{
			Name: "haproxy", Title: "HAProxy", Programs: []string{"haproxy"},
			Source: "https://docs.haproxy.org/3.0/management.html#4",
			Signals: []Taken{
				{on(sigUSR1), "closes its listening sockets and ends when the last session has (soft stop)"},
				{on(sigTERM, sigINT), "ends at once and cuts every session"},
				{on(sigUSR2), "reads its configuration again, with -W"},
				{on(sigHUP), "logs the state of its proxies; with -W it reads its configuration again"},
			},
			Why: "On SIGTERM HAProxy cuts every session. SIGUSR1 is its soft stop.",
			Set: "hard-stop-after in the global section bounds the soft stop from HAProxy's side: let it be less than {wait}.",
			On:  on(sigUSR1), Serves: true, Stop: sigUSR1, Master: true, Hard: sigTERM,
		},
		{
			Name: "envoy", Title: "Envoy", Programs: []string{"envoy"},
			Source: "https://www.envoyproxy.io/docs/envoy/latest/operations/admin",
			Signals: []Taken{
				{on(sigTERM, sigINT), "closes its listeners and ends at once"},
				{on(sigUSR1), "opens its access logs again"},
				{on(sigHUP), "does nothing"},
			},
			Why: "Envoy drains by its admin interface, not by a signal: SIGTERM alone cuts every connection. First the health check filter says that it fails, then the listeners are drained, and when the connections are gone SIGTERM ends it.",
			Set: "The admin interface has to listen on 127.0.0.1:9901. --drain-time-s, which is 600 unless it is set, has to be less than {drain}: connections are closed over that time.",
			Hooks: []Hook{
				{Name: "fail-health-check", Why: "Envoy's own health check fails from here on, and responses tell HTTP clients to close their connections.",
					HCL: "http {\n    method = \"POST\"\n    url    = \"http://127.0.0.1:9901/healthcheck/fail\"\n  }"},
				{Name: "drain-listeners", Why: "The listeners are drained: connections are closed as they become idle, new ones are not taken when --drain-time-s is over.",
					HCL: "http {\n    method = \"POST\"\n    url    = \"http://127.0.0.1:9901/drain_listeners?graceful\"\n  }"},
			},
			Serves: true, Port: 10000, Stop: sigTERM,
		},
		{
			Name: "traefik", Title: "Traefik", Programs: []string{"traefik"},
			Source: "https://doc.traefik.io/traefik/routing/entrypoints/#lifecycle",
			Signals: []Taken{
				{on(sigTERM, sigINT), "takes requests for requestAcceptGraceTimeout more, finishes those in flight within graceTimeOut, then ends"},
				{on(sigUSR1), "opens its log files again"},
			},
			Why:    "SIGTERM is Traefik's graceful stop.",
			Set:    "The requests in flight have transport.lifeCycle.graceTimeOut of each entry point, which is 10s unless it is set: set it to less than {wait}. The drain of this file does what requestAcceptGraceTimeout would do, which can stay 0.",
			Serves: true, Stop: sigTERM,
		},
		{
			Name: "squid", Title: "Squid", Programs: []string{"squid"},
			Source: "https://www.squid-cache.org/Doc/config/shutdown_lifetime/",
			Signals: []Taken{
				{on(sigTERM), "takes no new connection and ends when those in flight are done, after shutdown_lifetime at the latest"},
				{on(sigINT), "ends at once"},
				{on(sigHUP), "reads its configuration again"},
				{on(sigUSR1), "rotates its logs"},
			},
			Why:    "SIGTERM is Squid's graceful stop, SIGINT its fast one.",
			Set:    "shutdown_lifetime is 30 seconds unless it is set, and Squid waits for all of it: set it to less than {wait}. Run it in the foreground: squid --foreground.",
			Serves: true, Stop: sigTERM, Master: true, Hard: sigINT,
		},
	}
}
