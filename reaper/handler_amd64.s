//go:build linux

#include "textflag.h"

// handler runs on the alternate stack of whatever thread the kernel chose, with every signal blocked. DI is the signal, SI its
// siginfo, DX the context. It may use any register: the return through the kernel (rt_sigreturn(2)) brings all of them
// back. It calls nothing of Go.
TEXT ·handler(SB), NOSPLIT|NOFRAME, $0
	MOVL  8(SI), AX              // si_code
	LEAQ  ·kinds(SB), R8
	MOVBLZX (R8)(DI*1), R9
	CMPL  R9, $1
	JEQ   fault
	CMPL  R9, $2
	JEQ   urgent
ours:
	MOVL  DI, R12
	MOVL  ·handlerPipe(SB), DI
	MOVL  $128, DX
	MOVL  $1, AX                 // write
	SYSCALL
	CMPQ  AX, $128
	JEQ   done
	LEAQ  ·uncounted(SB), R8     // the pipe is full: count it, then wake the reader
	LOCK
	INCL  (R8)(R12*4)
	MOVL  ·handlerPipe(SB), DI
	LEAQ  ·emptyRecord(SB), SI
	MOVL  $128, DX
	MOVL  $1, AX
	SYSCALL
done:
	RET
fault:
	CMPL  AX, $0                 // si_code <= 0: a process sent it
	JLE   ours
	JMP   runtimes
urgent:
	CMPL  AX, $-6                // SI_TKILL
	JNE   ours
	MOVL  16(SI), AX             // si_pid
	CMPL  AX, ·handlerPID(SB)
	JNE   ours
runtimes:
	LEAQ  ·goHandlers(SB), R8
	MOVQ  (R8)(DI*8), AX
	JMP   AX                     // with the registers and the stack as they came

TEXT ·restorer(SB), NOSPLIT|NOFRAME, $0
	MOVL  $15, AX                // rt_sigreturn
	SYSCALL
	INT   $3                     // never

TEXT ·addresses(SB), NOSPLIT, $0-16
	LEAQ  ·handler(SB), AX
	MOVQ  AX, handler+0(FP)
	LEAQ  ·restorer(SB), AX
	MOVQ  AX, restorer+8(FP)
	RET
