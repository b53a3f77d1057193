package manifest

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"exeunt/cmd/exeunt/shell"
)

// checkCommand looks at how exeunt is started, and what it starts.
func (s *subject) checkCommand() {
	s.checkShellForm()
	s.checkComposeString(s.Entrypoint, "entrypoint")
	s.checkComposeString(s.Args, "command")
	if s.inv == nil {
		return
	}
	if s.inv.above != "" && !s.inShellForm() {
		s.checkAbove()
	}
	if len(s.inv.child) == 0 && len(s.plan.Child.Command) == 0 && s.inv.above == "" && !s.inv.byDocker {
		s.find(ruleNoCommand, s.inv.at, fmt.Sprintf("%s, or in %s: child { command = [...] }", s.commandChange(), s.opts.File),
			"exeunt is given no command%s, and the file has no child.command", s.lostCommand())
	}
	s.checkChild()
}

// inShellForm reports whether the entrypoint is one that a Dockerfile has in shell form.
func (s *subject) inShellForm() bool {
	return s.Entrypoint == nil && s.image != nil && s.image.Entrypoint != nil && s.image.Entrypoint.Shell != ""
}

func (s *subject) checkShellForm() {
	if !s.inShellForm() {
		return
	}
	entry := s.image.Entrypoint
	execs := slices.ContainsFunc(shellCommands(entry.Shell), shellCommand.execs)
	change := "ENTRYPOINT " + jsonList(entry.Shell)
	switch {
	case strings.HasPrefix(entry.Shell, "["):
		s.find(ruleShellForm, entry.At, "ENTRYPOINT "+strings.ReplaceAll(entry.Shell, "'", `"`),
			"ENTRYPOINT is no JSON array, which has double quotes, and so a shell runs it as it is written")
	case !execs:
		s.find(ruleShellForm, entry.At, change, "ENTRYPOINT is in shell form: %s is what is started, and CMD and the arguments of docker run are ignored", s.image.Entrypoint.Argv[0])
	case s.Args != nil || s.image.Cmd != nil:
		s.findAs(Warning, ruleShellForm, entry.At, change, "ENTRYPOINT is in shell form, so CMD and the arguments of docker run are ignored")
	}
}

// jsonList writes a simple command as a JSON array, exec left out.
func jsonList(text string) string {
	words, err := shell.Words(text)
	if len(words) > 1 && words[0] == "exec" {
		words = words[1:]
	}
	if err != nil || len(shellCommands(text)) != 1 || strings.ContainsAny(text, "$<>*?`") {
		return `["exeunt", "--"], with the command as CMD`
	}
	var list []string
	for _, word := range words {
		list = append(list, fmt.Sprintf("%q", word))
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// checkComposeString looks for what only a shell understands in a string that none reads.
func (s *subject) checkComposeString(c *Command, key string) {
	if c == nil || c.Text == "" || s.Platform != Compose {
		return
	}
	change := fmt.Sprintf(`%s: [sh, -c, "exec ..."], or the program and its arguments only`, key)
	for i, word := range c.Argv {
		switch {
		case i == 0 && word == "exec":
			s.findAs(Error, ruleComposeString, c.At, change, "%s is split into words and no shell runs it: there is no program exec", key)
		case slices.Contains([]string{"&&", "||", "|", ";", "&", ">", ">>", "<"}, word) || strings.HasSuffix(word, ";"):
			s.find(ruleComposeString, c.At, change, "%s is split into words and no shell runs it: %q becomes an argument", key, word)
		default:
			continue
		}
		return
	}
}

// checkAbove looks at the shell or script that starts exeunt.
func (s *subject) checkAbove() {
	if s.inv.text == "" || slices.ContainsFunc(shellCommands(s.inv.text), shellCommand.execs) {
		return
	}
	s.find(ruleNoExec, s.inv.at, "put exec before exeunt, or start it without a shell",
		"%s starts exeunt without exec: the stop signal goes to the shell, which does not pass it on", s.inv.above)
}

// checkChild looks at a shell that exeunt starts.
func (s *subject) checkChild() {
	child := s.inv.child
	if len(child) == 0 {
		return
	}
	text, isText := shellText(child)
	name := fmt.Sprintf("%s -c", child[0])
	if !isText && (isScript(child[0]) || isShell(child[0]) && len(child) > 1) {
		name = child[0]
		if isShell(name) {
			name = child[1]
		}
		text = s.opts.script(s.Container, name)
	}
	if text == "" || slices.ContainsFunc(shellCommands(text), shellCommand.managesItself) {
		return
	}
	change := "exec the application at its end"
	if commands := shellCommands(text); isText && len(commands) == 1 {
		change = "write the command as a list, with no shell, or put exec before it"
	}
	s.findAs(Warning, ruleNoExec, s.inv.at, change,
		"the child is a shell, %s: it gets the signals as well, dies of the first, and with it the stop is over while the application is still finishing", name)
}

// lostCommand says what became of the image's command.
func (s *subject) lostCommand() string {
	switch {
	case s.Entrypoint != nil && s.Platform == Kubernetes:
		return ", as command replaces the image's CMD too"
	case s.Entrypoint != nil:
		return ", as entrypoint replaces the image's CMD too"
	case s.image != nil && s.image.own["ENTRYPOINT"].Set():
		return ", as ENTRYPOINT resets the CMD of the base image"
	}
	return ""
}

func (s *subject) commandChange() string {
	switch s.Platform {
	case Kubernetes:
		return "add args: [...] with the application's command"
	case Compose:
		return "add command: [...] with the application's"
	}
	return "add CMD [...] with the application's command"
}

// checkFile looks whether the file will be there, and the same.
func (s *subject) checkFile() {
	if s.inv == nil {
		return
	}
	file := path.Clean("/" + s.inv.config)
	for _, m := range s.Mounts {
		mounted := path.Clean("/" + m.Path)
		if file == mounted || strings.HasPrefix(file, mounted+"/") {
			s.checkConfigMap(m, strings.TrimPrefix(strings.TrimPrefix(file, mounted), "/"))
			return
		}
	}
	if s.image == nil || !s.image.complete() {
		return
	}
	if slices.ContainsFunc(s.image.Files, func(c copied) bool { return c.places(file) }) {
		return
	}
	folder := path.Base(path.Dir(file))
	if slices.ContainsFunc(s.image.Runs, func(text string) bool { return strings.Contains(text, folder) }) {
		return
	}
	s.find(ruleNotInImage, s.image.At, fmt.Sprintf("add to the Dockerfile: COPY %s %s", base(s.opts.File), file),
		"nothing puts a file at %s, in the image or by a mount: exeunt would forward every signal and do nothing else", file)
}

// checkConfigMap compares the file with the key of a ConfigMap that is mounted in its place.
func (s *subject) checkConfigMap(m Mount, file string) {
	if m.Config == "" || s.opts.Source == nil {
		return
	}
	key := file
	if m.SubPath != "" {
		key = m.SubPath
	}
	for k, to := range m.Items {
		if to == key {
			key = k
		}
	}
	for _, doc := range s.docs {
		for _, config := range doc.ConfigMaps {
			v, found := config.Data[key]
			switch {
			case config.Name != m.Config:
			case !found:
				s.find(ruleConfigMap, m.At, fmt.Sprintf("add to the ConfigMap: %s: |", key), "the ConfigMap %q that is mounted at %s has no key %q", m.Config, m.Path, key)
			case strings.TrimSpace(v.V) != strings.TrimSpace(string(s.opts.Source)):
				s.find(ruleConfigMap, v.At, fmt.Sprintf("make it from the file: kubectl create configmap %s --from-file=%s=%s", m.Config, key, s.opts.File),
					"the ConfigMap %q that is mounted at %s holds another text than %s", m.Config, m.Path, s.opts.File)
			}
		}
	}
}
