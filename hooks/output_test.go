package hooks

import (
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

func lines(r io.Reader) (all []string) {
	Lines(r, func(line string) { all = append(all, line) })
	return all
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", LineLimit)
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"an empty line", "\n", []string{""}},
		{"three", "a\nb\r\nc\n", []string{"a", "b", "c"}},
		{"without an end", "a\nb", []string{"a", "b"}},
		{"as long as it may be", long + "\nb\n", []string{long, "b"}},
		{"longer", long + "yz\nb\n", []string{long + cutMark, "b"}},
		{"much longer, without an end", long + long + long, []string{long + cutMark}},
		{"cut within a character", long[1:] + "é\nb\n", []string{long[1:] + cutMark, "b"}},
		{"a terminal's", "\x1b[31mred\x1b[0m\a", []string{`\x1b[31mred\x1b[0m\x07`}},
		{"C1 and DEL", "a\u009bb\x7f", []string{`a\x9bb\x7f`}},
		{"a progress bar", "1%\r2%\r\n", []string{`1%\x0d2%`}},
		{"a tab", "a\tb", []string{"a\tb"}},
		{"zero bytes", "a\x00b\n", []string{`a\x00b`}},
		{"not UTF-8", "a\xffb\xc3\n", []string{`a\xffb\xc3`}},
		{"UTF-8", "é 漢字 🙂 \uFFFD", []string{"é 漢字 🙂 \uFFFD"}},
		{"text turned round", "a\u202eb\u2028c", []string{`a\u202eb\u2028c`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, r := range map[string]io.Reader{
				"at once": strings.NewReader(c.text), "byte by byte": iotest.OneByteReader(strings.NewReader(c.text)),
			} {
				if got := lines(r); !slices.Equal(got, c.want) {
					t.Errorf("%s: %q, not %q", name, got, c.want)
				}
			}
		})
	}
}

func TestLinesEndWithAnError(t *testing.T) {
	broken := io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(errors.New("broken")))
	if got := lines(broken); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("%q", got)
	}
}

// A daemon that a hook left behind holds the pipe: who closes the reading end ends Lines.
func TestLinesEndWhenClosed(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ended, seen := make(chan []string), make(chan string, 1)
	go func() {
		var all []string
		Lines(r, func(line string) { all = append(all, line); seen <- line })
		ended <- all
	}()
	w.WriteString("first\npart")
	<-seen
	r.Close()
	if got := <-ended; got[0] != "first" {
		t.Errorf("%q", got)
	}
}

func FuzzLines(f *testing.F) {
	f.Add("a\n\x1b[0m\xff\u202e")
	f.Fuzz(func(t *testing.T, text string) {
		for _, line := range lines(strings.NewReader(text)) {
			if !utf8.ValidString(line) || len(line) > 4*LineLimit+len(cutMark) || strings.ContainsAny(line, "\n\r\x1b\x00\u202e") {
				t.Errorf("%q", line)
			}
		}
	})
}
