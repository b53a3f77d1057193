package manifest

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"exeunt/lifecycle"
)

// checkRights looks for what the file needs and the container is not allowed.
func (s *subject) checkRights() {
	user, where := s.otherUser()
	if user == "" {
		return
	}
	as, at := s.User.V, s.User.At
	if as == "" && s.image != nil {
		as, at = s.image.User.V, s.image.User.At
	}
	as, _, _ = strings.Cut(as, ":")
	root := as == "" || as == "0" || as == "root"
	switch {
	case !root && as != user:
		s.find(ruleUser, at, fmt.Sprintf("remove user = %q from %s, or let the container start as root", user, where),
			"the container runs as user %s, and %s is to run as %q: only root can switch", as, where, user)
		return
	case !root:
		return
	case s.NonRoot.File != "" && s.User.V == "":
		s.find(ruleUser, s.NonRoot, fmt.Sprintf("remove user = %q from %s", user, where),
			"the container may not run as root (runAsNonRoot), and %s is to run as %q: only root can switch", where, user)
		return
	}
	s.checkCapabilities(user, where)
}

// checkCapabilities looks for those that root needs to switch to another user and to signal it.
func (s *subject) checkCapabilities(user, where string) {
	var missing []string
	var at Pos
	for _, needed := range []string{"SETUID", "SETGID", "KILL"} {
		if dropped := capability(s.CapDrop, needed); dropped != nil && capability(s.CapAdd, needed) == nil {
			missing, at = append(missing, needed), dropped.At
		}
	}
	if len(missing) == 0 {
		return
	}
	add := fmt.Sprintf("capabilities: add: [%s]", strings.Join(missing, ", "))
	if s.Platform == Compose {
		add = fmt.Sprintf("cap_add: [%s]", strings.Join(missing, ", "))
	}
	s.find(ruleCapability, at, add, "%s runs as %q, and the container has no %s", where, user, strings.Join(missing, ", "))
}

// capability finds one in a list, by its name or in ALL; nil if it isn't there.
func capability(list []Value[string], name string) *Value[string] {
	for i, v := range list {
		if text := strings.TrimPrefix(strings.ToUpper(v.V), "CAP_"); text == name || text == "ALL" {
			return &list[i]
		}
	}
	return nil
}

// otherUser is the first user that the file names, and who is to run as that.
func (s *subject) otherUser() (user, where string) {
	if user := s.plan.Child.Process.User; user != "" {
		return user, "child"
	}
	for h := range s.hooks() {
		if h.Process.User != "" {
			return h.Process.User, fmt.Sprintf("hook %q", h.Name)
		}
	}
	return "", ""
}

// checkSurroundings looks at the file system, the network and the job.
func (s *subject) checkSurroundings() {
	if s.ReadOnlyRoot.File != "" {
		s.checkWrites()
	}
	if s.HostNetwork.File != "" {
		s.checkConnections()
	}
	if s.Job && s.Role == Main {
		s.checkJob()
	}
	if s.Termination.Set() && s.inv != nil && s.inv.report != "none" && s.Termination.V != s.inv.report {
		s.find(ruleTermination, s.Termination.At, say("terminationMessagePath: %s -> %s, or exeunt --termination-log %s", s.Termination.V, s.inv.report, s.Termination.V),
			"the kubelet reads the last message from %s, and exeunt writes how the container ended to %s", s.Termination.V, s.inv.report)
	}
}

// checkWrites looks for hooks that write where nothing writable is mounted.
func (s *subject) checkWrites() {
	for h := range s.hooks() {
		var target lifecycle.Live[string]
		switch do := h.Do.(type) {
		case *lifecycle.Write:
			target = do.Path
		case *lifecycle.Remove:
			target = do.Path
		}
		file, known := literal(target)
		if !known || s.writable(path.Clean("/"+file)) {
			continue
		}
		s.find(ruleReadOnly, s.ReadOnlyRoot, "mount something writable at "+path.Dir(path.Clean("/"+file)), "the root file system is read-only, and hook %q changes %s, where nothing writable is mounted", h.Name, file)
	}
}

// writable reports whether a file lies on a mount that may be written to. /dev/shm always is one.
func (s *subject) writable(file string) bool {
	if strings.HasPrefix(file, "/dev/") || strings.HasPrefix(file, "/proc/") {
		return true
	}
	best, ok := "", false
	for _, m := range s.Mounts {
		mounted := path.Clean("/" + m.Path)
		if (file == mounted || strings.HasPrefix(file, strings.TrimSuffix(mounted, "/")+"/")) && len(mounted) >= len(best) {
			best, ok = mounted, !m.ReadOnly
		}
	}
	return ok
}

// checkConnections looks for a drain that counts connections.
func (s *subject) checkConnections() {
	for script, step := range s.steps() {
		d, ok := step.(*lifecycle.Drain)
		if ok && d.Until != nil && strings.Contains(d.Until.String(), "connections(") {
			s.find(ruleHostConnections, s.HostNetwork, "give the container a network of its own, or drain until something that the application itself says",
				"the container is in the host's network, and %v drains until %v: that counts the connections of every process on the host", script, d.Until)
			return
		}
	}
}

// checkJob looks for a status that makes a stopped job a complete one.
func (s *subject) checkJob() {
	interrupted := []int{}
	for status, to := range s.plan.Exit.Status {
		if to == 0 && status > 128 {
			interrupted = append(interrupted, status)
		}
	}
	if len(interrupted) == 0 {
		return
	}
	slices.Sort(interrupted)
	s.find(ruleJob, s.At, fmt.Sprintf("remove \"%d\" = 0 from exit.status", interrupted[0]),
		"exit.status makes 0 of %d, so that a %s whose pod is evicted or past its deadline counts as complete", interrupted[0], s.Kind)
}
