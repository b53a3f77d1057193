package hooks

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
)

// readConnections counts in /proc/net/tcp and /proc/net/tcp6 (proc(5)): slower than netlink, and every process may.
func readConnections(ctx context.Context, ports map[uint16]bool) (int, error) {
	sum := 0
	for _, path := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		file, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) && path == "/proc/net/tcp6" {
			continue // a kernel without IPv6
		}
		if err != nil {
			return 0, err
		}
		count, err := readTable(ctx, file, ports)
		file.Close()
		if err != nil {
			return 0, fmt.Errorf("cannot read %s: %w", path, err)
		}
		sum += count
	}
	return sum, nil
}

// readTable counts the established of one table. Of a line, the second field is the local address with its port behind the last
// colon, and the fourth the state, all in hexadecimal: "0: 0100007F:1F90 0100007F:D432 01 ...".
func readTable(ctx context.Context, table io.Reader, ports map[uint16]bool) (int, error) {
	count := 0
	lines := bufio.NewScanner(table)
	for lines.Scan() {
		if err := ctx.Err(); err != nil {
			return 0, cutOff{"counting connections", err}
		}
		fields := bytes.Fields(lines.Bytes())
		if len(fields) < 4 || string(fields[3]) != "01" {
			continue
		}
		colon := bytes.LastIndexByte(fields[1], ':')
		port, err := strconv.ParseUint(string(fields[1][colon+1:]), 16, 16)
		if err == nil && ports[uint16(port)] {
			count++
		}
	}
	return count, lines.Err()
}
