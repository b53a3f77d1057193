package manifest

import (
	"encoding/json"
	"io"
)

// The JSON report, as docs/check.md documents it. A field that changes or goes makes another schema number, a new one does not.
type jsonReport struct {
	Schema     int             `json:"schema"`
	Stops      []jsonStop      `json:"stops"`
	Containers []jsonContainer `json:"containers"`
	Findings   []jsonFinding   `json:"findings"`
	Errors     int             `json:"errors"`
	Warnings   int             `json:"warnings"`
	Notes      int             `json:"notes"`
}

type jsonStop struct {
	Lifecycle string  `json:"lifecycle"`
	Name      string  `json:"name"`
	Longest   float64 `json:"longest_seconds"`
	Fits      bool    `json:"fits"`
	Text      string  `json:"text"`
}

type jsonPlace struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

type jsonContainer struct {
	jsonPlace
	Lifecycle string   `json:"lifecycle"`
	Name      string   `json:"name"`
	Platform  string   `json:"platform,omitempty"`
	Checked   bool     `json:"checked"`
	Why       string   `json:"why,omitempty"`
	Signal    string   `json:"stop_signal,omitempty"`
	From      string   `json:"stop_signal_from,omitempty"`
	Stop      string   `json:"stop,omitempty"`
	Grace     *float64 `json:"grace_seconds,omitempty"`
}

type jsonFinding struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	jsonPlace
	Lifecycle string `json:"lifecycle,omitempty"`
	Container string `json:"container,omitempty"`
	Problem   string `json:"problem"`
	Change    string `json:"change,omitempty"`
}

func place(p Pos) jsonPlace { return jsonPlace(p) }

// JSON writes the report as one object.
func (r *Report) JSON(w io.Writer) error {
	out := jsonReport{
		Schema: 1, Stops: []jsonStop{}, Containers: []jsonContainer{}, Findings: []jsonFinding{},
		Errors: r.Count(Error), Warnings: r.Count(Warning), Notes: r.Count(Note),
	}
	for _, v := range r.Stops {
		if v.Stop != nil {
			out.Stops = append(out.Stops, jsonStop{v.Lifecycle, v.Stop.Name, v.Longest.Seconds(), v.Fits, v.Text})
		}
	}
	for _, c := range r.Checked {
		j := jsonContainer{place(c.At), c.Lifecycle, c.Container.String(), c.Platform.String(), true, c.How, c.Signal, c.From, c.Stop, nil}
		if grace, known := c.granted(); known {
			seconds := grace.Seconds()
			j.Grace = &seconds
		}
		out.Containers = append(out.Containers, j)
	}
	for _, s := range r.Skipped {
		out.Containers = append(out.Containers, jsonContainer{jsonPlace: place(s.At), Lifecycle: s.Lifecycle, Name: s.Name, Why: s.Why})
	}
	for _, f := range r.sorted() {
		out.Findings = append(out.Findings, jsonFinding{f.Rule, f.Severity.String(), place(f.At), f.Lifecycle, f.Container, f.Problem, f.Change})
	}
	return indented(w, out)
}

func indented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
