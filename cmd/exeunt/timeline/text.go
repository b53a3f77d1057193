package timeline

import (
	"strings"
)

// Style is how text is drawn.
type Style struct {
	Width  int    // columns; 0: 80
	Colour bool   // by the terminal's own sixteen colours
	ASCII  bool   // nothing but ASCII
	Prefix string // before every line; counts to the width
}

// glyphs are the characters of a drawing.
type glyphs struct {
	solid, pale, lost, moment rune
	exeunt, platform          rune
	lanes                     [4]string
	arrow                     rune
	dots                      string
}

var (
	unicodeGlyphs = glyphs{solid: '█', pale: '░', lost: '▚', moment: '◆', exeunt: '┊', platform: '┃',
		lanes: [4]string{"", "┌ ", "│ ", "└ "}, arrow: '→', dots: "…"}
	asciiGlyphs = glyphs{solid: '#', pale: '-', lost: 'x', moment: '*', exeunt: ':', platform: '|',
		lanes: [4]string{"", "/ ", "| ", "\\ "}, arrow: '>', dots: ".."}
)

// The widths of the parts of a line, in columns.
const (
	defaultWidth = 80
	narrowest    = 50
	shortestBars = 16
	longestBars  = 72
	longestLabel = 30
)

// Text draws timelines one under another.
func Text(style Style, timelines ...Timeline) string {
	var b strings.Builder
	for i, t := range timelines {
		if i > 0 {
			b.WriteString(strings.TrimRight(style.Prefix, " ") + "\n")
		}
		d := newDrawing(style, t.picture())
		d.draw(&b)
	}
	return b.String()
}

// drawing is a picture on its way to text.
type drawing struct {
	*picture
	Style
	glyphs
	labels, bars, texts int // columns
}

func newDrawing(style Style, p *picture) *drawing {
	d := &drawing{picture: p, Style: style, glyphs: unicodeGlyphs}
	if style.ASCII {
		d.glyphs = asciiGlyphs
	}
	if d.Width == 0 {
		d.Width = defaultWidth
	}
	d.Width = max(d.Width-runes(style.Prefix), narrowest)
	for _, r := range p.rows {
		d.labels = max(d.labels, runes(d.lanes[r.lane]+r.label))
		d.texts = max(d.texts, runes(r.text))
	}
	d.labels = min(d.labels, longestLabel, d.Width/3)
	room := d.Width - d.labels - 4 // a blank on both sides of the bars, and two before the text
	d.bars = min(longestBars, max(shortestBars, room/2, room-d.texts))
	d.texts = max(0, room-d.bars)
	return d
}

func runes(text string) int { return len([]rune(text)) }

func (d *drawing) draw(b *strings.Builder) {
	d.wrapped(b, d.title, bold)
	d.wrapped(b, d.verdict, d.tone.colour())
	d.print(b, d.axisLine())
	for _, r := range d.rows {
		d.print(b, d.rowLine(r))
	}
	for _, l := range d.picture.lines {
		g, c := d.exeunt, yellow
		if l.platform {
			g, c = d.platform, red
		}
		d.wrapped(b, string(g)+" "+l.at.String()+" "+l.text, c)
	}
	for _, n := range d.notes {
		d.wrapped(b, "- "+n, none)
	}
	d.wrapped(b, d.legend(), dim)
}

// print writes a line, without the blanks at its end.
func (d *drawing) print(b *strings.Builder, text string) {
	b.WriteString(strings.TrimRight(d.Prefix+text, " ") + "\n")
}

// wrapped writes a text in as many lines as it needs.
func (d *drawing) wrapped(b *strings.Builder, text string, c colour) {
	indent := ""
	for text != "" {
		part := text
		if runes(indent+text) > d.Width {
			cut := strings.LastIndexByte(string([]rune(text)[:d.Width-runes(indent)+1]), ' ')
			if cut <= 0 {
				cut = len(string([]rune(text)[:d.Width-runes(indent)]))
			}
			part = text[:cut]
		}
		text = strings.TrimLeft(text[len(part):], " ")
		d.print(b, indent+d.paint(d.plainly(part), c))
		indent = "  "
	}
}

// plainly is a text of the drawing's characters.
func (d *drawing) plainly(text string) string {
	if !d.ASCII {
		return text
	}
	return strings.Map(func(r rune) rune {
		if r > '~' {
			return '?'
		}
		return r
	}, text)
}

func (d *drawing) axisLine() string {
	line := []rune(strings.Repeat(" ", d.bars+8))
	for _, t := range d.ticks(d.bars / 9) {
		text := []rune(t.exactly())
		at := d.column(t) - (len(text)-1)/2
		if t == 0 {
			at = 0
		}
		copy(line[max(0, at):], text)
	}
	return strings.Repeat(" ", d.labels+1) + d.paint(strings.TrimRight(string(line), " "), dim)
}

// column is where a time is, from 0.
func (d *drawing) column(at Seconds) int {
	return int(float64(d.bars-1) * float64(max(0, min(at, d.scale))) / float64(d.scale))
}

// cell is a character with its colour.
type cell struct {
	r rune
	c colour
}

func (d *drawing) rowLine(r row) string {
	cells := make([]cell, d.bars)
	for i := range cells {
		cells[i] = cell{' ', none}
	}
	for _, l := range d.picture.lines {
		if l.platform {
			cells[d.column(l.at)] = cell{d.platform, red}
		} else {
			cells[d.column(l.at)] = cell{d.exeunt, yellow}
		}
	}
	kind := r.kind.colour()
	if r.kill {
		kind = red
	}
	d.bar(cells, r.pale, cell{d.pale, kind}, r.endless)
	d.bar(cells, r.lost, cell{d.lost, red}, false)
	if r.solid != nil {
		d.solidBar(cells, r, kind)
	}
	var line strings.Builder
	text := shortened(d.plainly(d.lanes[r.lane]+r.label), d.labels, d.dots)
	line.WriteString(text + strings.Repeat(" ", d.labels-runes(text)+1))
	for i := 0; i < len(cells); {
		j := i
		var part []rune
		for ; j < len(cells) && cells[j].c == cells[i].c; j++ {
			part = append(part, cells[j].r)
		}
		line.WriteString(d.paint(string(part), cells[i].c))
		i = j
	}
	if text := shortened(d.plainly(r.text), d.texts, d.dots); text != "" {
		line.WriteString("  " + d.paint(text, r.tone.colour()))
	}
	return line.String()
}

func (d *drawing) solidBar(cells []cell, r row, kind colour) {
	from := d.column(r.solid.Begin)
	switch {
	case r.moment:
		cells[from] = cell{d.moment, r.tone.colour()}
	case r.kind == Forward:
		cells[from] = cell{d.moment, kind}
		if r.pale != nil {
			cells[d.column(r.pale.End)] = cell{d.moment, kind}
		}
	case r.solid.length() == 0 && r.pale != nil && r.pale.length() > 0 && r.tone != bad:
		// it may take no time at all: nothing but the pale bar is drawn
	default:
		if r.tone == bad || r.tone == warn {
			kind = r.tone.colour()
		}
		d.bar(cells, r.solid, cell{d.solid, kind}, r.endless && r.pale == nil)
	}
}

// bar fills the columns of a span, one at least; one without an end goes on to the right edge.
func (d *drawing) bar(cells []cell, s *Span, c cell, endless bool) {
	if s == nil || s.length() == 0 && !endless {
		return
	}
	from, to := d.column(s.Begin), d.column(s.End)
	if endless {
		to = len(cells)
	}
	for i := from; i < max(to, from+1); i++ {
		cells[i] = c
	}
	if endless || s.End > d.scale {
		cells[len(cells)-1] = cell{d.arrow, c.c}
	}
}

func (d *drawing) legend() string {
	var words []string
	for _, k := range d.keys {
		g := map[mark]rune{solidMark: d.solid, paleMark: d.pale, lostMark: d.lost, momentMark: d.moment}[k.mark]
		words = append(words, string(g)+" "+k.text)
	}
	return strings.Join(words, "   ")
}

// Colours

// colour is a parameter of ECMA-48's SGR; the terminal's theme says what it looks like.
type colour string

const (
	none   colour = ""
	bold   colour = "1"
	dim    colour = "2"
	red    colour = "31"
	green  colour = "32"
	yellow colour = "33"
	blue   colour = "34"
	purple colour = "35"
	cyan   colour = "36"
)

func (d *drawing) paint(text string, c colour) string {
	if !d.Colour || c == none || text == "" {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}

func (k Kind) colour() colour {
	switch k {
	case Hook:
		return blue
	case Drain:
		return cyan
	case Forward:
		return purple
	case Escalate:
		return yellow
	case Margin:
		return dim
	}
	return none
}

func (t tone) colour() colour {
	switch t {
	case good:
		return green
	case faint:
		return dim
	case warn:
		return yellow
	case bad:
		return red
	}
	return none
}
