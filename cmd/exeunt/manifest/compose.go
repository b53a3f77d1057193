package manifest

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"exeunt/cmd/exeunt/shell"
)

// readCompose reads the services of a compose file.
func readCompose(doc *Document, t tree) *ReadError {
	doc.Platform = Compose
	if include := t.get("include"); include.ok() {
		doc.Notes = append(doc.Notes, Skipped{At: include.at(), Why: "what include brings is not read: " + resolveCompose})
	}
	services := t.get("services")
	for key, value := range services.pairs() {
		if !value.isMap() {
			return broken(key.at(), "", "the service %q is no mapping", key.text())
		}
		s := service{file: doc.Name, chain: []tree{value}}
		s.extend(services, key.text())
		doc.Containers = append(doc.Containers, s.container(key))
	}
	return nil
}

const resolveCompose = "docker compose config | exeunt check FILE --manifest -"

// service is a service with those that it extends, in the order in which they are asked.
type service struct {
	file    string
	chain   []tree
	c       *Container
	foreign Pos // it extends one of another file
}

// extend follows `extends` within the file.
func (s *service) extend(services tree, name string) {
	seen := map[string]bool{name: true}
	for {
		extends := s.chain[len(s.chain)-1].get("extends")
		if !extends.ok() {
			return
		}
		next := extends.text()
		if extends.isMap() {
			next = extends.get("service").text()
		}
		base := services.get(next)
		if extends.get("file").ok() || !base.isMap() || seen[next] {
			s.foreign = extends.at()
			return
		}
		seen[next] = true
		s.chain = append(s.chain, base)
	}
}

// get asks the service, then those that it extends.
func (s *service) get(key string) tree {
	for _, t := range s.chain {
		if found := t.get(key); found.ok() {
			return found
		}
	}
	return tree{}
}

func (s *service) container(key tree) *Container {
	s.c = &Container{Platform: Compose, Kind: "service", Owner: key.text(), Name: key.text(), At: key.at()}
	c := s.c
	c.Image, _ = s.value("image")
	c.Build = s.build()
	c.Entrypoint = s.command("entrypoint")
	c.Args = s.command("command")
	c.Env = s.environment()
	c.StopSignal, _ = s.value("stop_signal")
	c.User, _ = s.value("user")
	c.Grace, c.GraceOpen = s.grace()
	c.TTY = s.get("tty").where()
	c.ReadOnlyRoot = s.get("read_only").where()
	c.DockerInit = s.get("init").where()
	c.Ports = s.get("ports").isList() || s.get("expose").isList()
	if network := s.get("network_mode"); network.text() == "host" {
		c.HostNetwork = network.at()
	}
	switch pid := s.get("pid"); {
	case pid.text() == "host":
		c.HostPID = pid.at()
	case strings.HasPrefix(pid.text(), "service:"), strings.HasPrefix(pid.text(), "container:"):
		c.SharedPID = pid.at()
	}
	for t := range s.get("cap_drop").items() {
		c.CapDrop = append(c.CapDrop, t.value())
	}
	for t := range s.get("cap_add").items() {
		c.CapAdd = append(c.CapAdd, t.value())
	}
	s.mounts()
	if s.foreign.File != "" {
		c.problem(ruleUnresolved, s.foreign, "it extends a service that is not in this file, and what that says is not seen", resolveCompose)
	}
	return c
}

// interpolate fills in what compose would; known is false where only the environment knows.
func interpolate(text string) (string, bool) {
	e := expander{escape: '$', lookup: func(string) (string, bool, bool) { return "", false, false }}
	return e.expand(text)
}

// value reads a scalar. One that can't be known is noted, and left as it is written.
func (s *service) value(key string) (v Value[string], known bool) {
	v = s.get(key).value()
	if !v.Set() {
		return v, true
	}
	text, known := interpolate(v.V)
	v.V = text
	if !known && key != "image" {
		s.c.problem(ruleUnresolved, v.At, fmt.Sprintf("%s is %q, and only the environment knows what that is", key, v.V), resolveCompose)
	}
	return v, known
}

// command reads an entrypoint or a command. A string is split into words as a shell would, but no shell runs it.
func (s *service) command(key string) *Command {
	t := s.get(key)
	switch {
	case t.isList():
		c := &Command{Argv: t.list(), At: t.at()}
		for i, word := range c.Argv {
			c.Argv[i], _ = interpolate(word)
		}
		return c
	case t.isText():
		text, _ := interpolate(t.text())
		words, err := shell.Words(text)
		if err != nil {
			s.c.problem(ruleBadValue, t.at(), fmt.Sprintf("%s can't be split into words: %v", key, err), fmt.Sprintf("%s: [\"...\", \"...\"], one string a word", key))
		}
		return &Command{Argv: words, Text: text, At: t.at()}
	}
	return nil
}

// environment reads both forms: a mapping, or a list of NAME=value.
func (s *service) environment() map[string]Value[string] {
	vars := map[string]Value[string]{}
	add := func(name, value string, at Pos) {
		if _, set := vars[name]; !set {
			value, _ = interpolate(value)
			vars[name] = Value[string]{value, at}
		}
	}
	for _, t := range s.chain {
		for key, value := range t.get("environment").pairs() {
			add(key.text(), value.text(), key.at())
		}
		for item := range t.get("environment").items() {
			name, value, _ := strings.Cut(item.text(), "=")
			add(name, value, item.at())
		}
	}
	return vars
}

func (s *service) grace() (v Value[time.Duration], open bool) {
	text, known := s.value("stop_grace_period")
	if !text.Set() {
		return v, false
	}
	v.At = text.At
	if !known {
		return v, true
	}
	d, ok := composeDuration(text.V)
	if !ok {
		change := "stop_grace_period: 30s"
		if n, err := strconv.Atoi(text.V); err == nil {
			change = fmt.Sprintf("stop_grace_period: %d -> %ds", n, n)
		}
		s.c.problem(ruleBadValue, v.At, fmt.Sprintf("stop_grace_period is %q, and compose takes a number with a unit", text.V), change)
		return v, true
	}
	v.V = d
	return v, false
}

// composeDuration reads what compose does: Go's durations, with days and weeks.
func composeDuration(text string) (time.Duration, bool) {
	var days time.Duration
	for _, unit := range []struct {
		suffix string
		length time.Duration
	}{{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}} {
		number, rest, found := strings.Cut(text, unit.suffix)
		if !found {
			continue
		}
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n > 1000 {
			return 0, false
		}
		days += time.Duration(n) * unit.length
		text = rest
	}
	if text == "" {
		return days, days > 0
	}
	d, err := time.ParseDuration(text)
	return days + d, err == nil && d >= 0 && strings.Trim(text, "0123456789.") != ""
}

func (s *service) build() *Build {
	t := s.get("build")
	if !t.ok() {
		return nil
	}
	b := &Build{At: t.at()}
	context, dockerfile := t.text(), ""
	if t.isMap() {
		context, dockerfile, b.Target = t.get("context").text(), t.get("dockerfile").text(), t.get("target").text()
		b.Inline = t.get("dockerfile_inline").value()
	}
	context, known := interpolate(context)
	if dockerfile == "" {
		dockerfile = "Dockerfile"
	}
	dockerfile, named := interpolate(dockerfile)
	b.Target, _ = interpolate(b.Target)
	b.Remote = !known || !named || strings.Contains(context, "://") || strings.HasPrefix(context, "git@")
	b.Dockerfile = dockerfile
	if !path.IsAbs(dockerfile) {
		b.Dockerfile = path.Join(context, dockerfile)
	}
	if !path.IsAbs(b.Dockerfile) {
		b.Dockerfile = path.Join(path.Dir(s.file), b.Dockerfile)
	}
	return b
}

// mounts reads volumes in both forms, tmpfs and configs.
func (s *service) mounts() {
	for t := range s.get("volumes").items() {
		m := Mount{At: t.at()}
		if t.isMap() {
			m.Path = t.get("target").text()
			m.ReadOnly, _ = t.get("read_only").truth()
		} else {
			text, _ := interpolate(t.text())
			parts := strings.Split(text, ":")
			m.Path = parts[min(1, len(parts)-1)]
			m.ReadOnly = len(parts) > 2 && strings.Contains(","+parts[2]+",", ",ro,")
		}
		s.c.Mounts = append(s.c.Mounts, m)
	}
	tmpfs := s.get("tmpfs")
	for t := range tmpfs.items() {
		where, _, _ := strings.Cut(t.text(), ":")
		s.c.Mounts = append(s.c.Mounts, Mount{Path: where, At: t.at()})
	}
	if tmpfs.isText() {
		where, _, _ := strings.Cut(tmpfs.text(), ":")
		s.c.Mounts = append(s.c.Mounts, Mount{Path: where, At: tmpfs.at()})
	}
	for t := range s.get("configs").items() {
		target := t.get("target").text()
		if target == "" {
			target = "/" + t.text() + t.get("source").text()
		}
		s.c.Mounts = append(s.c.Mounts, Mount{Path: target, ReadOnly: true, At: t.at()})
	}
}
