package timeline

import (
	"fmt"
	"strings"
	"time"
)

// Mermaid is a gantt chart of Mermaid's, for documents that draw those: the bars are the worst case, or what happened. Times
// are milliseconds from the first trigger, its axis shows seconds.
func Mermaid(timelines ...Timeline) string {
	var b strings.Builder
	b.WriteString("gantt\n")
	var pictures []*picture
	var scale Seconds
	for _, t := range timelines {
		p := t.picture()
		pictures, scale = append(pictures, p), max(scale, p.scale)
	}
	if len(pictures) == 1 {
		fmt.Fprintf(&b, "    title %s\n", ganttText(pictures[0].title+": "+pictures[0].verdict))
	}
	axis := "%s s"
	if scale < Seconds(5*time.Second) {
		axis = "%s.%L s"
	}
	fmt.Fprintf(&b, "    dateFormat x\n    axisFormat %s\n", axis)
	for _, p := range pictures {
		name, _, _ := strings.Cut(p.title, " on ")
		name, _, _ = strings.Cut(name, " by ")
		fmt.Fprintf(&b, "    section %s\n", ganttText(name))
		for _, r := range p.rows {
			p.ganttRow(&b, r)
		}
		for _, l := range p.lines {
			tags := "milestone"
			if l.platform {
				tags = "crit, milestone"
			}
			ganttTask(&b, l.text, tags, Span{l.at, l.at})
		}
	}
	return b.String()
}

func (p *picture) ganttRow(b *strings.Builder, r row) {
	tags := "active"
	switch {
	case r.tone == bad:
		tags = "crit"
	case r.tone == faint, r.kind == Margin:
		tags = "done"
	}
	span := r.pale
	if p.past && r.solid != nil || span == nil {
		span = r.solid
	}
	drawn := *span
	if r.endless {
		drawn.End = max(p.scale, drawn.Begin)
	}
	if drawn.length() <= 0 {
		tags += ", milestone"
	}
	ganttTask(b, strings.TrimSuffix(r.label+" ("+r.text+")", " ()"), tags, drawn)
}

func ganttTask(b *strings.Builder, name, tags string, s Span) {
	ms := func(at Seconds) int64 { return time.Duration(at).Round(time.Millisecond).Milliseconds() }
	fmt.Fprintf(b, "    %s :%s, %d, %d\n", ganttText(name), tags, ms(s.Begin), ms(s.End))
}

// ganttText leaves out what ends a task's name, begins a comment or is Mermaid's own.
func ganttText(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ':', ';', '#', '%', '<', '>', '{', '}', '`':
			return '-'
		case '"':
			return '\''
		}
		return r
	}, strings.ReplaceAll(printable(text), ": ", " – "))
}
