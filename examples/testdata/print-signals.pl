#!/usr/bin/perl
# Prints "got N" for every signal that can be caught, until SIGTERM came twice. Not in Go: its runtime keeps SIGPROF to itself. Not with print:
# one handler may interrupt another, and print's buffer does not bear that.
use strict;
use warnings;
use POSIX ();

sub say_line { POSIX::write(1, "$_[0]\n", length($_[0]) + 1) }

my $terms = 0;
for my $n (1 .. 31, 34 .. 64) {
	next if $n == POSIX::SIGKILL || $n == POSIX::SIGSTOP || $n == POSIX::SIGCHLD;
	POSIX::sigaction($n, POSIX::SigAction->new(sub { say_line("got $n"); $terms++ if $n == POSIX::SIGTERM })) or die "sigaction $n: $!";
}
say_line("ready pid=$$");
sleep 1 while $terms < 2;
