package lang

import (
	"maps"
	"slices"
	"strconv"

	"github.com/zclconf/go-cty/cty"

	"exeunt/lifecycle"
)

func decodeExit(b *block) lifecycle.Exit {
	e := lifecycle.Exit{
		When:   []lifecycle.Target{lifecycle.ChildProcess, lifecycle.Session, lifecycle.Container}[b.word("when", "child", "session", "container")],
		Linger: b.duration("linger"),
		Status: decodeStatus(b),
	}
	steps := decodeSteps(b)
	if len(steps) == 0 {
		return e
	}
	e.Hooks = &lifecycle.Script{Kind: lifecycle.ExitScript, Steps: steps}
	longest, left := lifecycle.LongestOf(steps), b.grace-lifecycle.Margin(b.grace)
	if b.grace > 0 && longest > left {
		b.report(problem(&b.at, "Exit hooks longer than the grace period", "The hooks in exit may take %v together, and grace_period = %q leaves %v for everything.\n"+
			"Give them shorter timeouts, or grant more.", longest, b.grace, left))
	}
	return e
}

// decodeStatus decodes { "143" = 0 }.
func decodeStatus(b *block) map[int]int {
	values, ok := as(b, "status", shape[map[string]cty.Value]{cty.Map(cty.Number), cty.Value.AsValueMap})
	if !ok {
		return nil
	}
	status := map[int]int{}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		value := values[key]
		from, err := strconv.Atoi(key)
		to, fits := whole(value.AsBigFloat(), 0, 255)
		if err != nil || from < 0 || from > 255 || !fits {
			b.report(problem(b.item("status", key), "Invalid exit status", "An exit status is a whole number from 0 to 255.\nWrite status = { \"143\" = 0 }"))
			continue
		}
		status[from] = to
	}
	return status
}
