package hooks

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// answerTime is how long a probe waits for an answer from the network: long for what is on the same host, short enough
// that a poll which gets none doesn't stretch a drain much. The context may be shorter.
const answerTime = time.Second

// Probes is what an expression can ask while a script runs. "No" and "none" are answers, not errors: an error is a
// question that can't be asked (a port 70000, an address without a port) or a system that can't be asked.
type Probes struct {
	Proc string // the proc file system that Processes looks into; "": /proc
}

// Connections counts the established TCP connections whose local port is one of ports, by IPv4 and IPv6, in this
// network namespace; one by an IPv4-mapped IPv6 address counts once. Both ends of a connection within the namespace
// are there, but only one of them has the port, usually. It asks sock_diag(7), or reads /proc/net where that is refused.
func (Probes) Connections(ctx context.Context, ports []int) (int, error) {
	wanted, err := portSet(ports)
	if err != nil {
		return 0, err
	}
	return within(ctx, "counting connections", func() (int, error) { return countConnections(ctx, wanted) })
}

// Processes counts the living processes (no zombies) called name by their comm, which the kernel cuts at 15 bytes, or by
// the last part of argv[0]. exeunt itself isn't counted.
func (p Probes) Processes(ctx context.Context, name string) (int, error) {
	return within(ctx, "reading /proc", func() (int, error) {
		found, err := findProcessesIn(ctx, cmp.Or(p.Proc, ownProc), name)
		return len(found), err
	})
}

// HTTPStatus is the status that a GET of url (http, https, http+unix) is answered with, redirects not followed. It is 0 where
// nothing answers within a second: refused, reset, silent, no such name. A certificate that doesn't verify is an error.
func (Probes) HTTPStatus(ctx context.Context, url string) (int, error) {
	call, err := parseCall(http.MethodGet, url, "")
	if err != nil {
		return 0, err
	}
	call.request.Header.Set("User-Agent", "exeunt")
	return within(ctx, "waiting for "+call.endpoint.shown, func() (int, error) {
		limited, cancel := context.WithTimeout(ctx, answerTime)
		defer cancel()
		response, err := call.send(limited)
		var certificate *tls.CertificateVerificationError
		switch {
		case err == nil:
			return response.StatusCode, response.Body.Close()
		case over(ctx) != nil, errors.As(err, &certificate):
			return 0, err
		}
		return 0, nil
	})
}

// TCPOpen reports whether a connection to "host:port" succeeds within a second. No such name is a no: it may come.
func (Probes) TCPOpen(ctx context.Context, address string) (bool, error) {
	if err := checkAddress(address); err != nil {
		return false, err
	}
	return within(ctx, "connecting to "+address, func() (bool, error) {
		limited, cancel := context.WithTimeout(ctx, answerTime)
		defer cancel()
		conn, err := dial(limited, "tcp", address)
		switch {
		case err == nil:
			return true, conn.Close()
		case over(ctx) != nil:
			return false, cutOff{"connecting to " + address, over(ctx)}
		}
		return false, nil
	})
}

// FileExists reports whether path, which must be absolute, names anything. A link that points nowhere doesn't.
func (Probes) FileExists(path string) (bool, error) {
	if !filepath.IsAbs(path) {
		return false, fmt.Errorf("%q is relative: write an absolute path", path)
	}
	_, err := os.Stat(path)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, unix.ENOTDIR):
		return false, nil
	}
	return false, fmt.Errorf("cannot look for %q: %w", path, bare(err))
}
