package personality

// The help texts are our own words.

const dumbInitHelp = `Usage: dumb-init [option] command [[arg] ...]

This is exeunt in the place of dumb-init 1.2.5: it runs the command, passes the signals that come on to it, and reaps orphans.
With EXEUNT_CONFIG, or with an /etc/exeunt/lifecycle.hcl, it also stops the container as that file declares.

   -c, --single-child   Signals go to the command alone, not to all of its process group, which is this one then.
   -r, --rewrite s:r    Signal s reaches the command as signal r: numbers from 1 to 31, or names; r = 0 is nobody gets it.
                        May be given several times.
   -v, --verbose        Say on stderr what happens.
   -h, --help           This text.
   -V, --version        The version.

Environment: DUMB_INIT_DEBUG=1 is -v, DUMB_INIT_SETSID=0 is -c; EXEUNT_TO_THE_LETTER=1 keeps the habits of dumb-init that
exeunt has left off.
`

const tiniHelp = `Usage: tini [OPTIONS] PROGRAM -- [ARGS] | --version

This is exeunt in the place of tini 0.19.0: it runs the program, passes the signals that come on to it, and reaps orphans.
With EXEUNT_CONFIG, or with an /etc/exeunt/lifecycle.hcl, it also stops the container as that file declares.

  --version: The version.
  -h: This text.
  -s: Where it is not PID 1: have the orphans come here all the same, as to a subreaper.
  -p SIGNAL: What it gets itself when its parent ends: the whole name, "-p SIGKILL".
  -v: Say more; up to three times.
  -w: A warning for every orphan that is reaped.
  -g: Signals go to all of the program's process group.
  -e EXIT_CODE: Exit with 0 where the program's status is this one, 0 to 255; may be given several times.
  -l: The license.

Environment: TINI_SUBREAPER is -s, TINI_KILL_PROCESS_GROUP is -g, whatever their values; TINI_VERBOSITY=N, by default 1, is what
-v counts from nought; EXEUNT_TO_THE_LETTER=1 keeps the habits of tini that exeunt has left off.
`

const catatonitUsage = "usage: catatonit [-ghLPV] [--] <progname> [<arguments>...]\n"

const catatonitHelp = catatonitUsage + `
This is exeunt in the place of catatonit: it runs the program, passes the signals that come on to it, and reaps orphans.
With EXEUNT_CONFIG, or with an /etc/exeunt/lifecycle.hcl, it also stops the container as that file declares.

options:
  -g              Signals go to all of the program's process group.
  -h              This text.
  -L              The license.
  -P              Run no program: reap orphans until SIGTERM or SIGINT comes.
  -V, --version   The version.

Environment: CATATONIT_DEBUG: say on stderr what happens; EXEUNT_TO_THE_LETTER=1 keeps the habits of catatonit that exeunt has
left off.
`

// license is what -l and -L print.
const license = `exeunt is under the Apache License, version 2.0: https://www.apache.org/licenses/LICENSE-2.0
It stands in for another init by doing what that does; nothing of that init's text is in it.
`
