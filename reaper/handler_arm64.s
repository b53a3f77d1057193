//go:build linux

#include "textflag.h"

// handler: see handler_amd64.s. R0 is the signal, R1 its siginfo, R2 the context, and LR leads back through the kernel's own
// restorer. R28, which holds Go's g, is left alone for the runtime's handler.
TEXT ·handler(SB), NOSPLIT|NOFRAME, $0
	MOVW  8(R1), R3              // si_code
	MOVD  $·kinds(SB), R4
	MOVBU (R4)(R0), R5
	CMPW  $1, R5
	BEQ   fault
	CMPW  $2, R5
	BEQ   urgent
ours:
	MOVD  R0, R9
	MOVW  ·handlerPipe(SB), R0
	MOVD  $128, R2
	MOVD  $64, R8                // write
	SVC
	CMP   $128, R0
	BEQ   done
	MOVD  $·uncounted(SB), R4    // the pipe is full: count it, then wake the reader
	ADD   R9<<2, R4, R4
again:
	LDAXRW (R4), R5
	ADDW  $1, R5
	STLXRW R5, (R4), R6
	CBNZW R6, again
	MOVW  ·handlerPipe(SB), R0
	MOVD  $·emptyRecord(SB), R1
	MOVD  $128, R2
	MOVD  $64, R8
	SVC
done:
	RET
fault:
	CMPW  $0, R3                 // si_code <= 0: a process sent it
	BLE   ours
	B     runtimes
urgent:
	CMNW  $6, R3                 // SI_TKILL is -6
	BNE   ours
	MOVW  16(R1), R3             // si_pid
	MOVW  ·handlerPID(SB), R5
	CMPW  R5, R3
	BNE   ours
runtimes:
	MOVD  $·goHandlers(SB), R4
	MOVD  (R4)(R0<<3), R6
	B     (R6)                   // with the registers and the stack as they came

TEXT ·addresses(SB), NOSPLIT, $0-16
	MOVD  $·handler(SB), R0
	MOVD  R0, handler+0(FP)
	MOVD  ZR, restorer+8(FP)     // the kernel brings its own
	RET
