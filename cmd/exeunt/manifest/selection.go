package manifest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// candidate is a container, and what is known of its command.
type candidate struct {
	*Container
	inv     *invocation // nil: it does not run exeunt, or that can't be seen
	unseen  bool
	why     string // it is not checked, or how it comes that it is
	checked bool
}

// candidates looks at every container of every document. A Dockerfile that is the image of another container is not
// one for itself.
func (o *Options) candidates(docs []*Document) []*candidate {
	users := o.images(docs)
	var list []*candidate
	for _, doc := range docs {
		for _, c := range doc.Containers {
			k := &candidate{Container: c}
			if user := users[c.image]; c.Platform == Docker && user != nil {
				k.why = "it is the image of " + user.String()
			} else {
				o.classify(k)
			}
			list = append(list, k)
		}
	}
	return list
}

// classify finds out what a container runs.
func (o *Options) classify(k *candidate) {
	argv, at, known := k.argv()
	inv, why := o.findExeunt(k.Container, argv, at)
	switch ref := parseReference(k.Image.V); {
	case inv != nil:
		k.inv = inv
	case k.DockerInit.File != "" && k.variable("EXEUNT_CONFIG") != "":
		// dockerd's --init-path is how exeunt gets into an image that can't have another entrypoint.
		k.inv = &invocation{program: "docker-init", config: k.variable("EXEUNT_CONFIG"), child: argv, at: k.DockerInit, byDocker: true}
		k.why = "init: true and EXEUNT_CONFIG are taken to mean that dockerd's --init-path is exeunt"
	case known:
		k.why = why
	case k.Platform == Kubernetes && !k.Image.Set():
		k.why = "it has no image, as in a patch: " + renderKustomize
	case ref.official() && k.Build == nil && k.image == nil && k.Args != nil:
		k.why = why
	case ref.official() && k.Build == nil && k.image == nil:
		k.why = fmt.Sprintf("it names no command, and the image %s starts its own", k.Image.V)
	default:
		k.unseen = true
		k.why = "what its image starts can't be seen: give its Dockerfile as well, or name it with --container"
	}
}

// images finds what is known of the containers' images, and gives for each stage of a Dockerfile one container that runs it.
func (o *Options) images(docs []*Document) map[*Image]*Container {
	users := map[*Image]*Container{}
	var named []*Container // what names no command
	for _, doc := range docs {
		for _, c := range doc.Containers {
			switch {
			case c.Platform == Docker:
			case c.Build != nil:
				c.image = o.built(docs, c.Build)
			default:
				c.image = byName(docs, c.Image.V)
				if c.image == nil && c.Entrypoint == nil && !parseReference(c.Image.V).official() {
					named = append(named, c)
				}
			}
			if c.Platform != Docker && c.image != nil {
				users[c.image] = c
			}
		}
	}
	if rest := unused(docs, users); len(rest) == 1 && len(named) == 1 {
		named[0].image = rest[0]
		users[rest[0]] = named[0]
	}
	return users
}

// built is the image that compose builds for a service.
func (o *Options) built(docs []*Document, b *Build) *Image {
	if b.Inline.Set() {
		if doc, err := readDockerfile(b.Inline.At.File, b.Inline.V); err == nil {
			for _, stage := range doc.Stages {
				stage.shift(b.Inline.At)
			}
			return doc.stage(b.Target)
		}
		return nil
	}
	if b.Remote {
		return nil
	}
	for _, doc := range docs {
		if doc.Platform == Docker && path.Clean(doc.Name) == path.Clean(b.Dockerfile) {
			return doc.stage(b.Target)
		}
	}
	if o.Open == nil {
		return nil
	}
	text, err := o.Open(b.Dockerfile)
	if err != nil {
		return nil
	}
	doc, err := Read(b.Dockerfile, text)
	if err != nil || doc.Platform != Docker {
		return nil
	}
	return doc.stage(b.Target)
}

// shift moves what was read from a text inside another file to where that text stands.
func (i *Image) shift(to Pos) {
	i.At = to
	for _, c := range []*Command{i.Entrypoint, i.Cmd} {
		if c != nil {
			c.At = to
		}
	}
	for _, v := range []*Value[string]{&i.StopSignal, &i.User} {
		if v.Set() {
			v.At = to
		}
	}
}

// byName finds the Dockerfile that an image is named after: web:1.2 is made by web/Dockerfile, Dockerfile.web, web.Dockerfile, or
// the stage web.
func byName(docs []*Document, image string) *Image {
	name := parseReference(image).name()
	if name == "" {
		return nil
	}
	for _, doc := range docs {
		if doc.Platform != Docker {
			continue
		}
		file := base(doc.Name)
		if base(path.Dir(doc.Name)) == name || file == "Dockerfile."+name || file == name+".Dockerfile" {
			return doc.stage("")
		}
		for _, stage := range doc.Stages {
			if stage.Name == name {
				return stage
			}
		}
	}
	return nil
}

// unused are the images of the Dockerfiles that no container is known to run.
func unused(docs []*Document, users map[*Image]*Container) []*Image {
	var rest []*Image
	for _, doc := range docs {
		if doc.Platform == Docker && users[doc.stage("")] == nil {
			rest = append(rest, doc.stage(""))
		}
	}
	return rest
}

// choose marks the candidates that the file is held against.
func (o *Options) choose(list []*candidate) {
	if o.Container != "" {
		for _, k := range list {
			k.checked = k.named(o.Container)
			switch {
			case !k.checked:
				k.why = "--container names another"
			case k.inv == nil:
				k.why = "--container names it, and whether it runs exeunt can't be seen"
			}
		}
		return
	}
	var sure, unseen []*candidate
	for _, k := range list {
		switch {
		case k.inv != nil:
			sure = append(sure, k)
		case k.unseen:
			unseen = append(unseen, k)
		}
	}
	if len(sure) == 0 && len(unseen) == 1 {
		unseen[0].checked = true
		unseen[0].why = "what its image starts can't be seen, and no other container can be meant"
	}
	one := slices.ContainsFunc(sure, o.reads)
	for _, k := range sure {
		k.checked = o.reads(k) || !one
		if !k.checked {
			k.why = fmt.Sprintf("it reads %s, and another container reads a %s", k.inv.config, base(o.File))
		}
	}
}

// reads reports whether the file that a container reads is called as the one that is checked.
func (o *Options) reads(k *candidate) bool { return base(k.inv.config) == base(o.File) }

// named reports whether --container means this one: by its name, or as owner/name.
func (k *candidate) named(name string) bool {
	return k.Name == name || k.Owner == name || k.Owner+"/"+k.Name == name
}

// script finds the text of a script in the image: a here-document of its Dockerfile, or a file beside it. "" where it can't be seen.
func (o *Options) script(c *Container, program string) string {
	if c.image == nil {
		return ""
	}
	for _, f := range slices.Backward(c.image.Files) {
		for _, source := range f.sources {
			dest := f.dest
			if f.folder || base(dest) != base(program) && base(source) == base(program) {
				dest = path.Join(dest, base(source))
			}
			if dest != path.Clean("/"+program) && base(program) != program || base(dest) != base(program) {
				continue
			}
			if name, _, ok := heredoc(source); ok {
				return f.docs[name]
			}
			if text := o.beside(c.image.File, source); f.stage == "" && text != "" {
				return text
			}
		}
	}
	return ""
}

// beside reads a file of a build's context: the Dockerfile's folder, or the one the command was started in.
func (o *Options) beside(dockerfile, source string) string {
	if o.Open == nil {
		return ""
	}
	for _, folder := range []string{path.Dir(dockerfile), "."} {
		if text, err := o.Open(path.Join(folder, source)); err == nil && strings.HasPrefix(string(text), "#!") && notText(text) < 0 {
			return string(text)
		}
	}
	return ""
}
