package manifest

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"exeunt/cmd/exeunt/shell"
)

// maxStages is far more than anybody writes; each has what those before it have.
const maxStages = 1000

// Image is a stage of a Dockerfile, with what it has of those it is made from.
type Image struct {
	File string
	Name string // AS name
	Base string // the image that it, or the stage it is made from, is FROM; what can't be known of it stands as it is written
	At   Pos

	Entrypoint, Cmd *Command
	StopSignal      Value[string]
	User            Value[string]
	Env             map[string]string
	Ports           bool
	Files           []copied
	Runs            []string // the texts of RUN, here-documents among them

	own     map[string]Value[string] // instructions of this stage itself
	baseSet bool                     // Base is known whole
	shell   []string
	workdir string
	args    map[string]variable
}

// copied is a COPY or ADD.
type copied struct {
	sources []string
	dest    string            // absolute
	folder  bool              // it is written as a folder
	stage   string            // --from
	docs    map[string]string // here-documents among the sources
}

// variable is an ARG: its value is known where the file gives it one.
type variable struct {
	value string
	known bool
}

// readDockerfile reads the stages of a Dockerfile.
func readDockerfile(name, text string) (*Document, *ReadError) {
	list, escape, bad := instructions(name, text)
	if bad != nil {
		return nil, bad
	}
	b := builder{doc: &Document{Name: name, Platform: Docker}, escape: escape, global: map[string]variable{}}
	for _, next := range list {
		if bad := b.take(next, text); bad != nil {
			return nil, bad
		}
	}
	if b.image == nil {
		return nil, broken(Pos{File: name}, "", "there is no FROM in it")
	}
	b.doc.Containers = []*Container{b.image.container()}
	return b.doc, nil
}

// stage finds the image that a target names: a stage's name, its number, or "" for the last.
func (d *Document) stage(target string) *Image {
	for i, image := range d.Stages {
		if target != "" && (strings.EqualFold(image.Name, target) || target == strconv.Itoa(i)) {
			return image
		}
	}
	if target != "" || len(d.Stages) == 0 {
		return nil
	}
	return d.Stages[len(d.Stages)-1]
}

// container is what `docker run` makes of the image.
func (i *Image) container() *Container {
	return &Container{Platform: Docker, Kind: "Dockerfile", Owner: i.File, At: i.At, Env: map[string]Value[string]{}, image: i}
}

// builder goes through a Dockerfile as a build does.
type builder struct {
	doc    *Document
	escape byte
	global map[string]variable // ARGs before the first FROM
	image  *Image              // the stage under way
}

func (b *builder) take(next instruction, text string) *ReadError {
	if b.image == nil && next.name != "FROM" && next.name != "ARG" {
		return b.misplaced(next, text)
	}
	if b.image != nil && next.name != "FROM" {
		b.image.own[next.name] = Value[string]{next.args, next.at}
	}
	switch next.name {
	case "FROM":
		return b.from(next)
	case "ARG":
		b.arg(next)
	case "ENV":
		b.env(next)
	case "ENTRYPOINT":
		b.image.Entrypoint = b.command(next)
		if !b.image.own["CMD"].Set() {
			b.image.Cmd = nil // that of the base is reset
		}
	case "CMD":
		b.image.Cmd = b.command(next)
	case "SHELL":
		if list, ok := next.list(); ok && len(list) > 0 {
			b.image.shell = list
		}
	case "STOPSIGNAL":
		b.image.StopSignal = b.value(next)
	case "USER":
		b.image.User = b.value(next)
	case "EXPOSE":
		b.image.Ports = true
	case "COPY", "ADD":
		b.copy(next)
	case "RUN":
		b.image.Runs = append(b.image.Runs, next.args)
		for _, text := range next.docs {
			b.image.Runs = append(b.image.Runs, text)
		}
	case "WORKDIR":
		to, _ := b.stageExpander().expand(next.args)
		b.image.workdir = b.image.inside(to)
	case "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "VOLUME":
	default:
		return b.misplaced(next, text)
	}
	return nil
}

// misplaced says what is wrong with an instruction that can't stand here.
func (b *builder) misplaced(next instruction, text string) *ReadError {
	if strings.Contains(text, "{{") || strings.Contains(text, "{%") {
		return &ReadError{Template, next.at, "it is a template", "render it first, and give the Dockerfile that comes of it"}
	}
	known := []string{"ADD", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
	if slices.Contains(known, next.name) {
		return broken(next.at, "begin with FROM", "%s comes before the first FROM", next.name)
	}
	return broken(next.at, "", "there is no instruction %q in a Dockerfile", next.name)
}

// from begins a stage.
func (b *builder) from(next instruction) *ReadError {
	words := next.words()
	switch {
	case len(words) == 0:
		return broken(next.at, "FROM image", "FROM names no image")
	case len(b.doc.Stages) >= maxStages:
		return broken(next.at, "", "it has more than %d stages", maxStages)
	}
	e := b.expander(func(name string) (string, bool, bool) { return lookup(b.global, name) })
	ref, known := e.expand(words[0])
	image := &Image{File: b.doc.Name, Base: ref, At: next.at, baseSet: known, Env: map[string]string{}}
	for _, stage := range b.doc.Stages {
		if strings.EqualFold(stage.Name, ref) && ref != "" {
			*image = *stage
			image.Env, image.Files, image.Runs = maps.Clone(stage.Env), slices.Clone(stage.Files), slices.Clone(stage.Runs)
			image.At = next.at
			break
		}
	}
	image.Name, image.own, image.args = "", map[string]Value[string]{}, map[string]variable{}
	if len(words) == 3 && strings.EqualFold(words[1], "AS") {
		image.Name = words[2]
	}
	b.image = image
	b.doc.Stages = append(b.doc.Stages, image)
	return nil
}

// arg declares build arguments: `ARG a=1 b`. One without a value has that of an ARG before the first FROM, if any.
func (b *builder) arg(next instruction) {
	words, _ := shell.Words(next.args)
	for _, word := range words {
		name, value, found := strings.Cut(word, "=")
		v := variable{}
		if found {
			v.value, v.known = b.stageExpander().expand(value)
		} else if b.image != nil {
			v = b.global[name]
		}
		if b.image == nil {
			b.global[name] = v
		} else {
			b.image.args[name] = v
		}
	}
}

// env sets variables: `ENV a=1 b="2 3"`, or the old `ENV a 1`.
func (b *builder) env(next instruction) {
	words, _ := shell.Words(next.args)
	if len(words) > 0 && !strings.Contains(words[0], "=") {
		name, value, _ := strings.Cut(next.args, " ")
		words = []string{name + "=" + strings.TrimSpace(value)}
	}
	e := b.stageExpander()
	for _, word := range words {
		if name, value, found := strings.Cut(word, "="); found {
			b.image.Env[name], _ = e.expand(value)
		}
	}
}

// command is an ENTRYPOINT or a CMD. No variable is replaced in it: at best a shell does that.
func (b *builder) command(next instruction) *Command {
	if list, ok := next.list(); ok {
		return &Command{Argv: list, At: next.at}
	}
	shell := b.image.shell
	if shell == nil {
		shell = []string{"/bin/sh", "-c"}
	}
	return &Command{Argv: append(slices.Clone(shell), next.args), Shell: next.args, At: next.at}
}

func (b *builder) value(next instruction) Value[string] {
	text, _ := b.stageExpander().expand(next.args)
	return Value[string]{strings.Trim(text, `"'`), next.at}
}

func (b *builder) copy(next instruction) {
	words := next.words()
	if list, ok := next.list(); ok {
		words = list
	}
	if len(words) < 2 {
		return
	}
	e := b.stageExpander()
	c := copied{stage: next.flags["from"], docs: next.docs}
	dest, _ := e.expand(words[len(words)-1])
	c.dest, c.folder = b.image.inside(dest), strings.HasSuffix(dest, "/") || strings.HasSuffix(dest, ".")
	for _, word := range words[:len(words)-1] {
		source, _ := e.expand(word)
		c.sources = append(c.sources, source)
	}
	b.image.Files = append(b.image.Files, c)
}

func (b *builder) expander(lookup func(string) (string, bool, bool)) *expander {
	return &expander{lookup: lookup, escape: b.escape}
}

// stageExpander knows the stage's ENV and ARG; before the first FROM, the ARGs so far.
func (b *builder) stageExpander() *expander {
	return b.expander(func(name string) (string, bool, bool) {
		if b.image == nil {
			return lookup(b.global, name)
		}
		if value, ok := b.image.Env[name]; ok {
			return value, true, true
		}
		return lookup(b.image.args, name)
	})
}

// lookup finds an ARG. One that the file doesn't declare may be one of those that a build sets by itself: not known.
func lookup(vars map[string]variable, name string) (string, bool, bool) {
	v := vars[name]
	return v.value, v.known, v.known
}

// places reports whether a COPY may put something at a path: named as such, or as a folder above it.
func (c copied) places(file string) bool {
	return c.dest == file || c.dest == "/" || strings.HasPrefix(file, c.dest+"/")
}

// inside makes a path absolute, from WORKDIR on.
func (i *Image) inside(to string) string {
	if path.IsAbs(to) {
		return path.Clean(to)
	}
	return path.Join("/", i.workdir, to)
}
