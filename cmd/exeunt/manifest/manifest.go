// Package manifest reads what a container is run by (Kubernetes manifests, docker compose files, Dockerfiles) and holds
// a lifecycle against it.
//
// It is pure: [Read] takes the bytes of one file and gives a [Document] with every container in it, each value with the
// place it stands at; [Check] takes a [lifecycle.Lifecycle] and documents and gives a [Report] of findings. A [Report]
// is written as text, JSON or SARIF 2.1.0. Nothing in here opens a file; what a compose file refers to is asked of
// [Options.Open].
//
// Durations are time.Duration, lines and columns count from 1, columns in characters. The errors of [Read] are all
// *[ReadError]: a place, what is wrong there, and what to do.
package manifest

import (
	"fmt"
	"time"
)

// Pos is a place in a file.
type Pos struct {
	File         string
	Line, Column int // 0: the file as a whole
}

// String is the form that editors jump to.
func (p Pos) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Value is what a manifest says, and where. Its zero value is one that isn't there.
type Value[T any] struct {
	V  T
	At Pos
}

// Set reports whether the manifest says it at all.
func (v Value[T]) Set() bool { return v.At.File != "" }

// Platform is who runs a container, and so who stops it.
type Platform int

// The platforms.
const (
	Kubernetes Platform = iota + 1
	Compose
	Docker // an image on its own: docker run, docker stop
)

// String is the platform's name in a report.
func (p Platform) String() string {
	return [...]string{Kubernetes: "kubernetes", Compose: "compose", Docker: "docker"}[p]
}

// killer is who sends the SIGKILL.
func (p Platform) killer() string {
	if p == Kubernetes {
		return "the kubelet"
	}
	return "docker"
}

// The grace periods that hold where a manifest says nothing.
const (
	kubernetesGrace = 30 * time.Second
	dockerGrace     = 10 * time.Second
)

// Role is what a container of a pod is for.
type Role int

// The roles.
const (
	Main    Role = iota
	Init         // runs to its end before the others start
	Sidecar      // an init container with restartPolicy: Always: it is stopped after the others
)

// Container is one container of a manifest. Values that aren't written are zero.
type Container struct {
	Platform Platform
	Kind     string // "Deployment", "service", "Dockerfile", ...
	Owner    string // the object's name; of a Dockerfile: its file
	Name     string // of a Dockerfile: "" or the stage
	Role     Role
	At       Pos

	Image      Value[string]
	Build      *Build   // of a compose service
	Entrypoint *Command // nil: the image's
	Args       *Command // nil: the image's, unless there is an Entrypoint
	Env        map[string]Value[string]

	Grace      Value[time.Duration] // written in the manifest
	GraceOpen  bool                 // it is written, and can't be known
	StopSignal Value[string]
	OS         bool // spec.os.name is written
	PreStop    *PreStop

	Termination Value[string] // terminationMessagePath

	Readiness, Liveness, Startup *Probe
	Ports                        bool // something is to connect to it

	SharedPID, HostPID, DockerInit, HostNetwork Pos // where it is asked for; zero: it isn't
	TTY, ReadOnlyRoot                           Pos

	User    Value[string] // uid, uid:gid or a name
	NonRoot Pos
	CapDrop []Value[string]
	CapAdd  []Value[string]
	Mounts  []Mount

	Job      bool
	Problems []Finding // found by the reader itself

	image *Image // what is known of its image; nil: nothing
}

// Mount is a place in the container's file system that doesn't come from its image.
type Mount struct {
	Path     string
	ReadOnly bool
	Config   string            // the ConfigMap whose keys are files here
	Items    map[string]string // of a ConfigMap: key to path where they are named; nil: every key is a file of its name
	SubPath  string
	At       Pos
}

// Build is how a compose service's image is made.
type Build struct {
	Dockerfile string // the path, relative to the compose file's folder unless absolute
	Inline     Value[string]
	Target     string
	Remote     bool // the context is a URL
	At         Pos
}

// Command is an entrypoint or its arguments.
type Command struct {
	Argv  []string
	Shell string // the text, where a shell runs it
	Text  string // the text, where it was written as one string (a compose file splits it itself)
	At    Pos
}

// PreStop is a Kubernetes preStop hook. Its time counts inside the grace period.
type PreStop struct {
	AtLeast time.Duration
	Exact   bool     // it takes AtLeast; otherwise that or more
	Argv    []string // of an exec hook
	What    string   // "sleeps 10s", "runs /stop.sh", "asks /drain by HTTP"
	At      Pos
}

// Probe is a readiness, liveness or startup probe.
type Probe struct {
	Argv                 []string // of an exec probe
	InitialDelay, Period time.Duration
	Failures             int
	Grace                Value[time.Duration] // the probe's own terminationGracePeriodSeconds
	At                   Pos
}

// String names the container in a report.
func (c *Container) String() string {
	switch {
	case c.Platform == Docker && c.Name != "":
		return fmt.Sprintf("image of %s, stage %q", c.Owner, c.Name)
	case c.Platform == Docker:
		return "image of " + c.Owner
	case c.Platform == Compose:
		return fmt.Sprintf("service %q", c.Name)
	}
	role := "container"
	switch c.Role {
	case Init:
		role = "init container"
	case Sidecar:
		role = "sidecar"
	}
	return fmt.Sprintf("%s %q, %s %q", c.Kind, c.Owner, role, c.Name)
}

// problem notes what the reader itself finds wrong.
func (c *Container) problem(rule string, at Pos, problem, change string) {
	c.Problems = append(c.Problems, Finding{Rule: rule, Severity: ruleSeverity(rule), At: at, Problem: problem, Change: change})
}

// granted is the grace period that holds, and whether it can be known.
func (c *Container) granted() (grace time.Duration, known bool) {
	switch {
	case c.GraceOpen:
		return 0, false
	case c.Grace.Set():
		return c.Grace.V, true
	case c.Platform == Kubernetes:
		return kubernetesGrace, true
	}
	return dockerGrace, true
}

// graceAt is where the grace period is written, or ought to be.
func (c *Container) graceAt() Pos {
	if c.Grace.Set() {
		return c.Grace.At
	}
	return c.At
}

// ConfigMap is one whose keys may be mounted as files.
type ConfigMap struct {
	Namespace, Name string
	Data            map[string]Value[string]
}

// Document is one file.
type Document struct {
	Name       string
	Platform   Platform
	Containers []*Container
	ConfigMaps []ConfigMap
	Stages     []*Image  // of a Dockerfile, in order; the last one is the image
	Notes      []Skipped // what was read past, and why
}
