package commandline

func check() *Command {
	return &Command{
		Name:    "check",
		Summary: "check a file, each stop against grace_period, and both against manifests",
		Text: []string{
			"It prints every mistake of the file at once, each with its line and what to write instead; where there is none, each stop's worst case and whether it fits what the platform grants.",
			"With --manifest it holds the file against the containers that run exeunt: what is granted, the stop signal, the preStop hook, probes, and what else would keep a stop from running. docs/check.md lists the rules.",
			"Without FILE it reads what exeunt would: $EXEUNT_CONFIG, else /etc/exeunt/lifecycle.hcl.",
		},
		Operand: Operand{Name: "FILE|DIRECTORY", Optional: true, Many: true, Kind: File},
		Flags: []Flag{
			{Name: "manifest", Short: "m", Argument: "PATH", Kind: File, Repeats: true, Doc: "a Kubernetes manifest, a compose file, a Dockerfile, a folder of them, or - for the standard input"},
			{Name: "container", Argument: "NAME", Doc: "hold the file against this container or service only, whether it is seen to run exeunt or not"},
			{Name: "format", Argument: "FORMAT", Values: []string{"text", "json", "sarif"}, Default: "text", Doc: "how the report is written"},
			{Name: "strict", Doc: "warnings count as errors"},
		},
		Statuses: []Status{
			{"0", "nothing is wrong"},
			{"1", "a stop does not fit, or another finding is an error (with --strict: or a warning)"},
			{"64", "the command line is wrong"},
			{"78", "the file is wrong, or a manifest can't be read"},
		},
		Examples: []Example{
			{"exeunt check lifecycle.hcl --manifest deploy/ --manifest Dockerfile", "the pods and the image they run"},
			{"helm template . | exeunt check lifecycle.hcl --manifest -", "what a chart makes"},
			{"exeunt check lifecycle.hcl --manifest compose.yaml --format sarif >check.sarif", "for a code scanner"},
		},
	}
}
