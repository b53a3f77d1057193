package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"exeunt/cmd/exeunt/apps"
	"exeunt/cmd/exeunt/manifest"
	"exeunt/lifecycle"
)

// image is what a Dockerfile says of the container that exeunt init writes a file for.
type image struct {
	base string // what it is made from
	env  map[string]string
}

// from writes the file for what the last stage of a Dockerfile runs.
func (i *initialiser) from(path string, request apps.Request) int {
	src, err := readFile(path)
	if err != nil {
		fmt.Fprintf(i.stderr, "exeunt: cannot read the Dockerfile: %v\n", err)
		return exitUsage
	}
	doc, err := manifest.Read(path, src)
	switch {
	case err != nil:
		fmt.Fprintf(i.stderr, "exeunt: cannot read the Dockerfile: %v\n", err)
		return exitUsage
	case len(doc.Stages) == 0:
		return usageError(i.stderr, "init", "%q is no Dockerfile", path)
	}
	last := doc.Stages[len(doc.Stages)-1]
	var command []string
	if last.Entrypoint != nil {
		command = last.Entrypoint.Argv
	}
	if last.Cmd != nil && (last.Entrypoint == nil || last.Entrypoint.Shell == "") { // an entrypoint in shell form ignores it
		command = append(command[:len(command):len(command)], last.Cmd.Argv...)
	}
	if last.StopSignal.Set() {
		request.Stop, _ = lifecycle.ParseSignal(last.StopSignal.V)
	}
	return i.command(command, &image{last.Base, last.Env}, request)
}

// recognise looks at the base image where the command says nothing, and names where it has looked.
func (in *image) recognise(command []string, found *apps.Found) string {
	where := fmt.Sprintf("the image's command %q", strings.Join(command, " "))
	if len(command) == 0 {
		where = "a Dockerfile without ENTRYPOINT and CMD"
	}
	if found.App == nil {
		if found.App = apps.OfImage(in.base); found.App != nil {
			found.Notes = append(found.Notes, fmt.Sprintf("%s is recognised by the base image, %s, and not in %s", found.App.Title, in.base, where))
		}
	}
	return where + " and in its base image " + in.base
}

// readFile reads a file, or stdin where its name is "-".
func readFile(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(path)
}
