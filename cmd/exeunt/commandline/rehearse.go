package commandline

func rehearse() *Command {
	return &Command{
		Name:    "rehearse",
		Summary: "start the real command under the real file, stop it, and judge what happened",
		Text: []string{
			"It waits until the application is ready, asks for the stop by its first trigger, and draws what happened over what was planned. It passes only where the child ended by itself, within the budget, with nobody killed, nobody left behind and no hook failed; otherwise it says what went wrong.",
			"It runs as PID 1 of a PID namespace of its own, by a user namespace where that takes one; where neither is granted, as a subreaper, which it says. The files, the network and the user are the ones it is started with. Ctrl-C ends it and leaves nothing behind.",
			"Without --config it reads what exeunt would: $EXEUNT_CONFIG, else /etc/exeunt/lifecycle.hcl. Without COMMAND it runs child.command of the file.",
		},
		Runs: true,
		Flags: []Flag{
			{Name: "config", Short: "c", Argument: "PATH", Kind: File, Doc: "the file, or a directory of *.hcl and *.hcl.json files"},
			{Name: "stop", Argument: "NAME", Doc: "the stop to rehearse (default: the one that SIGTERM begins, else the first)"},
			{Name: "ready", Argument: "EXPR", Doc: "when the application is ready: an expression as child.ready is one, which it replaces"},
			{Name: "after", Argument: "DURATION", Kind: Duration, Default: "5s", Doc: "how long it runs before the stop, where neither --ready nor child.ready says when it is ready"},
			{Name: "patience", Argument: "DURATION", Kind: Duration, Default: "60s", Doc: "how long it may take to be ready; and a stop to end that nothing bounds"},
			{Name: "repeat", Argument: "N", Kind: Number, Default: "1", Doc: "rehearse N times, and say how long each step took: min, median, max"},
			{Name: "format", Argument: "FORMAT", Values: []string{"text", "json", "svg", "junit"}, Default: "text", Doc: "what the report is"},
			{Name: "output", Short: "o", Argument: "PATH", Kind: File, Default: "-", Doc: "where to; - is the standard output, anywhere else the text goes there too"},
			{Name: "verbose", Short: "v", Doc: "show the application's output as it comes, on the standard error"},
		},
		Statuses: []Status{
			{"0", "every rehearsal passed"},
			{"1", "one did not; the report says why"},
			{"64", "the command line is wrong"},
			{"78", "the file is wrong"},
			{"125", "there was no rehearsal: exeunt can't be started, or the report can't be written"},
			{"130", "Ctrl-C"},
		},
		Examples: []Example{
			{"exeunt rehearse -c lifecycle.hcl -- nginx -g 'daemon off;'", "does nginx stop as the file says?"},
			{"exeunt rehearse --repeat 5 --format junit -o stop.xml", "in a CI pipeline, in the application's own image"},
		},
	}
}
