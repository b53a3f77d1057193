package commandline

import "exeunt/cmd/exeunt/apps"

func initialise() *Command {
	return &Command{
		Name:    "init",
		Summary: "write a commented lifecycle.hcl for an application",
		Text: []string{
			"The application is named by --app, or recognised in the command line behind -- or in a Dockerfile. The file says what the application does on which signal, by its own documentation, and stops it so that it can finish its work; the stop fits --grace.",
			"From the command line of dumb-init, tini or catatonit it writes a file that does with signals what those options did.",
			"What there is to know is said on stderr too. A file that is there already is left alone.",
		},
		Runs: true,
		Flags: []Flag{
			{Name: "app", Argument: "NAME", Values: apps.Names(), Others: true, Doc: "the application; --list says which are known"},
			{Name: "from", Argument: "DOCKERFILE", Kind: File, Doc: "recognise the application by the image's command, its base image and STOPSIGNAL; - is stdin"},
			{Name: "grace", Argument: "DURATION", Kind: Duration, Default: "30s",
				Doc: "what the platform grants: terminationGracePeriodSeconds, stop_grace_period, docker stop --time"},
			{Name: "port", Argument: "PORT", Kind: Number, Doc: "the port it listens on, where the file waits for connections to be closed"},
			{Name: "output", Short: "o", Argument: "PATH", Kind: File, Default: "lifecycle.hcl", Doc: "where the file is written to; - is stdout"},
			{Name: "force", Doc: "overwrite a file that is there"},
			{Name: "list", Doc: "list the applications that are known, with the signal that lets each finish"},
		},
		Statuses: []Status{
			{"0", "the file is written"},
			{"1", "the application is not recognised, or the file is there already"},
			{"64", "the command line is wrong, or the Dockerfile is"},
			{"125", "the file can't be written"},
		},
		Examples: []Example{
			{"exeunt init --app nginx", "write lifecycle.hcl for nginx"},
			{"exeunt init --grace 60s -- gunicorn -b :8000 app:app", "for what this runs"},
			{"exeunt init --from Dockerfile", "for what that image runs"},
			{"exeunt init -- dumb-init -r 15:3 -- ./server", "for what dumb-init did"},
		},
	}
}
