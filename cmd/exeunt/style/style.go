// Package style writes HCL in its canonical style: two spaces for each level, one between words, and the equals signs and
// trailing comments of neighbouring lines below each other. Only spaces change.
//
// It gives what hclwrite.Format gives, which the tests hold it against. That package is not used because it costs every start
// of exeunt, also of one that formats nothing, half a millisecond and 200 kB: it imports a package for comparing values in tests.
package style

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Format gives src in the canonical style. What is no HCL comes out as something else that is none: parse it first.
func Format(src []byte) []byte {
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	lines := split(tokens)
	indent(lines)
	for _, l := range lines {
		separate(l.head)
		separate(l.value)
	}
	align(lines, valueColumn)
	align(lines, commentColumn)
	var out bytes.Buffer
	for _, l := range lines {
		for _, words := range [][]word{l.head, l.value, l.comment} {
			for _, w := range words {
				out.WriteString(strings.Repeat(" ", w.spaces))
				out.Write(w.Bytes)
			}
		}
	}
	return out.Bytes()
}

// word is a token with the spaces before it.
type word struct {
	hclsyntax.Token
	spaces int
}

// line is what stands up to a line's end; a heredoc and its lines are one.
type line struct {
	head    []word
	value   []word // from the = on, where what follows it is whole
	comment []word // at most one, after something else
}

func split(tokens hclsyntax.Tokens) []*line {
	var lines []*line
	var words []word
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenEOF {
			break
		}
		words = append(words, word{Token: t})
		if t.Type == hclsyntax.TokenNewline || t.Type == hclsyntax.TokenComment && bytes.HasSuffix(t.Bytes, []byte("\n")) {
			lines = append(lines, newLine(words))
			words = nil
		}
	}
	if len(words) > 0 {
		lines = append(lines, newLine(words))
	}
	return lines
}

func newLine(words []word) *line {
	l := &line{head: words}
	if last := len(words) - 1; last > 0 && words[last].Type == hclsyntax.TokenComment {
		l.head, l.comment = words[:last:last], words[last:]
	}
	for i, w := range l.head {
		if i == 0 || w.Type != hclsyntax.TokenEqual {
			continue
		}
		if depth(l.head[i:]) == 0 { // otherwise it goes on in the lines below
			l.head, l.value = l.head[:i:i], l.head[i:]
		}
		break
	}
	return l
}

// opens counts the brackets that a token opens; -1: it closes one.
func opens(t hclsyntax.TokenType) int {
	switch t {
	case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
		return 1
	case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd:
		return -1
	}
	return 0
}

func depth(words []word) int {
	n := 0
	for _, w := range words {
		n += opens(w.Type)
	}
	return n
}

// indent moves each line to its level. A line that opens several brackets makes one level, which ends as the last of them is closed.
func indent(lines []*line) {
	var levels []int // of each, the brackets still open
	for _, l := range lines {
		if len(l.head) == 0 || l.head[0].Type == hclsyntax.TokenNewline {
			continue
		}
		head := l.head
		for i, w := range head {
			if w.Type == hclsyntax.TokenOHeredoc {
				head = head[:i]
				break
			}
		}
		change := depth(head) + depth(l.value)
		for change < 0 && len(levels) > 0 {
			last := &levels[len(levels)-1]
			if -change < *last {
				*last += change
				break
			}
			change += *last
			levels = levels[:len(levels)-1]
		}
		l.head[0].spaces = 2 * len(levels)
		if change > 0 {
			levels = append(levels, change)
		}
	}
}

// separate puts a space between words, or none.
func separate(words []word) {
	before := hclsyntax.TokenNil
	for i := 0; i+1 < len(words); i++ {
		words[i+1].spaces = 0
		if spaced(before, words[i].Token, words[i+1].Type) {
			words[i+1].spaces = 1
		}
		before = words[i].Type
	}
}

// spaced reports whether a space stands between a token and the next.
func spaced(before hclsyntax.TokenType, t hclsyntax.Token, next hclsyntax.TokenType) bool {
	switch next { // what follows closely, whatever it follows
	case hclsyntax.TokenNewline, hclsyntax.TokenDot, hclsyntax.TokenComma, hclsyntax.TokenEllipsis:
		return false
	}
	switch t.Type {
	case hclsyntax.TokenDot:
		return false
	case hclsyntax.TokenComma:
		return true
	case hclsyntax.TokenOQuote, hclsyntax.TokenQuotedLit, hclsyntax.TokenOHeredoc, hclsyntax.TokenStringLit: // the text is the user's
		return false
	}
	switch next {
	case hclsyntax.TokenQuotedLit, hclsyntax.TokenCQuote, hclsyntax.TokenStringLit, hclsyntax.TokenCHeredoc:
		return false
	case hclsyntax.TokenOParen, hclsyntax.TokenDoubleColon:
		if t.Type == hclsyntax.TokenIdent { // a call
			return false
		}
	case hclsyntax.TokenOBrack:
		if t.Type == hclsyntax.TokenIdent && string(t.Bytes) == "in" && before == hclsyntax.TokenIdent {
			return true // for x in [...], which is no index
		}
		if t.Type == hclsyntax.TokenIdent || t.Type == hclsyntax.TokenNumberLit || opens(t.Type) < 0 {
			return false
		}
	}
	return spacedOperator(before, t.Type, next)
}

// spacedOperator is spaced for what is neither text nor a name's end.
func spacedOperator(before, t, next hclsyntax.TokenType) bool {
	switch {
	case t == hclsyntax.TokenDoubleColon, t == hclsyntax.TokenBang:
		return false
	case t == hclsyntax.TokenMinus:
		return endsValue(before)
	case t == hclsyntax.TokenOBrace || next == hclsyntax.TokenCBrace:
		return t != hclsyntax.TokenOBrace || next != hclsyntax.TokenCBrace
	case next == hclsyntax.TokenOBrace && (t == hclsyntax.TokenTemplateInterp || t == hclsyntax.TokenTemplateControl),
		t == hclsyntax.TokenCBrace && next == hclsyntax.TokenTemplateSeqEnd:
		return true // "${ {": two braces that are not one
	case t == hclsyntax.TokenTemplateSeqEnd && (next == hclsyntax.TokenTemplateInterp || next == hclsyntax.TokenTemplateControl):
		return false
	}
	return opens(t) <= 0 && opens(next) >= 0
}

// endsValue reports whether a minus after a token takes something off a value; otherwise it makes one negative.
func endsValue(t hclsyntax.TokenType) bool {
	switch t {
	case hclsyntax.TokenNil, hclsyntax.TokenOParen, hclsyntax.TokenOBrace, hclsyntax.TokenOBrack,
		hclsyntax.TokenEqual, hclsyntax.TokenColon, hclsyntax.TokenComma, hclsyntax.TokenQuestion,
		hclsyntax.TokenPlus, hclsyntax.TokenMinus, hclsyntax.TokenStar, hclsyntax.TokenSlash, hclsyntax.TokenPercent,
		hclsyntax.TokenEqualOp, hclsyntax.TokenNotEqual, hclsyntax.TokenGreaterThan, hclsyntax.TokenGreaterThanEq,
		hclsyntax.TokenLessThan, hclsyntax.TokenLessThanEq, hclsyntax.TokenAnd, hclsyntax.TokenOr, hclsyntax.TokenBang:
		return false
	}
	return true
}

// column is what neighbouring lines have below each other: its words, and how wide what stands before them is.
type column func(*line) (words []word, at int)

func valueColumn(l *line) ([]word, int) { return l.value, width(l.head) }

func commentColumn(l *line) ([]word, int) { return l.comment, width(l.head) + width(l.value) }

// align puts a column's first words below each other, a space behind the widest.
func align(lines []*line, of column) {
	for len(lines) > 0 {
		n, widest := 0, 0
		for n < len(lines) {
			words, at := of(lines[n])
			if words == nil {
				break
			}
			n, widest = n+1, max(widest, at)
		}
		for _, l := range lines[:n] {
			words, at := of(l)
			words[0].spaces = widest - at + 1
		}
		lines = lines[max(n, 1):]
	}
}

// width is what words take on a terminal, in characters as a reader counts them.
func width(words []word) int {
	n := 0
	for _, w := range words {
		n += w.spaces + characters(w.Token)
	}
	return n
}

func characters(t hclsyntax.Token) int {
	if t.Range.Start.Line == t.Range.End.Line {
		return t.Range.End.Column - t.Range.Start.Column // which counts what a reader sees as one
	}
	return utf8.RuneCount(t.Bytes)
}
