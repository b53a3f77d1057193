package lifecycle

import (
	"fmt"
	"strings"
)

// StateTable prints the table of machine.go as Markdown, for the docs: what each state does with each input.
func StateTable() string {
	var b strings.Builder
	b.WriteString("| state | when | what happens |\n| --- | --- | --- |\n")
	for s, row := range newTable() {
		name := "**" + State(s).String() + "**"
		for in, h := range row {
			if h.do == nil {
				continue
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", name, inputNames[in], h.does)
			name = ""
		}
	}
	return b.String()
}
