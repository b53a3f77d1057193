package manifest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"path"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxSize is what one manifest may have. The largest that anybody writes, a rendered chart with all its resource
// definitions, have two or three megabytes.
const MaxSize = 8 << 20

// Trouble is what kind of error reading ended in.
type Trouble int

// The kinds of errors.
const (
	Broken       Trouble = iota // it can't be read
	Unrecognised                // it can, and is nothing that this package knows
	Template                    // it has to be rendered first (Helm, envsubst)
	Kustomize                   // it has to be rendered first, and its folder may hold manifests beside it
)

// ReadError is why a file gives no document.
type ReadError struct {
	Trouble Trouble
	At      Pos
	Problem string // one sentence, no full stop
	Change  string // what to do about it; may be ""
}

// Error is the place and the problem.
func (e *ReadError) Error() string { return e.At.String() + ": " + e.Problem }

func broken(at Pos, change, format string, args ...any) *ReadError {
	return &ReadError{Trouble: Broken, At: at, Problem: fmt.Sprintf(format, args...), Change: change}
}

// Read reads one file. What it is, is told by its content; name is only where it was found. The error is a *ReadError.
func Read(name string, data []byte) (doc *Document, err error) {
	// A mistake of the YAML library's is one line, not a stack.
	defer func() {
		if r := recover(); r != nil {
			doc, err = nil, broken(Pos{File: name}, "", "internal error: cannot read it: %v", r)
		}
	}()
	text, bad := decode(name, data)
	if bad != nil {
		return nil, bad
	}
	if isDockerfile(name, text) {
		doc, bad = readDockerfile(name, text)
	} else {
		doc, bad = readYAML(name, text)
	}
	if bad != nil {
		return nil, bad
	}
	return doc, nil
}

// decode gives the text of a file: UTF-8 with or without a byte order mark, or UTF-16 with one.
func decode(name string, data []byte) (string, *ReadError) {
	at := Pos{File: name}
	if len(data) > MaxSize {
		return "", broken(at, "give the manifests of this application alone", "it has %d bytes, and more than %d are not read", len(data), MaxSize)
	}
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		data = fromUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		data = fromUTF16(data[2:], binary.BigEndian)
	default:
		data = bytes.TrimPrefix(data, []byte("\ufeff"))
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return "", &ReadError{Trouble: Unrecognised, At: at, Problem: "it is empty"}
	}
	if bad := notText(data); bad >= 0 {
		at.Line = 1 + bytes.Count(data[:bad], []byte("\n"))
		return "", broken(at, "", "it is no text: byte %#02x", data[bad])
	}
	return string(data), nil
}

// notText is the offset of the first byte that no text has, -1 if there is none.
func notText(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// isDockerfile reports whether the first words that are no comment are those that a Dockerfile has to begin with; a file
// that is named as one is taken for one whatever is in it.
func isDockerfile(name, text string) bool {
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		first := strings.ToUpper(words[0])
		if (first == "FROM" || first == "ARG") && len(words) > 1 && words[1] != ":" {
			return true
		}
		break
	}
	return IsDockerfileName(path.Base(name))
}

// IsDockerfileName reports whether a file of that name is a Dockerfile: Dockerfile, Dockerfile.web, web.Dockerfile, Containerfile.
func IsDockerfileName(base string) bool {
	lower := strings.ToLower(base)
	for _, word := range []string{"dockerfile", "containerfile"} {
		if lower == word || strings.HasPrefix(lower, word+".") && !strings.HasSuffix(lower, ".dockerignore") || strings.HasSuffix(lower, "."+word) {
			return true
		}
	}
	return false
}
