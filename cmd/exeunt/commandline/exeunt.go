package commandline

func exeunt() *Command {
	return &Command{
		Summary: "run a command as PID 1 of a container, forward signals to it, reap orphans, and stop it as lifecycle.hcl declares",
		Text: []string{
			"A first word that is no subcommand is the command; after -- any word is. With no file every signal is forwarded as it comes.",
			"The file is --config, else $EXEUNT_CONFIG, else /etc/exeunt/lifecycle.hcl where that exists, else none. A file that is wrong is refused before the command starts.",
			"Called dumb-init, tini, docker-init or catatonit, by a link of that name, it is that program: its options, its statuses, its words. The file is read all the same.",
		},
		Forms: []Form{
			{"exeunt [flags] [--] COMMAND [ARG ...]", "run COMMAND; after -- any word is the command"},
			{"exeunt [flags]", "run child.command of the file"},
		},
		Runs:  true,
		stops: true,
		Flags: []Flag{
			{Name: "config", Short: "c", Argument: "PATH", Kind: File,
				Doc: "the file, or a directory of *.hcl and *.hcl.json files (default: $EXEUNT_CONFIG, else /etc/exeunt/lifecycle.hcl if it exists, else none)"},
			{Name: "log-level", Argument: "LEVEL", Values: []string{"debug", "info", "warn", "error"}, Default: "info",
				Doc: "what is logged on stderr, from this level on; info is one line a transition"},
			{Name: "log-format", Argument: "FORMAT", Values: []string{"text", "json"}, Default: "text",
				Doc: "how the log is written"},
			{Name: "log-fd", Argument: "FD", Kind: Number, Default: "2",
				Doc: "the open file descriptor that the log is written to; COMMAND does not inherit it, unless it is 2"},
			{Name: "verbose", Short: "v", Doc: "the same as --log-level debug"},
			{Name: "timeline", Doc: "at the end of a stop, draw what happened over what was planned (with --log-format json, the event stop_report holds it)"},
			{Name: "termination-log", Argument: "PATH", Kind: File, Values: []string{"none"}, Others: true, Default: "/dev/termination-log",
				Doc: "where a stop is explained in a few lines once it is over, or why the command could not be run, for kubectl describe pod; none: nowhere. The default is written where Kubernetes has put it, another one is made where it is not there"},
			{Name: "version", Doc: "the same as exeunt version"},
		},
		Statuses: []Status{
			{"N", "the command's own, 128+n where signal n ended it; exit.status of the file maps it"},
			{"64", "the command line is wrong"},
			{"78", "the file is wrong"},
			{"125", "exeunt failed"},
			{"126", "COMMAND can't be executed"},
			{"127", "COMMAND isn't found"},
		},
		Variables: []Variable{
			{"EXEUNT_CONFIG", "the file, where --config is not given"},
		},
		Examples: []Example{
			{"exeunt -- nginx -g 'daemon off;'", "run nginx under /etc/exeunt/lifecycle.hcl"},
			{"exeunt --config stop.hcl --timeline -- ./server", "and draw what the stop was"},
		},
	}
}
