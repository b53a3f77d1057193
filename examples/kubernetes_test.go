package examples_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// These repeat examples/kubernetes/lifecycle.hcl, and how podman calls the Pod's container.
const (
	podDelay = 5 * time.Second
	podDrain = 10 * time.Second
	podName  = "web-nginx"
)

// The Pod as it is, played by podman: ready once nginx listens, not ready from the first step of its stop on, and taken down within its grace
// period with the download in flight finished.
func TestPodFinishesTheDownload(t *testing.T) {
	t.Parallel()
	e := needPodman(t, "nginx", "localhost/exeunt-nginx:latest")
	e.image(t, "plain") // for the client
	pod := filepath.Join(e.root, "examples/kubernetes/pod.yaml")
	e.podman(t, "play", "kube", "--network", "none", pod)
	t.Cleanup(func() { e.podmanCommand("pod", "rm", "--force", "web").Run() })
	server := newContainer(e, podName)
	server.followCommand(t, e.podmanCommand("logs", "--follow", "--timestamps", podName))
	server.waitLine(t, "child started")

	pid := e.podman(t, "inspect", "--format", "{{.State.Pid}}", podName)
	ready := func() (string, error) { // not by podman exec, which refuses in a container that is being stopped; kubelet does not
		out, err := exec.Command("nsenter", "--target", pid, "--mount", "--pid", "--net", "--", "/usr/local/bin/exeunt", "ready").CombinedOutput()
		return string(out), err
	}
	eventually(t, "the readiness probe says yes", func() bool { _, err := ready(); return err == nil })
	client := e.inNetworkOf(t, pid, "get", nginxDownload)
	client.waitLine(t, "begin")

	began := time.Now()
	// podman hands terminationGracePeriodSeconds on since 4.7 (its PR 19914), and up to 5.0 its kube down kills at once (its issue 22397).
	stop := e.podmanCommand("pod", "stop", "--time", "30", "web")
	if err := stop.Start(); err != nil {
		t.Fatal(err)
	}
	server.waitLine(t, "drain begins")
	if out, err := ready(); err == nil || !strings.Contains(out, "not ready: stopping") {
		t.Errorf("the readiness probe said %q (%v) in a stop", out, err)
	}
	if err := stop.Wait(); err != nil {
		t.Errorf("podman pod stop: %v", err)
	}
	took := time.Since(began)
	t.Logf("podman pod stop took %.2f s", took.Seconds())
	if took > exampleGrace {
		t.Errorf("podman pod stop took %v, and the grace period is %v", took, exampleGrace)
	}
	if status := e.podman(t, "inspect", "--format", "{{.State.ExitCode}}", podName); status != "0" {
		t.Errorf("podman inspect says ExitCode %s, want 0", status)
	}
	whole := newContainer(e, podName) // the follower may miss the end: it looks at the container's state now and then
	whole.followCommand(t, e.podmanCommand("logs", "--timestamps", podName))
	<-whole.ended
	e.podman(t, "kube", "down", pod)
	client.waitLine(t, "whole")
	lines := whole.wantOrder(t, `stop "graceful" begins: SIGTERM`, "drain begins: 5s, then until connections(8080) == 0", "drain done", "forward SIGQUIT", "child exited: status 0", "exit status 0")
	if drained := lines[2].at.Sub(lines[0].at); drained < podDelay || drained > podDelay+podDrain {
		t.Errorf("the drain took %v", drained)
	}
	whole.wantNone(t, "escalate")
}

// The ConfigMap has the very text of lifecycle.hcl, and it fits the Pod.
func TestPodFitsItsFile(t *testing.T) {
	if err := buildExeunt(".."); err != nil {
		t.Fatal(err)
	}
	check := exec.Command("../bin/exeunt", "check", "--strict", "kubernetes/lifecycle.hcl", "--manifest", "kubernetes/pod.yaml", "--manifest", "nginx/Dockerfile")
	if out, err := check.CombinedOutput(); err != nil || !strings.Contains(string(out), "1 container checked") {
		t.Errorf("exeunt check: %v\n%s", err, out)
	}
}
