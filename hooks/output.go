package hooks

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// LineLimit is how many bytes of a line are kept.
const LineLimit = 4096

// cutMark ends a line that was longer.
const cutMark = " [cut at 4 KiB]"

// Lines calls emit with each line that r gives, without its end, until r ends or is closed. A line longer than
// LineLimit is cut, with a mark; the rest of it is dropped. What could harm a terminal or a log (control characters,
// bytes that aren't UTF-8, marks that turn the direction of text) is shown as an escape: `\x1b`.
//
// A daemon that a hook left behind may hold the other end for as long as it lives, so nothing may wait for Lines to
// end: close r (of os.Pipe, whose Close ends a Read), or leave it its goroutine. Emit may not block, or the writer does.
func Lines(r io.Reader, emit func(line string)) {
	var (
		chunk   = make([]byte, LineLimit)
		line    = make([]byte, 0, LineLimit)
		cutting bool // the line was emitted; up to its end the rest is dropped
	)
	for {
		n, err := r.Read(chunk)
		for _, c := range chunk[:n] {
			switch {
			case c == '\n':
				if !cutting {
					emit(harmless(strings.TrimSuffix(string(line), "\r")))
				}
				line, cutting = line[:0], false
			case cutting:
			case len(line) == LineLimit:
				emit(harmless(string(whole(line))) + cutMark)
				line, cutting = line[:0], true
			default:
				line = append(line, c)
			}
		}
		if err != nil {
			if len(line) > 0 {
				emit(harmless(string(line)))
			}
			return
		}
	}
}

// whole is the text without the beginning of a character at its end.
func whole(text []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(text); i++ {
		if last := text[len(text)-i:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				return text[:len(text)-i]
			}
			break
		}
	}
	return text
}

// harmless is text with escapes for what could harm a terminal or a log.
func harmless(text string) string {
	if !strings.ContainsFunc(text, harmful) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case r < 0x100 && harmful(r):
			fmt.Fprintf(&b, `\x%02x`, r)
		case harmful(r) && r != utf8.RuneError:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// harmful also says so of U+FFFD, which is what a byte that isn't UTF-8 reads as.
func harmful(r rune) bool {
	return r == utf8.RuneError || r != '\t' && unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
}
