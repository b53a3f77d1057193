package personality

import (
	"exeunt/lifecycle"
	"exeunt/reaper"
)

// Voice says what the original says of what happens, on its streams and at its levels. Its methods are called by the loop, in
// the order in which things happen.
type Voice interface {
	Started(pid int, command []string) // the child
	NotStarted(pid int, command []string, err *reaper.StartError)
	Received(s lifecycle.Signal)                                  // but SIGCHLD
	Delivered(s lifecycle.Signal, on lifecycle.Signal, err error) // on: what has come; 0: it is the farewell
	Swallowed(s lifecycle.Signal)                                 // it has come, and nobody gets it
	Suspends()                                                    // exeunt is about to stop itself
	ChildrenEnded()                                               // SIGCHLD has come
	Reaped(e reaper.Ended, child bool)
	AllReaped(some bool) // no other has ended; some still live
	Ends(status int)     // the child's; it is not mapped yet
}

// mute says nothing; voices are built on it.
type mute struct{}

func (mute) Started(int, []string)                               {}
func (mute) NotStarted(int, []string, *reaper.StartError)        {}
func (mute) Received(lifecycle.Signal)                           {}
func (mute) Delivered(lifecycle.Signal, lifecycle.Signal, error) {}
func (mute) Swallowed(lifecycle.Signal)                          {}
func (mute) Suspends()                                           {}
func (mute) ChildrenEnded()                                      {}
func (mute) Reaped(reaper.Ended, bool)                           {}
func (mute) AllReaped(bool)                                      {}
func (mute) Ends(int)                                            {}

// errnoText is what strerror(3) says of the errors of execve(2) and of kill(2); Go's words begin in lower case.
func errnoText(err error) string {
	text := err.Error()
	if text == "" {
		return text
	}
	return string(text[0]-'a'+'A') + text[1:]
}
