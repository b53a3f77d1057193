package rehearsal

import (
	"os"
	"time"

	"golang.org/x/sys/unix"

	"exeunt/cmd/exeunt/timeline"
	"exeunt/reaper"
)

// leftBehind adds to what exeunt has said who is left now that it is gone: without a namespace they have come to this process,
// which is the next subreaper.
func (u *run) leftBehind() {
	if u.Place.Namespace || u.result.Happened == nil {
		return
	}
	known := map[int]bool{}
	for _, v := range u.result.Happened.Outlived {
		known[v.PID] = true
	}
	for _, p := range reaper.Descendants(os.Getpid()) {
		if p.State != 'Z' && !known[p.PID] {
			u.result.Happened.Outlived = append(u.result.Happened.Outlived,
				timeline.Victim{At: u.result.Happened.Took, PID: p.PID, Command: p.Command, State: string(p.State)})
		}
	}
}

// end ends what is rehearsed, at once. In a namespace that is one signal.
func (u *run) end() {
	select {
	case <-u.ended: // its pid may be another's by now
	default:
		_ = u.cmd.Process.Kill()
	}
	<-u.ended
}

// cleanUp leaves nothing behind.
func (u *run) cleanUp() {
	u.end()
	if !u.Place.Namespace {
		sweep()
	}
	for _, file := range u.closing {
		file.Close()
	}
	if u.reader != nil {
		u.reader.Close()
	}
}

// sweepLimit is how long those who got SIGKILL are waited for: the kernel can't end who sleeps without being woken (state D).
const sweepLimit = time.Second

// sweep kills all that descends from this process, until there is nobody left, and reaps it. A process that is hit may have forked
// just before: its child comes here as an orphan, and is hit next.
func sweep() {
	for end := time.Now().Add(sweepLimit); time.Now().Before(end); time.Sleep(time.Millisecond) {
		for {
			pid, err := unix.Wait4(-1, nil, unix.WNOHANG, nil)
			if pid <= 0 && err != unix.EINTR {
				break
			}
		}
		left := reaper.Descendants(os.Getpid())
		if len(left) == 0 {
			return
		}
		for _, p := range left {
			_ = unix.Kill(p.PID, unix.SIGKILL)
		}
	}
}
