package personality_test

// catatonit leaves the fault signals to the kernel, and keeps the terminal's three: see rows of their own.
const catatonitSignals = "1 2 3 10 12 13 14 16 18 23 24 25 26 27 28 29 30 34 35 50 63"

var catatonitRows = []row{
	// The child's end
	{claim: "the status is the child's", child: "exit=42"},
	{claim: "the status of nought", child: "exit=0"},
	{claim: "127 is a status as any (#5)", child: "exit=127"},
	{claim: "128+n where a signal ended the child", child: "die=9"},
	{claim: "a core dumped is a signal all the same", child: "die=11"},
	{claim: "a command that isn't there: 1", args: "nosuch", child: "-"},
	{claim: "a command that can't be executed: 1", args: "/etc/passwd", child: "-"},
	{claim: "a folder as command", args: "/etc", child: "-"},
	{claim: "CATATONIT_DEBUG: a command that isn't there", env: "CATATONIT_DEBUG=1", args: "nosuch", child: "-", mixed: true},
	{claim: "a child and an orphan that end at once (#4)", child: "orphan exit=0"},
	{claim: "what is left of the group is left alone", child: "group exit=3", where: outlived, do: "line:child~ended:~3 all!"},

	// Signals
	{claim: "all signals reach the child", child: "group session", do: catatonitSignals},
	{claim: "-g: all signals reach its group", args: "-g", child: "group session", do: catatonitSignals},
	{claim: "TSTP, TTIN and TTOU reach nobody", child: "", do: "TSTP TTIN TTOU USR1"},
	{claim: "fault signals to PID 1 reach nobody", child: "", do: "FPE ILL SEGV BUS ABRT TRAP SYS USR1"},
	{claim: "SIGCHLD is its own", child: "", do: "CHLD USR1"},
	{claim: "TERM twice", child: "out=2=0", do: "TERM TERM INT!"},
	{claim: "not PID 1: signals", child: "group", where: below, do: "HUP USR1 34"},
	{claim: "TERM to a stopped child", child: "", do: "USR1 child:STOP child=T TERM!", doTheirs: "USR1 child:STOP child=T TERM? child+15 child:KILL",
		differs: "catatonit leaves a stopped child stopped, and its stop waits for the platform's SIGKILL", ours: "status 0", theirs: "status 137"},
	{claim: "SIGABRT to catatonit that is not PID 1", child: "out=6=9", where: below, do: "ABRT!",
		differs: "catatonit dies by fault signals and leaves the child behind; the child gets them instead", ours: "got 6", theirs: "status 134"},

	// What it says
	{claim: "CATATONIT_DEBUG", env: "CATATONIT_DEBUG=1", child: "exit=3", where: terminal},
	{claim: "CATATONIT_DEBUG without a terminal", env: "CATATONIT_DEBUG=1", child: "exit=3", mixed: true},
	{claim: "CATATONIT_DEBUG whatever its value", env: "CATATONIT_DEBUG=", child: "exit=3", where: terminal},
	{claim: "CATATONIT_DEBUG: signals", env: "CATATONIT_DEBUG=1", child: "", where: terminal, do: "HUP TSTP TTIN TTOU USR1"},
	{claim: "CATATONIT_DEBUG: an orphan", env: "CATATONIT_DEBUG=1", child: "orphan", where: terminal},
	{claim: "CATATONIT_LOG is refused", env: "CATATONIT_LOG=1", child: "exit=0"},

	// Not PID 1
	{claim: "not PID 1: orphans come here", env: "CATATONIT_DEBUG=1", child: "orphan", where: belowTTY},
	{claim: "not PID 1: the status", child: "exit=9", where: below},

	// How the child is started
	{claim: "a group of its own, and nothing blocked", child: "show", differs: "catatonit hands its mask down: SIGTSTP, SIGTTIN and SIGTTOU stay blocked, and Ctrl-Z is dead (containers/podman#18095)",
		ours: "blocked 0000000000000000", theirs: "blocked 0000000000380000"},
	{claim: "a group of its own, to the letter", env: "EXEUNT_TO_THE_LETTER=1", child: "show"},
	{claim: "signals that it was given ignored", under: "sh -c trap~\"\"~USR1~HUP~TTOU~CHLD;exec~\"$@\" sh", env: "EXEUNT_TO_THE_LETTER=1", child: "show", do: "USR2"},
	{claim: "SIGCHLD that it was given ignored", under: "sh -c trap~\"\"~USR1~HUP~TTOU~CHLD;exec~\"$@\" sh", child: "orphan exit=3"},
	{claim: "a script without a first line is the shell's", args: "@noline a", child: "-"},
	{claim: "a script whose interpreter isn't there", args: "@nointerpreter", child: "-"},
	{claim: "a path from the working directory", args: "-- bin/sh -c exit~5", child: "-"},
	{claim: "arguments are handed on as they are", args: "-- sh -c printf~'[%s]'~\"$@\" sh a~~b * $x", child: "-"},
	{claim: "signals that it was given blocked", under: "perl -MPOSIX -e sigprocmask(SIG_BLOCK,POSIX::SigSet->new(1,10,15,22,40));exec~@ARGV", env: "EXEUNT_TO_THE_LETTER=1", child: "show out=2=0", do: "USR2 34 INT!"},
	{claim: "as the leader of a session, to the letter", env: "EXEUNT_TO_THE_LETTER=1", child: "show", where: leader, do: "HUP CONT"},
	{claim: "not PID 1, to the letter", env: "EXEUNT_TO_THE_LETTER=1", child: "show", where: below},
	{claim: "with a terminal: the foreground, to the letter", env: "EXEUNT_TO_THE_LETTER=1", child: "show", where: terminal, do: "USR1"},
	{claim: "with a terminal: Ctrl-C reaches the child", child: "", where: terminal, do: "type:^C line:got~2 USR1"},
	{claim: "with a terminal: Ctrl-Z", child: "", where: terminal, do: "type:^Z line:got~20 USR1", doTheirs: "type:^Z child+20 USR1",
		differs: "the same mask: catatonit's child does not see Ctrl-Z", ours: "got 20", theirs: "ready\nchild: got 10"},
	{claim: "CATATONIT_DEBUG with a terminal", env: "CATATONIT_DEBUG=1", child: "", where: terminal, do: "USR1"},
	{claim: "what it holds: no file but the child has it", env: "EXEUNT_TO_THE_LETTER=1", child: "show", do: "init:holds",
		differs: "catatonit before 0.2.1 stays in the working directory, and holds its file system (openSUSE/catatonit#28)", before: "0.2.1", ours: "one in / that holds no file", theirs: "one in /usr that holds no file"},
	{claim: "LISTEN_PID that is its own becomes the child's", env: "LISTEN_PID=1 LISTEN_FDS=1", child: "env=LISTEN_PID env=LISTEN_FDS"},
	{claim: "LISTEN_PID that is another's stays", env: "LISTEN_PID=4711", child: "env=LISTEN_PID"},
	{claim: "no LISTEN_PID", child: "env=LISTEN_PID"},
	{claim: "LISTEN_PID and a command that isn't there", env: "LISTEN_PID=1", args: "nosuch", child: "-"},

	// Pausing
	{claim: "-P ends by TERM", args: "-P", child: "-", do: "HUP? TERM!"},
	{claim: "-P ends by INT", args: "-P", child: "-", do: "INT!"},
	{claim: "-P: others don't end it", args: "-P", child: "-", do: "USR1? QUIT? TSTP? 34? TERM!"},
	{claim: "-P runs no command", args: "-P false", child: "-", do: "TERM!"},
	{claim: "CATATONIT_DEBUG: -P", env: "CATATONIT_DEBUG=1", args: "-P", child: "-", do: "TERM!"},
	{claim: "-P not as PID 1", args: "-P", child: "-", where: below, do: "TERM!"},

	// The command line
	{claim: "-h", args: "-h", child: "-", text: 1},
	{claim: "-V", args: "-V", child: "-", text: 1},
	{claim: "--version", args: "--version", child: "-", text: 1},
	{claim: "--version, shortened", args: "--ver", child: "-", text: 1},
	{claim: "-L", args: "-L", child: "-", text: 1},
	{claim: "nothing at all", child: "-"},
	{claim: "options and no command", args: "-g", child: "-"},
	{claim: "-- and no command", args: "--", child: "-"},
	{claim: "an unknown letter", args: "-x true", child: "-"},
	{claim: "an unknown option", args: "--foo true", child: "-"},
	{claim: "a value where there is none", args: "--version=1", child: "-"},
	{claim: "a command's own options are its own after --", args: "-- echo -h -V", child: "-"},
	{claim: "a command's own options are catatonit's where -- is missing", args: "echo -V", child: "-", text: 1},
	{claim: "but not with POSIXLY_CORRECT", env: "POSIXLY_CORRECT=1", args: "echo -V", child: "-"},
}
