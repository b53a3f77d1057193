package reaper

import (
	"os"

	"golang.org/x/sys/unix"
)

// OwnsTerminal reports whether file is the controlling terminal of a session that exeunt leads, as under `docker run -t`: it is
// exeunt's to hand over then. The terminal of somebody else's session, a shell's that exeunt was typed into, isn't.
func OwnsTerminal(file *os.File) bool {
	return HasTerminal(file) && leadsSession()
}

// HasTerminal reports whether file is the controlling terminal of exeunt's session, IsTerminal whether it is any.
func HasTerminal(file *os.File) bool {
	session, err := unix.IoctlGetInt(int(file.Fd()), unix.TIOCGSID)
	if err != nil {
		return false // no terminal, or not the one of this session
	}
	own, err := unix.Getsid(0)
	return err == nil && session == own
}

func IsTerminal(file *os.File) bool {
	_, err := unix.IoctlGetTermios(int(file.Fd()), unix.TCGETS)
	return err == nil
}

func leadsSession() bool {
	own, err := unix.Getsid(0)
	return err == nil && own == os.Getpid()
}
