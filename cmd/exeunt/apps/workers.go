package apps

func workers() []*App {
	return []*App{
		{
			Name: "sidekiq", Title: "Sidekiq", Programs: []string{"sidekiq"},
			Source: "https://github.com/sidekiq/sidekiq/wiki/Signals",
			Signals: []Taken{
				{on(sigTSTP), "fetches no new job and goes on with those it has; it does not end"},
				{on(sigTERM), "fetches no new job, lets those it has finish within its timeout, pushes the others back to Redis, then ends"},
				{on(sigTTIN), "prints the backtraces of its threads"},
			},
			Why:   "SIGTSTP first makes Sidekiq quiet: nothing new is begun. SIGTERM then ends it within its own timeout, and what is not finished goes back to Redis: SIGKILL would lose that.",
			Set:   "Its timeout (-t, or :timeout: in sidekiq.yml) is 25 seconds unless it is set, and has to be less than {wait}.",
			Quiet: sigTSTP, Stop: sigTERM,
		},
		{
			Name: "resque", Title: "Resque", Programs: []string{"resque*"},
			Source: "https://github.com/resque/resque#signals",
			Signals: []Taken{
				{on(sigQUIT), "waits for its job to finish, then ends"},
				{on(sigTERM, sigINT), "kills its job at once, then ends"},
				{on(sigUSR1), "kills its job at once, and goes on"},
				{on(sigUSR2, sigCONT), "begins no new job; begins new jobs again"},
			},
			Why:  "On SIGTERM Resque kills the job that is running. SIGQUIT lets it finish.",
			Set:  "With TERM_CHILD=1 the job is given SIGTERM and RESQUE_TERM_TIMEOUT seconds before it is killed.",
			Stop: sigQUIT, Master: true, Hard: sigTERM,
		},
		{
			Name: "celery", Title: "Celery", Programs: []string{"celery"},
			Source: "https://docs.celeryq.dev/en/stable/userguide/workers.html#worker-shutdown",
			Signals: []Taken{
				{on(sigTERM), "finishes the tasks that are running, then ends (warm shutdown)"},
				{on(sigQUIT), "stops the tasks that are running and ends (cold shutdown; soft with worker_soft_shutdown_timeout)"},
				{on(sigINT), "begins the warm shutdown; the next one goes a stage further"},
			},
			Why:  "SIGTERM is the warm shutdown, SIGQUIT the cold one. They must reach the main process only: a SIGTERM ends a process of the prefork pool at once, and its task with it.",
			Set:  "With REMAP_SIGTERM=SIGQUIT in its environment SIGTERM would be the cold shutdown. worker_soft_shutdown_timeout (5.5) has to be less than {hard}, or SIGKILL cuts it.",
			Stop: sigTERM, Master: true, Hard: sigQUIT,
		},
		{
			Name: "rq", Title: "RQ", Programs: []string{"rq", "rqworker"},
			Source: "https://python-rq.org/docs/workers/#taking-down-workers",
			Signals: []Taken{
				{on(sigTERM, sigINT), "waits for its job to finish, then ends; a second one kills the job"},
			},
			Why:  "SIGTERM lets the job finish, a second one kills it but still takes the worker off the register. They must reach the worker only: its work horse ends on SIGTERM at once.",
			Stop: sigTERM, Master: true, Hard: sigTERM,
		},
		{
			Name: "supervisord", Title: "supervisord", Also: []string{"supervisor"}, Programs: []string{"supervisord"},
			Source: "https://supervisord.org/running.html#signals",
			Signals: []Taken{
				{on(sigTERM, sigINT, sigQUIT), "stops all its programs, each by its own stopsignal, then ends"},
				{on(sigHUP), "stops all its programs, reads its configuration again and starts them"},
				{on(sigUSR2), "opens its log files again"},
			},
			Why:    "SIGTERM makes supervisord stop its programs by the stopsignal that each of them has. It must reach supervisord only: a program that ended by it would be started again.",
			Set:    "Each program has its stopwaitsecs, 10 unless it is set, and programs with a higher priority number are stopped first: those times, one after the other, have to be less than {wait}. Run it in the foreground: supervisord -n.",
			Serves: true, Stop: sigTERM, Master: true,
		},
	}
}
