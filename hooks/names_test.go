package hooks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"exeunt/lifecycle"
)

// A name server that doesn't answer: Go's resolver would try for 10 s and more, the context ends it at once.
func TestSilentNameServer(t *testing.T) {
	needRoot(t)
	if _, line := help(t, "silent-names", ownMounts); line != "ready" {
		t.Error(line)
	}
}

// helpSilentNames runs in a mount namespace of its own, with an /etc/resolv.conf that names a server which says nothing.
func helpSilentNames() error {
	server, err := net.ListenPacket("udp", "127.0.0.77:53")
	if err != nil {
		return err
	}
	defer server.Close()
	file, err := os.CreateTemp("", "exeunt-test-")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	fmt.Fprintln(file, "nameserver 127.0.0.77")
	file.Close()
	if err := unix.Mount(file.Name(), "/etc/resolv.conf", "", unix.MS_BIND, ""); err != nil {
		return err
	}

	// Each is cut off as soon as its query has come.
	for _, do := range []struct {
		name  string
		doing lifecycle.Doing
		err   string
	}{
		{"one", &lifecycle.TCP{Address: is("one.test:5432")}, `cannot connect to "one.test:5432": cut off while connecting`},
		{"two", &lifecycle.HTTP{URL: is("http://two.test")}, "cannot GET http://two.test: cut off while looking up two.test"},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		queried := make(chan error, 1)
		go func() {
			defer cancel()
			for packet := make([]byte, 512); ; {
				n, _, err := server.ReadFrom(packet)
				if err != nil || bytes.Contains(packet[:n], []byte(do.name)) { // not one more about the name before
					queried <- err
					return
				}
			}
		}()
		result := Begin(ctx, &lifecycle.Hook{Do: do.doing}, lifecycle.Scope{}, time.Now())
		if err := <-queried; err != nil {
			return err
		}
		if result.Err == nil || result.Err.Error() != do.err || !errors.Is(result.Err, context.Canceled) {
			return fmt.Errorf("error is %q", result.Err)
		}
	}

	// To a probe it is "no", after its second.
	begun := time.Now()
	if open, err := (Probes{}).TCPOpen(context.Background(), "three.test:5432"); open || err != nil {
		return fmt.Errorf("tcp_open: %t, %v", open, err)
	}
	if status, err := (Probes{}).HTTPStatus(context.Background(), "http://four.test"); status != 0 || err != nil {
		return fmt.Errorf("http_status: %d, %v", status, err)
	}
	if took := time.Since(begun); took < 2*answerTime || took > 2*answerTime+time.Second {
		return fmt.Errorf("two probes took %v", took)
	}
	fmt.Println("ready")
	return nil
}
