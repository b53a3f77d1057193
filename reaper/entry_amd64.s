//go:build linux

#include "textflag.h"

// entry runs before the Go runtime where the binary is linked with `-E exeunt/reaper.entry`, as the Makefile does: it notes
// the signal mask and which signals are ignored, both of which the runtime is about to change, blocks what can wait (entry.go),
// and goes on to where a Go program begins. Nothing of Go is there yet, and the stack and RDX are the kernel's (execve(2)).
TEXT ·entry(SB), NOSPLIT|NOFRAME, $0
	MOVQ  DX, R13
	MOVL  $14, AX                // rt_sigprocmask(SIG_SETMASK, &earlyMask, &inheritedMask, 8)
	MOVL  $2, DI
	LEAQ  ·earlyMask(SB), SI
	LEAQ  ·inheritedMask(SB), DX
	MOVL  $8, R10
	SYSCALL
	MOVB  $1, ·entered(SB)
	MOVL  $1, R12                // the signal
	MOVQ  ·tableAddress(SB), R15 // 0: see entry_table.s
each:
	MOVL  $13, AX                // rt_sigaction(signal, nil, &entryAction, 8)
	MOVL  R12, DI
	XORL  SI, SI
	LEAQ  ·entryAction(SB), DX
	MOVL  $8, R10
	SYSCALL
	LEAL  -1(R12), CX
	MOVL  $1, BX
	SHLQ  CX, BX                 // its bit
	MOVQ  ·entryAction(SB), AX   // its handler
	CMPQ  AX, $1                 // SIG_IGN
	JNE   flags
	ORQ   BX, ·inheritedIgnores(SB)
flags:
	TESTQ R15, R15
	JEQ   next
	LEAQ  ·runtimeFlags(SB), R8
	MOVL  (R8)(R12*4), AX
	TESTL AX, AX
	JEQ   next
	LEAQ  (R12)(R12*2), CX       // an entry is 24 bytes
	CMPL  (R15)(CX*8), AX
	JNE   next
	MOVL  $1, (R15)(CX*8)
	ORQ   BX, ·flagsTaken(SB)
next:
	INCL  R12
	CMPL  R12, $64
	JLE   each
	MOVQ  R13, DX
	JMP   _rt0_amd64_linux(SB)

// runtimeTable gives the address of the runtime's table of signals, nil where it may not be known.
TEXT ·runtimeTable(SB), NOSPLIT, $0-8
	MOVQ  ·tableAddress(SB), AX
	MOVQ  AX, ret+0(FP)
	RET
