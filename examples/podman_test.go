package examples_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A podman of our own beside the engine: its storage, its state and its settings are in the engine's folder, and its mounts in the keeper's
// mount namespace, so that nothing of the machine's podman is touched and nothing is left.
//
// The limits and the runtime are those that work without systemd and in a container.
const podmanConf = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]

[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = %q

[network]
network_config_dir = %q
`

// podmanArgs are the arguments of podman in an engine's folder, up to its subcommand.
func podmanArgs(dir string) []string {
	return []string{"--root", filepath.Join(dir, "podman/root"), "--runroot", filepath.Join(dir, "podman/run")}
}

func podmanEnv(dir string) []string {
	return []string{"CONTAINERS_CONF=" + filepath.Join(dir, "podman/containers.conf"), "DISABLE_HC_SYSTEMD=true"} // no systemd, no timers for probes
}

// preparePodman writes the settings, and gives podman the images under the names that the examples use.
func (e *engine) preparePodman() error {
	if _, err := exec.LookPath("podman"); err != nil {
		return err
	}
	if os.Getuid() != 0 {
		return errors.New("only root can enter the keeper's mount namespace")
	}
	folder := filepath.Join(e.dir, "podman")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	conf := fmt.Sprintf(podmanConf, filepath.Join(folder, "tmp"), filepath.Join(folder, "net"))
	return os.WriteFile(filepath.Join(folder, "containers.conf"), []byte(conf), 0o644)
}

// podmanCommand is a podman command, in the keeper's mount namespace.
func (e *engine) podmanCommand(args ...string) *exec.Cmd {
	enter := []string{"nsenter", fmt.Sprintf("--mount=/proc/%d/ns/mnt", e.keeper.Process.Pid), "--", "podman"}
	all := append(append(enter, podmanArgs(e.dir)...), args...)
	cmd := exec.Command(all[0], all[1:]...)
	cmd.Env = append(os.Environ(), podmanEnv(e.dir)...)
	return cmd
}

// podman runs one podman command and gives its standard output.
func (e *engine) podman(t *testing.T, args ...string) string {
	t.Helper()
	out, err := runCommand(e.podmanCommand(args...))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// needPodman gives podman an image of the engine's, by the name that pod.yaml has. Without podman the test skips, or fails where every test
// is asked for.
func needPodman(t *testing.T, image, name string) *engine {
	t.Helper()
	e := needEngine(t)
	tag := e.image(t, image)
	if err := e.podmanReady(); err != nil {
		const hint = "to run it: as root on Linux, apt-get install podman runc catatonit"
		if os.Getenv("EXEUNT_REQUIRE") == "all" {
			t.Fatalf("no podman: %v; %s", err, hint)
		}
		t.Skipf("SKIPPED, no podman: %v; %s", err, hint)
	}
	tar := filepath.Join(t.TempDir(), "image.tar")
	e.must(t, "tag", tag, name)
	e.must(t, "save", "--output", tar, name)
	e.podman(t, "load", "--quiet", "--input", tar)
	return e
}

// removePods ends what podman runs in dir. The keeper calls it.
func removePods(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "podman/root")); err != nil {
		return nil
	}
	remove := func(args ...string) error {
		cmd := exec.Command("podman", append(podmanArgs(dir), args...)...)
		cmd.Env = append(os.Environ(), podmanEnv(dir)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("cannot run %q: %w: %s", cmd.Args, err, out)
		}
		return nil
	}
	return errors.Join(remove("pod", "rm", "--force", "--all", "--time", "1"), remove("rm", "--force", "--all", "--time", "1"))
}

// inNetworkOf runs testdata/child of this machine in the network of a process.
func (e *engine) inNetworkOf(t *testing.T, pid string, args ...string) *container {
	t.Helper()
	child := filepath.Join(e.dir, "image/init-child")
	if _, err := os.Stat(child); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("nsenter", append([]string{"--net=/proc/" + pid + "/ns/net", "--", child}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	c := newContainer(e, "client of "+strings.ToLower(t.Name()))
	c.followCommand(t, cmd)
	return c
}
