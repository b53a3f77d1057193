package commandline

func man() *Command {
	return &Command{
		Name:    "man",
		Summary: "print a manual page, or write all of them",
		Text: []string{
			"It prints exeunt(1), the page of a subcommand such as exeunt-check(1), or lifecycle.hcl(5), for man -l and for /usr/share/man.",
		},
		Operand: Operand{Name: "SUBCOMMAND|lifecycle.hcl", Optional: true, Kind: Subcommand},
		Flags: []Flag{
			{Name: "all", Argument: "DIRECTORY", Kind: Directory, Doc: "write all pages into the folders man1 and man5 there"},
		},
		Statuses: []Status{
			{"0", "the page is printed, or the pages are written"},
			{"64", "the command line is wrong"},
			{"125", "the pages can't be written"},
		},
		Examples: []Example{
			{"exeunt man | man -l -", "read exeunt(1)"},
			{"exeunt man check | man -l -", "read exeunt-check(1)"},
			{"exeunt man --all /usr/local/share/man", "install them"},
		},
	}
}
