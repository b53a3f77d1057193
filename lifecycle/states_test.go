package lifecycle

import "testing"

// Every state but the last reacts to every signal: none is ever a Bug, whatever else is going on (rule 1).
func TestEveryStateTakesEverySignal(t *testing.T) {
	for s, row := range newTable() {
		for _, in := range []input{trigger, scripted, unnamed} {
			if State(s) != Ended && row[in].do == nil {
				t.Errorf("%v has no answer to a %s", State(s), inputNames[in])
			}
		}
	}
}
