package docs_test

import (
	"os"
	"strings"
	"testing"

	"exeunt/cmd/exeunt/timeline"
	"exeunt/lifecycle/lang"
)

// The tables of the events are those of the package that writes them.
func TestEvents(t *testing.T) {
	for part, table := range timeline.SchemaTables() {
		printedPart(t, "events.md", part, table)
	}
}

// The pictures are of the README's lifecycle, of one that does not fit, and of a log that is in testdata.
func TestPictures(t *testing.T) {
	readme := planOf(t, "README.md", firstBlock(t, "../README.md"))
	drawn(t, "stop.svg", timeline.SVG(readme))
	printedPart(t, "plan.md", "the plan", fenced(timeline.Text(timeline.Style{Width: 100}, readme)))
	printedPart(t, "plan.md", "the chart", "```mermaid\n"+timeline.Mermaid(readme)+"```\n")

	short := strings.Replace(firstBlock(t, "../README.md"), `grace_period = "30s"`, `grace_period = "15s"`, 1)
	printedPart(t, "plan.md", "what does not fit", fenced(timeline.Text(timeline.Style{Width: 100}, planOf(t, "README.md", short))))

	file, err := os.ReadFile("testdata/lifecycle.hcl")
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.Open("testdata/stop.log")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	stops, err := timeline.ReadLog(log, false)
	if err != nil || len(stops) != 1 {
		t.Fatalf("%d stops, %v", len(stops), err)
	}
	past := planOf(t, "lifecycle.hcl", string(file))
	past.Happened = stops[0]
	drawn(t, "past.svg", timeline.SVG(past))
	printedPart(t, "plan.md", "the log", fenced(timeline.Text(timeline.Style{Width: 100}, past)))
	printedPart(t, "plan.md", "the summary", fenced("exeunt: "+past.Happened.Summary()+"\n"))
	printedPart(t, "plan.md", "the last word", fenced(past.Happened.Account(2048)))
}

func fenced(text string) string { return "```\n" + text + "```\n" }

// firstBlock is the first HCL block of a document.
func firstBlock(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```hcl\n")
	block, _, found := strings.Cut(rest, "```\n")
	if !found {
		t.Fatalf("%s has no HCL block", path)
	}
	return block
}

// planOf is the plan of a file's only stop.
func planOf(t *testing.T, name, text string) timeline.Timeline {
	t.Helper()
	l, sources, diags := lang.Parse(name, []byte(text), lang.Options{Env: []string{"HOSTNAME=web-1"}})
	if diags.HasErrors() || len(l.Stops) != 1 {
		var mistakes strings.Builder
		lang.Print(&mistakes, sources, diags, false)
		t.Fatalf("%d stops\n%s", len(l.Stops), mistakes.String())
	}
	return timeline.Timeline{Planned: timeline.Plan(l, l.Stops[0])}
}

// drawn compares a picture with what the code draws, or rewrites it.
func drawn(t *testing.T, file, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the code draws: go test ./docs -update, and look at it", file)
	}
}
