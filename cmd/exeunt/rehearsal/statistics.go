package rehearsal

import (
	"fmt"
	"slices"

	"exeunt/cmd/exeunt/timeline"
)

// Spread is how long something took in several runs.
type Spread struct {
	Step   string           `json:"step"` // "the stop" is the whole of it
	Runs   int              `json:"runs"` // in how many it was there
	Min    timeline.Seconds `json:"min_seconds"`
	Median timeline.Seconds `json:"median_seconds"`
	Max    timeline.Seconds `json:"max_seconds"`
}

// theStop is the row of the whole stop.
const theStop = "the stop"

// Spreads are those of the steps, in their order, and of the whole stop. Steps of one name are told apart by their place.
func Spreads(runs []*Run) []Spread {
	var order []string
	took := map[string][]timeline.Seconds{}
	add := func(name string, d timeline.Seconds) {
		if took[name] == nil {
			order = append(order, name)
		}
		took[name] = append(took[name], d)
	}
	for _, r := range runs {
		if r.Happened == nil || r.Happened.Stop == "" {
			continue
		}
		times := map[string]int{}
		for _, d := range r.Happened.Steps {
			name := d.Step
			if times[name]++; times[name] > 1 {
				name = fmt.Sprintf("%s (%d)", name, times[name])
			}
			add(name, d.Took)
		}
	}
	for _, r := range runs { // last, however the runs differ
		if r.Happened != nil && r.Happened.Stop != "" && r.Happened.Ended {
			add(theStop, r.Happened.Took)
		}
	}
	var spreads []Spread
	for _, name := range order {
		d := took[name]
		slices.Sort(d)
		median := d[len(d)/2]
		if len(d)%2 == 0 {
			median = (d[len(d)/2-1] + median) / 2
		}
		spreads = append(spreads, Spread{name, len(d), d[0], median, d[len(d)-1]})
	}
	return spreads
}
