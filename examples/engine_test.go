package examples_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// baseImage is what the examples' Dockerfiles start from. Where no registry can be reached it is made here.
const baseImage = "debian:bookworm-slim"

const (
	// dockerPatience bounds one docker command; a build installs packages over the network.
	dockerPatience = 2 * time.Minute
	buildPatience  = 5 * time.Minute
)

// TestMain stops the engine however the tests ended. The engine's keeper is this same program: see keeper_test.go.
func TestMain(m *testing.M) {
	if dir := os.Getenv(keeperEnv); dir != "" {
		os.Exit(keep(dir, os.Stdin, os.Stdout))
	}
	code := m.Run()
	engines.stop()
	os.Exit(code)
}

// engines holds the one engine of this run, started by the first test that needs it.
var engines engineHolder

type engineHolder struct {
	once   sync.Once
	engine *engine
	err    error
}

func (h *engineHolder) stop() {
	if h.engine != nil {
		h.engine.stop()
	}
}

// An engine is a Docker engine and what this run made in it.
type engine struct {
	root  string   // the repo
	dir   string   // a temp folder, gone at the end
	env   []string // what docker commands are given
	label string   // on all that this run makes, so that the keeper finds it

	keeper *exec.Cmd // removes it all once keep is closed, by us or by our death
	keep   io.Closer
	answer *bufio.Reader // what the keeper says

	// Each is done once, by the first test that needs it.
	prepared    func() error
	podmanReady func() error
	images      map[string]func() (string, error) // by the name of an example, or "plain", or "scratch"; each gives its tag
}

// exampleNames are the folders with a Dockerfile.
var exampleNames = []string{"nginx", "apache", "php-fpm", "postgresql"}

// needEngine gives the shared engine. Without one the test skips, or fails where EXEUNT_REQUIRE=all asks for every test.
func needEngine(t *testing.T) *engine {
	t.Helper()
	engines.once.Do(func() { engines.engine, engines.err = startEngine() })
	if engines.err == nil {
		return engines.engine
	}
	const hint = "to run it: as root on Linux, apt-get install docker.io mmdebstrap"
	if os.Getenv("EXEUNT_REQUIRE") == "all" {
		t.Fatalf("no container engine: %v; %s", engines.err, hint)
	}
	t.Skipf("SKIPPED, no container engine: %v; %s", engines.err, hint)
	return nil
}

func startEngine() (*engine, error) {
	if _, err := exec.LookPath("docker"); err != nil {
		return nil, err
	}
	root, err := filepath.Abs("..")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "exeunt-engine-")
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	e := &engine{
		root:  root,
		dir:   dir,
		env:   append(os.Environ(), "DOCKER_BUILDKIT=0"),
		label: fmt.Sprintf("exeunt.test=%d-%d", os.Getpid(), time.Now().Unix()),
	}
	e.prepared = sync.OnceValue(e.prepare)
	e.podmanReady = sync.OnceValue(e.preparePodman)
	e.images = map[string]func() (string, error){"plain": sync.OnceValues(e.buildPlainImage), "scratch": sync.OnceValues(e.buildScratchImage)}
	for _, name := range exampleNames {
		e.images[name] = sync.OnceValues(func() (string, error) {
			return e.build(name, filepath.Join(root, "examples", name, "Dockerfile"), root)
		})
	}
	e.images["init"] = sync.OnceValues(func() (string, error) {
		return e.build("init", filepath.Join(root, "examples", "testdata", "init", "Dockerfile"), root)
	})
	if err := e.startKeeper(); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	return e, nil
}

// startKeeper starts the keeper, and through it an engine of our own where none answers.
func (e *engine) startKeeper() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	host := ""
	if !answers(e.env) {
		if err := canStartEngine(); err != nil {
			return err
		}
		host = "unix://" + filepath.Join(e.dir, "docker.sock")
		e.env = append(e.env, "DOCKER_HOST="+host)
	}
	cmd := exec.Command(self, "-test.run=^$") // TestMain knows it by the environment; no test may run in it in any case
	cmd.Env = slices.Concat(e.env, []string{keeperEnv + "=" + e.dir, keeperHostEnv + "=" + host, keeperLabelEnv + "=" + e.label})
	cmd.SysProcAttr = keeperAttr()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("cannot start the engine's keeper: %w", err)
	}
	e.keeper, e.keep, e.answer = cmd, stdin, bufio.NewReader(stdout)
	answer, err := e.answer.ReadString('\n')
	if err == nil && answer == keeperReady {
		return nil
	}
	e.stop()
	return fmt.Errorf("cannot start an engine: %s", strings.TrimSpace(answer))
}

// stop waits until the keeper has removed everything.
func (e *engine) stop() {
	e.keep.Close()
	said, _ := io.ReadAll(e.answer)
	if err := e.keeper.Wait(); err != nil {
		fmt.Fprintf(os.Stderr, "cannot clean up after the container tests: %v: %slook into %s\n", err, said, e.dir)
	}
}

func canStartEngine() error {
	if os.Getuid() != 0 {
		return errors.New("docker info does not answer, and only root can start an engine")
	}
	_, err := exec.LookPath("dockerd")
	return err
}

func answers(env []string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "docker", "info", "--format", "{{.ServerVersion}}")
	cmd.Env = env
	version, err := cmd.Output() // some versions succeed with nothing to say
	return err == nil && len(bytes.TrimSpace(version)) > 0
}

// docker runs one docker command and gives its standard output.
func (e *engine) docker(args ...string) (string, error) {
	return e.dockerFor(dockerPatience, args...)
}

func (e *engine) dockerFor(patience time.Duration, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return e.command(exec.CommandContext(ctx, "docker", args...))
}

// command runs cmd against this engine.
func (e *engine) command(cmd *exec.Cmd) (string, error) {
	cmd.Env = e.env
	return runCommand(cmd)
}

// runCommand gives a command's standard output. What it printed is in the error where it fails.
func runCommand(cmd *exec.Cmd) (string, error) {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("cannot run %q: %w\n%s%s", cmd.Args, err, stdout.String(), stderr.String())
	}
	return strings.TrimSpace(stdout.String()), nil
}

// image gives the tag of an image, built by the first test that asks for it.
func (e *engine) image(t *testing.T, name string) string {
	t.Helper()
	tag, err := e.images[name]()
	if err != nil {
		t.Fatal(err)
	}
	return tag
}

// must is docker for commands that have to succeed.
func (e *engine) must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := e.docker(args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// prepare gives what every image is made of: bin/exeunt, built as users build it, and the base image.
func (e *engine) prepare() error {
	if err := buildExeunt(e.root); err != nil {
		return err
	}
	if err := copyProgram(filepath.Join(e.root, "bin/exeunt"), initPath(e.dir)); err != nil {
		return err
	}
	if _, err := e.docker("image", "inspect", baseImage); err == nil {
		return nil
	}
	tar, err := bootstrap()
	if errors.Is(err, exec.ErrNotFound) {
		return nil // docker build will pull the image, or say why it can't
	}
	if err != nil {
		return err
	}
	// The label makes the keeper take the tag back out of an engine that is not ours.
	_, err = e.docker("import", "--change", "LABEL "+e.label, tar, baseImage)
	return err
}

func copyProgram(from, to string) error {
	program, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, program, 0o755)
}

func buildExeunt(root string) error {
	cmd := exec.Command("make", "-C", root, "build")
	// Flags of the make that runs these tests are not meant for this one.
	cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("cannot make build: %w\n%s", err, out)
	}
	return nil
}

// bootstrapFlags make what the real image is, its settings for fast installations among them.
var bootstrapFlags = []string{"--variant=minbase", "--include=ca-certificates", "--format=tar",
	"--aptopt=Acquire::Languages \"none\"", "--dpkgopt=force-unsafe-io",
	"--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*"}

// bootstrap gives the base image's file system as a tar, from the cache or, in some twenty seconds, from Debian's packages.
func bootstrap() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	cache = filepath.Join(cache, "exeunt")
	flags := fnv.New32a() // the cache may be one of other flags
	fmt.Fprint(flags, bootstrapFlags)
	tar := filepath.Join(cache, fmt.Sprintf("bookworm-slim-%s-%08x.tar", runtime.GOARCH, flags.Sum32()))
	if _, err := os.Stat(tar); err == nil {
		return tar, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	// Under another name until it is whole, so that a broken run leaves no half of it behind.
	part := fmt.Sprintf("%s.%d", tar, os.Getpid())
	defer os.Remove(part)
	out, err := exec.Command("mmdebstrap", append(bootstrapFlags, "bookworm", part)...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("cannot bootstrap %s: %w\n%s", baseImage, err, out)
	}
	return tar, os.Rename(part, tar)
}

// build builds an image with the classic builder, which needs no plugin, and gives its tag. The network is the host's: an engine of our
// own has no bridge.
func (e *engine) build(name, dockerfile, folder string) (string, error) {
	if err := e.prepared(); err != nil {
		return "", err
	}
	tag := "exeunt-test-" + name
	_, err := e.dockerFor(buildPatience, "build", "--network", "host", "--label", e.label, "--tag", tag, "--file", dockerfile, folder)
	return tag, err
}

// buildPlainImage builds the image of the tests that are about no application: exeunt, testdata/child and the files in testdata.
func (e *engine) buildPlainImage() (string, error) {
	if err := e.prepared(); err != nil {
		return "", err
	}
	folder := filepath.Join(e.dir, "image")
	if err := os.CopyFS(folder, os.DirFS("testdata")); err != nil {
		return "", err
	}
	if err := copyProgram(filepath.Join(e.root, "bin/exeunt"), filepath.Join(folder, "exeunt")); err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(folder, "init-child"), "./testdata/child")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("cannot build testdata/child: %w\n%s", err, out)
	}
	return e.build("plain", filepath.Join(folder, "Dockerfile"), folder)
}
