package lang

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// duration decodes a duration; the schema's default where it isn't written, 0 where it is wrong.
func (b *block) duration(name string) time.Duration {
	if !b.has(name) {
		d, _ := time.ParseDuration(strings.Trim(b.spec.attribute(name).Default, `"`)) // 0 where there is no default
		return d
	}
	d, _ := b.written(name)
	return d
}

// positive decodes a duration that has to be more than nothing.
func (b *block) positive(name, otherwise string) time.Duration {
	if !b.has(name) {
		return b.duration(name)
	}
	d, ok := b.written(name)
	if ok && d == 0 {
		b.report(problem(b.valueAt(name), "Duration of nothing", "%s has to be more than \"0s\".\n%s", name, otherwise))
	}
	return d
}

// written decodes a duration that is written.
func (b *block) written(name string) (d time.Duration, ok bool) {
	v, e, ok := b.once(name)
	switch {
	case !ok:
		return 0, false
	case v.Type() == cty.Number && !v.IsNull():
		b.report(problem(e.at(), "Duration without a unit", "%s is a duration: a string with a unit.\nWrite %s = \"%ss\"", name, name, v.AsBigFloat().Text('f', -1)))
		return 0, false
	}
	if v, ok = b.converted(e, v, cty.String, name); !ok {
		return 0, false
	}
	return b.parseDuration(name, e, v.AsString())
}

func (b *block) parseDuration(name string, e *expression, text string) (time.Duration, bool) {
	d, err := time.ParseDuration(text)
	switch {
	case err == nil && d >= 0:
		return d, true
	case err == nil:
		b.report(problem(e.at(), "Negative duration", "%s can't be negative.\nWrite %s = %q", name, name, -d))
	default:
		hint := `"500ms", "10s", "1m30s"`
		if _, err := strconv.ParseFloat(text, 64); err == nil && !strings.ContainsAny(text, "eEnNiIxX") {
			hint = fmt.Sprintf("%s = %q", name, strings.TrimPrefix(text, "-")+"s")
		}
		b.report(problem(e.at(), "Invalid duration", "%q is no duration: numbers with units, h, m, s or ms.\nWrite %s", text, hint))
	}
	return 0, false
}
