package lifecycle

import (
	"fmt"
	"strconv"
	"strings"
)

// Signal is a Linux signal number, 1 to 64. The names are those of signal(7) on the architectures exeunt runs on
// (x86 and ARM share them), whatever system the file is checked on.
type Signal int

// The signals this package itself speaks of.
const (
	SIGHUP   Signal = 1
	SIGINT   Signal = 2
	SIGQUIT  Signal = 3
	SIGKILL  Signal = 9
	SIGTERM  Signal = 15
	SIGCHLD  Signal = 17
	SIGCONT  Signal = 18
	SIGSTOP  Signal = 19
	SIGWINCH Signal = 28

	// SIGRTMIN is what the C library calls so: the kernel's range begins at 32, glibc and musl keep the first two (signal(7)).
	SIGRTMIN Signal = 34
	SIGRTMAX Signal = 64
)

var signalNames = [...]string{
	1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE",
	9: "SIGKILL", 10: "SIGUSR1", 11: "SIGSEGV", 12: "SIGUSR2", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM",
	16: "SIGSTKFLT", 17: "SIGCHLD", 18: "SIGCONT", 19: "SIGSTOP", 20: "SIGTSTP", 21: "SIGTTIN", 22: "SIGTTOU",
	23: "SIGURG", 24: "SIGXCPU", 25: "SIGXFSZ", 26: "SIGVTALRM", 27: "SIGPROF", 28: "SIGWINCH", 29: "SIGIO",
	30: "SIGPWR", 31: "SIGSYS",
}

// signalAliases are the other names signal(7) lists.
var signalAliases = map[string]Signal{"SIGIOT": 6, "SIGCLD": 17, "SIGPOLL": 29, "SIGUNUSED": 31}

// String gives the name as the log and the language write it: "SIGTERM", "SIGRTMIN+3", "signal 32".
func (s Signal) String() string {
	switch {
	case s > 0 && int(s) < len(signalNames):
		return signalNames[s]
	case s == SIGRTMIN:
		return "SIGRTMIN"
	case s == SIGRTMAX:
		return "SIGRTMAX"
	case s > SIGRTMIN && s < SIGRTMAX:
		return fmt.Sprintf("SIGRTMIN+%d", s-SIGRTMIN)
	}
	return fmt.Sprintf("signal %d", int(s))
}

// Valid reports whether the kernel knows the signal.
func (s Signal) Valid() bool { return s >= 1 && s <= SIGRTMAX }

// Catchable reports whether a process can be asked to handle it: all but SIGKILL and SIGSTOP (signal(7)).
func (s Signal) Catchable() bool { return s.Valid() && s != SIGKILL && s != SIGSTOP }

// Stops reports whether users of a stopped process mean it to end by s, so that it has to be continued to see it.
func (s Signal) Stops() bool {
	return s == SIGTERM || s == SIGINT || s == SIGQUIT || s == SIGHUP
}

// ParseSignal reads a name with or without SIG in any case, a number, SIGRTMIN+n or SIGRTMAX-n.
// The error of a name that is nearly one says which was meant.
func ParseSignal(text string) (Signal, error) {
	if n, err := strconv.Atoi(text); err == nil {
		if s := Signal(n); s.Valid() {
			return s, nil
		}
		return 0, fmt.Errorf("there is no signal %d: the numbers are 1 to 64", n)
	}
	name := strings.ToUpper(strings.TrimSpace(text))
	if !strings.HasPrefix(name, "SIG") {
		name = "SIG" + name
	}
	for n, known := range signalNames {
		if name == known && n > 0 {
			return Signal(n), nil
		}
	}
	if s, ok := signalAliases[name]; ok {
		return s, nil
	}
	if s, ok, err := parseRealTime(name); ok {
		return s, err
	}
	return 0, fmt.Errorf("there is no signal named %q", text)
}

func parseRealTime(name string) (s Signal, ok bool, err error) {
	base, sign := SIGRTMIN, Signal(1)
	rest, ok := strings.CutPrefix(name, "SIGRTMIN")
	if !ok {
		if rest, ok = strings.CutPrefix(name, "SIGRTMAX"); !ok {
			return 0, false, nil
		}
		base, sign = SIGRTMAX, -1
	}
	if rest == "" {
		return base, true, nil
	}
	n, err := strconv.Atoi(rest)
	s = base + Signal(n)
	if err != nil || Signal(n)*sign < 0 || (rest[0] != '+' && rest[0] != '-') || s < SIGRTMIN || s > SIGRTMAX {
		return 0, true, fmt.Errorf("%q is outside the real-time signals, SIGRTMIN+0 to SIGRTMIN+%d", name, SIGRTMAX-SIGRTMIN)
	}
	return s, true, nil
}

// SignalNames lists every name of signal(7) once, for suggestions.
func SignalNames() []string {
	return append([]string{"SIGRTMIN", "SIGRTMAX"}, signalNames[1:]...)
}
