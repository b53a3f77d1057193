package lang

import (
	"github.com/hashicorp/hcl/v2"

	"exeunt/lifecycle"
)

// ParseFiles reads texts as Load does the files of a directory: in their order, as one body. Their names are the paths that
// file() is relative to.
func ParseFiles(names []string, sources Sources, o Options) (*lifecycle.Lifecycle, Sources, hcl.Diagnostics) {
	d := newDecoder(o)
	for _, name := range names {
		d.add(name, sources[name])
	}
	return d.decode(), d.sources, d.sorted()
}
