package reaper

import (
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// WriteFromBackground lets the goroutine that calls it, and no other, write to a terminal whose foreground belongs to somebody else: where
// the child's group has it (NewGroup) and the terminal is set to stop who writes from behind (stty tostop), the kernel sends exeunt SIGTTOU
// at each line of its log and has it try again, for ever. To who blocks the signal it gives the write instead (tty_ioctl(2),
// credentials(7)); the goroutine is bound to a thread of its own for that.
func WriteFromBackground() error {
	runtime.LockOSThread()
	const block = 0 // SIG_BLOCK
	mask := uint64(1) << (unix.SIGTTOU - 1)
	if _, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGPROCMASK, block, uintptr(unsafe.Pointer(&mask)), 0, 8, 0, 0); errno != 0 {
		return os.NewSyscallError("rt_sigprocmask", errno)
	}
	return nil
}
