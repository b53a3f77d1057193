// Command server is the demo's child: a small HTTP server with the manners of nginx. SIGQUIT: stop accepting, finish what
// is in flight, exit. SIGTERM: exit at once, whatever is in flight.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	draining := os.Args[1]
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		if _, err := os.Stat(draining); err == nil {
			http.Error(w, "draining", http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("/download", func(w http.ResponseWriter, r *http.Request) {
		for range 30 { // three seconds
			io.WriteString(w, "data\n")
			w.(http.Flusher).Flush()
			time.Sleep(100 * time.Millisecond)
		}
		say("the download is complete")
	})
	mux.HandleFunc("/stuck", func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush()
		select {} // a client that never goes
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		say("cannot listen: %v", err)
		os.Exit(1)
	}
	server := &http.Server{Handler: mux}
	stop := make(chan os.Signal, 4)
	signal.Notify(stop, syscall.SIGQUIT, syscall.SIGTERM)
	go server.Serve(listener)
	go clients("http://" + listener.Addr().String())
	for s := range stop {
		if s == syscall.SIGTERM {
			say("SIGTERM: I exit at once")
			os.Exit(0)
		}
		say("SIGQUIT: I accept nobody any more and finish what is in flight")
		go func() {
			server.Shutdown(context.Background())
			os.Exit(0)
		}()
	}
}

// clients play the traffic: one that looks at the readiness, one download begun just before the stop, one that never goes.
func clients(url string) {
	for _, path := range []string{"/stuck", "/download"} {
		go func() {
			if r, err := http.Get(url + path); err == nil {
				io.Copy(io.Discard, r.Body)
			}
		}()
	}
	say("ready on %s", url)
	for ready := true; ready; time.Sleep(20 * time.Millisecond) {
		if r, err := http.Get(url + "/healthz"); err == nil {
			r.Body.Close()
			ready = r.StatusCode == http.StatusOK
		}
	}
	say("my readiness now fails: load balancers will send nobody new")
}

func say(format string, args ...any) { fmt.Printf("server: "+format+"\n", args...) }
