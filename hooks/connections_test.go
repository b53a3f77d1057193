package hooks

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// connected is a listener on a loopback address, any port, with both ends of its connections. Raw sockets: by the
// tens of thousands they are cheap, and nothing polls them.
type connected struct {
	port            int
	address         unix.Sockaddr // of the listener
	listener        int
	clients, served []int
}

// listen listens on 127.0.0.1, on ::1, or on :: for both families ("4", "6", "46").
func listen(how string) (*connected, error) {
	family, address := unix.AF_INET6, unix.Sockaddr(&unix.SockaddrInet6{})
	switch how {
	case "4":
		family, address = unix.AF_INET, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}
	case "6":
		address = &unix.SockaddrInet6{Addr: [16]byte{15: 1}}
	}
	listener, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if family == unix.AF_INET6 {
		unix.SetsockoptInt(listener, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0)
	}
	if err := unix.Bind(listener, address); err != nil {
		return nil, err
	}
	if err := unix.Listen(listener, 1024); err != nil {
		return nil, err
	}
	name, err := unix.Getsockname(listener)
	if err != nil {
		return nil, err
	}
	c := &connected{address: name, listener: listener}
	switch name := name.(type) {
	case *unix.SockaddrInet4:
		c.port = name.Port
	case *unix.SockaddrInet6:
		c.port = name.Port
	}
	return c, nil
}

// listening is listen for a test.
func listening(t *testing.T, how string) *connected {
	t.Helper()
	c, err := listen(how)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	return c
}

// connect adds n connections.
func (c *connected) connect(n int, to unix.Sockaddr) error {
	family := unix.AF_INET6
	if _, ok := to.(*unix.SockaddrInet4); ok {
		family = unix.AF_INET
	}
	for range n {
		socket, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return err
		}
		c.clients = append(c.clients, socket)
		// Closed by a reset, so that no port is left in TIME_WAIT.
		unix.SetsockoptLinger(socket, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
		if err := unix.Connect(socket, to); err != nil {
			return err
		}
		served, _, err := unix.Accept4(c.listener, unix.SOCK_CLOEXEC)
		if err != nil {
			return err
		}
		c.served = append(c.served, served)
	}
	return nil
}

// connecting is connect for a test.
func (c *connected) connecting(t *testing.T, n int, to unix.Sockaddr) {
	t.Helper()
	if err := c.connect(n, to); err != nil {
		t.Fatal(err)
	}
}

// end ends the first n connections.
func (c *connected) end(n int) {
	for i := range n {
		unix.Close(c.clients[i])
		unix.Close(c.served[i])
	}
	c.clients, c.served = c.clients[n:], c.served[n:]
}

func (c *connected) close() {
	c.end(len(c.served))
	unix.Close(c.listener)
}

func (c *connected) loopback4() unix.Sockaddr {
	return &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: c.port}
}

// wantCount asks each way there is to count.
func wantCount(t *testing.T, want int, ports ...int) {
	t.Helper()
	set, err := portSet(ports)
	if err != nil {
		t.Fatal(err)
	}
	for name, count := range map[string]func(context.Context, map[uint16]bool) (int, error){
		"netlink": dumpConnections, "/proc": readConnections,
	} {
		if got, err := count(t.Context(), set); got != want || err != nil {
			t.Errorf("%s counts %d (%v), not %d", name, got, err, want)
		}
	}
	if got, err := (Probes{}).Connections(t.Context(), ports); got != want || err != nil {
		t.Errorf("connections are %d (%v), not %d", got, err, want)
	}
}

func TestConnections(t *testing.T) {
	four, six, both := listening(t, "4"), listening(t, "6"), listening(t, "46")
	wantCount(t, 0, four.port, six.port, both.port)

	four.connecting(t, 1000, four.address)
	six.connecting(t, 1500, six.address)
	wantCount(t, 1000, four.port)
	wantCount(t, 1500, six.port)
	wantCount(t, 0, both.port)

	both.connecting(t, 20, both.loopback4()) // ::ffff:127.0.0.1
	both.connecting(t, 30, &unix.SockaddrInet6{Addr: [16]byte{15: 1}, Port: both.port})
	wantCount(t, 50, both.port)
	wantCount(t, 2550, both.port, four.port, six.port, four.port)

	four.end(999)
	six.end(1500)
	wantCount(t, 1, four.port, six.port)
	four.end(1)
	wantCount(t, 0, four.port, six.port)
}

// One that only the client still holds is not established any more.
func TestConnectionsHalfClosed(t *testing.T) {
	c := listening(t, "4")
	c.connecting(t, 2, c.address)
	unix.Shutdown(c.served[0], unix.SHUT_RDWR)
	wantCount(t, 1, c.port)
}

func TestConnectionsOfManyPorts(t *testing.T) {
	c := listening(t, "4")
	c.connecting(t, 3, c.address)
	for _, n := range []int{1, 2, 3, filterPorts, filterPorts + 1} {
		ports := []int{c.port}
		for port := 1; len(ports) < n; port++ { // nobody connects to those here
			ports = append(ports, port)
		}
		set, err := portSet(ports)
		if err != nil {
			t.Fatal(err)
		}
		delete(set, uint16(c.port))
		base, err := dumpConnections(t.Context(), set) // what else the machine does
		if len(set) > 0 && err != nil {
			t.Fatal(err)
		}
		if len(set) == 0 {
			base = 0
		}
		set[uint16(c.port)] = true
		if got, err := dumpConnections(t.Context(), set); got != base+3 || err != nil {
			t.Errorf("%d ports: %d (%v), not %d", n, got, err, base+3)
		}
	}
}

func TestConnectionsCutOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Probes{}.Connections(ctx, []int{80})
	wantError(t, err, "cut off while counting connections")
	for _, count := range []func(context.Context, map[uint16]bool) (int, error){dumpConnections, readConnections} {
		if _, err := count(ctx, map[uint16]bool{80: true}); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

func TestConnectionsOfNoPort(t *testing.T) {
	for _, c := range []struct {
		ports []int
		err   string
	}{
		{nil, "connections are counted by local port: none is given"},
		{[]int{80, 0}, "there is no port 0: the numbers are 1 to 65535"},
		{[]int{65536}, "there is no port 65536: the numbers are 1 to 65535"},
	} {
		_, err := Probes{}.Connections(t.Context(), c.ports)
		wantError(t, err, c.err)
	}
}

// 25,000 connections with both ends here are 50,000 sockets, in five processes: few systems let one have that many files.
func TestConnectionsBy50000Sockets(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a while")
	}
	const each = 5000
	var ports []int
	for _, how := range []string{"4", "6", "46", "4", "6"} {
		_, line := help(t, "hold", func(command *exec.Cmd) {
			command.Env = append(command.Env, fmt.Sprintf("EXEUNT_TEST_HOLD=%s %d", how, each))
		})
		var port int
		if _, err := fmt.Sscanf(line, "ready: %d", &port); err != nil {
			t.Fatal(line)
		}
		ports = append(ports, port)
	}
	took := func(want int, count func() (int, error)) time.Duration {
		begun := time.Now()
		if got, err := count(); got != want || err != nil {
			t.Errorf("%d (%v), not %d", got, err, want)
		}
		return time.Since(begun)
	}
	probe := func(ports ...int) func() (int, error) {
		return func() (int, error) { return Probes{}.Connections(t.Context(), ports) }
	}
	all := took(5*each, probe(ports...))
	t.Logf("of 50,000 sockets: %v for 25,000 that match, %v for 5,000, %v for none, %v for 5,000 by /proc",
		all, took(each, probe(ports[2])), took(0, probe(1)),
		took(each, func() (int, error) { return readConnections(t.Context(), map[uint16]bool{uint16(ports[0]): true}) }))
	if all > time.Second {
		t.Errorf("a count takes %v", all)
	}
	wantUnprivileged(t, 5*each, ports...)
}

// helpHold holds the connections that $EXEUNT_TEST_HOLD tells: "4 1000".
func helpHold() error {
	var how string
	var n int
	fmt.Sscan(os.Getenv("EXEUNT_TEST_HOLD"), &how, &n)
	c, err := listen(how)
	if err != nil {
		return err
	}
	defer c.close()
	to := c.address
	if how == "46" {
		to = c.loopback4()
	}
	if err := c.connect(n, to); err != nil {
		return err
	}
	fmt.Printf("ready: %d\n", c.port)
	os.Stdin.Read(make([]byte, 1))
	return nil
}

func TestTable(t *testing.T) {
	text := `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
   1: 0100007F:1F90 0100007F:D432 01 00000000:00000000 00:00000000 00000000     0        0 2
   2: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:D432 01 00000000:00000000
   3: 0100007F:1F91 0100007F:D432 01
   4: nonsense 0100007F:D432 01
   5: :zz x 01
   6:
`
	if got, err := readTable(t.Context(), strings.NewReader(text), map[uint16]bool{8080: true}); got != 2 || err != nil {
		t.Errorf("%d, %v", got, err)
	}
}
