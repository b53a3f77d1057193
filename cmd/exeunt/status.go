package main

import (
	"errors"
	"fmt"
	"io"

	"exeunt/cmd/exeunt/board"
	"exeunt/cmd/exeunt/commandline"
)

// status shows how the running exeunt stands.
func status(line *commandline.Line, stdout, stderr io.Writer) int {
	reader, err := findRunning(line)
	if err != nil {
		return nobodyRuns(stderr, err)
	}
	defer reader.Close()
	s, err := reader.Status()
	if err != nil {
		return nobodyRuns(stderr, err)
	}
	if line.Text("format") == "json" {
		err = s.JSON(stdout)
	} else {
		err = s.Text(stdout)
	}
	if err != nil {
		return nobodyRuns(stderr, err)
	}
	return 0
}

// findRunning finds the exeunt that is asked.
func findRunning(line *commandline.Line) (*board.Reader, error) {
	if line.Given("pid") {
		return board.Open(line.Number("pid"))
	}
	return board.Find()
}

// nobodyRuns says why there is nothing to show.
func nobodyRuns(stderr io.Writer, err error) int {
	fmt.Fprintf(stderr, "exeunt: %v\n", err)
	if hint := whyNot(err); hint != "" {
		fmt.Fprintf(stderr, "exeunt: hint: %s\n", hint)
	}
	return exitFinding
}

// whyNot is what to do about an exeunt that may not be looked at.
func whyNot(err error) string {
	var denied *board.Denied
	if !errors.As(err, &denied) {
		return ""
	}
	if denied.UID != denied.Own {
		return fmt.Sprintf("run this as the user that exeunt runs as: docker exec --user %d", denied.UID)
	}
	return "run this with the group and the capabilities that exeunt has"
}
