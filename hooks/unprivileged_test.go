package hooks

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

func TestConnectionsWithoutPrivileges(t *testing.T) {
	four, six := listening(t, "4"), listening(t, "6")
	four.connecting(t, 2000, four.address)
	six.connecting(t, 2000, six.address)
	wantUnprivileged(t, 4000, four.port, six.port)
}

// wantUnprivileged counts as uid 65534 without capabilities, and once more where netlink is refused.
func wantUnprivileged(t *testing.T, want int, ports ...int) {
	t.Helper()
	needRoot(t)
	for _, helper := range []string{"count", "count-refused"} {
		_, line := help(t, helper, func(command *exec.Cmd) {
			command.Env = append(command.Env, "EXEUNT_TEST_PORTS="+strings.Trim(fmt.Sprint(ports), "[]"))
		})
		if line != fmt.Sprintf("ready: %d", want) {
			t.Errorf("%s: %s, not %d", helper, line, want)
		}
	}
}

// helpCount counts as uid 65534.
func helpCount() error {
	if err := unix.Setgroups(nil); err != nil {
		return err
	}
	if err := unix.Setgid(65534); err != nil {
		return err
	}
	if err := unix.Setuid(65534); err != nil {
		return err
	}
	var ports []int
	for word := range strings.FieldsSeq(os.Getenv("EXEUNT_TEST_PORTS")) {
		var port int
		fmt.Sscan(word, &port)
		ports = append(ports, port)
	}
	count, err := Probes{}.Connections(context.Background(), ports)
	if err != nil {
		return err
	}
	fmt.Printf("ready: %d\n", count)
	return nil
}

// helpCountRefused counts where seccomp(2) refuses netlink sockets.
func helpCountRefused() error {
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // seccomp_data.nr
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_SOCKET, Jf: 3},
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 16}, // seccomp_data.args[0], its low half
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.AF_NETLINK, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if _, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC,
		uintptr(unsafe.Pointer(&program))); errno != 0 {
		return errno
	}
	if _, err := dumpConnections(context.Background(), map[uint16]bool{80: true}); !errors.Is(err, unix.EPERM) {
		return fmt.Errorf("netlink isn't refused: %w", err)
	}
	return helpCount()
}
