package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"exeunt/cmd/exeunt/manifest"
)

// manifests reads what --manifest names: files, folders, and - for the standard input. What can't be read becomes a finding, and the
// rest is checked all the same.
func (c *checker) manifests(paths []string) []*manifest.Document {
	var docs []*manifest.Document
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case path == "-":
			text, err := io.ReadAll(io.LimitReader(os.Stdin, manifest.MaxSize+1))
			docs = c.manifest(docs, "<stdin>", text, err, false)
		case err == nil && info.IsDir():
			docs = c.folder(docs, path)
		default:
			text, err := readManifest(path)
			docs = c.manifest(docs, path, text, err, false)
		}
	}
	return docs
}

// folder reads the manifests of a folder, not of those in it, as kubectl apply does. What else is in it is not complained of.
func (c *checker) folder(docs []*manifest.Document, path string) []*manifest.Document {
	entries, err := os.ReadDir(path) // in name order
	if err != nil {
		return c.manifest(docs, path, nil, err, true)
	}
	some := false
	for _, e := range entries {
		name := filepath.Join(path, e.Name())
		if e.Name() == "Chart.yaml" {
			c.unreadable(&manifest.ReadError{Trouble: manifest.Template, At: manifest.Pos{File: path}, Problem: "it is a Helm chart",
				Change: fmt.Sprintf("render it first: helm template %s | exeunt check FILE --manifest -", path)})
			return docs
		}
		if e.IsDir() || !isManifestName(e.Name()) {
			continue
		}
		some = true
		text, err := readManifest(name)
		docs = c.manifest(docs, name, text, err, true)
	}
	if !some {
		c.unreadable(&manifest.ReadError{At: manifest.Pos{File: path}, Problem: "there is no manifest in this folder", Change: "give the files by name, or the folder that they are in"})
	}
	return docs
}

// manifest adds what one file holds. In a folder, files that are no manifests are skipped with a line.
func (c *checker) manifest(docs []*manifest.Document, name string, text []byte, err error, inFolder bool) []*manifest.Document {
	var doc *manifest.Document
	if err == nil {
		doc, err = manifest.Read(name, text)
	} else {
		err = &manifest.ReadError{At: manifest.Pos{File: name}, Problem: "cannot read it: " + reason(err)}
	}
	var bad *manifest.ReadError
	switch {
	case err == nil:
		return append(docs, doc)
	case inFolder && errors.As(err, &bad) && (bad.Trouble == manifest.Unrecognised || bad.Trouble == manifest.Kustomize):
		c.report.Skip(bad)
	default:
		c.unreadable(err)
	}
	return docs
}

func (c *checker) unreadable(err error) {
	c.unusable = true
	c.report.Unreadable(err)
}

// reason is an error of the file system without the path, which stands before it.
func reason(err error) string {
	var bad *fs.PathError
	if errors.As(err, &bad) {
		return bad.Err.Error()
	}
	return err.Error()
}

// readManifest reads a file that may be anything, no more of it than a manifest may have.
func readManifest(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, manifest.MaxSize+1))
}

// isManifestName reports whether a file of a folder is read: *.yaml, *.yml, Dockerfile and its kin.
func isManifestName(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml") || manifest.IsDockerfileName(name)
}
