package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"exeunt/cmd/exeunt/commandline"
	"exeunt/cmd/exeunt/timeline"
	"exeunt/lifecycle"
)

// exitNothing is of plan: there is no stop to draw.
const exitNothing = 1

// drawPlan draws the stops of a file, or one that happened.
func drawPlan(line *commandline.Line, stdout, stderr io.Writer) int {
	p := &planning{line: line, stdout: stdout, stderr: stderr}
	switch {
	case line.Text("events") == "" && line.Given("nth"):
		return usageError(stderr, "plan", "--nth counts the stops of a log: write --events LOG too")
	case line.Given("nth") && line.Number("nth") == 0:
		return usageError(stderr, "plan", "--nth 0: the first stop of a log is 1")
	}
	if len(line.Operands) > 0 || line.Text("events") == "" {
		if status := p.read(); status != 0 {
			return status
		}
	}
	timelines, status := p.stops()
	if status != 0 {
		return status
	}
	return p.write(timelines)
}

// planning is one call of plan.
type planning struct {
	line   *commandline.Line
	stdout io.Writer
	stderr io.Writer
	plan   *lifecycle.Lifecycle // nil: none was asked for
	path   string
}

// read loads the file.
func (p *planning) read() (status int) {
	flag := ""
	if len(p.line.Operands) > 0 {
		flag = p.line.Operands[0]
	}
	plan, path, ok := load(flag, nil, p.stderr, colourful(p.stderr))
	switch {
	case !ok:
		return exitConfig
	case path == "":
		return usageError(p.stderr, "plan", "no file to draw: write exeunt plan FILE")
	}
	p.plan, p.path = plan, path
	return 0
}

// stops are what is to be drawn.
func (p *planning) stops() ([]timeline.Timeline, int) {
	if p.line.Text("events") != "" {
		return p.past()
	}
	name := p.line.Text("stop")
	var timelines []timeline.Timeline
	for _, stop := range p.plan.Stops {
		if name == "" || stop.Name == name {
			timelines = append(timelines, timeline.Timeline{Planned: timeline.Plan(p.plan, stop)})
		}
	}
	switch {
	case len(timelines) > 0:
		return timelines, 0
	case name != "":
		return nil, usageError(p.stderr, "plan", "--stop %q: %s", name, p.noStop(name))
	}
	fmt.Fprintf(p.stderr, "exeunt: nothing to draw: %s has no stop block: every signal that no signal block names is forwarded to the child as it comes\n", p.path)
	return nil, exitNothing
}

// noStop says that the file has no stop of a name, and which it has.
func (p *planning) noStop(name string) string {
	var names []string
	for _, stop := range p.plan.Stops {
		names = append(names, stop.Name)
	}
	if near := commandline.Nearest(name, names); near != "" {
		return fmt.Sprintf("%s has no such stop: did you mean %q?", p.path, near)
	}
	return fmt.Sprintf("%s has no such stop: its stops are %q", p.path, names)
}

// past is one stop of a log.
func (p *planning) past() ([]timeline.Timeline, int) {
	path, input := p.line.Text("events"), os.Stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			fmt.Fprintf(p.stderr, "exeunt: cannot read the log: %v\n", err)
			return nil, exitFailed
		}
		defer file.Close()
		input = file
	}
	stops, err := timeline.ReadLog(input, p.line.Text("format") != "text")
	if err != nil {
		fmt.Fprintf(p.stderr, "exeunt: %v\n", err)
		return nil, exitFailed
	}
	if name := p.line.Text("stop"); name != "" {
		var named []*timeline.Happened
		for _, h := range stops {
			if h.Stop == name {
				named = append(named, h)
			}
		}
		stops = named
	}
	nth := len(stops)
	if p.line.Given("nth") {
		nth = p.line.Number("nth")
	}
	if nth == 0 || nth > len(stops) {
		p.nothingIn(path, len(stops))
		return nil, exitNothing
	}
	t := timeline.Timeline{Happened: stops[nth-1]}
	t.Planned = p.planned(t.Happened)
	return []timeline.Timeline{t}, 0
}

func (p *planning) nothingIn(path string, stops int) {
	what := "no stop"
	if name := p.line.Text("stop"); name != "" {
		what = fmt.Sprintf("no stop %q", name)
	}
	if stops > 0 {
		fmt.Fprintf(p.stderr, "exeunt: nothing to draw: the log %s tells of %d stops, and --nth is %d\n", path, stops, p.line.Number("nth"))
		return
	}
	fmt.Fprintf(p.stderr, "exeunt: nothing to draw: the log %s tells of %s\n"+
		"exeunt: hint: it has to be written with exeunt --log-format json, at level info or below\n", path, what)
}

// planned is the plan of a stop that happened, nil where no file was asked for or it has no such stop.
func (p *planning) planned(h *timeline.Happened) *timeline.Planned {
	if p.plan == nil {
		return nil
	}
	for _, stop := range p.plan.Stops {
		if stop.Name == h.Stop {
			return timeline.Plan(p.plan, stop)
		}
	}
	fmt.Fprintf(p.stderr, "exeunt: drawn without a plan: %s has no stop %q\n", p.path, h.Stop)
	return nil
}

// write draws in the format asked for, to where it was asked for.
func (p *planning) write(timelines []timeline.Timeline) int {
	path := p.line.Text("output")
	text := p.draw(timelines, path)
	if path == "-" {
		if _, err := io.WriteString(p.stdout, text); err != nil {
			fmt.Fprintf(p.stderr, "exeunt: cannot write: %v\n", err)
			return exitFailed
		}
		return 0
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		fmt.Fprintf(p.stderr, "exeunt: cannot write the picture: %v\n", err)
		return exitFailed
	}
	return 0
}

func (p *planning) draw(timelines []timeline.Timeline, path string) string {
	switch p.line.Text("format") {
	case "svg":
		return timeline.SVG(timelines...)
	case "html":
		return timeline.HTML(p.title(), timelines...)
	case "json":
		return timeline.JSON(timelines...)
	case "mermaid":
		return timeline.Mermaid(timelines...)
	}
	if path != "-" {
		return timeline.Text(textStyle(io.Discard), timelines...)
	}
	return timeline.Text(textStyle(p.stdout), timelines...)
}

// title is what a page is called.
func (p *planning) title() string {
	var parts []string
	if log := p.line.Text("events"); log != "" && log != "-" {
		parts = append(parts, log)
	}
	if p.path != "" {
		parts = append(parts, p.path)
	}
	if len(parts) == 0 {
		return "a stop"
	}
	return strings.Join(parts, " over ")
}
