package shell

import (
	"fmt"
	"testing"
)

func TestCommands(t *testing.T) {
	for text, want := range map[string]string{
		``:                         `[]`,
		"  # nothing\n":            `[]`,
		`nginx -g "daemon off;"`:   `[["nginx" "-g" "daemon off;"]]`,
		`a && b || c; d & e | f`:   `[["a"] ["b"] ["c"] ["d"] ["e"] ["f"]]`,
		"a # b; c\nd":              `[["a"] ["d"]]`,
		`a#b '#' ""`:               `[["a#b" "#" ""]]`,
		"a \\\n  b":                `[["a" "b"]]`,
		`a 2>&1 >/dev/null`:        `[["a" "2>&1" ">/dev/null"]]`,
		`A=1 exec "$@"`:            `[["A=1" "exec" "$@"]]`,
		`x=$(cat y) z`:             `[["x=$"] ["cat" "y"] ["z"]]`,
		`"a\"b" 'c\d' e\ f`:        `[["a\"b" "c\\d" "e f"]]`,
		`café "naïve" 日本`:          `[["café" "naïve" "日本"]]`,
		`"not closed`:              `[["not closed"]]`,
		"if true; then exec a; fi": `[["if" "true"] ["then" "exec" "a"] ["fi"]]`,
		`ends with a backslash \`:  `[["ends" "with" "a" "backslash"]]`,
	} {
		if got := fmt.Sprintf("%q", Commands(text)); got != want {
			t.Errorf("%q: %s, not %s", text, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		``:              `[]`,
		`a && b; c # d`: `["a" "&&" "b;" "c" "#" "d"]`,
		"a\tb\r\n c":    `["a" "b" "c"]`,
		`'' "b c"d`:     `["" "b cd"]`,
	} {
		words, err := Words(text)
		if got := fmt.Sprintf("%q", words); got != want || err != nil {
			t.Errorf("%q: %s %v, not %s", text, got, err, want)
		}
	}
	if _, err := Words(`a "b`); err == nil {
		t.Error("an open quote is no error")
	}
}
