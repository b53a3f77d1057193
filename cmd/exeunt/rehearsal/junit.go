package rehearsal

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"exeunt/cmd/exeunt/timeline"
)

// JUnit is the report in the XML that CI systems show as tests: a testcase a run, which fails as the run does. Package
// encoding/xml would write it too, and every start of exeunt would pay for its tables.
func (r *Report) JUnit() string {
	failures, total := 0, time.Duration(0)
	for _, run := range r.Runs {
		total += run.took()
		if !run.Passed() {
			failures++
		}
	}
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")
	fmt.Fprintf(&b, "  <testsuite name=\"exeunt rehearse\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"0\" time=\"%.3f\">\n", len(r.Runs), failures, total.Seconds())
	for _, run := range r.Runs {
		fmt.Fprintf(&b, "    <testcase classname=\"%s\" name=\"%s\" time=\"%.3f\">\n", xmlText(r.Config),
			xmlText(fmt.Sprintf("stop %q by %s, run %d", r.Stop, r.Signal, run.Number)), run.took().Seconds())
		if !run.Passed() {
			fmt.Fprintf(&b, "      <failure message=\"%s\">%s</failure>\n", xmlText(run.Faults[0]), xmlText(strings.Join(run.Faults, "\n")))
		}
		var text strings.Builder
		run.write(&text, timeline.Style{Width: 100}, r.Wanted)
		fmt.Fprintf(&b, "      <system-out>%s</system-out>\n    </testcase>\n", xmlText(text.String()))
	}
	b.WriteString("  </testsuite>\n</testsuites>\n")
	return b.String()
}

// xmlText is a text in an element or an attribute; what XML 1.0 has no character for (2.2) is U+FFFD.
func xmlText(text string) string {
	var b strings.Builder
	for _, c := range text {
		switch {
		case c == '&':
			b.WriteString("&amp;")
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '"':
			b.WriteString("&quot;")
		case c == '\n', c == '\t':
			b.WriteRune(c)
		case c < ' ', c == 0xFFFE, c == 0xFFFF:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
