package personality_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the table of differences in docs/drop-in.md")

// The table of differences in docs/drop-in.md is the rows that differ.
func TestDifferences(t *testing.T) {
	const (
		file  = "../../../docs/drop-in.md"
		begin = "<!-- the differences, printed by the rows: go test ./cmd/exeunt/personality -update -->\n"
		end   = "<!-- end of the differences -->\n"
	)
	var table strings.Builder
	table.WriteString("| as | where | what |\n| --- | --- | --- |\n")
	for _, name := range []string{"dumb-init", "tini", "docker-init", "catatonit"} {
		for _, r := range peers[name] {
			if r.differs != "" {
				fmt.Fprintf(&table, "| %s | %s | %s |\n", name, strings.ReplaceAll(r.claim, "|", `\|`), r.differs)
			}
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	got, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no table of differences", file)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+table.String()+end+after), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if got != table.String() {
		t.Errorf("%s does not have the rows that differ: go test ./cmd/exeunt/personality -update", file)
	}
}
