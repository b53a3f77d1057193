package examples_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// The keeper is a process beside the tests that owns what must not outlive them: the private engine, or the containers and images in an
// engine that was there before. It is the test binary again, told by keeperEnv. It acts when its stdin ends, so it does so too after a
// panic, a timeout of go test or a Ctrl-C, when no line of ours runs any more. It lives in its own mount namespace: what the engine mounts is gone
// with it.
const (
	keeperEnv      = "EXEUNT_TEST_KEEPER"       // the folder to keep and to remove
	keeperHostEnv  = "EXEUNT_TEST_KEEPER_HOST"  // where to start an engine; empty: none
	keeperLabelEnv = "EXEUNT_TEST_KEEPER_LABEL" // what this run's containers and images wear
	keeperReady    = "ready\n"
)

// enginePatience is for dockerd to answer, and to end.
const enginePatience = 30 * time.Second

func keeperAttr() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true} // a Ctrl-C is not for the keeper
	if os.Getuid() == 0 {
		attr.Unshareflags = syscall.CLONE_NEWNS
	}
	return attr
}

func keep(dir string, tests io.Reader, answer io.Writer) int {
	runtime.LockOSThread() // Pdeathsig below is about the thread that starts the engine
	host := os.Getenv(keeperHostEnv)
	var dockerd *daemon
	if host != "" {
		var err error
		if dockerd, err = startDockerd(dir, host); err != nil {
			fmt.Fprintf(answer, "%s\n", strings.ReplaceAll(err.Error(), "\n", "; "))
			removeFolder(dir)
			return 0
		}
	}
	io.WriteString(answer, keeperReady)
	io.Copy(io.Discard, tests)

	failed := errors.Join(
		removeAll("ps --all --quiet --filter label=", "rm", "--force", "--volumes"),
		removeAll("images --quiet --filter label=", "rmi", "--force"),
		removePods(dir),
		dockerd.stop(),
		removeFolder(dir),
	)
	if failed != nil {
		fmt.Fprintln(answer, failed)
		return 1
	}
	return 0
}

// removeAll removes what a docker command lists under this run's label.
func removeAll(list string, remove ...string) error {
	out, err := exec.Command("docker", strings.Fields(list+os.Getenv(keeperLabelEnv))...).Output()
	ids := strings.Fields(string(out))
	if err != nil || len(ids) == 0 {
		return err
	}
	return exec.Command("docker", append(remove, ids...)...).Run()
}

// removeFolder removes dir, from which dockerd does not unmount all that it mounted.
func removeFolder(dir string) error {
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return err
	}
	lines := strings.Split(string(mounts), "\n")
	for _, line := range slices.Backward(lines) { // what was mounted last goes first
		if fields := strings.Fields(line); len(fields) > 1 && strings.HasPrefix(fields[1], dir+"/") {
			syscall.Unmount(fields[1], syscall.MNT_DETACH)
		}
	}
	return os.RemoveAll(dir)
}

// initPath is what --init runs in the containers of our own engines: exeunt, called as those call their init. It is there before any
// container is (see prepare).
func initPath(dir string) string { return filepath.Join(dir, "docker-init") }

// A daemon is a dockerd of ours; nil where the engine is someone else's.
type daemon struct {
	cmd   *exec.Cmd
	ended chan error
}

// startDockerd starts an engine that touches neither the host's firewall nor its interfaces. overlay2 is fast; vfs, which copies whole
// images, works on any file system.
func startDockerd(dir, host string) (*daemon, error) {
	if err := mountCgroups(); err != nil {
		return nil, err
	}
	var failures []error
	for _, driver := range []string{"overlay2", "vfs"} {
		log, err := os.Create(filepath.Join(dir, "dockerd-"+driver+".log"))
		if err != nil {
			return nil, err
		}
		cmd := exec.Command("dockerd", "--iptables=false", "--bridge=none", "--storage-driver="+driver, "--host="+host,
			"--data-root="+filepath.Join(dir, "data"), "--exec-root="+filepath.Join(dir, "exec"), "--pidfile="+filepath.Join(dir, "pid"),
			"--init-path="+initPath(dir))
		cmd.Stdout, cmd.Stderr = log, log
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
		err = cmd.Start()
		log.Close()
		if err != nil {
			return nil, err
		}
		d := &daemon{cmd: cmd, ended: make(chan error, 1)}
		go func() { d.ended <- cmd.Wait() }()
		if err = d.waitAnswer(); err == nil {
			return d, nil
		}
		failures = append(failures, fmt.Errorf("dockerd with %s: %w: %s", driver, err, lastLine(log.Name())))
	}
	return nil, errors.Join(failures...)
}

// waitAnswer waits for docker info to work, and ends a dockerd for which it does not.
func (d *daemon) waitAnswer() error {
	deadline := time.After(enginePatience)
	retry := time.NewTicker(100 * time.Millisecond)
	defer retry.Stop()
	for !answers(os.Environ()) {
		select {
		case err := <-d.ended:
			return fmt.Errorf("it ended: %v", err)
		case <-deadline:
			return errors.Join(errors.New("docker info does not answer"), d.stop())
		case <-retry.C:
		}
	}
	return nil
}

// stop asks dockerd to end, which takes its containerd along, and insists after a while.
func (d *daemon) stop() error {
	if d == nil {
		return nil
	}
	d.cmd.Process.Signal(syscall.SIGTERM)
	insist := time.AfterFunc(enginePatience, func() { d.cmd.Process.Kill() })
	defer insist.Stop()
	return <-d.ended
}

// mountCgroups gives the keeper's mount namespace the cgroups a container runtime needs, on a machine where nobody has mounted any.
func mountCgroups() error {
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil || strings.Contains(string(mounts), " cgroup ") || strings.Contains(string(mounts), " cgroup2 ") {
		return err
	}
	if err := syscall.Mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, ""); err != nil {
		return fmt.Errorf("cannot mount cgroups: %w", err)
	}
	return nil
}

func lastLine(file string) string {
	text, _ := os.ReadFile(file)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}
