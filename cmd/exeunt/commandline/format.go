package commandline

func format() *Command {
	return &Command{
		Name:    "fmt",
		Summary: "rewrite files in canonical style; without PATH, stdin to stdout",
		Text:    []string{"The style is HCL's own. Of a directory, its *.hcl are rewritten; JSON is left alone. The names of the files that were in another style are printed."},
		Operand: Operand{Name: "PATH", Optional: true, Many: true, Kind: File},
		Flags: []Flag{
			{Name: "check", Doc: "rewrite nothing; exit with 1 where a file is in another style"},
		},
		Statuses: []Status{
			{"0", "the files are in canonical style now"},
			{"1", "--check found a file that is not"},
			{"64", "the command line is wrong"},
			{"78", "a file is no HCL, or can't be read"},
			{"125", "a file can't be written"},
		},
	}
}
