package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"exeunt/cmd/exeunt/commandline"
	"exeunt/cmd/exeunt/manifest"
	"exeunt/hooks"
	"exeunt/lifecycle"
	"exeunt/lifecycle/lang"
)

// check reads lifecycle files and says of each stop whether it fits what the platform grants, and holds them against the
// manifests that are given. Exit status: 0; 1 where something is wrong; 78 where a file can't be used or a manifest can't be read.
func check(line *commandline.Line, stdout, stderr io.Writer) int {
	c := checker{line: line, stdout: stdout, stderr: stderr}
	files := line.Operands
	if len(files) == 0 {
		path, err := lang.Locate("", os.Getenv)
		switch {
		case err != nil:
			fmt.Fprintf(stderr, "exeunt: %v\n", err)
			return exitConfig
		case path == "":
			return usageError(stderr, "check", "no file to check: write exeunt check FILE")
		}
		files = []string{path}
	}
	if line.Given("container") && !line.Given("manifest") {
		return usageError(stderr, "check", "--container names a container of a manifest: write --manifest PATH too")
	}
	docs := c.manifests(line.Texts("manifest"))
	for _, file := range files {
		if err := c.file(file, docs); err != nil {
			return usageError(stderr, "check", "--container: %v", err)
		}
	}
	if err := c.write(); err != nil {
		fmt.Fprintf(stderr, "exeunt: cannot write the report: %v\n", err)
		return exitFailed
	}
	return c.status()
}

// checker is a check under way.
type checker struct {
	line           *commandline.Line
	stdout, stderr io.Writer
	report         manifest.Report
	unusable       bool // a lifecycle file can't be used, or a manifest can't be read
}

// file checks one lifecycle file. The error is that of a --container that isn't there.
func (c *checker) file(path string, docs []*manifest.Document) error {
	plan, sources, diags := lang.Load(path, lang.Options{Env: os.Environ(), Probes: hooks.Probes{}})
	c.report.Files = append(c.report.Files, path)
	for _, d := range diags {
		c.report.Add(diagnosed(path, d))
	}
	if c.line.Text("format") == "text" {
		tell(path, sources, diags, c.stderr, colourful(c.stderr))
	}
	if diags.HasErrors() {
		c.unusable = true
		return nil
	}
	c.stops(path, plan, sources)
	if len(docs) == 0 {
		return nil
	}
	return c.report.Check(plan, docs, manifest.Options{
		File:        path,
		Source:      sources[path],
		Container:   c.line.Text("container"),
		Subcommands: commandline.Names(),
		ValueFlags:  valueFlags(),
		Open:        readManifest,
	})
}

// stops says of each stop whether it fits grace_period.
func (c *checker) stops(path string, plan *lifecycle.Lifecycle, sources lang.Sources) {
	for _, stop := range plan.Stops {
		verdict, fits := judge(plan, stop)
		c.report.Stops = append(c.report.Stops, manifest.Verdict{Lifecycle: path, Stop: stop, Longest: plan.Bound(stop).Total, Fits: fits, Text: verdict})
		if !fits {
			c.report.Add(manifest.Finding{Rule: manifest.RuleStopTooLong, Severity: manifest.Error, Lifecycle: path,
				At: placeOf(stop, path, sources), Problem: fmt.Sprintf("%v: %s", stop, verdict)})
		}
	}
	if len(plan.Stops) == 0 {
		c.report.Stops = append(c.report.Stops, manifest.Verdict{Lifecycle: path, Fits: true,
			Text: "no stop block: every signal that no signal block names is forwarded to the child as it comes"})
	}
}

// placeOf finds where a stop begins; where that can't be seen, the file as a whole.
func placeOf(stop *lifecycle.Script, path string, sources lang.Sources) manifest.Pos {
	for name, text := range sources {
		number := 0
		for line := range strings.Lines(string(text)) {
			number++
			if begin := strings.TrimLeft(line, " \t"); strings.HasPrefix(begin, stop.String()) {
				return manifest.Pos{File: name, Line: number, Column: len(line) - len(begin) + 1}
			}
		}
	}
	return manifest.Pos{File: path}
}

// diagnosed makes a finding of what the file's own check says.
func diagnosed(path string, d *hcl.Diagnostic) manifest.Finding {
	f := manifest.Finding{Rule: manifest.RuleFileWarning, Severity: manifest.Warning, Lifecycle: path, At: manifest.Pos{File: path}}
	if d.Severity == hcl.DiagError {
		f.Rule, f.Severity = manifest.RuleFileWrong, manifest.Error
	}
	if d.Subject != nil {
		f.At = manifest.Pos{File: d.Subject.Filename, Line: d.Subject.Start.Line, Column: d.Subject.Start.Column}
	}
	problem, change, _ := strings.Cut(strings.TrimSpace(d.Detail), "\n")
	f.Problem = fmt.Sprintf("%s: %s", lowerFirst(d.Summary), strings.TrimSuffix(problem, "."))
	f.Change = lowerFirst(strings.TrimSuffix(strings.Join(strings.Fields(change), " "), "."))
	return f
}

func lowerFirst(text string) string {
	return strings.ToLower(text[:min(1, len(text))]) + text[min(1, len(text)):]
}

// valueFlags are exeunt's own flags that take a value: a container's command line may have them.
func valueFlags() []string {
	var names []string
	for _, f := range commandline.Exeunt().Flags {
		if f.Argument != "" {
			names = append(names, f.Name, f.Short)
		}
	}
	return names
}

// write prints the report in the format that is asked for.
func (c *checker) write() error {
	switch c.line.Text("format") {
	case "json":
		return c.report.JSON(c.stdout)
	case "sarif":
		return c.report.SARIF(c.stdout, version, !c.unusable)
	}
	return c.report.Text(c.stdout)
}

func (c *checker) status() int {
	switch {
	case c.unusable:
		return exitConfig
	case c.report.Count(manifest.Error) > 0, c.line.Given("strict") && c.report.Count(manifest.Warning) > 0:
		return exitFinding
	}
	return 0
}

// judge says how long a stop may take, against what the platform grants.
func judge(plan *lifecycle.Lifecycle, stop *lifecycle.Script) (verdict string, fits bool) {
	b := plan.Bound(stop)
	switch {
	case b.Allowed == 0 && !b.Ends:
		return fmt.Sprintf("at most %v, then it waits for the child for ever: add an escalate to SIGKILL, or grace_period", b.Total), true
	case b.Allowed == 0:
		return fmt.Sprintf("at most %v; declare grace_period, and this is held against it", b.Total), true
	case !b.Fits():
		return fmt.Sprintf("at most %v, but grace_period = %q leaves %v: %s; shorten a step, or grant %v",
			b.Total, plan.Grace, b.Allowed, sacrifice(plan, stop, b), lifecycle.GraceFor(b.Total)), false
	case b.Open:
		return fmt.Sprintf("at most %v of the %v granted: a drain without a timeout takes what the other steps leave, %v", b.Allowed, plan.Grace, b.Allowed-b.Total), true
	case !b.Ends:
		return fmt.Sprintf("its steps take at most %v; a child that still lives gets SIGKILL %v after the trigger, of %v granted", b.Total, b.KillAfter, plan.Grace), true
	}
	return fmt.Sprintf("at most %v of the %v granted: it fits", b.Total, plan.Grace), true
}

// sacrifice says what will not get its time.
func sacrifice(plan *lifecycle.Lifecycle, stop *lifecycle.Script, b lifecycle.Bound) string {
	over := b.Total - b.Allowed
	for _, step := range stop.Steps {
		if d, ok := step.(*lifecycle.Drain); ok {
			longest := lifecycle.Longest(d)
			if over <= longest {
				return fmt.Sprintf("a drain of up to %v may be cut to %v", longest, longest-over)
			}
			over -= longest
		}
	}
	return fmt.Sprintf("even with no drain at all it is %v too long, and SIGKILL comes before its last steps", over)
}
