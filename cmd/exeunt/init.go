package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"text/tabwriter"

	"exeunt/cmd/exeunt/apps"
	"exeunt/cmd/exeunt/commandline"
)

// initialise writes a lifecycle.hcl for an application. Exit status: 0; 1 where the application is not recognised, or the
// file is there already; 125 where it can't be written.
func initialise(line *commandline.Line, stdout, stderr io.Writer) int {
	in := initialiser{line: line, stdout: stdout, stderr: stderr}
	request := apps.Request{Grace: line.Duration("grace"), Port: line.Number("port")}
	given := 0
	for _, is := range []bool{line.Given("app"), line.Given("list"), line.Given("from"), len(line.Rest) > 0} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return usageError(stderr, "init", "init needs one of --app NAME, --from DOCKERFILE, --list, and a command behind --")
	case line.Given("list"):
		listApps(stdout)
		return 0
	case request.Grace < apps.LeastGrace:
		return usageError(stderr, "init", "--grace %q: nothing can be stopped in order in less than %v", line.Text("grace"), apps.LeastGrace)
	case request.Port >= 1<<16:
		return usageError(stderr, "init", "--port %q: ports are less than 65536", line.Text("port"))
	case line.Given("app"):
		return in.named(line.Text("app"), request)
	case line.Given("from"):
		return in.from(line.Text("from"), request)
	}
	return in.command(line.Rest, nil, request)
}

type initialiser struct {
	line           *commandline.Line
	stdout, stderr io.Writer
}

// named writes the file of an application that is asked for by name.
func (i *initialiser) named(name string, request apps.Request) int {
	a := apps.Find(name)
	if a != nil {
		return i.app(a, request)
	}
	meant := "exeunt init --list says which are"
	if near := commandline.Nearest(name, apps.Names()); near != "" {
		meant = fmt.Sprintf("did you mean %s?", near)
	}
	return usageError(i.stderr, "init", "no application is known as %q: %s", name, meant)
}

// command writes the file for what a command line runs, in an image where it is that of one.
func (i *initialiser) command(command []string, in *image, request apps.Request) int {
	other, err := apps.ReadInit(command)
	if err != nil {
		return usageError(i.stderr, "init", "%v", err)
	}
	found := apps.Recognise(command)
	if other != nil {
		if in != nil {
			other.Environment(in.env)
		}
		return i.init(other, found, request)
	}
	what := fmt.Sprintf("%q", strings.Join(command, " "))
	if in != nil {
		what = in.recognise(command, &found)
	}
	if found.App == nil {
		fmt.Fprintf(i.stderr, "exeunt: no application that is known is recognised in %s\n"+
			"exeunt: hint: exeunt init --list says which are known; exeunt init --app generic writes a file for one that ends on SIGTERM\n", what)
		return exitFinding
	}
	if s := request.Stop; s != 0 && found.App.Swallows(s) {
		found.Notes = append(found.Notes, fmt.Sprintf("STOPSIGNAL %v of the Dockerfile never reaches %s by this file: write STOPSIGNAL SIGTERM", s, found.App.Title))
	}
	if request.Port == 0 {
		request.Port = found.Port
	}
	code := i.app(found.App, request)
	if code == 0 {
		i.hint(found.Notes...)
	}
	return code
}

// init writes what another init did with signals.
func (i *initialiser) init(other *apps.Init, found apps.Found, request apps.Request) int {
	request.By = "exeunt init"
	if code := i.write(other.File(request), fmt.Sprintf("what %s did with signals", other.Name)); code != 0 {
		return code
	}
	i.say(other.Notes...)
	if found.App != nil {
		i.hint(fmt.Sprintf("%s runs behind it: exeunt init --app %s writes a file that lets it finish its work", found.App.Title, found.App.Name))
	}
	i.next()
	return 0
}

// app writes the file of an application, and says what it does on signals.
func (i *initialiser) app(a *apps.App, request apps.Request) int {
	request.By = "exeunt init --app " + a.Name
	if i.line.Given("grace") {
		request.By += " --grace " + i.line.Text("grace")
	}
	if request.Port != 0 && a.Port != 0 {
		request.By += fmt.Sprintf(" --port %d", request.Port)
	}
	if code := i.write(a.File(request), fmt.Sprintf("how %s stops within %v", a.Title, i.line.Text("grace"))); code != 0 {
		return code
	}
	table := tabwriter.NewWriter(i.stderr, 0, 0, 2, ' ', 0)
	for _, taken := range a.Signals {
		fmt.Fprintf(table, "exeunt:   %s\t%s\n", taken.Names(), taken.Does)
	}
	table.Flush()
	if a.Source != "" {
		i.say("so says " + a.Source)
	}
	i.say(a.Why)
	if set := a.Settings(request.Grace); set != "" {
		i.hint(set)
	}
	i.next()
	return 0
}

// next says what to do with the file.
func (i *initialiser) next() {
	if output := i.line.Text("output"); output != "-" {
		i.hint("exeunt check " + output + " adds its times up")
	}
}

func (i *initialiser) say(sentences ...string) {
	for _, s := range sentences {
		fmt.Fprintf(i.stderr, "exeunt: %s\n", asClause(s))
	}
}

func (i *initialiser) hint(sentences ...string) {
	for _, s := range sentences {
		fmt.Fprintf(i.stderr, "exeunt: hint: %s\n", asClause(s))
	}
}

// asClause makes of sentences what exeunt prints: lower case where they begin with no name, and no full stop.
func asClause(sentences string) string {
	first, rest, _ := strings.Cut(sentences, " ")
	if slices.Contains([]string{"A", "Each", "It", "Its", "Most", "On", "Queues", "Run", "The", "Whether", "Where", "With"}, first) {
		first = strings.ToLower(first)
	}
	return strings.TrimSuffix(strings.TrimSuffix(first+" "+rest, " "), ".")
}

// write writes the file, never over one that is there unless it is told to.
func (i *initialiser) write(src []byte, what string) int {
	output := i.line.Text("output")
	if output == "-" {
		i.stdout.Write(src)
		i.say("this is " + what)
		return 0
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if i.line.Given("force") {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	file, err := os.OpenFile(output, flags, 0o666)
	if errors.Is(err, fs.ErrExist) {
		fmt.Fprintf(i.stderr, "exeunt: cannot write %q: it is there already\nexeunt: hint: --force overwrites it, --output PATH writes another, --output - prints it\n", output)
		return exitFinding
	}
	if err == nil {
		_, err = file.Write(src)
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		fmt.Fprintf(i.stderr, "exeunt: cannot write: %v\n", err)
		return exitFailed
	}
	fmt.Fprintf(i.stderr, "exeunt: %s says %s\n", path.Base(output), what)
	return 0
}

func listApps(stdout io.Writer) {
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	for _, a := range apps.All() {
		var also []string
		if len(a.Also) > 0 {
			also = []string{strings.Join(a.Also, ", ")}
		}
		fmt.Fprintln(table, strings.Join(append([]string{a.Name, a.Gently()}, also...), "\t"))
	}
	table.Flush()
}
