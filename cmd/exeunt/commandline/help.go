package commandline

func help() *Command {
	return &Command{
		Name:    "help",
		Summary: "say how exeunt or a subcommand is called",
		Operand: Operand{Name: "SUBCOMMAND", Optional: true, Kind: Subcommand},
		Statuses: []Status{
			{"0", "always, but"},
			{"64", "there is no such subcommand"},
		},
	}
}
