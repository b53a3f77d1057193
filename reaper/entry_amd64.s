//go:build linux

#include "textflag.h"

// entry runs before the Go runtime where the binary is linked with `-E exeunt/reaper.entry`, as the Makefile does: it notes
// the signal mask and which signals are ignored, both of which the runtime is about to change, and goes on to where a Go program begins. Nothing of
// Go is there yet, and the stack and RDX are the kernel's (execve(2)).
TEXT ·entry(SB), NOSPLIT|NOFRAME, $0
	MOVQ  DX, R13
	MOVL  $14, AX                // rt_sigprocmask(SIG_BLOCK, nil, &inheritedMask, 8)
	XORL  DI, DI
	XORL  SI, SI
	LEAQ  ·inheritedMask(SB), DX
	MOVL  $8, R10
	SYSCALL
	MOVL  $1, R12                // the signal
each:
	MOVL  $13, AX                // rt_sigaction(signal, nil, &entryAction, 8)
	MOVL  R12, DI
	XORL  SI, SI
	LEAQ  ·entryAction(SB), DX
	MOVL  $8, R10
	SYSCALL
	MOVQ  ·entryAction(SB), AX   // its handler
	CMPQ  AX, $1                 // SIG_IGN
	JNE   next
	LEAL  -1(R12), CX
	MOVL  $1, AX
	SHLQ  CX, AX
	ORQ   AX, ·inheritedIgnores(SB)
next:
	INCL  R12
	CMPL  R12, $64
	JLE   each
	MOVQ  R13, DX
	JMP   _rt0_amd64_linux(SB)
