package main

import (
	"fmt"
	"io"
	"time"

	"exeunt/cmd/exeunt/commandline"
	"exeunt/lifecycle"
)

// check reads a file and says of each stop whether it fits what the platform grants. Exit status: 0; 1 where a stop does
// not fit; 78 where the file is wrong.
func check(line *commandline.Line, stdout, stderr io.Writer) int {
	flag := ""
	if len(line.Operands) == 1 {
		flag = line.Operands[0]
	}
	plan, path, ok := load(flag, nil, stderr, colourful(stderr))
	switch {
	case !ok:
		return exitConfig
	case path == "":
		return usageError(stderr, "check", "no file to check: write exeunt check FILE")
	}
	code := 0
	for _, stop := range plan.Stops {
		verdict, fits := judge(plan, stop)
		fmt.Fprintf(stdout, "%v: %s\n", stop, verdict)
		if !fits {
			code = exitFinding
		}
	}
	if len(plan.Stops) == 0 {
		fmt.Fprintln(stdout, "no stop block: every signal that no signal block names is forwarded to the child as it comes")
	}
	return code
}

// judge says how long a stop may take, against what the platform grants.
func judge(plan *lifecycle.Lifecycle, stop *lifecycle.Script) (verdict string, fits bool) {
	b := plan.Bound(stop)
	switch {
	case b.Allowed == 0 && !b.Ends:
		return fmt.Sprintf("at most %v, then it waits for the child for ever: add an escalate to SIGKILL, or grace_period", b.Total), true
	case b.Allowed == 0:
		return fmt.Sprintf("at most %v; declare grace_period, and this is held against it", b.Total), true
	case !b.Fits():
		return fmt.Sprintf("at most %v, but grace_period = %q leaves %v: %s; shorten a step, or grant %v",
			b.Total, plan.Grace, b.Allowed, sacrifice(plan, stop, b), needed(b.Total)), false
	case b.Open:
		return fmt.Sprintf("at most %v of the %v granted: a drain without a timeout takes what the other steps leave, %v", b.Allowed, plan.Grace, b.Allowed-b.Total), true
	case !b.Ends:
		return fmt.Sprintf("its steps take at most %v; a child that still lives gets SIGKILL %v after the trigger, of %v granted", b.Total, b.KillAfter, plan.Grace), true
	}
	return fmt.Sprintf("at most %v of the %v granted: it fits", b.Total, plan.Grace), true
}

// sacrifice says what will not get its time.
func sacrifice(plan *lifecycle.Lifecycle, stop *lifecycle.Script, b lifecycle.Bound) string {
	over := b.Total - b.Allowed
	for _, step := range stop.Steps {
		if d, ok := step.(*lifecycle.Drain); ok {
			longest := lifecycle.Longest(d)
			if over <= longest {
				return fmt.Sprintf("a drain of up to %v may be cut to %v", longest, longest-over)
			}
			over -= longest
		}
	}
	return fmt.Sprintf("even with no drain at all it is %v too long, and SIGKILL comes before its last steps", over)
}

// needed is a grace period that total fits into with its margin, in whole seconds.
func needed(total time.Duration) time.Duration {
	grace := total.Truncate(time.Second)
	for grace-lifecycle.Margin(grace) < total {
		grace += time.Second
	}
	return grace
}
