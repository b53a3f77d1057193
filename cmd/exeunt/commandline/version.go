package commandline

func version() *Command {
	return &Command{
		Name:     "version",
		Summary:  "print the version, that of Go, and the platform",
		Statuses: []Status{{"0", "always"}, {"64", "the command line is wrong"}},
	}
}
