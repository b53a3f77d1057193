package main

import (
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"exeunt/cmd/exeunt/timeline"
)

// logWidth is how wide text is drawn where there is no terminal to ask: whoever reads the log of a container has room.
const logWidth = 100

// textStyle is how a picture is drawn on a stream: as wide as its terminal or as COLUMNS says, coloured where colour will be
// seen as such, in ASCII where the locale is another than UTF-8. A log that no locale speaks for is read elsewhere: only a
// terminal is taken at its word then, which is the C locale.
func textStyle(out io.Writer) timeline.Style {
	width, terminal := terminalWidth(out)
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		width = n
	}
	locale := ""
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} { // locale(7): the first that is set
		if locale = os.Getenv(name); locale != "" {
			break
		}
	}
	utf8 := strings.Contains(strings.ReplaceAll(strings.ToLower(locale), "-", ""), "utf8") || locale == "" && !terminal
	return timeline.Style{Width: width, Colour: colourful(out), ASCII: !utf8}
}

// terminalWidth is how many columns a terminal has, and whether it is one.
func terminalWidth(out io.Writer) (columns int, terminal bool) {
	file, ok := out.(*os.File)
	if !ok {
		return logWidth, false
	}
	size, err := unix.IoctlGetWinsize(int(file.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return logWidth, false
	}
	if size.Col == 0 { // a terminal that nobody has told its size
		return 80, true
	}
	return int(size.Col), true
}
