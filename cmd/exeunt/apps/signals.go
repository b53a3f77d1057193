package apps

import "exeunt/lifecycle"

// The signals that the tables name. lifecycle itself has names for those alone that it acts on.
const (
	sigHUP   = lifecycle.SIGHUP
	sigINT   = lifecycle.SIGINT
	sigQUIT  = lifecycle.SIGQUIT
	sigUSR1  = lifecycle.Signal(10)
	sigUSR2  = lifecycle.Signal(12)
	sigTERM  = lifecycle.SIGTERM
	sigCONT  = lifecycle.SIGCONT
	sigTSTP  = lifecycle.Signal(20)
	sigTTIN  = lifecycle.Signal(21)
	sigTTOU  = lifecycle.Signal(22)
	sigWINCH = lifecycle.Signal(28)
)

func on(signals ...lifecycle.Signal) []lifecycle.Signal { return signals }
