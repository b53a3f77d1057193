package hooks

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// endpoint is what a URL names: a path and query of a server that listens on TCP or on a unix socket.
type endpoint struct {
	url    *url.URL // scheme http or https
	socket string   // path of the unix socket, "@name" for an abstract one (unix(7)); "": TCP
	shown  string   // for errors: neither user, password nor query
}

// unixScheme is http over a unix socket: http+unix://%2Frun%2Fapp.sock/path. The socket's path stands where the host
// does, percent-encoded, so that it is seen where it ends. Package url takes no such host, hence parseEndpoint.
const unixScheme = "http+unix://"

func parseEndpoint(text string) (endpoint, error) {
	if len(text) >= len(unixScheme) && strings.EqualFold(text[:len(unixScheme)], unixScheme) {
		return parseUnixEndpoint(text[len(unixScheme):])
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		// The cause alone: the whole error has the text in it, which may hold a password.
		var parse *url.Error
		if errors.As(err, &parse) {
			err = parse.Err
		}
		return endpoint{}, fmt.Errorf("url is not a URL, write http://host:port/path: %w", err)
	case u.Scheme != "http" && u.Scheme != "https":
		return endpoint{}, fmt.Errorf("url begins with none of http://, https://, %s", unixScheme)
	case u.Hostname() == "":
		return endpoint{}, fmt.Errorf("url has no host: write %s://host:port/path", u.Scheme)
	}
	return endpoint{url: u, shown: u.Scheme + "://" + u.Host + u.EscapedPath()}, nil
}

func parseUnixEndpoint(text string) (endpoint, error) {
	end := strings.IndexAny(text, "/?#")
	if end < 0 {
		end = len(text)
	}
	socket, err := url.PathUnescape(text[:end])
	if err != nil || !strings.HasPrefix(socket, "/") && !strings.HasPrefix(socket, "@") {
		return endpoint{}, fmt.Errorf("url has no socket: write its absolute path with %%2F for every slash, %s%%2Frun%%2Fapp.sock/path", unixScheme)
	}
	// The server is sent a Host it can't take for a foreign one.
	u, err := url.Parse("http://localhost" + text[end:])
	if err != nil {
		return endpoint{}, fmt.Errorf("url has no valid path after its socket")
	}
	return endpoint{url: u, socket: socket, shown: unixScheme + text[:end] + u.EscapedPath()}, nil
}

// dial connects to address, or to the endpoint's socket.
func (e endpoint) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if e.socket != "" {
		network, address = "unix", e.socket
	}
	return dial(ctx, network, address)
}

// dial connects. Names are looked up by Go's own resolver, which unlike the C library's ends when ctx does; it reads
// /etc/hosts, /etc/resolv.conf and /etc/nsswitch.conf where they exist.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Resolver: &net.Resolver{PreferGo: true}}
	return dialer.DialContext(ctx, network, address)
}

// checkAddress says what is wrong with a "host:port".
func checkAddress(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" || port == "" {
		return fmt.Errorf(`%q is no address: write "host:port", "[::1]:port" for IPv6`, address)
	}
	if number, err := net.LookupPort("tcp", port); err != nil || number == 0 {
		return fmt.Errorf("%q is no address: there is no port %q", address, port)
	}
	return nil
}
