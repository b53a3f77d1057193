package manifest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"exeunt/lifecycle"
)

// Options say what is checked, and how the rest of it can be found.
type Options struct {
	File        string                            // the lifecycle file's name
	Source      []byte                            // its text, to compare with a ConfigMap's; nil: don't
	Container   string                            // hold the file against this container only
	Subcommands []string                          // words after `exeunt` that are no command to run
	ValueFlags  []string                          // exeunt's flags that take a value, without dashes
	Open        func(name string) ([]byte, error) // reads what manifests refer to; nil: nothing
}

// Finding is one thing that is wrong.
type Finding struct {
	Rule            string
	Severity        Severity
	At              Pos
	Lifecycle       string // the lifecycle file that it is about; "" where it is about none
	Container       string // as a report names it; "" where it is about none
	Problem, Change string // what is wrong, and what to change to what; a sentence each, no full stop

	about *Container
}

// Checked is a container that the file was held against.
type Checked struct {
	*Container
	Lifecycle string
	How       string // how it comes that it is checked, where that can't be seen
	Signal    string // the stop signal
	From      string // where that comes from, where it isn't written
	Stop      string // the stop that it triggers; "" if none
	Grace     string // the time it has
}

// Skipped is a container, or a file, that it was not.
type Skipped struct {
	At        Pos
	Name, Why string
	Lifecycle string
}

// Report is what comes out.
type Report struct {
	Files    []string // the lifecycle files, in the order of the command line
	Stops    []Verdict
	Checked  []Checked
	Skipped  []Skipped
	Findings []Finding
}

// Verdict is what the file's own check says of a stop.
type Verdict struct {
	Lifecycle string
	Stop      *lifecycle.Script // nil: the file has none
	Longest   time.Duration     // its worst case
	Fits      bool
	Text      string
}

// Count is the number of findings of a severity.
func (r *Report) Count(s Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// Check holds a lifecycle against the containers of documents and adds to the report. The error is that of a --container that isn't there.
func (r *Report) Check(plan *lifecycle.Lifecycle, docs []*Document, o Options) error {
	list := o.candidates(docs)
	o.choose(list)
	if o.Container != "" && !slices.ContainsFunc(list, func(k *candidate) bool { return k.checked }) {
		return fmt.Errorf("there is no container %q in the manifests: %s", o.Container, names(list))
	}
	checked := 0
	for _, k := range list {
		if !k.checked {
			r.skip(&o, Skipped{At: k.At, Name: k.String(), Why: k.why})
			continue
		}
		checked++
		r.checkOne(plan, docs, &o, k)
	}
	for _, doc := range docs {
		for _, note := range doc.Notes {
			r.skip(&o, note)
		}
	}
	if checked == 0 && len(docs) > 0 {
		r.add(Finding{Rule: ruleNothing, Severity: Warning, At: Pos{File: docs[0].Name}, Lifecycle: o.File,
			Problem: "no container of the manifests runs exeunt, as far as they tell",
			Change:  "give the Dockerfile of the image as well, or name the container: --container NAME"})
	}
	return nil
}

func (r *Report) skip(o *Options, s Skipped) {
	s.Lifecycle = o.File
	r.Skipped = append(r.Skipped, s)
}

// Unreadable adds a file that gave no document: what Read said of it.
func (r *Report) Unreadable(err error) {
	f := Finding{Rule: RuleUnreadable, Severity: Error, Problem: err.Error()}
	if bad := (*ReadError)(nil); errors.As(err, &bad) {
		f.At, f.Problem, f.Change = bad.At, bad.Problem, bad.Change
	}
	r.add(f)
}

// Skip adds a file that is no manifest, where nobody said it was one.
func (r *Report) Skip(bad *ReadError) {
	why := bad.Problem
	if bad.Change != "" {
		why += ": " + bad.Change
	}
	r.Skipped = append(r.Skipped, Skipped{At: Pos{File: bad.At.File}, Why: why})
}

// Add adds a finding of the caller's own.
func (r *Report) Add(f Finding) { r.add(f) }

// add keeps a finding once for each container.
func (r *Report) add(f Finding) {
	for _, g := range slices.Backward(r.Findings) {
		if g.about != f.about || g.Lifecycle != f.Lifecycle {
			break
		}
		if g.Rule == f.Rule && g.At == f.At && g.Problem == f.Problem {
			return
		}
	}
	r.Findings = append(r.Findings, f)
}

func names(list []*candidate) string {
	var all []string
	for _, k := range list {
		if name := k.Name; name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	if len(all) == 0 {
		return "none has a name"
	}
	return "there are " + strings.Join(all, ", ")
}

// subject is a container under check, with what every rule asks for.
type subject struct {
	*Container
	report *Report
	opts   *Options
	docs   []*Document
	plan   *lifecycle.Lifecycle
	inv    *invocation // nil: not known

	signal     lifecycle.Signal // what the platform sends; 0: nothing that a stop could have for a trigger
	signalText string           // as it is written
	signalAt   Pos
	signalFrom string            // "" or who says so
	stop       *lifecycle.Script // what it triggers, or ought to; nil: the file has none
	triggered  bool
}

func (r *Report) checkOne(plan *lifecycle.Lifecycle, docs []*Document, o *Options, k *candidate) {
	s := &subject{Container: k.Container, report: r, opts: o, docs: docs, plan: plan, inv: k.inv}
	s.findStop()
	r.Checked = append(r.Checked, Checked{Container: k.Container, Lifecycle: o.File, How: k.why, Signal: s.signalName(), From: s.signalFrom, Stop: s.stopName(), Grace: s.graceWords()})
	for _, f := range k.Problems {
		s.add(f)
	}
	s.checkGrace()
	s.checkPreStop()
	s.checkSignal()
	s.checkCommand()
	s.checkFile()
	s.checkProbes()
	s.checkPID1()
	s.checkRights()
	s.checkSurroundings()
}

// find reports a finding with its rule's severity.
func (s *subject) find(rule string, at Pos, change, problem string, args ...any) {
	s.findAs(ruleSeverity(rule), rule, at, change, problem, args...)
}

func (s *subject) findAs(severity Severity, rule string, at Pos, change, problem string, args ...any) {
	s.add(Finding{Rule: rule, Severity: severity, At: at, Problem: say(problem, args...), Change: change})
}

func (s *subject) add(f Finding) {
	f.Container, f.about, f.Lifecycle = s.String(), s.Container, s.opts.File
	s.report.add(f)
}

func (s *subject) stopName() string {
	if !s.triggered {
		return ""
	}
	return s.stop.Name
}
