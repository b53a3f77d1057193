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

	// One more variable (oneProcessor, entry.go), unless there is one of its name. What the kernel has laid out at SP, argc, the
	// arguments, 0, the environment, 0 and the auxiliary vector, is copied below itself with one word more.
	MOVQ  SP, SI
	MOVQ  (SI), CX               // argc
	LEAQ  16(SI)(CX*8), AX       // the environment
	MOVQ  $0x4f525058414d4f47, R8 // "GOMAXPRO"
variable:
	MOVQ  (AX), BX
	TESTQ BX, BX
	JEQ   room
	ADDQ  $8, AX
	CMPQ  (BX), R8
	JNE   variable
	MOVL  8(BX), BX
	ANDL  $0xffffff, BX
	CMPL  BX, $0x3d5343          // "CS="
	JNE   variable
	JMP   begin
room:
	MOVQ  AX, R14                // the 0 behind the environment
	ADDQ  $8, AX
auxiliary:
	MOVQ  (AX), BX
	ADDQ  $16, AX
	TESTQ BX, BX                 // AT_NULL
	JNE   auxiliary
	LEAQ  8(AX), DI              // its end, and a word
	SUBQ  SI, DI
	NEGQ  DI
	ADDQ  SP, DI
	ANDQ  $~15, DI
	MOVQ  DI, SP
copy:
	CMPQ  SI, R14
	JNE   word
	LEAQ  ·oneProcessor(SB), BX
	MOVQ  BX, (DI)
	ADDQ  $8, DI
	MOVB  $1, ·processorGiven(SB)
word:
	MOVQ  (SI), BX
	MOVQ  BX, (DI)
	ADDQ  $8, SI
	ADDQ  $8, DI
	CMPQ  SI, AX
	JNE   copy
begin:
	MOVQ  R13, DX
	JMP   _rt0_amd64_linux(SB)

// runtimeTable gives the address of the runtime's table of signals, nil where it may not be known.
TEXT ·runtimeTable(SB), NOSPLIT, $0-8
	MOVQ  ·tableAddress(SB), AX
	MOVQ  AX, ret+0(FP)
	RET
