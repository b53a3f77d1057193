package hooks

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"exeunt/lifecycle"
)

// echo answers with what it was asked, by the status that the query names.
func echo(w http.ResponseWriter, r *http.Request) {
	var status int
	fmt.Sscan(r.URL.Query().Get("status"), &status)
	body, _ := io.ReadAll(r.Body)
	if status >= 300 && status <= 399 {
		w.Header().Set("Location", "/elsewhere")
	}
	w.WriteHeader(status)
	fmt.Fprintf(w, "\n%s %s host=%s agent=%s x=%s auth=%t body=%s\nsecond line\n", r.Method, r.URL.Path, r.Host,
		r.UserAgent(), r.Header.Get("X"), r.Header.Get("Authorization") != "", body)
}

func TestHTTP(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	for _, c := range []struct {
		name, query string
		do          lifecycle.HTTP
		err         string
	}{
		{"a success", "/a?status=204", lifecycle.HTTP{}, ""},
		{"a failure", "/a?status=500", lifecycle.HTTP{},
			"GET URL/a: status 500: GET /a host=HOST agent=exeunt x= auth=false body="},
		{"all there is", "/a?status=404", lifecycle.HTTP{
			Method: "PUT", Body: is("b"), Headers: is(map[string]string{"x": "1", "host": "other", "user-agent": "me"}),
		}, "PUT URL/a: status 404: PUT /a host=other agent=me x=1 auth=false body=b"},
		{"a body is posted", "/a?status=500", lifecycle.HTTP{Body: is("b")},
			"POST URL/a: status 500: POST /a host=HOST agent=exeunt x= auth=false body=b"},
		{"an expected status", "/a?status=404", lifecycle.HTTP{Expect: []int{200, 404}}, ""},
		{"an unexpected one", "/a?status=204", lifecycle.HTTP{Expect: []int{200, 404}}, "GET URL/a: status 204, expected [200 404]"},
		{"a redirect", "/a?status=302", lifecycle.HTTP{}, `GET URL/a: status 302, a redirect to "/elsewhere", which is not followed`},
		{"an expected redirect", "/a?status=302", lifecycle.HTTP{Expect: []int{302}}, ""},
		{"no method", "/a", lifecycle.HTTP{Method: "G T"}, `method "G T" is no word of HTTP: write GET, PUT, POST, DELETE`},
		{"a header that cannot be", "/a", lifecycle.HTTP{Headers: is(map[string]string{"X": "secret\n"})},
			`cannot GET URL/a: net/http: invalid header field value for "X"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.do.URL = is(server.URL + c.query)
			wantError(t, run(t, &c.do).Err, strings.NewReplacer("URL", server.URL, "HOST", host).Replace(c.err))
		})
	}
}

func TestHTTPErrorsKeepSecrets(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	host := strings.TrimPrefix(server.URL, "http://")
	do := &lifecycle.HTTP{URL: is("http://user:secret@" + host + "/a?status=500&token=secret")}
	wantError(t, run(t, do).Err, "GET "+server.URL+"/a: status 500: GET /a host="+host+" agent=exeunt x= auth=true body=")
	server.Close()
	wantError(t, run(t, do).Err, "cannot GET "+server.URL+"/a: dial tcp "+host+": connect: connection refused")
}

func TestHTTPTakesNoProxyFromTheEnvironment(t *testing.T) {
	listener, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(echo)}
	go server.Serve(listener)
	defer server.Close()
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("ALL_PROXY", "http://127.0.0.1:1")
	wantError(t, run(t, &lifecycle.HTTP{URL: is(fmt.Sprintf("http://%s/?status=200", outside(t, listener.Addr())))}).Err, "")
}

// outside is the address of a listener that isn't a loopback one: nobody uses a proxy for those.
func outside(t *testing.T, listener net.Addr) string {
	t.Helper()
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		if ip, ok := a.(*net.IPNet); ok && !ip.IP.IsLoopback() && ip.IP.To4() != nil {
			return fmt.Sprintf("%v:%d", ip.IP, listener.(*net.TCPAddr).Port)
		}
	}
	t.Skip("this machine has no address but loopback")
	return ""
}

func TestHTTPByUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	for _, address := range []string{path, fmt.Sprintf("@exeunt-test-%d", os.Getpid())} {
		listener, err := net.Listen("unix", address)
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: http.HandlerFunc(echo)}
		go server.Serve(listener)
		text := "http+unix://" + url.QueryEscape(address) + "/v1?status="
		wantError(t, run(t, &lifecycle.HTTP{URL: is(text + "200")}).Err, "")
		wantError(t, run(t, &lifecycle.HTTP{URL: is(text + "500")}).Err, "GET http+unix://"+url.QueryEscape(address)+
			"/v1: status 500: GET /v1 host=localhost agent=exeunt x= auth=false body=")
		if status, err := (Probes{}).HTTPStatus(t.Context(), text+"503"); status != 503 || err != nil {
			t.Errorf("%d, %v", status, err)
		}
		server.Close()
	}
	do := &lifecycle.HTTP{URL: is("http+unix://%2Fnowhere%2Fs/x")}
	wantError(t, run(t, do).Err, "cannot GET http+unix://%2Fnowhere%2Fs/x: dial unix /nowhere/s: connect: no such file or directory")
}

// A registry that fails twice, then answers: three tries of the same hook.
func TestHTTPTries(t *testing.T) {
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); string(body) != "b" {
			t.Errorf("body is %q", body)
		}
		switch calls.Add(1) {
		case 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 2:
			panic(http.ErrAbortHandler)
		}
	}))
	defer server.Close()
	do := &lifecycle.HTTP{Method: "PUT", URL: is(server.URL), Body: is("b")}
	wantError(t, run(t, do).Err, "PUT "+server.URL+": status 503")
	wantError(t, run(t, do).Err, "cannot PUT "+server.URL+": EOF")
	wantError(t, run(t, do).Err, "")
}

// The status decides. A body is read so that the server can finish, but neither without an end nor for its own sake.
func TestHTTPBodies(t *testing.T) {
	finished := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		flush := http.NewResponseController(w).Flush
		switch r.URL.Path {
		case "/endless":
			for r.Context().Err() == nil {
				w.Write(make([]byte, 4096))
				flush()
			}
		case "/broken":
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "part")
			flush()
			panic(http.ErrAbortHandler)
		case "/works":
			w.WriteHeader(http.StatusAccepted)
			flush()
			fmt.Fprint(w, "done")
			finished <- flush()
		case "/long":
			w.WriteHeader(500)
			fmt.Fprint(w, strings.Repeat("é\x1b", 1<<20))
		}
	}))
	defer server.Close()
	for _, path := range []string{"/endless", "/broken", "/works"} {
		wantError(t, run(t, &lifecycle.HTTP{URL: is(server.URL + path)}).Err, "")
	}
	if err := <-finished; err != nil {
		t.Errorf("the server was cut off: %v", err)
	}
	wantError(t, run(t, &lifecycle.HTTP{URL: is(server.URL + "/long")}).Err,
		"GET "+server.URL+"/long: status 500: "+strings.Repeat(`é\x1b`, 66)+"é")
}

func TestHTTPHangs(t *testing.T) {
	// A server that reads what it is asked, begins to answer, and says no more.
	for _, c := range []struct {
		scheme, answer, err string
	}{
		{"http", "", "cut off while waiting for the answer"},
		{"http", "HTTP/1.1 200", "cut off while waiting for the answer"},
		{"https", "", "cut off while shaking hands by TLS"},
	} {
		t.Run(c.scheme+c.answer, func(t *testing.T) {
			before := runtime.NumGoroutine()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				r := bufio.NewReader(conn)
				r.Peek(1)
				if c.scheme == "http" {
					http.ReadRequest(r)
				}
				io.WriteString(conn, c.answer)
				cancel()
				io.Copy(io.Discard, r)
			}()
			address := c.scheme + "://" + listener.Addr().String()
			begun := time.Now()
			result := Begin(ctx, &lifecycle.Hook{Do: &lifecycle.HTTP{URL: is(address)}}, lifecycle.Scope{}, begun)
			<-ctx.Done()
			wantError(t, result.Err, "cannot GET "+address+": "+c.err)
			await(t, "all goroutines end", func() bool { return runtime.NumGoroutine() <= before })
		})
	}
}

func TestFirstLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"\n \r\n\ta b \nc":       "a b",
		strings.Repeat("x", 300): strings.Repeat("x", 200),
		"\xff":                   `\xff`,
	} {
		if got := firstLine([]byte(text)); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
