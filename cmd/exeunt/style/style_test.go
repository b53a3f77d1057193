package style

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"golang.org/x/tools/txtar"
)

// ugly are texts in which something is to be moved, or must not be.
var ugly = []string{
	"a=1\nbbb  =  2 # x\nc = [1,2 , 3]# y\n\nd={a=1,b=2}\n",
	"stop \"a\"{\non=[\"TERM\"]\n  forward{\n}\n}\n",
	"x = <<EOT\n  left as it is ${ a+1 }\n    EOT\ny = <<-E\n a\n E\n",
	"a = -1\nb = 1 -2\nc = a-b\nd = ! x\ne = x ?-1: - 2\nf = foo( -1,-2 )\n",
	"a = [\n1,\n  [\n2],\n]\nb = foo(\n1)\nc = [[[\n1\n]]]\n",
	"a = [for x in [1]:x if x>0]\nb = {for k,v in m:k=>v...}\n",
	"a = \"x ${ b . c } y ${ {a=1} }%{ if x }z%{ endif }${a}${b}\"\n",
	"a = b [ 0 ] . c\nd = e.*.f\ng = h[*].i\nj = provider::f ( 1 )\n",
	"/* block */ a = 1\nb = 2 /* tail */\n// line\n# line\n\n\n\n",
	"hook \"x\" { exec = [\"a\"] }\nhook \"y\"{}\n",
	"é = \"ü\" # ö\nlonger = \"日本\" # x\na = \"e\u0301\" # combining\n",
	"\ta = 1\r\n  b = 2\r\n",
	"a = 1",
	"",
	"\n",
}

// The style is hclwrite's.
func TestFormat(t *testing.T) {
	for _, src := range append(ugly, repository(t)...) {
		compare(t, []byte(src))
	}
}

func FuzzFormat(f *testing.F) {
	for _, src := range ugly {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) { compare(t, src) })
}

func compare(t *testing.T, src []byte) {
	t.Helper()
	if _, diags := hclsyntax.ParseConfig(src, "", hcl.InitialPos); diags.HasErrors() {
		return
	}
	got, want := Format(src), hclwrite.Format(src)
	if !bytes.Equal(bytes.TrimRight(got, " "), bytes.TrimRight(want, " ")) { // hclwrite leaves spaces at the end of a last line that has none
		t.Errorf("of\n%q\ncomes\n%q\nnot\n%q", src, got, want)
	}
}

// repository gives all lifecycles of this repository, as they are and with their spaces spoilt.
func repository(t *testing.T) []string {
	var all []string
	err := filepath.WalkDir("../../..", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		switch filepath.Ext(path) {
		case ".hcl":
			all = append(all, string(text))
		case ".txtar":
			for _, file := range txtar.Parse(text).Files {
				if strings.HasSuffix(file.Name, ".hcl") {
					all = append(all, string(file.Data))
				}
			}
		}
		return err
	})
	if err != nil || len(all) < 50 {
		t.Fatalf("found %d lifecycles: %v", len(all), err)
	}
	for _, text := range all {
		all = append(all, strings.NewReplacer("  ", "", " = ", "=", ", ", " ,", " {", "   {").Replace(text))
	}
	return all
}
