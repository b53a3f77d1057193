package commandline

func status() *Command {
	return &Command{
		Name:    "status",
		Summary: "show how the running exeunt stands: its state, child, stop, step and what is left of the budget",
		Text: []string{
			"It reads what exeunt shows in memory: it needs no shell, no network and nothing to write to, but to run as the same user as exeunt, with the same rights.",
		},
		Flags: []Flag{
			pidFlag(),
			{Name: "format", Argument: "FORMAT", Values: []string{"text", "json"}, Default: "text", Doc: "how it is written; docs/status.md says what json has in it"},
		},
		Statuses: []Status{
			{"0", "an exeunt was found"},
			{"1", "none was, or it may not be looked at"},
			{"64", "the command line is wrong"},
		},
		Examples: []Example{
			{"docker exec CONTAINER exeunt status", "where the image has nothing but exeunt and the application"},
		},
	}
}
