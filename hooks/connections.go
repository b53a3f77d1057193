package hooks

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// What linux/inet_diag.h and linux/sock_diag.h say and x/sys doesn't.
const (
	sockDiagByFamily = 20 // SOCK_DIAG_BY_FAMILY
	diagRequestSize  = 56 // struct inet_diag_req_v2
	diagMessageSize  = 72 // struct inet_diag_msg
	diagPortOffset   = 4  // of id.idiag_sport in struct inet_diag_msg, in network byte order
	diagBytecode     = 1  // INET_DIAG_REQ_BYTECODE
	opJump           = 1  // INET_DIAG_BC_JMP
	opSourceGE       = 2  // INET_DIAG_BC_S_GE
	opSourceLE       = 3  // INET_DIAG_BC_S_LE
	tcpEstablished   = 1  // TCP_ESTABLISHED, enum of net/tcp_states.h
)

const (
	// dumpTries is how often a dump is begun again that the kernel says is inconsistent (NLM_F_DUMP_INTR). Under constant
	// change the last count is as good as any.
	dumpTries = 3
	// dumpBuffer is what the kernel fills at a time: it gives up to 32 KiB to who asks for that much.
	dumpBuffer = 32 << 10
	// filterPorts is how many ports the kernel is asked to filter by; the program has 20 bytes a port and 64 KiB at most.
	filterPorts = 256
)

// portSet checks ports.
func portSet(ports []int) (map[uint16]bool, error) {
	if len(ports) == 0 {
		return nil, errors.New("connections are counted by local port: none is given")
	}
	set := map[uint16]bool{}
	for _, port := range ports {
		if port < 1 || port > 65535 {
			return nil, fmt.Errorf("there is no port %d: the numbers are 1 to 65535", port)
		}
		set[uint16(port)] = true
	}
	return set, nil
}

// countConnections asks netlink, and reads /proc/net where that isn't to be had: refused by a seccomp profile, not built into
// the kernel, not known to a sandbox that only looks like one.
func countConnections(ctx context.Context, ports map[uint16]bool) (int, error) {
	count, err := dumpConnections(ctx, ports)
	if err == nil || ctx.Err() != nil {
		return count, err
	}
	count, tableErr := readConnections(ctx, ports)
	if tableErr != nil {
		return 0, fmt.Errorf("cannot count connections: %w: and by netlink: %w", tableErr, err)
	}
	return count, nil
}

// dumpConnections asks the kernel by sock_diag(7), one dump a family. A socket is in the dump of its own family only.
func dumpConnections(ctx context.Context, ports map[uint16]bool) (int, error) {
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return 0, os.NewSyscallError("socket", err)
	}
	defer unix.Close(socket)
	// The kernel answers as it is asked; this only guards against one that doesn't.
	limit := unix.NsecToTimeval(answerTime.Nanoseconds())
	if err := unix.SetsockoptTimeval(socket, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &limit); err != nil {
		return 0, os.NewSyscallError("setsockopt", err)
	}
	sum, sequence := 0, uint32(time.Now().UnixNano())
	buffer := make([]byte, dumpBuffer)
	for _, family := range []uint8{unix.AF_INET, unix.AF_INET6} {
		for try := 1; ; try++ {
			sequence++
			reply, err := dumpFamily(ctx, socket, buffer, family, sequence, ports)
			if err != nil {
				return 0, err
			}
			if !reply.interrupted || try == dumpTries {
				sum += reply.count
				break
			}
		}
	}
	return sum, nil
}

func dumpFamily(ctx context.Context, socket int, buffer []byte, family uint8, sequence uint32, ports map[uint16]bool) (dump, error) {
	reply := dump{sequence: sequence, ports: ports}
	kernel := &unix.SockaddrNetlink{Family: unix.AF_NETLINK}
	if err := unix.Sendto(socket, diagRequest(family, sequence, ports), 0, kernel); err != nil {
		return reply, os.NewSyscallError("sendto", err)
	}
	for !reply.done {
		if err := ctx.Err(); err != nil {
			return reply, cutOff{"counting connections", err}
		}
		n, from, err := unix.Recvfrom(socket, buffer, 0)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return reply, os.NewSyscallError("recvfrom", err)
		}
		if sender, ok := from.(*unix.SockaddrNetlink); !ok || sender.Pid != 0 {
			continue // only the kernel is asked (netlink(7))
		}
		if err := reply.read(buffer[:n]); err != nil {
			return reply, err
		}
	}
	return reply, nil
}

// diagRequest is a struct nlmsghdr, a struct inet_diag_req_v2, and an attribute with the filter.
func diagRequest(family uint8, sequence uint32, ports map[uint16]bool) []byte {
	native := binary.NativeEndian
	request := make([]byte, unix.SizeofNlMsghdr+diagRequestSize)
	native.PutUint16(request[4:], sockDiagByFamily)
	native.PutUint16(request[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	native.PutUint32(request[8:], sequence)
	body := request[unix.SizeofNlMsghdr:]
	body[0], body[1] = family, unix.IPPROTO_TCP
	native.PutUint32(body[4:], 1<<tcpEstablished)
	if program := portFilter(ports); len(program) > 0 {
		request = native.AppendUint16(request, uint16(unix.SizeofNlAttr+len(program)))
		request = native.AppendUint16(request, diagBytecode)
		request = append(request, program...)
	}
	native.PutUint32(request, uint32(len(request)))
	return request
}

// portFilter is a program of struct inet_diag_bc_op that accepts a local port out of ports; nil where they are too many.
// For each port, where a branch is the distance to the next instruction and one past the end by 4 rejects:
//
//	S_GE port   yes: on, no: the next port
//	S_LE port   yes: on, no: the next port
//	JMP         to the end: accept
//
// S_EQ would say it in one, but older kernels do not have it.
func portFilter(ports map[uint16]bool) []byte {
	const comparison, jump, block = 8, 4, 20
	if len(ports) > filterPorts {
		return nil
	}
	var program []byte
	op := func(code, yes byte, no int) {
		program = append(program, code, yes)
		program = binary.NativeEndian.AppendUint16(program, uint16(no))
	}
	compare := func(code byte, no int, port uint16) {
		op(code, comparison, no)
		op(0, 0, int(port)) // the operand has the shape of an instruction, and stands where its `no` does
	}
	left := len(ports)*block - jump // the last port needs no jump
	for _, port := range slices.Sorted(maps.Keys(ports)) {
		last := left <= block
		next := block
		if last {
			next = left + 4
		}
		compare(opSourceGE, next, port)
		compare(opSourceLE, next-comparison, port)
		if !last {
			op(opJump, jump, left-2*comparison)
			left -= block
		}
	}
	return program
}

// dump is what was read of the answer to one request.
type dump struct {
	sequence    uint32
	ports       map[uint16]bool
	count       int
	done        bool
	interrupted bool // NLM_F_DUMP_INTR: the table changed meanwhile, some may be missing or there twice
}

// read takes one datagram: struct nlmsghdr, each followed by a struct inet_diag_msg, or NLMSG_DONE, or NLMSG_ERROR
// (netlink(7)). What answers another request is passed over.
func (d *dump) read(datagram []byte) error {
	native := binary.NativeEndian
	for len(datagram) >= unix.SizeofNlMsghdr && !d.done {
		length := int(native.Uint32(datagram))
		if length < unix.SizeofNlMsghdr || length > len(datagram) {
			return fmt.Errorf("netlink sent a message of %d bytes in %d", length, len(datagram))
		}
		kind, flags := native.Uint16(datagram[4:]), native.Uint16(datagram[6:])
		if native.Uint32(datagram[8:]) == d.sequence {
			d.interrupted = d.interrupted || flags&unix.NLM_F_DUMP_INTR != 0
			if err := d.message(kind, datagram[unix.SizeofNlMsghdr:length]); err != nil {
				return err
			}
		}
		datagram = datagram[min((length+unix.NLMSG_ALIGNTO-1)&^(unix.NLMSG_ALIGNTO-1), len(datagram)):]
	}
	return nil
}

func (d *dump) message(kind uint16, body []byte) error {
	switch kind {
	case unix.NLMSG_DONE, unix.NLMSG_ERROR:
		d.done = true
		if len(body) < 4 {
			return nil
		}
		if code := int32(binary.NativeEndian.Uint32(body)); code < 0 { // a negative errno
			return os.NewSyscallError("sock_diag", unix.Errno(-code))
		}
	case sockDiagByFamily:
		if len(body) < diagMessageSize {
			return fmt.Errorf("netlink sent a socket of %d bytes", len(body))
		}
		if d.ports[binary.BigEndian.Uint16(body[diagPortOffset:])] { // a kernel that ignores the filter sends all
			d.count++
		}
	}
	return nil
}
