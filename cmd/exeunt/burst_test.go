package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"exeunt/lifecycle"
	"exeunt/reaper"
)

// asCounter in its environment makes the test binary a child that counts its signals.
const asCounter = "EXEUNT_TEST_COUNTER"

var burstKinds = []syscall.Signal{1, 2, 3, 10, 12, 14, 15, 23, 27, 28, 34, 35, 36, 40, 45, 50, 55, 60, 63, 64}

// count prints how often each signal came, four times a second.
func count() {
	signals, err := reaper.Listen()
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ready")
	counts := map[lifecycle.Signal]int{}
	for tick := time.Tick(250 * time.Millisecond); ; {
		select {
		case r := <-signals.C:
			counts[r.Signal]++
		case <-tick:
			var words []string
			for _, s := range burstKinds {
				words = append(words, fmt.Sprintf("%d:%d", s, counts[lifecycle.Signal(s)]))
			}
			fmt.Println("counts", strings.Join(words, " "))
		}
	}
}

// The trap "signals sent in a burst", all the way: 20 kinds, a thousand times each, to exeunt as PID 1. The child gets every kind, and each
// real-time signal a thousand times. Fails without: the count of the handler's, tried with JMP for `JEQ done` in handler_amd64.s.
func TestBurstReachesTheChild(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, "", nil, fmt.Sprintf("%s=1 exec %s", asCounter, self))
	p.line("ready")
	for range 1000 {
		for _, s := range burstKinds {
			p.signal(s)
		}
	}
	began, last := time.Now(), ""
	p.wait("counts", func(line string) bool {
		if !strings.HasPrefix(line, "counts ") {
			return false
		}
		last = line
		for word := range strings.FieldsSeq(strings.TrimPrefix(line, "counts ")) {
			var n, count int
			fmt.Sscanf(word, "%d:%d", &n, &count)
			if count > 1000 {
				t.Fatalf("too many: %s", line)
			}
			if count == 0 || n >= 34 && count < 1000 {
				return false
			}
		}
		return true
	})
	t.Logf("all there %.1f s after the last was sent: %s", time.Since(began).Seconds(), last)
}
