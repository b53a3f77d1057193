package hooks

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestHTTPStatus(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	for query, want := range map[string]int{"200": 200, "302": 302, "503": 503} {
		if got, err := (Probes{}).HTTPStatus(t.Context(), server.URL+"/?status="+query); got != want || err != nil {
			t.Errorf("%d, %v", got, err)
		}
	}
	server.Close()
	if got, err := (Probes{}).HTTPStatus(t.Context(), server.URL); got != 0 || err != nil {
		t.Errorf("nobody answers: %d, %v", got, err)
	}
	_, err := Probes{}.HTTPStatus(t.Context(), "localhost:80")
	wantError(t, err, "url begins with none of http://, https://, http+unix://")
}

func TestTCPOpen(t *testing.T) {
	listener, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if open, err := (Probes{}).TCPOpen(t.Context(), address); !open || err != nil {
		t.Errorf("%t, %v", open, err)
	}
	listener.Close()
	if open, err := (Probes{}).TCPOpen(t.Context(), address); open || err != nil {
		t.Errorf("refused: %t, %v", open, err)
	}
	_, err = Probes{}.TCPOpen(t.Context(), "localhost")
	wantError(t, err, `"localhost" is no address: write "host:port", "[::1]:port" for IPv6`)
}

// silent is the address of a listener that takes no connection: its backlog is full, so the kernel drops every SYN.
func silent(t *testing.T) string {
	t.Helper()
	listener, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(listener) })
	if err := unix.Bind(listener, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(listener, 0); err != nil {
		t.Fatal(err)
	}
	name, err := unix.Getsockname(listener)
	if err != nil {
		t.Fatal(err)
	}
	address := (&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: name.(*unix.SockaddrInet4).Port}).String()
	for {
		conn, err := net.DialTimeout("tcp", address, 100*time.Millisecond)
		if err != nil {
			return address
		}
		t.Cleanup(func() { conn.Close() })
	}
}

func TestProbesOfTheSilent(t *testing.T) {
	address := silent(t)
	begun := time.Now()
	if open, err := (Probes{}).TCPOpen(t.Context(), address); open || err != nil {
		t.Errorf("%t, %v", open, err)
	}
	if status, err := (Probes{}).HTTPStatus(t.Context(), "http://"+address); status != 0 || err != nil {
		t.Errorf("%d, %v", status, err)
	}
	if took := time.Since(begun); took > 3*answerTime {
		t.Errorf("they took %v", took)
	}

	// The end of the context isn't "no": nobody knows.
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := Probes{}.TCPOpen(ctx, address)
	wantError(t, err, "cut off while connecting to "+address)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v is not due to the context", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = Probes{}.HTTPStatus(ctx, "http://"+address)
	wantError(t, err, "cannot GET http://"+address+": cut off while connecting to "+address)
}

func TestFileExists(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(dir+"/file", nil, 0)
	os.Symlink("none", dir+"/link")
	for name, want := range map[string]bool{"/file": true, "": true, "/none": false, "/file/none": false, "/none/none": false, "/link": false} {
		if got, err := (Probes{}).FileExists(dir + name); got != want || err != nil {
			t.Errorf("%q: %t, %v", name, got, err)
		}
	}
	_, err := Probes{}.FileExists("file")
	wantError(t, err, `"file" is relative: write an absolute path`)
	os.Symlink("loop", dir+"/loop")
	_, err = Probes{}.FileExists(dir + "/loop")
	wantError(t, err, `cannot look for "`+dir+`/loop": too many levels of symbolic links`)
}
