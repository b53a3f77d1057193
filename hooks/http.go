package hooks

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"exeunt/lifecycle"
)

// bodyLimit is how much of an answer is read. An action's answer is short; the rest is not awaited.
const bodyLimit = 64 << 10

// doHTTP sends one request and wants one of the expected statuses; the body of the answer is read to its end, at most
// bodyLimit, so that a server isn't cut off in the middle of what it does, but can't turn a success into a failure.
//
// Like curl without -L a redirect is followed by nobody: it is a status like others. Unlike curl, proxies of the
// environment are not used: they are the application's, and a stop must not hang on them. HTTP/1.1, a connection of
// its own, TLS verified with the system's roots and ca_file. The method is GET, or POST where there is a body.
func doHTTP(ctx context.Context, h *lifecycle.Hook, do *lifecycle.HTTP, scope lifecycle.Scope) error {
	call, err := newCall(ctx, h, do, scope)
	if err != nil {
		return err
	}
	response, err := call.send(ctx)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, bodyLimit))
	if expected(do.Expect, response.StatusCode) {
		return nil
	}
	return call.unexpected(response, text, do.Expect)
}

// call is a request with where it goes to.
type call struct {
	endpoint endpoint
	request  *http.Request
	roots    *x509.CertPool // nil: the system's
	doing    atomic.Value   // string: what it waits for
}

func newCall(ctx context.Context, h *lifecycle.Hook, do *lifecycle.HTTP, scope lifecycle.Scope) (*call, error) {
	text, err := evaluate(ctx, "url", do.URL, scope)
	if err != nil {
		return nil, err
	}
	headers, err := evaluate(ctx, "headers", do.Headers, scope)
	if err != nil {
		return nil, err
	}
	body, err := evaluate(ctx, "body", do.Body, scope)
	if err != nil {
		return nil, err
	}
	call, err := parseCall(do.Method, text, body)
	if err != nil {
		return nil, err
	}
	call.request.Header.Set("User-Agent", "exeunt")
	for name, value := range headers {
		if strings.EqualFold(name, "Host") {
			call.request.Host = value
			continue
		}
		call.request.Header.Set(name, value)
	}
	if do.CAFile == "" {
		return call, nil
	}
	path, err := absolute(h, "ca_file", do.CAFile)
	if err != nil {
		return nil, err
	}
	call.roots, err = readRoots(path)
	return call, err
}

func parseCall(method, text, body string) (*call, error) {
	endpoint, err := parseEndpoint(text)
	if err != nil {
		return nil, err
	}
	if method == "" {
		method = http.MethodGet
		if body != "" {
			method = http.MethodPost
		}
	}
	request, err := http.NewRequest(method, endpoint.url.String(), strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("method %q is no word of HTTP: write GET, PUT, POST, DELETE", method)
	}
	return &call{endpoint: endpoint, request: request}, nil
}

// readRoots gives the system's certificates and those of a PEM file.
func readRoots(path string) (*x509.CertPool, error) {
	pem, err := readFile(path, 16<<20)
	if err != nil {
		return nil, fmt.Errorf("cannot read ca_file %q: %w", path, bare(err))
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool() // an image without any
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("ca_file %q has no certificate in it: it must be PEM, -----BEGIN CERTIFICATE-----", path)
	}
	return roots, nil
}

// send gives the answer; the caller closes its body. The error says what the call waited for when ctx ended.
func (c *call) send(ctx context.Context) (*http.Response, error) {
	c.doing.Store("connecting")
	transport := &http.Transport{
		DialContext:            c.endpoint.dial,
		TLSClientConfig:        &tls.Config{RootCAs: c.roots},
		DisableKeepAlives:      true,
		DisableCompression:     true,
		MaxResponseHeaderBytes: bodyLimit,
	}
	// A transport goes on with dial and handshake for the next request when ctx has ended this one, unless it is told that
	// there is none: against a silent server that is a goroutine and a socket for ever.
	defer transport.CloseIdleConnections()
	client := http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(c.request.WithContext(httptrace.WithClientTrace(ctx, c.trace())))
	if err == nil {
		return response, nil
	}
	if cause := over(ctx); cause != nil {
		err = cutOff{c.doing.Load().(string), cause}
	}
	var wrapped *url.Error // it names the URL once more, with its query
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var authority x509.UnknownAuthorityError
	if errors.As(err, &authority) && c.roots == nil {
		return nil, fmt.Errorf("cannot %v: %w: write ca_file where it is a private one", c, err)
	}
	return nil, fmt.Errorf("cannot %v: %w", c, err)
}

// trace keeps what is being waited for.
func (c *call) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		DNSStart:          func(info httptrace.DNSStartInfo) { c.doing.Store("looking up " + info.Host) },
		ConnectStart:      func(_, address string) { c.doing.Store("connecting to " + address) },
		TLSHandshakeStart: func() { c.doing.Store("shaking hands by TLS") },
		GotConn:           func(httptrace.GotConnInfo) { c.doing.Store("waiting for the answer") },
	}
}

// String is how errors name it: `PUT http://localhost:8500/v1/agent/leave`.
func (c *call) String() string { return c.request.Method + " " + c.endpoint.shown }

// expected reports whether status is among those wanted.
func expected(want []int, status int) bool {
	if len(want) == 0 {
		return status >= 200 && status <= 299
	}
	return slices.Contains(want, status)
}

func (c *call) unexpected(response *http.Response, body []byte, want []int) error {
	text := fmt.Sprintf("%v: status %d", c, response.StatusCode)
	if len(want) > 0 {
		text += fmt.Sprintf(", expected %v", want)
	}
	switch location := response.Header.Get("Location"); {
	case location != "" && response.StatusCode/100 == 3:
		text += fmt.Sprintf(", a redirect to %q, which is not followed", location)
	default:
		if line := firstLine(body); line != "" {
			text += ": " + line
		}
	}
	return errors.New(text)
}

// firstLine is the first of a text's lines that has something on it, for an error: 200 bytes at most.
func firstLine(text []byte) string {
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return harmless(string(whole(line[:min(len(line), 200)])))
		}
	}
	return ""
}
