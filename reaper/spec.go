package reaper

import (
	"os"
	"syscall"

	"exeunt/lifecycle"
)

// Spec is a process to start.
type Spec struct {
	Argv    []string // at least one; the program is looked up in the PATH of Env where it has no slash (execvp(3))
	Env     []string
	Dir     string      // "": exeunt's own
	Files   [3]*os.File // its standard input, output and error, handed over as they are
	Session Session
	Who     *Identity // nil: as exeunt
	Umask   *int      // nil: as exeunt's

	NoNewPrivileges bool                       // prctl(2), PR_SET_NO_NEW_PRIVS
	Limits          map[string]lifecycle.Limit // by prlimit(1)'s names
	CloseFiles      bool                       // nothing above 2 is handed over (exeunt's own never are)
	OwnSignals      bool                       // default dispositions and an empty mask, instead of what exeunt was given
	Blocked         uint64                     // blocked beside the mask it gets; signal n as bit n-1
	InputTerminal   bool                       // of NewGroup: the terminal is that of the standard input, if it is one, not /dev/tty
	ListenPID       bool                       // LISTEN_PID becomes the process's own pid (sd_listen_fds(3))
}

// Session says which session and process group the process is in.
type Session int

// The sessions.
const (
	NewSession  Session = iota // setsid(2)
	NewTerminal                // setsid(2), and the standard input becomes its controlling terminal (TIOCSCTTY)
	NewGroup                   // exeunt's session; a process group of its own, in the foreground where there is a terminal
	SameGroup                  // exeunt's own group
)

// Identity is who a process runs as.
type Identity struct {
	UID, GID int
	Groups   []int // the supplementary ones
}

// StartError is why a process could not be started, and the exit status that says so: 127 where the program isn't there, 126
// where it can't be executed, 125 for all else (as a shell and docker run have it).
type StartError struct {
	Status int
	Err    error
	Errno  syscall.Errno // what execve(2) or fork(2) said; 0: it was not asked
}

func (e *StartError) Error() string { return e.Err.Error() }
func (e *StartError) Unwrap() error { return e.Err }
