package commandline

func check() *Command {
	return &Command{
		Name:    "check",
		Summary: "check a file, and each stop against grace_period",
		Text: []string{
			"It prints every mistake of the file at once, each with its line and what to write instead; where there is none, each stop's worst case and whether it fits what the platform grants.",
			"Without FILE it reads what exeunt would: $EXEUNT_CONFIG, else /etc/exeunt/lifecycle.hcl.",
		},
		Operand: Operand{Name: "FILE|DIRECTORY", Optional: true, Kind: File},
		Statuses: []Status{
			{"0", "the file is right, and each stop fits"},
			{"1", "a stop does not fit"},
			{"64", "the command line is wrong"},
			{"78", "the file is wrong"},
		},
	}
}
