package hooks

import (
	"slices"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The kernel sends only what is asked for: that is what makes it fast.
func TestConnectionsAreFilteredByTheKernel(t *testing.T) {
	a, b := listening(t, "4"), listening(t, "4")
	a.connecting(t, 10, a.address)
	b.connecting(t, 1, b.address)
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(socket)
	ports := map[uint16]bool{uint16(b.port): true, 1: true, 65535: true}
	request := diagRequest(unix.AF_INET, 7, ports)
	if err := unix.Sendto(socket, request, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		t.Fatal(err)
	}
	all := map[uint16]bool{}
	for port := 1; port <= 65535; port++ {
		all[uint16(port)] = true
	}
	reply := dump{sequence: 7, ports: all}
	buffer := make([]byte, dumpBuffer)
	for !reply.done {
		n, _, err := unix.Recvfrom(socket, buffer, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := reply.read(buffer[:n]); err != nil {
			t.Fatal(err)
		}
	}
	if reply.count != 1 {
		t.Errorf("the kernel sends %d sockets", reply.count)
	}
}

// reply is a netlink message.
func reply(kind, flags uint16, sequence uint32, body []byte) []byte {
	message := diagRequest(0, sequence, nil)[:unix.SizeofNlMsghdr]
	*(*uint16)(unsafe.Pointer(&message[4])) = kind
	*(*uint16)(unsafe.Pointer(&message[6])) = flags
	message = append(message, body...)
	*(*uint32)(unsafe.Pointer(&message[0])) = uint32(len(message))
	return message
}

func socketOn(port uint16) []byte {
	body := make([]byte, diagMessageSize)
	body[diagPortOffset], body[diagPortOffset+1] = byte(port>>8), byte(port)
	return body
}

func TestReplies(t *testing.T) {
	errno := func(e unix.Errno) []byte { return []byte{byte(-int(e)), 0xff, 0xff, 0xff} } // little endian, as both architectures
	one := reply(sockDiagByFamily, unix.NLM_F_MULTI, 7, socketOn(80))
	for _, c := range []struct {
		name  string
		reply []byte
		want  dump
		err   string
	}{
		{"nothing", nil, dump{}, ""},
		{"two sockets", slices.Concat(one, one), dump{count: 2}, ""},
		{"another port", reply(sockDiagByFamily, 0, 7, socketOn(81)), dump{}, ""},
		{"another request", reply(sockDiagByFamily, 0, 6, socketOn(80)), dump{}, ""},
		{"the end", slices.Concat(one, reply(unix.NLMSG_DONE, unix.NLM_F_MULTI, 7, make([]byte, 4)), one), dump{count: 1, done: true}, ""},
		{"the end, of old kernels", reply(unix.NLMSG_DONE, 0, 7, nil), dump{done: true}, ""},
		{"interrupted", reply(unix.NLMSG_DONE, unix.NLM_F_DUMP_INTR, 7, make([]byte, 4)), dump{done: true, interrupted: true}, ""},
		{"an error", reply(unix.NLMSG_ERROR, 0, 7, errno(unix.ENOENT)), dump{done: true}, "sock_diag: no such file or directory"},
		{"an error at the end", reply(unix.NLMSG_DONE, 0, 7, errno(unix.EPERM)), dump{done: true}, "sock_diag: operation not permitted"},
		{"an acknowledgement", reply(unix.NLMSG_ERROR, 0, 7, make([]byte, 4)), dump{done: true}, ""},
		{"less than a socket", reply(sockDiagByFamily, 0, 7, make([]byte, 8)), dump{}, "netlink sent a socket of 8 bytes"},
		{"more than there is", one[:20], dump{}, "netlink sent a message of 88 bytes in 20"},
		{"something else", reply(17, 0, 7, []byte{1, 2, 3}), dump{}, ""},
	} {
		got := dump{sequence: 7, ports: map[uint16]bool{80: true}}
		wantError(t, got.read(c.reply), c.err)
		if got.count != c.want.count || got.done != c.want.done || got.interrupted != c.want.interrupted {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func FuzzReplies(f *testing.F) {
	f.Add(slices.Concat(reply(sockDiagByFamily, 0, 7, socketOn(80)), reply(unix.NLMSG_DONE, 0, 7, make([]byte, 4))))
	f.Add(reply(unix.NLMSG_ERROR, unix.NLM_F_DUMP_INTR, 7, []byte{0xfe, 0xff, 0xff, 0xff}))
	f.Fuzz(func(t *testing.T, datagram []byte) {
		d := dump{sequence: 7, ports: map[uint16]bool{80: true}}
		if d.read(datagram); d.count > len(datagram)/(unix.SizeofNlMsghdr+diagMessageSize) {
			t.Errorf("%d sockets in %d bytes", d.count, len(datagram))
		}
	})
}
