package timeline

import (
	"slices"
	"time"
)

// finish fits the scale to what is drawn. A lost part, or a step that is far longer than what is granted, is drawn up to
// half as long again.
func (p *picture) finish(t Timeline) {
	var longest, grace Seconds
	endless := false
	for _, r := range p.rows {
		for _, s := range []*Span{r.pale, r.solid, r.lost} {
			if s != nil {
				longest = max(longest, s.End)
			}
		}
		endless = endless || r.endless && r.pale != nil
		if r.lost != nil && !slices.ContainsFunc(p.keys, func(k key) bool { return k.mark == lostMark }) {
			p.keys = append(p.keys, key{lostMark, "there is no time for it"})
		}
	}
	for _, l := range p.lines {
		grace = max(grace, l.at)
	}
	p.scale = max(longest, grace)
	if grace > 0 {
		p.scale = max(grace, min(longest, grace*3/2))
		if t.Happened != nil {
			p.scale = max(p.scale, t.Happened.Took)
		}
	}
	if endless {
		p.scale += p.scale / 2
	}
	p.scale = max(p.scale, Seconds(10*time.Millisecond))
}

// ticks are times for an axis of at most n, all of them round.
func (p *picture) ticks(n int) []Seconds {
	step := p.step(max(1, n))
	var at []Seconds
	for t := Seconds(0); t <= p.scale; t += step {
		at = append(at, t)
	}
	return at
}

// step is the smallest round one that gives no more than n ticks beside the first.
func (p *picture) step(n int) Seconds {
	for unit := Seconds(time.Millisecond); unit < Seconds(10*time.Second); unit *= 10 {
		for _, f := range []Seconds{1, 2, 5} {
			if p.scale/(unit*f) <= Seconds(n) {
				return unit * f
			}
		}
	}
	for _, s := range []time.Duration{10, 15, 20, 30, 60, 120, 300, 600, 900, 1800} {
		if p.scale/Seconds(s*time.Second) <= Seconds(n) {
			return Seconds(s * time.Second)
		}
	}
	hours := Seconds(time.Hour)
	for p.scale/hours > Seconds(n) {
		hours *= 2
	}
	return hours
}
