// Command child is what the container tests run under exeunt, and beside it as a client:
//
//	child ignore SIGNAL...   ignores the signals named by number and waits
//	child orphans N          leaves N orphans, each forked twice, and waits for SIGTERM
//	child serve ADDRESS      listens once it gets SIGUSR1, and waits for SIGTERM
//	child answer ADDRESS N   is an HTTP server that says 503 to the first N requests and 200 to the others, until SIGTERM
//	child get URL            downloads and says how it went
//	child hold URL           asks once and keeps the connection until SIGTERM
//	child watch URL          says each change of the status
//
// It prints "ready pid=N" when its signals are set up, and one line an event after it, because tests wait for lines and never for time.
package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Println("child:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no subcommand")
	}
	switch name, args := args[0], args[1:]; {
	case name == "ignore":
		return ignore(args)
	case name == "orphans" && len(args) == 1:
		return orphans(args[0])
	case name == "serve" && len(args) == 1:
		return serve(args[0])
	case name == "answer" && len(args) == 2:
		return answer(args[0], args[1])
	case name == "hold" && len(args) == 1:
		return hold(args[0])
	case name == "get" && len(args) == 1:
		return get(args[0])
	case name == "watch" && len(args) == 1:
		return watch(args[0])
	}
	return fmt.Errorf("cannot understand %q", args)
}

func ready() { fmt.Printf("ready pid=%d\n", os.Getpid()) }

func ignore(signals []string) error {
	for _, s := range signals {
		n, err := strconv.Atoi(s)
		if err != nil {
			return err
		}
		signal.Ignore(syscall.Signal(n))
	}
	ready()
	for { // not select {}: with no goroutine left to wake it, the runtime calls that a deadlock
		time.Sleep(time.Hour)
	}
}

func orphans(count string) error {
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	ready()
	for range n {
		pid, errno := forkTwice()
		if errno != 0 {
			return errno
		}
		if _, err := syscall.Wait4(pid, nil, 0, nil); err != nil {
			return err
		}
	}
	fmt.Println("orphans done:", n)
	<-term
	fmt.Println("got SIGTERM")
	return nil
}

// forkTwice leaves a process whose parent is gone: PID 1 has to reap it. No exec: ten thousand of them are to come fast. After a raw fork only
// one thread is left, so nothing may be called but raw system calls.
//
//go:norace
func forkTwice() (pid int, errno syscall.Errno) {
	syscall.ForkLock.Lock()
	defer syscall.ForkLock.Unlock()
	r, _, errno := syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0)
	if errno != 0 || r != 0 {
		return int(r), errno
	}
	syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0)
	for {
		syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 0, 0, 0)
	}
}

func serve(address string) error {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGUSR1, syscall.SIGTERM)
	ready()
	if <-told == syscall.SIGTERM {
		return nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Println("listens")
	for <-told != syscall.SIGTERM {
	}
	return listener.Close()
}

// answer says each request as it was answered, "503 PUT /path BODY", and each SIGUSR1, "got SIGUSR1".
func answer(address, failures string) error {
	left, err := strconv.Atoi(failures)
	if err != nil {
		return err
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGUSR1, syscall.SIGTERM)
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	ready()
	var one sync.Mutex
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		one.Lock()
		defer one.Unlock()
		status := http.StatusOK
		if left > 0 {
			left--
			status = http.StatusServiceUnavailable
		}
		body, _ := io.ReadAll(r.Body)
		fmt.Println(strings.TrimSpace(fmt.Sprint(status, " ", r.Method, " ", r.URL, " ", string(body))))
		w.WriteHeader(status)
	}))
	for s := <-told; s != syscall.SIGTERM; s = <-told {
		fmt.Println("got SIGUSR1")
	}
	return listener.Close()
}

// hold is a client with a connection pool: the connection stays although nothing is asked any more.
func hold(url string) error {
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	answer, err := getPatiently(url)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	if answer.Body.Close(); err != nil {
		return err
	}
	ready()
	<-term
	http.DefaultClient.CloseIdleConnections()
	fmt.Println("closed")
	return nil
}

// connectPatience is for a server that is being started.
const connectPatience = 30 * time.Second

// getPatiently asks until somebody answers.
func getPatiently(url string) (*http.Response, error) {
	for deadline := time.Now().Add(connectPatience); ; time.Sleep(50 * time.Millisecond) {
		answer, err := http.Get(url)
		if err == nil || time.Now().After(deadline) {
			return answer, err
		}
	}
}

// get tells a whole download from one that was cut: "begin", then "whole BYTES SHA256" or "cut BYTES of BYTES".
func get(url string) error {
	answer, err := getPatiently(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s", answer.Status)
	}
	sum := sha256.New()
	const first = 64 << 10
	n, err := io.CopyN(sum, answer.Body, first)
	if err != nil {
		return err
	}
	fmt.Println("begin")
	rest, err := io.Copy(sum, answer.Body)
	if n += rest; err != nil || n != answer.ContentLength {
		fmt.Printf("cut %d of %d: %v\n", n, answer.ContentLength, err)
		return nil
	}
	fmt.Printf("whole %d %x\n", n, sum.Sum(nil))
	return nil
}

// watch says each change of the status, "status 200", and ends when nobody answers any more.
func watch(url string) error {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	last := 0
	for tick := time.Tick(20 * time.Millisecond); ; <-tick {
		status := 0
		if answer, err := client.Get(url); err == nil {
			answer.Body.Close()
			status = answer.StatusCode
		} else if last == 0 {
			continue // not yet
		}
		if status != last {
			fmt.Println("status", status)
		}
		if last = status; status == 0 {
			return nil
		}
	}
}
