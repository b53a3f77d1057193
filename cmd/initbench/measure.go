package main

import (
	"bufio"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// startTimes gives the times of `INIT -- true`, sorted. The inits take turns, so that what else the machine does hits all alike.
func startTimes(contenders []contender, rounds int) (map[string]samples, error) {
	beHeeded.Do(heed)
	times := map[string]samples{}
	for round := range rounds + 5 {
		for _, c := range contenders {
			cmd := c.command("/bin/true")
			began := time.Now()
			if err := cmd.Run(); err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			if round >= 5 { // the first ones warm the caches
				times[c.name] = append(times[c.name], time.Since(began))
			}
		}
	}
	for _, s := range times {
		slices.Sort(s)
	}
	return times, nil
}

// beHeeded does so once.
var beHeeded sync.Once

// heed lets the inits start with no signal ignored, as an engine starts them. A shell ignores SIGINT and SIGQUIT for what it runs in
// the background, and exeunt hands that on by a second exec, which would be measured too.
func heed() {
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGHUP)
	go func() {
		<-interrupted
		os.Exit(1)
	}()
}

// samples are times, the shortest first.
type samples []time.Duration

// typical is the median; undisturbed what one in ten stays below: the time it takes where nothing else wants the CPU. A program of
// several threads waits longer for a busy machine than one of a single thread, which says nothing about its start.
func (s samples) typical() time.Duration     { return s[len(s)/2] }
func (s samples) undisturbed() time.Duration { return s[len(s)/10] }

// idleMemory is the Pss_Anon in kB of an init whose child sleeps, once it no longer changes.
func idleMemory(c contender) (int, error) {
	cmd := c.command("/bin/sh", "-c", "echo ready; exec sleep 60")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	defer func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	}()
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		return 0, fmt.Errorf("%s: the child does not run", c.name)
	}
	last, same := -1, 0
	for range 100 {
		kb, err := anonymous(cmd.Process.Pid)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", c.name, err)
		}
		if same++; kb != last {
			last, same = kb, 0
		}
		if same == 10 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	return last, nil
}

func anonymous(pid int) (kb int, err error) {
	rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, err
	}
	for _, line := range strings.Split(string(rollup), "\n") {
		if rest, ok := strings.CutPrefix(line, "Pss_Anon:"); ok {
			_, err := fmt.Sscanf(rest, "%d", &kb)
			return kb, err
		}
	}
	return 0, fmt.Errorf("this kernel has no Pss_Anon")
}
