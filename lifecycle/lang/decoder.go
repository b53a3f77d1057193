package lang

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"exeunt/lifecycle"
)

// decoder collects what is wrong while blocks become plain data.
type decoder struct {
	*world
	schema  schema
	command []string
	sources Sources
	order   map[string]int // of the files
	bodies  []hcl.Body
	diags   hcl.Diagnostics

	grace  time.Duration
	budget bool // grace_period is written
	claims map[lifecycle.Signal]claim
}

// claim says which block a signal belongs to.
type claim struct {
	by *block
	at hcl.Range
}

func newDecoder(o Options) *decoder {
	env := map[string]cty.Value{}
	for _, pair := range o.Env {
		if name, value, ok := strings.Cut(pair, "="); ok && name != "" {
			env[name] = cty.StringVal(value)
		}
	}
	w := &world{pure: &hcl.EvalContext{Functions: functions()}, env: cty.MapValEmpty(cty.String), locals: cty.EmptyObjectVal, probes: o.Probes}
	if len(env) > 0 {
		w.env = cty.MapVal(env)
	}
	return &decoder{world: w, schema: newSchema(), command: o.Command, sources: Sources{}, order: map[string]int{}, claims: map[lifecycle.Signal]claim{}}
}

// decode makes one lifecycle of all that was added.
func (d *decoder) decode() *lifecycle.Lifecycle {
	l := &lifecycle.Lifecycle{}
	if d.diags.HasErrors() || len(d.bodies) == 0 {
		return l
	}
	file := d.open(d.schema[FileBlock], raw{pieces: d.bodies}, atLoad, 0)
	d.decodeLocals(file.of("locals"))
	l.Grace = file.positive("grace_period", "Leave it out where nothing is granted for sure.")
	d.grace, d.budget = l.Grace, file.has("grace_period")
	names := map[string]*block{}
	for _, b := range file.blocks {
		switch b.spec.ID {
		case "child":
			l.Child = decodeChild(b)
		case "start":
			l.Start = decodeStart(b)
		case "signal":
			l.Signals = append(l.Signals, decodeSignal(b))
		case "stop":
			if first := names[b.label]; first != nil && b.label != "" {
				d.report(problem(&b.labels, "Name used twice", "There is a stop %q at %s already.", b.label, place(first.at)))
			}
			names[b.label] = b
			l.Stops = append(l.Stops, decodeStop(b))
		case "exit":
			l.Exit = decodeExit(b)
		}
	}
	if len(d.command) == 0 {
		d.command = l.Child.Command
	}
	if !d.diags.HasErrors() { // or it would be about what is not there yet
		d.warn(file, l)
	}
	return l
}

// claim takes a signal for a block; one that another block has is a mistake.
func (d *decoder) claim(s lifecycle.Signal, by *block, at hcl.Range) {
	switch {
	case s == lifecycle.SIGCHLD:
		d.report(problem(&at, "Signal that begins no script", "SIGCHLD is exeunt's own: it tells of children that ended."))
	case !s.Catchable():
		d.report(problem(&at, "Signal that begins no script", "No process ever sees a %v: the kernel acts on it.", s))
	}
	before, taken := d.claims[s]
	switch {
	case !taken:
		d.claims[s] = claim{by, at}
	case before.by == by:
		d.report(warning(&at, "Signal named twice", "%v stands in this list already.\nRemove one of them.", s))
	default:
		d.report(problem(&at, "Signal claimed twice", "%v belongs to %s at %s already: a signal can begin one script only.", s, before.by, place(before.at)))
	}
}

// badEnvironment lists names that a map of strings has and no environment can.
func badEnvironment(m map[string]string) []string {
	var bad []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if name == "" || strings.ContainsAny(name, "=\x00") || strings.ContainsRune(m[name], 0) {
			bad = append(bad, name)
		}
	}
	return bad
}
