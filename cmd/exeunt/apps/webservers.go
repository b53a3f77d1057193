package apps

import "exeunt/lifecycle"

func webServers() []*App {
	return []*App{
		{
			Name: "nginx", Title: "nginx", Also: []string{"openresty"}, Programs: []string{"nginx", "nginx-debug", "openresty"},
			Source: "https://nginx.org/en/docs/control.html",
			Signals: []Taken{
				{on(sigQUIT), "finishes the requests in flight, then ends"},
				{on(sigTERM, sigINT), "ends at once and cuts the requests in flight"},
				{on(sigHUP), "reads its configuration again"},
				{on(sigUSR1), "opens its log files again"},
				{on(sigUSR2), "begins to replace its program"},
				{on(sigWINCH), "ends its workers when they are done; only as a daemon"},
			},
			Why: "On SIGTERM, which docker stop and Kubernetes send, nginx cuts every response in flight. SIGQUIT is its graceful stop.",
			Set: "A client that reads slowly keeps a worker for as long as it reads: worker_shutdown_timeout in nginx.conf bounds that from nginx's side.",
			On:  on(sigQUIT), Serves: true, Stop: sigQUIT, Master: true, Hard: sigTERM,
		},
		{
			Name: "apache", Title: "Apache httpd", Also: []string{"httpd", "apache2"},
			Programs: []string{"apache2", "httpd", "apache2-foreground", "httpd-foreground", "apachectl", "apache2ctl"},
			Source:   "https://httpd.apache.org/docs/2.4/stopping.html",
			Signals: []Taken{
				{on(sigWINCH), "finishes the requests in flight, then ends (graceful-stop)"},
				{on(sigTERM), "ends its children at once and cuts the requests in flight"},
				{on(sigUSR1), "restarts its children as they become idle (graceful)"},
				{on(sigHUP), "restarts its children at once"},
			},
			Why:    "On SIGTERM httpd cuts every request in flight. Its graceful stop is SIGWINCH, of all signals the one that a terminal sends when its window is resized: with docker run -it that would stop the server.",
			Set:    "The official images of httpd and php-apache have STOPSIGNAL SIGWINCH, which this file keeps away from httpd: write STOPSIGNAL SIGTERM in the Dockerfile. apachectl and apache2ctl are shell scripts: run httpd -D FOREGROUND or apache2 -D FOREGROUND itself. GracefulShutdownTimeout bounds the stop from httpd's side.",
			Serves: true, Stop: sigWINCH, Master: true, Hard: sigTERM,
			Swallow: []Swallowed{{sigWINCH, "A terminal sends SIGWINCH when its window is resized. It must not reach httpd, which would stop."}},
		},
		{
			Name: "lighttpd", Title: "lighttpd", Programs: []string{"lighttpd"},
			Source: "https://github.com/lighttpd/lighttpd1.4/blob/master/doc/initscripts.txt",
			Signals: []Taken{
				{on(sigINT), "finishes the requests in flight, then ends"},
				{on(sigTERM), "ends at once and cuts the connections"},
				{on(sigUSR1), "finishes the requests in flight, then reads its configuration again"},
				{on(sigHUP), "opens its log files again"},
			},
			Why:    "On SIGTERM lighttpd cuts its connections. SIGINT is its graceful stop.",
			Set:    "Run it in the foreground: lighttpd -D.",
			Serves: true, Stop: sigINT, Master: true, Hard: sigTERM,
		},
		{
			Name: "caddy", Title: "Caddy", Programs: []string{"caddy"},
			Source: "https://caddyserver.com/docs/command-line#signals",
			Signals: []Taken{
				{on(sigTERM, sigINT), "finishes the requests in flight, then ends; a second SIGINT ends it at once"},
				{on(sigQUIT), "ends at once, but gives up the locks of its storage"},
				{on(sigHUP, sigUSR2), "does nothing"},
			},
			Why:    "SIGTERM is Caddy's graceful stop. SIGQUIT still cleans up its storage's locks, which SIGKILL does not.",
			Set:    "Caddy waits for requests in flight without a limit unless its option grace_period sets one: let it be less than {wait}.",
			Serves: true, Stop: lifecycle.SIGTERM, Hard: sigQUIT,
		},
	}
}
