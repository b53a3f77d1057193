// Package apps knows how applications take signals, and writes a lifecycle.hcl for each: `exeunt init`.
//
// An [App] is plain data: what the application does on which signal, by its own documentation, and from that the stop
// that lets it finish its work. [App.File] lays the steps out in a grace period and renders them, commented, in the
// style of `exeunt fmt`. [Recognise] finds the application that a command line runs; [ReadInit] reads the command line
// of another init, whose [Init.File] does the same with signals as that init did.
//
// All that is written loads clean, and each stop fits the grace period it was written for.
package apps

import (
	"path"
	"slices"
	"strings"

	"exeunt/lifecycle"
)

// App is an application.
type App struct {
	Name     string   // what --app takes
	Title    string   // as its makers write it
	Also     []string // other names that --app takes
	Programs []string // the names its process goes by; "*" stands for a version
	Source   string   // where its documentation says what it does on a signal
	Signals  []Taken  // what it does on them
	Why      string   // why it is stopped as it is: sentences
	Set      string   // what has to be set in the application itself, or known; sentences, "" for nothing. {wait} is how long Stop has

	On      []lifecycle.Signal // what begins the stop beside SIGTERM and SIGINT: the STOPSIGNAL of its official image
	Hooks   []Hook             // before anything else
	Serves  bool               // others send it requests: they need time to stop doing that
	Port    int                // whose connections a drain waits for, before Stop; 0: it needs no such drain
	Ports   []string           // the flags of its command line that give Port
	Both    bool               // with a Port: it may have work to finish on Stop too, which then has half of the time
	Quiet   lifecycle.Signal   // makes it take no new work, before Stop; 0: nothing does
	Stop    lifecycle.Signal   // lets it finish what it does
	Master  bool               // only its first process may be signalled: that one tells the others
	Hard    lifecycle.Signal   // ends it without finishing, but tidily; 0: nothing but SIGKILL
	Swallow []Swallowed        // what must not reach it
	OnTerm  bool               // it ends by SIGTERM itself, or with 143, where it was stopped in order
}

// Taken is what an application does on a signal, or on several.
type Taken struct {
	Signals []lifecycle.Signal
	Does    string // a verb in the third person and what belongs to it; no full stop
}

// Hook is one that is written into the stop.
type Hook struct {
	Name string
	Why  string
	HCL  string // its action
	Long bool   // it does the work that the stop waits for
}

// Swallowed is a signal that the file keeps from the application.
type Swallowed struct {
	Signal lifecycle.Signal
	Why    string
}

// All are the applications, web servers first; the last one is Generic.
func All() []*App {
	return slices.Concat(webServers(), proxies(), appServers(), workers(), runtimes(), databases(), brokers(), []*App{Generic()})
}

// Find returns the application of a name, nil where it is not known.
func Find(name string) *App {
	for _, a := range All() {
		if a.Name == name || slices.Contains(a.Also, name) {
			return a
		}
	}
	return nil
}

// Names are all names that Find knows.
func Names() []string {
	var names []string
	for _, a := range All() {
		names = append(append(names, a.Name), a.Also...)
	}
	return names
}

// ofProgram returns the application whose process goes by the name of a program's path, nil where none does.
func ofProgram(program string) *App {
	name := path.Base(program)
	for _, a := range All() {
		for _, pattern := range a.Programs {
			if matches(pattern, name) {
				return a
			}
		}
	}
	return nil
}

// matches holds a name against a pattern, whose "*" stands for a version: "php-fpm*" is php-fpm, php-fpm8.2 and php-fpm-8.
func matches(pattern, name string) bool {
	before, after, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == name
	}
	rest, ok := strings.CutPrefix(name, before)
	if ok {
		rest, ok = strings.CutSuffix(rest, after)
	}
	return ok && strings.Trim(rest, "0123456789.-") == ""
}

// Generic is an application that is known for nothing but ending on SIGTERM.
func Generic() *App {
	return &App{
		Name: "generic", Title: "an application", Also: []string{"other"},
		Signals: []Taken{
			{on(sigTERM, sigINT), "ends, and finishes before that what its makers have it finish"},
		},
		Why:    "Most applications take SIGTERM as the wish that they end. Read in its documentation whether yours finishes the work in flight then, and whether another signal means that.",
		Serves: true,
		Stop:   lifecycle.SIGTERM,
	}
}
