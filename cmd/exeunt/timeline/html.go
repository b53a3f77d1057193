package timeline

import (
	"fmt"
	"strings"
)

// htmlStyle is the look of the page around the pictures, light and dark.
const htmlStyle = `
:root{color-scheme:light dark}
body{margin:2rem auto;padding:0 1rem;max-width:64rem;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;color:#1f2328;background:#fff}
h1{font-size:1.4rem;margin-bottom:0}h2{font-size:1.1rem;margin-top:2.5rem}
svg{max-width:100%;height:auto;margin:1rem 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px}
th,td{padding:.35rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid #d8dee4}
th{font-weight:600}td.time,th.time{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td{overflow-wrap:anywhere}td.more{min-width:10rem}
td.step{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;white-space:nowrap}
td.good{color:#1a7f37}td.warn{color:#9a6700}td.bad{color:#cf222e}td.faint,td.more{color:#57606a}
@media (prefers-color-scheme:dark){
body{color:#f0f6fc;background:#010409}th,td{border-color:#30363d}
td.good{color:#3fb950}td.warn{color:#d29922}td.bad{color:#f85149}td.faint,td.more{color:#9198a1}
}
`

// HTML is a page that needs nothing else: every timeline as a picture, and the same as a table. The title may be a file's name.
func HTML(title string, timelines ...Timeline) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"+
		"<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n<h1>%s</h1>\n", escaped(title), htmlStyle, escaped(title))
	for i, t := range timelines {
		p := t.picture()
		fmt.Fprintf(&b, "<h2>%s</h2>\n", escaped(p.title))
		b.WriteString(svg(fmt.Sprintf("t%d-", i+1), []Timeline{t}))
		p.table(&b)
		if t.Happened != nil && len(t.Happened.Output) > 0 {
			b.WriteString("<h3>What the hooks printed</h3>\n")
			outputTable(&b, t.Happened.Output)
		}
	}
	b.WriteString("</body>\n</html>\n")
	return b.String()
}

// column is one of a table: its head, and a row's cell in it.
type column struct {
	head, class string
	cell        func(r row) string
}

func (p *picture) table(b *strings.Builder) {
	columns := p.columns()
	b.WriteString("<div class=\"scroll\"><table>\n<thead><tr>")
	for _, c := range columns {
		fmt.Fprintf(b, "<th class=\"%s\">%s</th>", c.class, escaped(c.head))
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for _, r := range p.rows {
		b.WriteString("<tr>")
		for _, c := range columns {
			class := c.class
			if class == "text" {
				class = r.tone.class()
			}
			fmt.Fprintf(b, "<td class=\"%s\">%s</td>", class, escaped(c.cell(r)))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody></table></div>\n")
}

func (p *picture) columns() []column {
	solid := func(get func(Span) Seconds) func(row) string {
		return func(r row) string { return spanCell(r.solid, get) }
	}
	pale := func(get func(Span) Seconds) func(row) string {
		return func(r row) string { return spanCell(r.pale, get) }
	}
	begin, end := func(s Span) Seconds { return s.Begin }, func(s Span) Seconds { return s.End }
	columns := []column{{"step", "step", func(r row) string { return r.label }}}
	if p.past {
		columns = append(columns, column{"begins", "time", solid(begin)}, column{"ends", "time", solid(end)},
			column{"planned end", "time", pale(end)})
		if len(p.keys) < 3 { // no plan
			columns = columns[:3]
		}
	} else {
		columns = append(columns, column{"begins, earliest", "time", solid(begin)}, column{"ends, earliest", "time", solid(end)},
			column{"begins, latest", "time", pale(begin)}, column{"ends, latest", "time", pale(end)})
	}
	return append(columns, column{"in words", "text", func(r row) string { return r.long }}, column{"declared", "more", func(r row) string { return r.details }})
}

func spanCell(s *Span, get func(Span) Seconds) string {
	if s == nil {
		return ""
	}
	return get(*s).String()
}

func outputTable(b *strings.Builder, lines []Line) {
	b.WriteString("<div class=\"scroll\"><table>\n<tbody>\n")
	for _, l := range lines {
		fmt.Fprintf(b, "<tr><td class=\"time\">%v</td><td class=\"step\">%s</td><td>%s</td></tr>\n", l.At, escaped(l.Step), escaped(l.Text))
	}
	b.WriteString("</tbody></table></div>\n")
}
