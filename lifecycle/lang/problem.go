package lang

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// problem is an error. The detail is whole sentences; lines after the first are hints, which say what to write.
func problem(at *hcl.Range, summary, format string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: at}
}

// warning is about a file that is legal, and probably not what was meant.
func warning(at *hcl.Range, summary, format string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: at}
}

func (d *decoder) report(diags ...*hcl.Diagnostic) { d.diags = append(d.diags, diags...) }

// sorted gives all that was reported in the order of the files.
func (d *decoder) sorted() hcl.Diagnostics {
	place := func(x *hcl.Diagnostic) (file, at int) {
		if x.Subject == nil {
			return -1, 0
		}
		return d.order[x.Subject.Filename], x.Subject.Start.Byte
	}
	sort.SliceStable(d.diags, func(i, j int) bool {
		fi, ai := place(d.diags[i])
		fj, aj := place(d.diags[j])
		return fi < fj || fi == fj && ai < aj
	})
	return slices.CompactFunc(d.diags, func(a, b *hcl.Diagnostic) bool {
		return a.Subject != nil && b.Subject != nil && *a.Subject == *b.Subject && a.Summary == b.Summary && a.Detail == b.Detail
	})
}

// didYouMean is a hint on a line of its own where one of the names is nearly the given one; else "".
func didYouMean(given string, names []string) string {
	if meant := nearest(given, names); meant != "" {
		return fmt.Sprintf("\nDid you mean %q?", meant)
	}
	return ""
}

// nearest gives the name that is nearly the given one; else "".
func nearest(given string, names []string) (best string) {
	least := 3 // more than two slips make another word, more than one in a short word
	if len(given) <= 4 {
		least = 2
	}
	for _, name := range names {
		if slips := distance(strings.ToLower(given), strings.ToLower(name)); slips < least && slips < len(given) {
			best, least = name, slips
		}
	}
	return best
}

// distance counts the slips between two words: a letter too many, one missing, another one, two swapped.
func distance(a, b string) int {
	last, row := []int{}, make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		older := last
		last, row = row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			other := 1
			if a[i-1] == b[j-1] {
				other = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+other)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
	}
	return row[len(b)]
}

// place is how another place in the files is named in a sentence.
func place(r hcl.Range) string { return fmt.Sprintf("%s:%d", r.Filename, r.Start.Line) }

// listed joins words as a sentence does: "a, b and c".
func listed(words []string, last string) string {
	switch n := len(words); n {
	case 0:
		return "nothing"
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " " + last + " " + words[n-1]
	}
}
