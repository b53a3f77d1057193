package manifest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// readObject reads a Kubernetes object: whatever kind has a pod in it, a List of them, a ConfigMap. Others have nothing to say.
func readObject(doc *Document, t tree) *ReadError {
	doc.Platform = Kubernetes
	kind := t.get("kind").text()
	switch {
	case t.get("items").isList() && strings.HasSuffix(kind, "List"):
		for item := range t.get("items").items() {
			if err := readObject(doc, item); err != nil {
				return err
			}
		}
	case strings.HasPrefix(t.get("apiVersion").text(), "kustomize.config.k8s.io/"):
		return &ReadError{Kustomize, t.at(), "it is a kustomization", renderKustomize}
	case kind == "ConfigMap":
		doc.ConfigMaps = append(doc.ConfigMaps, readConfigMap(t))
	default:
		readWorkload(doc, t, kind)
	}
	return nil
}

func readConfigMap(t tree) ConfigMap {
	m := ConfigMap{t.get("metadata", "namespace").text(), t.get("metadata", "name").text(), map[string]Value[string]{}}
	for key, value := range t.get("data").pairs() {
		m.Data[key.text()] = value.value()
	}
	return m
}

// readWorkload reads the pod of an object: a Pod itself, or the template that others make pods of. Kinds of other people's
// (a Rollout, a Knative Service) are read as well where they have theirs at the same place.
func readWorkload(doc *Document, t tree, kind string) {
	spec := t.get("spec")
	job := kind == "Job" || kind == "CronJob"
	switch kind {
	case "Pod":
	case "PodTemplate":
		spec = t.get("template", "spec")
	case "CronJob":
		spec = spec.get("jobTemplate", "spec", "template", "spec")
	default:
		spec = spec.get("template", "spec")
	}
	owner := t.get("metadata", "name").text()
	if owner == "" {
		owner = t.get("metadata", "generateName").text()
	}
	p := pod{spec: spec, kind: kind, owner: owner, job: job}
	for _, list := range []string{"initContainers", "containers"} {
		for c := range spec.get(list).items() {
			if c.isMap() {
				doc.Containers = append(doc.Containers, p.container(c, list == "initContainers"))
			}
		}
	}
}

// pod is what the containers of one pod have in common.
type pod struct {
	spec        tree
	kind, owner string
	job         bool
}

func (p pod) container(t tree, init bool) *Container {
	c := &Container{
		Platform: Kubernetes, Kind: p.kind, Owner: p.owner, Name: t.get("name").text(), At: t.at(), Job: p.job,
		Image:       t.get("image").value(),
		Entrypoint:  commandList(t.get("command")),
		Args:        commandList(t.get("args")),
		Env:         env(t.get("env")),
		OS:          p.spec.get("os", "name").ok(),
		StopSignal:  t.get("lifecycle", "stopSignal").value(),
		SharedPID:   p.spec.get("shareProcessNamespace").where(),
		HostPID:     p.spec.get("hostPID").where(),
		HostNetwork: p.spec.get("hostNetwork").where(),
		TTY:         t.get("tty").where(),
		Termination: t.get("terminationMessagePath").value(),
	}
	if init {
		c.Role = Init
		if t.get("restartPolicy").text() == "Always" {
			c.Role = Sidecar
		}
	}
	if len(c.Name) == 0 {
		c.Name = "?"
	}
	c.Ports = t.get("ports").isList()
	if grace := p.spec.get("terminationGracePeriodSeconds"); grace.ok() {
		c.Grace, c.GraceOpen = seconds(c, "terminationGracePeriodSeconds", grace)
	}
	c.PreStop = preStop(t.get("lifecycle", "preStop"))
	c.Readiness = c.probe(t.get("readinessProbe"))
	c.Liveness = c.probe(t.get("livenessProbe"))
	c.Startup = c.probe(t.get("startupProbe"))
	c.security(t.get("securityContext"), p.spec.get("securityContext"))
	c.volumes(t.get("volumeMounts"), p.spec.get("volumes"))
	return c
}

// commandList is a command of Kubernetes: a list of strings.
func commandList(t tree) *Command {
	if !t.isList() {
		return nil
	}
	return &Command{Argv: t.list(), At: t.at()}
}

// env reads a list of name and value; a valueFrom is a name with no value.
func env(t tree) map[string]Value[string] {
	vars := map[string]Value[string]{}
	for item := range t.items() {
		if name := item.get("name"); name.isText() {
			vars[name.text()] = Value[string]{item.get("value").text(), item.at()}
		}
	}
	return vars
}

// seconds reads a whole number of seconds. open says that it is written and can't be known.
func seconds(c *Container, key string, t tree) (v Value[time.Duration], open bool) {
	n, err := strconv.Atoi(t.text())
	switch tag := t.n.ShortTag(); {
	case isTemplate(t.text()):
		c.problem(ruleUnresolved, t.at(), fmt.Sprintf("%s is %s, and only rendering tells its value", key, t.text()), renderFirst)
		return Value[time.Duration]{At: t.at()}, true
	case err == nil && tag == "!!str":
		c.problem(ruleBadValue, t.at(), fmt.Sprintf("%s is the string %q, and Kubernetes takes a number only", key, t.text()), fmt.Sprintf("%s: %d, without quotes", key, n))
	case err != nil:
		c.problem(ruleBadValue, t.at(), fmt.Sprintf("%s is %q, and Kubernetes takes whole seconds only", key, t.text()), key+": 30")
		return Value[time.Duration]{At: t.at()}, true
	case n < 0:
		c.problem(ruleBadValue, t.at(), fmt.Sprintf("%s is %d, and Kubernetes takes no negative number", key, n), key+": 30")
		return Value[time.Duration]{At: t.at()}, true
	}
	return Value[time.Duration]{time.Duration(min(n, 1<<30)) * time.Second, t.at()}, false
}

// isTemplate reports whether something is to fill a text in before it is used.
func isTemplate(text string) bool {
	return strings.Contains(text, "{{") || strings.Contains(text, "${") || strings.HasPrefix(text, "$")
}

func preStop(t tree) *PreStop {
	p := &PreStop{At: t.at()}
	sleep, exec, http := t.get("sleep"), t.get("exec"), t.get("httpGet")
	switch {
	case sleep.ok():
		n, err := strconv.Atoi(sleep.get("seconds").text())
		p.AtLeast, p.Exact = time.Duration(max(n, 0))*time.Second, err == nil
		p.What = "sleeps " + p.AtLeast.String()
	case exec.ok():
		p.Argv = exec.get("command").list()
		p.AtLeast, p.Exact = sleepOf(p.Argv)
		p.What = "runs " + strings.Join(p.Argv, " ")
		if p.Exact {
			p.What = "sleeps " + p.AtLeast.String()
		}
	case http.ok():
		p.What = "asks " + http.get("path").text() + " by HTTP"
	default:
		return nil
	}
	return p
}

// sleepOf is how long a command sleeps: exactly, where that is all it does, or at least.
func sleepOf(argv []string) (time.Duration, bool) {
	if text, ok := shellText(argv); ok {
		if branches(text) {
			return 0, false
		}
		var sum time.Duration
		exact := true
		for _, command := range shellCommands(text) {
			d, sleeps := sleepOf(command.words)
			sum += d
			exact = exact && sleeps
		}
		return sum, exact && sum > 0
	}
	if len(argv) < 2 || base(argv[0]) != "sleep" {
		return 0, false
	}
	var sum time.Duration
	for _, arg := range argv[1:] { // sleep(1): a number, a unit, and several add up
		if last := arg[max(0, len(arg)-1):]; strings.Trim(last, "0123456789.") == "" {
			arg += "s"
		} else if last == "d" {
			return 0, false
		}
		d, err := time.ParseDuration(arg)
		if err != nil || d < 0 {
			return 0, false
		}
		sum += d
	}
	return sum, true
}

func (c *Container) probe(t tree) *Probe {
	if !t.isMap() {
		return nil
	}
	number := func(key string, otherwise int) int {
		if n, err := strconv.Atoi(t.get(key).text()); err == nil && n >= 0 {
			return min(n, 1<<30)
		}
		return otherwise
	}
	p := &Probe{
		At:           t.at(),
		InitialDelay: time.Duration(number("initialDelaySeconds", 0)) * time.Second,
		Period:       time.Duration(number("periodSeconds", 10)) * time.Second,
		Failures:     number("failureThreshold", 3),
	}
	if command := t.get("exec", "command"); command.isList() {
		p.Argv = command.list()
	}
	if grace := t.get("terminationGracePeriodSeconds"); grace.ok() {
		p.Grace, _ = seconds(c, "terminationGracePeriodSeconds", grace)
	}
	return p
}

// security reads the container's security context and, where that is silent, the pod's.
func (c *Container) security(own, pods tree) {
	of := func(key string) tree {
		if t := own.get(key); t.ok() {
			return t
		}
		return pods.get(key)
	}
	c.User = of("runAsUser").value()
	c.NonRoot = of("runAsNonRoot").where()
	c.ReadOnlyRoot = own.get("readOnlyRootFilesystem").where()
	for t := range own.get("capabilities", "drop").items() {
		c.CapDrop = append(c.CapDrop, t.value())
	}
	for t := range own.get("capabilities", "add").items() {
		c.CapAdd = append(c.CapAdd, t.value())
	}
}

// volumes reads what is mounted where. Volumes of ConfigMaps, Secrets and the like are never writable.
func (c *Container) volumes(mounts, volumes tree) {
	byName := map[string]tree{}
	for v := range volumes.items() {
		byName[v.get("name").text()] = v
	}
	for t := range mounts.items() {
		m := Mount{Path: t.get("mountPath").text(), SubPath: t.get("subPath").text(), At: t.at()}
		m.ReadOnly, _ = t.get("readOnly").truth()
		v := byName[t.get("name").text()]
		for _, fixed := range []string{"configMap", "secret", "projected", "downwardAPI", "image"} {
			m.ReadOnly = m.ReadOnly || v.get(fixed).ok()
		}
		m.Config = v.get("configMap", "name").text()
		if items := v.get("configMap", "items"); items.isList() {
			m.Items = map[string]string{}
			for item := range items.items() {
				m.Items[item.get("key").text()] = item.get("path").text()
			}
		}
		c.Mounts = append(c.Mounts, m)
	}
}
