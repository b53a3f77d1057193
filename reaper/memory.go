package reaper

import (
	"fmt"
	"os"
	"strings"
)

// OutOfMemoryKills is how many processes of exeunt's memory cgroup the kernel has killed because its limit was reached: of the
// container, where it sees its own cgroup. 0 where that can't be known.
func OutOfMemoryKills() int {
	for _, path := range []string{"/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"} { // version 2, version 1
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			var n int
			if read, _ := fmt.Sscanf(line, "oom_kill %d", &n); read == 1 {
				return n
			}
		}
	}
	return 0
}
