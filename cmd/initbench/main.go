// Command initbench measures exeunt beside other inits, interleaved in one run: the time from fork to the end of
// `INIT -- true`, and the anonymous memory (Pss_Anon of /proc/PID/smaps_rollup) of an init whose child sleeps.
//
// Usage: initbench [-rounds N] [-exeunt PATH]. Inits that are not installed are left out, and it says so.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 200, "how often each init is started")
	exeunt := flag.String("exeunt", "bin/exeunt", "the binary to measure")
	flag.Parse()
	if err := run(*exeunt, *rounds); err != nil {
		fmt.Fprintf(os.Stderr, "initbench: %v\n", err)
		os.Exit(1)
	}
}

func run(exeunt string, rounds int) error {
	dir, err := os.MkdirTemp("", "initbench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "lifecycle.hcl")
	if err := os.WriteFile(file, []byte(sample), 0o644); err != nil {
		return err
	}
	contenders := append([]contender{{name: "none"}}, inits(exeunt, file)...)
	fmt.Printf("machine: %s/%s, %d CPUs, %s\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), kernel())
	times, err := startTimes(contenders, rounds)
	if err != nil {
		return err
	}
	fmt.Printf("%-28s %12s %12s %16s\n", "init", "median", "x dumb-init", "idle Pss_Anon")
	base := times["dumb-init"]
	for _, c := range contenders {
		ratio, anon := "", ""
		if len(base) > 0 {
			ratio = fmt.Sprintf("%.2f", float64(times[c.name].typical())/float64(base.typical()))
		}
		if c.argv != nil {
			kb, err := idleMemory(c)
			if err != nil {
				return err
			}
			anon = fmt.Sprintf("%d kB", kb)
		}
		fmt.Printf("%-28s %12v %12s %16s\n", c.name, times[c.name].typical().Round(time.Microsecond), ratio, anon)
	}
	return nil
}

// sample is a file of ordinary size.
const sample = `
grace_period = "30s"
stop "graceful" {
  on = ["SIGTERM", "SIGINT"]
  hook "not-ready" {
    exec    = ["touch", "/tmp/draining"]
    timeout = "1s"
  }
  drain { delay = "5s" }
  forward { signal = "SIGQUIT" }
  escalate {
    after  = "10s"
    signal = "SIGKILL"
  }
}
signal "SIGHUP" {
  forward { signal = "SIGUSR2" }
}
`

// contender is an init and its arguments before the command.
type contender struct {
	name string
	argv []string
	as   string // what it is called by; "": by its path
}

// command runs it with more arguments.
func (c contender) command(args ...string) *exec.Cmd {
	all := append(slices.Clone(c.argv), args...)
	cmd := exec.Command(all[0], all[1:]...)
	if c.as != "" {
		cmd.Args[0] = c.as
	}
	return cmd
}

func inits(exeunt, file string) []contender {
	all := []contender{
		{name: "dumb-init", argv: []string{"dumb-init", "--"}},
		{name: "tini", argv: []string{"tini", "-s", "--"}},
		{name: "catatonit", argv: []string{"catatonit", "--"}},
		{name: "exeunt", argv: []string{exeunt, "--log-level", "warn", "--"}},
		{name: "exeunt as dumb-init", argv: []string{exeunt, "--"}, as: "dumb-init"},
		{name: "exeunt as tini", argv: []string{exeunt, "-s", "--"}, as: "tini"},
		{name: "exeunt with a file", argv: []string{exeunt, "--log-level", "warn", "-c", file, "--"}},
	}
	var found []contender
	for _, c := range all {
		path, err := exec.LookPath(c.argv[0])
		if err != nil {
			fmt.Printf("%s is left out: %v\n", c.name, err)
			continue
		}
		c.argv[0] = path
		found = append(found, c)
	}
	return found
}

func kernel() string {
	release, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return "Linux " + strings.TrimSpace(string(release))
}
