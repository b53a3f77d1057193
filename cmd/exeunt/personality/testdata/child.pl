#!/usr/bin/perl
# What the inits of the table test run. Its arguments are words, done one after the other:
#
#	exit=N         exits
#	die=N          dies of signal N
#	show           says how it was started: session, group, mask, ignored signals, files, working directory
#	env=NAME       says what a variable is
#	group, session leaves a second process, in the same group or in a session of its own, that prints its signals with its name
#	orphan         leaves a process whose parent is gone, and waits until it was reaped
#	out=N=STATUS   signal N makes it exit with STATUS once it is printed
#
# After the last one it prints "ready" and then "got N" for every signal. Signal 64 is the test's own: "mark N".
# No print: one handler may interrupt another, and its buffer does not bear that. In Perl as Go's runtime keeps SIGPROF to itself.
use strict;
use warnings;
use POSIX ();

my ($name, $marks, %out) = ("", 0);
sub say_line { my $line = "$_[0]\n"; POSIX::write(1, $line, length($line)) }

sub listen_to_all {
	for my $n (1 .. 31, 34 .. 64) {
		next if $n == POSIX::SIGKILL || $n == POSIX::SIGSTOP || $n == POSIX::SIGCHLD;
		POSIX::sigaction($n, POSIX::SigAction->new(sub {
			return say_line("mark " . ++$marks) if $n == 64 && $name eq "";
			say_line("${name}got $n") unless $n == 64;
			POSIX::_exit($out{$n}) if exists $out{$n};
		})) or die "sigaction $n: $!";
	}
}

sub status_line { # a mask of /proc/self/status
	open my $status, "<", "/proc/self/status" or return "?";
	my ($line) = grep { /^$_[0]:/ } <$status>;
	$line =~ /(\w+)$/;
	return $1;
}

sub show {
	open my $stat, "<", "/proc/self/stat" or die;
	my ($group, $session, $terminal, $foreground) = (split ' ', (<$stat> =~ s/.*\) //r))[2, 3, 4, 5];
	my $own = sub { $_[0] == $$ ? "its own" : "not its own" };
	say_line("session " . $own->($session) . ", group " . $own->($group));
	say_line("terminal " . ($terminal ? $foreground == $group ? "in the foreground" : "in the background" : "none"));
	say_line("blocked " . status_line("SigBlk") . ", ignored " . status_line("SigIgn"));
	say_line("in " . POSIX::getcwd());
	opendir my $dir, "/proc/self/fd" or die;
	my $own_fd = fileno($stat);
	say_line("files " . join " ", sort { $a <=> $b } grep { /\d/ && -e "/proc/self/fd/$_" && readlink("/proc/self/fd/$_") !~ m{/proc/|child\.pl} } readdir $dir);
}

sub leave { # a second process
	my $kind = shift;
	pipe(my $up, my $here) or die;
	my $pid = fork // die;
	if (!$pid) {
		POSIX::setsid() if $kind eq "session";
		($name, %out) = ("$kind ");
		listen_to_all();
		close $up;
		close $here;
		sleep 1 while 1;
	}
	close $here;
	<$up>;
}

sub orphan {
	pipe(my $up, my $here) or die;
	my $pid = fork // die;
	if (!$pid) {
		my $orphan = fork // die;
		POSIX::write(fileno($here), "$orphan", length $orphan) if $orphan;
		POSIX::_exit(0) if $orphan;
		select undef, undef, undef, 0.002 while getppid() == $pid;
		POSIX::_exit(7);
	}
	close $here;
	waitpid $pid, 0;
	my $orphan = <$up>;
	select undef, undef, undef, 0.002 while kill 0, $orphan;
}

for my $word (@ARGV) {
	my ($what, @rest) = split /=/, $word;
	POSIX::_exit($rest[0]) if $what eq "exit";
	if ($what eq "die") { POSIX::sigaction($rest[0], POSIX::SigAction->new("DEFAULT")); kill $rest[0], $$; sleep 1 while 1 }
	show() if $what eq "show";
	say_line("$rest[0]=" . ($ENV{$rest[0]} // "(not set)") . ($rest[0] eq "LISTEN_PID" && ($ENV{LISTEN_PID} // 0) == $$ ? " its own" : "")) if $what eq "env";
	leave($what) if $what eq "group" || $what eq "session";
	orphan() if $what eq "orphan";
	$out{$rest[0]} = $rest[1] if $what eq "out";
}
listen_to_all();
say_line("ready");
sleep 1 while 1;
