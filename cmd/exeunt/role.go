package main

import (
	"io"
	"os"

	"exeunt/cmd/exeunt/personality"
	"exeunt/lifecycle"
	"exeunt/reaper"
)

// What is different where exeunt is called by another init's name: the command line is that init's, the lifecycle begins with
// what it does, and its voice is heard of what happens. The loop and the machine are the same.

// act runs a command as the program called base would, and returns the exit status.
func act(base string, signals *reaper.Signals, stdout, stderr io.Writer) int {
	log, out := newLogger(stderr, lifecycle.LevelWarn, false), newLogger(stdout, lifecycle.LevelWarn, false)
	defer out.flush()
	self := personality.Self{
		PID:           os.Getpid(),
		OwnsTerminal:  reaper.OwnsTerminal(os.Stdin),
		HasTerminal:   reaper.HasTerminal(os.Stdin),
		InputTerminal: reaper.IsTerminal(os.Stdin),
		DevTTY:        opens("/dev/tty"),
		IsSubreaper:   reaper.IsSubreaper(),
		Out:           func(line string) { out.print(line + "\n") },
		Err:           func(line string) { log.print(line + "\n") },
	}
	role, status, _ := personality.As(base, os.Args, os.LookupEnv, self, version, stdout, stderr)
	if role == nil {
		return status
	}
	if role.ParentsEnd != 0 {
		if err := reaper.SignalAtParentsDeath(role.ParentsEnd); err != nil {
			log.say(lifecycle.LevelError, "%v", err)
			return 1
		}
	}
	return attend(options{level: lifecycle.LevelWarn, logFD: 2, termination: defaultTermination, command: role.Command, role: role}, signals, log, stderr)
}

// takes makes the log that of a role. With a file it is as talkative as exeunt itself: who writes one wants to read how it went.
func (l *logger) takes(role *personality.Role, path string) {
	if path != "" {
		l.level, role.Talkative = lifecycle.LevelInfo, true
	}
	if role.Talkative {
		for _, line := range role.Better() {
			l.print("exeunt: " + line + "\n")
		}
	}
}

func opens(path string) bool {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err == nil {
		file.Close()
	}
	return err == nil
}

// better says what is done in another way than the original would, where exeunt is asked to be as talkative.
func (l *loop) better(line string) {
	if l.role.Talkative && line != "" {
		l.log.print("exeunt: " + line + "\n")
	}
}

// hears tells the voice what has come, heard what became of it.
func (l *loop) hears(ev lifecycle.Event) {
	l.came, l.delivered = 0, 0
	if r, ok := ev.(lifecycle.Received); ok && l.role != nil {
		l.came = r.Signal
		l.role.Voice.Received(r.Signal)
	}
}

func (l *loop) heard() {
	if l.role != nil && l.came != 0 && l.delivered == 0 && l.machine.State() != lifecycle.Starting {
		l.role.Voice.Swallowed(l.came)
	}
}

func (l *loop) deliver(a lifecycle.Deliver) {
	l.delivered++
	if l.role == nil {
		l.complain(a.String(), l.kernel.Deliver(a.Signal, a.To, a.Continue))
		return
	}
	if l.role.Talkative {
		l.better(l.role.BetterDelivery(a, a.Continue && l.stopped(a.To), os.Getpid() == 1))
	}
	err := l.kernel.Deliver(a.Signal, a.To, a.Continue)
	l.role.Voice.Delivered(a.Signal, l.came, err)
	l.complain(a.String(), err)
	if err != nil {
		l.better(l.role.BetterFailure())
	}
}

func (l *loop) stopped(to lifecycle.Target) bool {
	for _, p := range l.kernel.List(to) {
		if p.State == 'T' || p.State == 't' {
			return true
		}
	}
	return false
}

func (l *loop) suspend(a lifecycle.SuspendSelf) {
	if l.role != nil {
		l.role.Voice.Suspends()
		l.log.flush() // nobody writes while exeunt is stopped
	}
	l.complain(a.String(), l.kernel.Suspend())
}

// notStarted gives the exit status of a child that could not be started.
func (l *loop) notStarted(command []string, err *reaper.StartError) int {
	if l.role == nil {
		return err.Status
	}
	l.role.Voice.NotStarted(0, command, err)
	l.told = true
	return l.role.StatusOf(err)
}

// ends tells the voice that it is over.
func (l *loop) ends() {
	if l.role != nil && l.own >= 0 {
		l.role.Voice.Ends(l.own)
	}
}
