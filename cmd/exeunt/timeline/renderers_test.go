package timeline

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"exeunt/lifecycle"
)

var update = flag.Bool("update", false, "rewrite the goldens; commit only what you understand, and look at the pictures")

// pictured is what the goldens show: a picture of every sample's plan, and stops that happened.
func pictured(t *testing.T) map[string][]Timeline {
	all := map[string][]Timeline{}
	for name, l := range samples() {
		for _, stop := range l.Stops {
			all[name] = append(all[name], Timeline{Planned: Plan(l, stop)})
		}
	}
	page := samples()["page"]
	plan := Plan(page, page.Stops[0])
	calm := calmPlay(t).run(page, page.Stops[0])
	rough := roughPlay(t).run(page, page.Stops[0])
	all["calm"] = []Timeline{{Happened: calm}}
	all["calm-over-plan"] = []Timeline{{Happened: calm, Planned: plan}}
	all["rough"] = []Timeline{{Happened: rough}}
	all["rough-over-plan"] = []Timeline{{Happened: rough, Planned: plan}}
	all["truncated"] = []Timeline{{Happened: truncated(t, page)}}
	all["truncated-over-plan"] = []Timeline{{Happened: truncated(t, page), Planned: plan}}
	open := samples()["open"]
	all["budget"] = []Timeline{{Happened: worst(t).run(open, open.Stops[0]), Planned: Plan(open, open.Stops[0])}}
	all["taken-over"] = []Timeline{takenOver(t)}
	all["crashed"] = []Timeline{{Happened: crashed(t, page)}}
	return all
}

// calmPlay is a stop as it should be.
func calmPlay(t *testing.T) *play {
	p := best(t, 1)
	p.hook = func(h *lifecycle.Hook, _ int) (time.Duration, error) {
		return map[string]time.Duration{"not-ready": seconds(0.004), "deregister": seconds(0.218), "ship-logs": seconds(0.74)}[h.Name], nil
	}
	p.poll = func(now time.Duration) bool { return now > seconds(7) }
	p.dies = func(lifecycle.Signal, time.Duration) (time.Duration, bool) { return seconds(0.391), true }
	return p
}

// roughPlay is one where a hook fails, the drain never ends, and the child has to be killed, and signals come between.
func roughPlay(t *testing.T) *play {
	p := worst(t)
	p.hook = func(h *lifecycle.Hook, _ int) (time.Duration, error) {
		switch h.Name {
		case "deregister":
			return seconds(0.4), errors.New(`Put "http://127.0.0.1:8500/v1/agent/service/deregister/web-1": dial tcp 127.0.0.1:8500: connect: connection refused`)
		case "ship-logs":
			return never, nil
		}
		return seconds(0.013), nil
	}
	p.begins = func() {
		p.later(seconds(3), lifecycle.Received{Signal: lifecycle.SIGTERM})
		p.later(seconds(4), lifecycle.Received{Signal: lifecycle.SIGHUP, From: &lifecycle.Sender{PID: 41, UID: 1000, Command: "sh"}})
	}
	return p
}

// truncated is what a log tells whose end is missing: a step was under way.
func truncated(t *testing.T, l *lifecycle.Lifecycle) *Happened {
	t.Helper()
	log := logOf(roughPlay(t), l, lifecycle.LevelInfo)
	lines := strings.SplitAfter(log, "\n")
	cut := 0
	for i, line := range lines {
		if strings.Contains(line, "forward SIGQUIT") {
			cut = i
		}
	}
	stops, err := ReadLog(strings.NewReader("nginx: ready\n"+strings.Join(lines[:cut], "")+lines[cut][:40]), true)
	if err != nil || len(stops) != 1 {
		t.Fatalf("%d stops, %v", len(stops), err)
	}
	return stops[0]
}

// logOf is the log of a play, down to a level, with no report at its end.
func logOf(p *play, l *lifecycle.Lifecycle, level lifecycle.Level) string {
	var log strings.Builder
	p.see = func(at time.Time, n lifecycle.Note) {
		if n.Level >= level || n.What == ProcessLeft {
			log.WriteString(NewEvent(p.rec.Start, at, n).Line())
		}
	}
	p.run(l, l.Stops[0])
	return log.String()
}

// reportOf is the last line of a log.
func reportOf(h *Happened) string {
	start := epoch.Add(-90 * time.Second)
	e := NewEvent(start, epoch.Add(time.Duration(h.Took)), lifecycle.Note{What: StopReport, Level: lifecycle.LevelInfo,
		Took: time.Duration(h.Took), Limit: time.Duration(h.Grace), Status: h.Status, Text: h.Summary()})
	e.Report = h
	return e.Line()
}

// takenOver is a patient stop that a hard one takes over.
func takenOver(t *testing.T) Timeline {
	l := samples()["parallel"]
	p := worst(t)
	p.hook = func(*lifecycle.Hook, int) (time.Duration, error) { return seconds(0.5), nil }
	p.begins = func() { p.later(seconds(1.25), lifecycle.Received{Signal: lifecycle.SIGQUIT}) }
	return Timeline{Happened: p.run(l, l.Stops[0]), Planned: Plan(l, l.Stops[1])}
}

// crashed is a child that was killed by nobody that exeunt knows.
func crashed(t *testing.T, l *lifecycle.Lifecycle) *Happened {
	p := calmPlay(t)
	p.begins = func() {
		p.soon = []event{{p.now, lifecycle.ChildExited{Signal: lifecycle.SIGKILL}}}
	}
	return p.run(l, l.Stops[0])
}

func TestRenderers(t *testing.T) {
	for name, timelines := range pictured(t) {
		t.Run(name, func(t *testing.T) {
			text := Text(Style{Width: 100}, timelines...) + "\n" + Text(Style{Width: 64, ASCII: true, Prefix: "exeunt: "}, timelines...)
			for _, tl := range timelines {
				if tl.Happened != nil {
					text += "\n" + tl.Happened.Summary() + "\n\n" + tl.Happened.Account(2048)
				}
			}
			golden(t, name+".txt", text)
			golden(t, name+".svg", SVG(timelines...))
			switch name { // the tables of the others say nothing new
			case "page", "parallel", "rough-over-plan":
				golden(t, name+".html", HTML(name+"/lifecycle.hcl", timelines...))
			}
			golden(t, name+".json", JSON(timelines...))
			golden(t, name+".mmd", Mermaid(timelines...))
		})
	}
}

func TestColours(t *testing.T) {
	all := pictured(t)
	golden(t, "colours.txt", Text(Style{Width: 100, Colour: true}, all["too-long"][0], all["rough-over-plan"][0]))
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "pictures", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test ./cmd/exeunt/timeline -update rewrites it); got:\n%s", path, got)
	}
}

// Colour is never all that tells two things apart, and nothing but the sequences for colours is added by it.
func TestColourAddsNothingElse(t *testing.T) {
	for name, timelines := range pictured(t) {
		plain := Text(Style{Width: 90}, timelines...)
		colour := Text(Style{Width: 90, Colour: true}, timelines...)
		if got := uncoloured(colour); got != plain {
			t.Errorf("%s: without its colours it is\n%s\nand it was\n%s", name, got, plain)
		}
	}
}

func uncoloured(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, text, _ = strings.Cut(rest, "m")
	}
}

func TestTextFitsItsWidth(t *testing.T) {
	for name, timelines := range pictured(t) {
		for _, width := range []int{20, 50, 64, 80, 132, 300} {
			for _, ascii := range []bool{false, true} {
				text := Text(Style{Width: width, ASCII: ascii, Prefix: "exeunt: "}, timelines...)
				for line := range strings.Lines(text) {
					line = strings.TrimSuffix(line, "\n")
					if n := len([]rune(line)); n > max(width, narrowest+len("exeunt: ")) {
						t.Errorf("%s: a line of %d columns in %d:\n%s", name, n, width, line)
					}
					if ascii && strings.IndexFunc(line, func(r rune) bool { return r > '~' || r < ' ' }) >= 0 {
						t.Errorf("%s: not ASCII: %q", name, line)
					}
				}
			}
		}
	}
}

// hostile has every text that its owner may choose to be markup, a control sequence and no UTF-8.
func hostile(t *testing.T) []Timeline {
	const evil = "</title><script>alert(1)</script>&\"'\x1b[31m\r\n:;#%\xff\u202e"
	l := &lifecycle.Lifecycle{Grace: seconds(10), Stops: []*lifecycle.Script{stop(evil, exec(evil, 1), forward(lifecycle.SIGTERM), escalate(1, lifecycle.SIGKILL))}}
	p := worst(t)
	p.hook = func(*lifecycle.Hook, int) (time.Duration, error) { return 1, errors.New(evil) }
	h := p.run(l, l.Stops[0])
	h.Killed = append(h.Killed, Victim{PID: 3, Command: evil})
	h.Output = append(h.Output, Line{Step: evil, Text: evil})
	return []Timeline{{Planned: Plan(l, l.Stops[0]), Happened: h}}
}

func TestHostileNames(t *testing.T) {
	timelines := hostile(t)
	for what, text := range map[string]string{
		"text": Text(Style{Width: 100}, timelines...), "summary": timelines[0].Happened.Summary() + "\n",
		"account": timelines[0].Happened.Account(2048), "mermaid": Mermaid(timelines...),
	} {
		for line := range strings.Lines(text) {
			if strings.ContainsFunc(strings.TrimSuffix(line, "\n"), func(r rune) bool { return r < ' ' || r == '\u202e' || r == 0x7f }) {
				t.Errorf("%s: a control character in %q", what, line)
			}
		}
	}
	if n := strings.Count(timelines[0].Happened.Summary(), "\n"); n > 0 {
		t.Errorf("the summary has %d lines", n+1)
	}
	for what, text := range map[string]string{"svg": SVG(timelines...), "html": HTML("</title><script>", timelines...)} {
		if strings.Contains(text, "<script") {
			t.Errorf("%s: a script got in", what)
		}
	}
}

// An SVG is XML, and everything it needs is in it.
func TestSVGIsSelfContained(t *testing.T) {
	all := pictured(t)
	all["hostile"] = hostile(t)
	for name, timelines := range all {
		text := SVG(timelines...)
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if e, ok := token.(xml.StartElement); ok {
				for _, a := range e.Attr {
					if a.Name.Local == "href" || a.Name.Local == "src" {
						t.Errorf("%s: %s refers to %s", name, e.Name.Local, a.Value)
					}
				}
			}
		}
	}
	if strings.Contains(svgStyle+htmlStyle, "@import") || strings.Count(svgStyle, "url(") != 1 {
		t.Error("the style refers to something outside the picture")
	}
}

func TestJSONReadsBack(t *testing.T) {
	for name, timelines := range pictured(t) {
		var doc struct {
			Schema int        `json:"schema"`
			Stops  []Timeline `json:"stops"`
		}
		text := JSON(timelines...)
		if err := json.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if again := JSON(doc.Stops...); doc.Schema != Schema || again != text {
			t.Errorf("%s: it reads back as\n%s\nand was\n%s", name, again, text)
		}
	}
}
