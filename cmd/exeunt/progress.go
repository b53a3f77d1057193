package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progress is a line on a terminal that says what is going on, and is written over. Anywhere else it is nothing.
type progress struct {
	out      io.Writer
	terminal bool
	width    int
	mu       sync.Mutex // the application's output comes from a goroutine
	last     string
	at       time.Time // it was written
}

// calm is how long a line stays at least: what changes faster can't be read.
const calm = 100 * time.Millisecond

func newProgress(out io.Writer) *progress {
	width, terminal := terminalWidth(out)
	return &progress{out: out, terminal: terminal, width: width}
}

// show writes the line over.
func (p *progress) show(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if runes := []rune(text); len(runes) >= p.width {
		text = string(runes[:max(0, p.width-1)])
	}
	if !p.terminal || text == p.last || time.Since(p.at) < calm {
		return
	}
	fmt.Fprintf(p.out, "\r\x1b[K%s", text)
	p.last, p.at = text, time.Now()
}

// clear takes the line away.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last != "" {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.last = ""
	}
}

// line prints one that stays.
func (p *progress) line(text string) {
	p.clear()
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintln(p.out, text)
}
