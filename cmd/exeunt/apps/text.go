package apps

import (
	"fmt"
	"strings"

	"exeunt/lifecycle"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// commentWidth is how wide a comment is, its indentation aside.
const commentWidth = 110

// text is a file in the making.
type text struct{ strings.Builder }

func (t *text) line(format string, args ...any) { fmt.Fprintf(t, format+"\n", args...) }

// comment writes sentences, each line behind indent and "# ".
func (t *text) comment(indent, sentences string) {
	t.hanging(indent, "", sentences)
}

// hanging writes sentences behind a term, and the lines after the first below the first's sentences.
func (t *text) hanging(indent, term, sentences string) {
	used, line := len(term), term
	for i, word := range strings.Fields(sentences) {
		if i > 0 && used+1+len(word) > commentWidth {
			t.line("%s# %s", indent, line)
			used, line = len(term), strings.Repeat(" ", len(term))
		} else if i > 0 {
			used, line = used+1, line+" "
		}
		used, line = used+len(word), line+word
	}
	t.line("%s# %s", indent, strings.TrimRight(line, " "))
}

// bytes is the file in the style of `exeunt fmt`.
func (t *text) bytes() []byte { return hclwrite.Format([]byte(t.String())) }

// quoted lists signals as a file has them: `"SIGTERM", "SIGINT"`.
func quoted(signals []lifecycle.Signal) string {
	names := make([]string, len(signals))
	for i, s := range signals {
		names[i] = fmt.Sprintf("%q", s)
	}
	return strings.Join(names, ", ")
}

// Names lists the signals for a reader: "SIGTERM, SIGINT".
func (t Taken) Names() string { return strings.ReplaceAll(quoted(t.Signals), `"`, "") }
