package timeline

import (
	"fmt"
	"strings"
)

// The measures of an SVG, in its own units (CSS pixels where it is shown at its size).
const (
	svgMargin = 20
	svgBars   = 520 // the width of the bars
	svgRow    = 26  // the height of a row
	svgPale   = 14  // the height of a pale bar
	svgSolid  = 6   // the height of a solid bar in it
	svgChar   = 7.3 // the width of a character of the monospaced labels, at 12 px; a little more than any font's 0.6 em
	svgText   = 6.5 // the width of a character of the other texts, at 12 px, roughly
	svgHead   = 82  // above the first row
	svgFoot   = 22  // a line below the last
)

// svgStyle is the whole look: the light colours, then the dark ones, as the reader's system prefers. The background is its own,
// so that the picture is legible on any page.
const svgStyle = `
.bg{fill:#ffffff;stroke:#d0d7de}
text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}text,.plain{fill:#57606a}
.title{font-size:15px;font-weight:600;fill:#1f2328}
.verdict{font-size:13px}
.label{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;fill:#1f2328}
.grid{stroke:#d8dee4;stroke-width:1}.lane{stroke:#8c959f;fill:none}
.pale{opacity:.3}path.pale{opacity:.5}.lost{fill:url(#lost);stroke:#cf222e;stroke-dasharray:3 2;stroke-width:.8}.hatch{stroke:#cf222e;stroke-width:1.6;opacity:.55}
.hook{fill:#0969da}.drain{fill:#0a8a8a}.forward{fill:#8250df}.escalate{fill:#bc6c00}.wait{fill:#6e7781}.linger{fill:#57606a}.margin{fill:#8c959f}
.good{fill:#1a7f37}.faint{fill:#8c959f}.warn{fill:#9a6700}.bad{fill:#cf222e}
.exeunt{stroke:#9a6700;stroke-width:1.5;stroke-dasharray:4 3}.platform{stroke:#cf222e;stroke-width:2}
text.exeunt{stroke:none;fill:#9a6700}text.platform{stroke:none;fill:#cf222e;font-weight:600}
@media (prefers-color-scheme:dark){
.bg{fill:#0d1117;stroke:#30363d}
text,.plain{fill:#9198a1}.title,.label{fill:#f0f6fc}
.grid{stroke:#262c34}.lane{stroke:#656c76}
.pale{opacity:.42}path.pale{opacity:.6}.lost{stroke:#f85149}.hatch{stroke:#f85149}
.hook{fill:#4493f8}.drain{fill:#39c5cf}.forward{fill:#ab7df8}.escalate{fill:#e09b13}.wait{fill:#9198a1}.linger{fill:#9198a1}.margin{fill:#656c76}
.good{fill:#3fb950}.faint{fill:#656c76}.warn{fill:#d29922}.bad{fill:#f85149}
.exeunt{stroke:#d29922}.platform{stroke:#f85149}text.exeunt{fill:#d29922}text.platform{fill:#f85149}
}
`

// SVG draws timelines one under another, as one picture.
func SVG(timelines ...Timeline) string { return svg("", timelines) }

// svg gives the ids of the picture a prefix: a page may hold more than one.
func svg(id string, timelines []Timeline) string {
	var drawings []*svgDrawing
	height, left, texts := 0, 0, 0
	var titles, descriptions []string
	for _, t := range timelines {
		d := newSVGDrawing(t.picture(), height)
		height, left, texts = d.bottom(), max(left, d.left), max(texts, d.texts)
		drawings = append(drawings, d)
		titles = append(titles, d.title)
		descriptions = append(descriptions, d.description())
	}
	width := left + svgBars + texts + svgMargin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="%stitle %sdesc">`+"\n", width, height, width, height, id, id)
	fmt.Fprintf(&b, "<title id=\"%stitle\">%s</title>\n<desc id=\"%sdesc\">%s</desc>\n", id, escaped(strings.Join(titles, "; ")), id, escaped(strings.Join(descriptions, " ")))
	fmt.Fprintf(&b, "<style>%s</style>\n", svgStyle)
	b.WriteString(`<defs><pattern id="lost" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern></defs>` + "\n")
	fmt.Fprintf(&b, `<rect class="bg" x=".5" y=".5" width="%d" height="%d" rx="8"/>`+"\n", width-1, height-1)
	for _, d := range drawings {
		d.left = left
		d.draw(&b)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// svgDrawing is a picture on its way to SVG.
type svgDrawing struct {
	*picture
	top   int // y
	left  int // x of the bars
	texts int // width of what is right of them
}

func newSVGDrawing(p *picture, top int) *svgDrawing {
	d := &svgDrawing{picture: p, top: top}
	longest, texts := 0, 0
	for _, r := range p.rows {
		longest = max(longest, runes(r.label)+laneWidth(r.lane))
		texts = max(texts, min(runes(r.text), svgLongest))
	}
	d.left = svgMargin + int(svgChar*float64(min(longest, longestLabel+laneWidth(firstLane)))) + 12
	d.texts = int(svgText*float64(texts)) + 12
	return d
}

// svgWidest is the longest text across the picture, in characters.
const svgWidest = 110

// svgLongest is the longest text right of the bars, in characters; the whole of it is in the row's tooltip.
const svgLongest = 44

func laneWidth(l lane) int {
	if l == alone {
		return 0
	}
	return 2
}

func (d *svgDrawing) rowsEnd() int { return d.top + svgHead + svgRow*len(d.rows) }

func (d *svgDrawing) bottom() int {
	return d.rowsEnd() + 8 + svgFoot*(len(d.picture.lines)+len(d.notes)+1) + svgMargin
}

// description says in words what the picture shows.
func (d *svgDrawing) description() string {
	words := []string{d.verdict + "."}
	for _, r := range d.rows {
		words = append(words, fmt.Sprintf("%s: %s.", r.label, strings.TrimSuffix(r.long, ".")))
	}
	for _, l := range d.picture.lines {
		words = append(words, fmt.Sprintf("%v: %s.", l.at, l.text))
	}
	return strings.Join(append(words, d.notes...), " ")
}

// x is where a time is.
func (d *svgDrawing) x(at Seconds) float64 {
	at = max(0, min(at, d.scale))
	return float64(d.left) + float64(svgBars)*float64(at)/float64(d.scale)
}

func (d *svgDrawing) draw(b *strings.Builder) {
	d.text(b, svgMargin, d.top+30, "title", "", shortened(d.title, svgWidest, "…"))
	d.text(b, svgMargin, d.top+49, "verdict "+d.tone.class(), "", d.verdict)
	head, end := d.top+svgHead, d.rowsEnd()
	for _, t := range d.ticks(8) {
		fmt.Fprintf(b, `<path class="grid" d="M%.1f %dV%d"/>`, d.x(t), head-4, end)
		d.text(b, d.x(t), head-8, "", "middle", t.exactly())
	}
	for i, r := range d.rows {
		d.row(b, r, head+i*svgRow)
	}
	y := end + 22
	for i, l := range d.picture.lines {
		d.line(b, l, head-2, y+i*svgFoot)
	}
	y += svgFoot * len(d.picture.lines)
	for _, n := range d.notes {
		d.text(b, svgMargin, y, "plain", "", shortened("– "+n, svgWidest, "…"))
		y += svgFoot
	}
	d.legend(b, y)
}

func (d *svgDrawing) row(b *strings.Builder, r row, y int) {
	mid := y + svgRow/2
	fmt.Fprintf(b, "<g><title>%s</title>\n", escaped(strings.TrimSuffix(fmt.Sprintf("%s: %s, %s", r.label, r.long, r.details), ", ")))
	x := float64(svgMargin)
	if r.lane != alone {
		d.bracket(b, r.lane, y)
		x += svgChar * 2
	}
	d.text(b, x, mid+4, "label", "", shortened(r.label, longestLabel, "…"))
	kind := string(r.kind)
	if r.kill {
		kind = bad.class()
	}
	d.bar(b, r.pale, mid, svgPale, kind+" pale", r.endless)
	d.bar(b, r.lost, mid, svgPale, "lost", false)
	if r.solid != nil {
		if d.past {
			switch r.tone {
			case bad, warn, faint:
				kind = r.tone.class()
			}
		}
		d.solidBar(b, r, mid, kind)
	}
	d.text(b, float64(d.left+svgBars+12), mid+4, r.tone.class(), "", shortened(r.text, svgLongest, "…"))
	b.WriteString("</g>\n")
}

func (d *svgDrawing) solidBar(b *strings.Builder, r row, mid int, class string) {
	switch {
	case r.moment && r.kind == Wait:
		fmt.Fprintf(b, `<circle class="%s" cx="%.1f" cy="%d" r="4.5"/>`, r.tone.class(), d.x(r.solid.Begin), mid)
	case r.kind == Forward && !d.past && r.pale != nil:
		d.diamond(b, d.x(r.pale.Begin), mid, class+" pale")
		d.diamond(b, d.x(r.solid.Begin), mid, class)
	case r.moment || r.kind == Forward:
		d.diamond(b, d.x(r.solid.Begin), mid, class)
	default:
		d.bar(b, r.solid, mid, d.solidHeight(), class, r.endless && r.pale == nil)
	}
}

// solidHeight is the height of a solid bar: what happened is drawn broader than what is the least.
func (d *svgDrawing) solidHeight() int {
	if d.past {
		return svgPale - 4
	}
	return svgSolid
}

func (d *svgDrawing) diamond(b *strings.Builder, x float64, mid int, class string) {
	fmt.Fprintf(b, `<path class="%s" d="M%.1f %dl6 6-6 6-6-6z"/>`, class, x, mid-6)
}

// bar draws a span; one without an end, or that is longer than the picture, ends in an arrow.
func (d *svgDrawing) bar(b *strings.Builder, s *Span, mid, height int, class string, endless bool) {
	if s == nil || s.length() <= 0 && !endless {
		return
	}
	from, to := d.x(s.Begin), d.x(s.End)
	if endless || s.End > d.scale {
		to = float64(d.left + svgBars)
		fmt.Fprintf(b, `<path class="%s" d="M%.1f %dH%.1fl8 %.1f-8 %.1fH%.1fz"/>`, class, from, mid-height/2, max(from, to-8), float64(height)/2, float64(height)/2, from)
		return
	}
	rect(b, class, from, mid, max(2, to-from), height)
}

func rect(b *strings.Builder, class string, x float64, mid int, width float64, height int) {
	fmt.Fprintf(b, `<rect class="%s" x="%.1f" y="%d" width="%.1f" height="%d" rx="%.1f"/>`, class, x, mid-height/2, width, height, min(2.5, width/2))
}

// bracket holds the rows of a parallel together.
func (d *svgDrawing) bracket(b *strings.Builder, l lane, y int) {
	from, to := y, y+svgRow
	switch l {
	case firstLane:
		from = y + svgRow/2
	case lastLane:
		to = y + svgRow/2
	}
	path := fmt.Sprintf("M%d %dV%d", svgMargin+2, from, to)
	if l == firstLane {
		path = fmt.Sprintf("M%d %dH%dV%d", svgMargin+8, from, svgMargin+2, to)
	} else if l == lastLane {
		path += fmt.Sprintf("H%d", svgMargin+8)
	}
	fmt.Fprintf(b, `<path class="lane" d="%s"/>`, path)
}

// line is drawn through all rows, its text below them on the side where there is room.
func (d *svgDrawing) line(b *strings.Builder, l line, from, y int) {
	class := "exeunt"
	if l.platform {
		class = "platform"
	}
	x := d.x(l.at)
	text := l.at.String() + "  " + l.text
	anchor, at := "end", x-6
	if x-float64(d.left) < svgBars/2 {
		anchor, at = "start", x+6
	}
	fmt.Fprintf(b, `<path class="%s" d="M%.1f %dV%d"/>`, class, x, from, y+2)
	d.text(b, at, y, class, anchor, text)
	b.WriteString("\n")
}

func (d *svgDrawing) legend(b *strings.Builder, y int) {
	x := float64(svgMargin)
	for _, k := range d.keys {
		mid := y - 4
		switch k.mark {
		case solidMark:
			rect(b, "hook", x, mid, 24, d.solidHeight())
		case paleMark:
			rect(b, "hook pale", x, mid, 24, svgPale)
		case lostMark:
			rect(b, "lost", x, mid, 24, svgPale)
		case momentMark:
			fmt.Fprintf(b, `<circle class="wait" cx="%.1f" cy="%d" r="4.5"/>`, x+12, mid)
		}
		d.text(b, x+30, y, "", "", k.text)
		x += 30 + svgText*float64(runes(k.text)) + 24
	}
	b.WriteString("\n")
}

// text writes a text; numbers may be int or float64.
func (d *svgDrawing) text(b *strings.Builder, x, y any, class, anchor, text string) {
	fmt.Fprintf(b, `<text x="%s" y="%s"`, coordinate(x), coordinate(y))
	if class != "" {
		fmt.Fprintf(b, ` class="%s"`, class)
	}
	if anchor != "" {
		fmt.Fprintf(b, ` text-anchor="%s"`, anchor)
	}
	fmt.Fprintf(b, ">%s</text>\n", escaped(text))
}

func coordinate(n any) string {
	if f, ok := n.(float64); ok {
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprint(n)
}

func (t tone) class() string {
	return [...]string{plain: "plain", good: "good", faint: "faint", warn: "warn", bad: "bad"}[t]
}

// escaped is a text for SVG and HTML.
func escaped(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;").Replace(printable(text))
}
