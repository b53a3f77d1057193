//go:build !(linux && (amd64 || arm64))

package reaper

import "os/signal"

// Listen takes every signal that can be caught, from its first line on. It is called once.
func Listen() (*Signals, error) { return listenByNotify(), nil }

// Release gives the signals back, for a program that turns out not to be an init.
func (s *Signals) Release() { signal.Reset() }
