package apps

func appServers() []*App {
	return []*App{
		{
			Name: "php-fpm", Title: "PHP-FPM", Programs: []string{"php-fpm*"},
			Source: "https://www.php.net/manual/en/install.fpm.configuration.php#process-control-timeout",
			Signals: []Taken{
				{on(sigQUIT), "finishes the requests in flight, then ends; with process_control_timeout only"},
				{on(sigTERM, sigINT), "ends at once and cuts the requests in flight"},
				{on(sigUSR1), "opens its log file again"},
				{on(sigUSR2, sigHUP), "restarts its workers and reads its configuration again"},
			},
			Why: "On SIGTERM PHP-FPM cuts every request in flight. SIGQUIT is its graceful stop.",
			Set: "SIGQUIT is graceful only if process_control_timeout is set: it is 0 unless you set it in php-fpm.conf, and then the workers are ended at once all the same. Set it to a little less than {wait}.",
			On:  on(sigQUIT), Serves: true, Stop: sigQUIT, Master: true, Hard: sigTERM,
		},
		{
			Name: "gunicorn", Title: "Gunicorn", Programs: []string{"gunicorn*"},
			Source: "https://docs.gunicorn.org/en/stable/signals.html",
			Signals: []Taken{
				{on(sigTERM), "waits for its workers to finish their requests, for graceful_timeout at most, then ends"},
				{on(sigQUIT, sigINT), "ends its workers at once"},
				{on(sigHUP), "reads its configuration again and replaces its workers"},
				{on(sigTTIN, sigTTOU), "has one worker more, or less"},
				{on(sigUSR1), "opens its log files again"},
				{on(sigUSR2), "begins to replace its program"},
				{on(sigWINCH), "ends its workers when they are done; only as a daemon"},
			},
			Why:    "SIGTERM is Gunicorn's graceful stop, SIGQUIT and SIGINT are its quick one: Ctrl-C would cut requests, so this file has it stop gracefully too.",
			Set:    "graceful_timeout is 30 seconds unless it is set: --graceful-timeout has to be less than {wait}.",
			Serves: true, Stop: sigTERM, Master: true, Hard: sigQUIT,
		},
		{
			Name: "uvicorn", Title: "Uvicorn", Also: []string{"fastapi"}, Programs: []string{"uvicorn", "fastapi"},
			Source: "https://www.uvicorn.org/server-behavior/",
			Signals: []Taken{
				{on(sigTERM, sigINT), "takes no new connection, finishes the requests and background tasks in flight, then ends"},
				{on(sigINT), "a second time, while it stops: ends at once"},
			},
			Why:    "SIGTERM is Uvicorn's graceful stop; a SIGINT after it ends the waiting.",
			Set:    "A connection that never ends (a WebSocket, server-sent events) holds the stop up unless --timeout-graceful-shutdown is set: let it be less than {wait}.",
			Serves: true, Stop: sigTERM, Master: true, Hard: sigINT, OnTerm: true,
		},
		{
			Name: "uwsgi", Title: "uWSGI", Programs: []string{"uwsgi*"},
			Source: "https://uwsgi-docs.readthedocs.io/en/latest/Management.html#signals-for-controlling-uwsgi",
			Signals: []Taken{
				{on(sigTERM), "reloads its workers and itself, brutally: it does not end; with die-on-term it ends at once"},
				{on(sigINT, sigQUIT), "ends at once and cuts the requests in flight"},
				{on(sigHUP), "reloads its workers and itself, gracefully"},
				{on(sigUSR1), "prints statistics"},
				{on(sigTSTP), "pauses, or goes on"},
			},
			Why:    "On SIGTERM uWSGI reloads instead of ending, unless die-on-term is set, and no signal is a graceful stop. So the file waits until the connections are gone, and then sends SIGQUIT, which ends it with or without die-on-term.",
			Set:    "The port has to be the one that uWSGI itself listens on. Where it has a --master-fifo, a hook that writes \"q\" to that is its graceful stop.",
			Serves: true, Port: 8000, Ports: []string{"--http", "--http-socket", "--https", "--socket", "--uwsgi-socket", "-s"}, Stop: sigQUIT, Master: true,
		},
		{
			Name: "puma", Title: "Puma", Also: []string{"rails"}, Programs: []string{"puma"},
			Source: "https://github.com/puma/puma/blob/master/docs/signals.md",
			Signals: []Taken{
				{on(sigTERM), "finishes the requests in flight, then ends, by SIGTERM unless raise_exception_on_sigterm is false"},
				{on(sigINT), "finishes the requests in flight, then ends"},
				{on(sigUSR1), "restarts its workers one after the other"},
				{on(sigUSR2), "restarts, and reads its configuration again"},
				{on(sigHUP), "opens its log files again; where it logs to none it ends as on SIGINT"},
				{on(sigTTIN, sigTTOU), "has one worker more, or less"},
			},
			Why:    "SIGTERM is Puma's graceful stop. It ends by that signal when it is done, which is status 143, and no mistake.",
			Set:    "force_shutdown_after and worker_shutdown_timeout in config/puma.rb have to be less than {wait}.",
			Serves: true, Stop: sigTERM, Master: true, OnTerm: true,
		},
		{
			Name: "unicorn", Title: "Unicorn", Programs: []string{"unicorn", "unicorn_rails"},
			Source: "https://yhbt.net/unicorn/SIGNALS.html",
			Signals: []Taken{
				{on(sigQUIT), "waits for its workers to finish their requests, then ends"},
				{on(sigTERM, sigINT), "ends its workers at once"},
				{on(sigHUP), "reads its configuration again and replaces its workers"},
				{on(sigUSR1), "opens its log files again"},
				{on(sigUSR2), "begins to replace its program"},
				{on(sigWINCH), "ends its workers when they are done; only as a daemon"},
				{on(sigTTIN, sigTTOU), "has one worker more, or less"},
			},
			Why:    "On SIGTERM Unicorn ends its workers at once. SIGQUIT is its graceful stop.",
			Set:    "A request that takes longer than Unicorn's own timeout, 60 seconds unless it is set, loses its worker: let that be less than {wait}.",
			Serves: true, Stop: sigQUIT, Master: true, Hard: sigTERM,
		},
	}
}
