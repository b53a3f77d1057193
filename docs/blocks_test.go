package docs_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"exeunt/lifecycle/lang"
)

// Every HCL block in the documents, and every lifecycle of the examples and the demo, loads clean and is in canonical style.
// A block that is a part of a file says what of: ```hcl fragment=stop is within a stop.
func TestBlocksLoad(t *testing.T) {
	n := 0
	for _, file := range documents(t) {
		for _, b := range hclBlocks(t, file) {
			n++
			t.Run(b.name, func(t *testing.T) { loadsClean(t, b) })
		}
	}
	if n < 20 {
		t.Errorf("only %d blocks were found", n)
	}
}

type hclBlock struct {
	name, text string
	fragment   string // the block it stands in; "": it is a whole file
}

// documents lists what may have HCL in it, from the top of the repository.
func documents(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && entry.Name() != "..":
			return fs.SkipDir
		case strings.HasSuffix(path, ".md"), strings.HasSuffix(path, ".hcl"), strings.HasSuffix(path, ".hcl.json"):
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

var fence = regexp.MustCompile("(?ms)^```(hcl|json)([^\n]*)\n(.*?)^```$")

func hclBlocks(t *testing.T, file string) []hclBlock {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(file, ".md") {
		return []hclBlock{{name: file, text: string(text)}}
	}
	var blocks []hclBlock
	for _, m := range fence.FindAllSubmatchIndex(text, -1) {
		b := hclBlock{text: string(text[m[6]:m[7]])}
		b.name = fmt.Sprintf("%s:%d.hcl", file, 1+bytes.Count(text[:m[0]], []byte("\n")))
		info := strings.TrimSpace(string(text[m[4]:m[5]]))
		var ok bool
		if b.fragment, ok = strings.CutPrefix(info, "fragment="); !ok && info != "" {
			t.Errorf("%s: %q is no word for a block of HCL; fragment=BLOCK is", b.name, info)
		}
		if string(text[m[2]:m[3]]) == "json" {
			if !strings.Contains(b.text, `"stop"`) { // another JSON
				continue
			}
			b.name += ".json"
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// around is what stands round a fragment, "%s".
var around = map[string]string{
	"":       "%s",
	"stop":   "grace_period = \"100s\"\nstop \"graceful\" {\non = [\"SIGTERM\"]\n%s\nforward {}\n}\n",
	"hook":   "start {\nhook \"x\" {\n%s\n}\n}\n",
	"start":  "start {\n%s\n}\n",
	"exit":   "exit {\n%s\n}\n",
	"signal": "signal \"SIGHUP\" {\n%s\n}\n",
}

func loadsClean(t *testing.T, b hclBlock) {
	format, ok := around[b.fragment]
	if !ok {
		t.Fatalf("there is no fragment=%s", b.fragment)
	}
	env := []string{"HOSTNAME=pod-1", "PORT=8080", "DEMO_DRAINING=/run/draining"}
	_, sources, diags := lang.Parse(b.name, fmt.Appendf(nil, format, b.text), lang.Options{Env: env})
	if len(diags) > 0 {
		var text strings.Builder
		lang.Print(&text, sources, diags, false)
		t.Errorf("it does not load clean:\n%s", &text)
	}
	if !strings.HasSuffix(b.name, ".json") && b.text != string(hclwrite.Format([]byte(b.text))) {
		t.Errorf("it is not in canonical style:\n%s", hclwrite.Format([]byte(b.text)))
	}
}
