//go:build !(linux && (amd64 || arm64))

package reaper

// Listen takes every signal that can be caught, from its first line on. It is called once.
func Listen() (*Signals, error) { return listenByNotify(), nil }
