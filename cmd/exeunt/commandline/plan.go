package commandline

func plan() *Command {
	return &Command{
		Name:    "plan",
		Summary: "draw a stop before it happens, or from its log afterwards",
		Text: []string{
			"It draws each stop of the file: when every step begins and ends, at the earliest and at the latest, against what the platform grants. Without FILE it reads what exeunt would: $EXEUNT_CONFIG, else /etc/exeunt/lifecycle.hcl.",
			"With --events it draws what happened, from a log that exeunt wrote with --log-format json; with FILE too, over what that plans. Other lines in the log are skipped. Of several stops it is the last, or the one that --nth says.",
			"A terminal's width or $COLUMNS is kept to, colours are left out where they would not be seen and with $NO_COLOR, and a locale other than UTF-8 gets ASCII.",
		},
		Operand: Operand{Name: "FILE|DIRECTORY", Optional: true, Kind: File},
		Flags: []Flag{
			{Name: "stop", Argument: "NAME", Doc: "only the stop of this name (default: all of the file; with --events, the last)"},
			{Name: "format", Argument: "FORMAT", Values: []string{"text", "svg", "html", "json", "mermaid"}, Default: "text", Doc: "what is drawn"},
			{Name: "output", Short: "o", Argument: "PATH", Kind: File, Default: "-", Doc: "where to; - is the standard output"},
			{Name: "events", Argument: "LOG", Kind: File, Doc: "draw what happened, from this log; - is the standard input"},
			{Name: "nth", Argument: "N", Kind: Number, Doc: "the Nth stop of the log, from 1 (default: the last)"},
		},
		Statuses: []Status{
			{"0", "it is drawn"},
			{"1", "there is no stop to draw"},
			{"64", "the command line is wrong"},
			{"78", "the file is wrong"},
			{"125", "a file can't be read or written"},
		},
		Examples: []Example{
			{"exeunt plan lifecycle.hcl", "how the stops of a file may go"},
			{"exeunt plan --format svg -o stop.svg lifecycle.hcl", "a picture for a document"},
			{"kubectl logs web-1 --previous | exeunt plan --events - lifecycle.hcl", "how a stop went, over its plan"},
		},
	}
}
