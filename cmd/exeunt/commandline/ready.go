package commandline

func ready() *Command {
	return &Command{
		Name:    "ready",
		Summary: "say by the exit status whether the running exeunt takes requests: an exec readinessProbe",
		Text: []string{
			"It is ready while the child runs, child.ready of its file is true (where there is one), and no stop has begun; from the first step of a stop on it is not. It needs no shell, no network and nothing to write to.",
			"child.ready is evaluated here, from the file as the running exeunt has read it, with the environment that one was started with.",
		},
		Flags: []Flag{
			pidFlag(),
			{Name: "timeout", Argument: "DURATION", Kind: Duration, Default: "1s", Doc: "no answer within this is no"},
		},
		Statuses: []Status{
			{"0", "ready"},
			{"1", "not ready, or no exeunt is found; the line printed says why"},
			{"64", "the command line is wrong"},
		},
		Examples: []Example{
			{"exeunt ready", "in a container whose PID 1 is exeunt"},
		},
	}
}

// pidFlag says which exeunt is meant.
func pidFlag() Flag {
	return Flag{Name: "pid", Argument: "PID", Kind: Number,
		Doc: "the exeunt that is asked (default: the one this descends from, else PID 1, else the only one of this container)"}
}
