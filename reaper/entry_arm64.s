//go:build linux

#include "textflag.h"

// entry: see entry_amd64.s.
TEXT ·entry(SB), NOSPLIT|NOFRAME, $0
	MOVD  R0, R13
	MOVD  $2, R0                 // rt_sigprocmask(SIG_SETMASK, &earlyMask, &inheritedMask, 8)
	MOVD  $·earlyMask(SB), R1
	MOVD  $·inheritedMask(SB), R2
	MOVD  $8, R3
	MOVD  $135, R8
	SVC
	MOVD  $1, R4
	MOVB  R4, ·entered(SB)
	MOVD  $1, R12                // the signal
	MOVD  ·tableAddress(SB), R14 // 0: see entry_table.s
each:
	MOVD  R12, R0                // rt_sigaction(signal, nil, &entryAction, 8)
	MOVD  ZR, R1
	MOVD  $·entryAction(SB), R2
	MOVD  $8, R3
	MOVD  $134, R8
	SVC
	SUB   $1, R12, R5
	MOVD  $1, R6
	LSL   R5, R6, R6             // its bit
	MOVD  ·entryAction(SB), R4   // its handler
	CMP   $1, R4                 // SIG_IGN
	BNE   flags
	MOVD  ·inheritedIgnores(SB), R7
	ORR   R6, R7, R7
	MOVD  R7, ·inheritedIgnores(SB)
flags:
	CBZ   R14, next
	MOVD  $·runtimeFlags(SB), R9
	ADD   R12<<2, R9, R9
	MOVWU (R9), R4
	CBZ   R4, next
	ADD   R12<<1, R12, R10       // an entry is 24 bytes
	ADD   R10<<3, R14, R10
	MOVWU (R10), R5
	CMP   R4, R5
	BNE   next
	MOVD  $1, R4
	MOVW  R4, (R10)
	MOVD  ·flagsTaken(SB), R7
	ORR   R6, R7, R7
	MOVD  R7, ·flagsTaken(SB)
next:
	ADD   $1, R12, R12
	CMP   $64, R12
	BLE   each

	// One more variable: see entry_amd64.s.
	MOVD  RSP, R1
	MOVD  (R1), R3               // argc
	ADD   R3<<3, R1, R2
	ADD   $16, R2                // the environment
	MOVD  $0x4f525058414d4f47, R8 // "GOMAXPRO"
	MOVD  $0x3d5343, R9          // "CS="
variable:
	MOVD  (R2), R4
	CBZ   R4, room
	ADD   $8, R2
	MOVD  (R4), R5
	CMP   R8, R5
	BNE   variable
	MOVWU 8(R4), R5
	AND   $0xffffff, R5
	CMP   R9, R5
	BNE   variable
	B     begin
room:
	MOVD  R2, R6                 // the 0 behind the environment
	ADD   $8, R2
auxiliary:
	MOVD  (R2), R4
	ADD   $16, R2
	CBNZ  R4, auxiliary          // AT_NULL
	ADD   $8, R2, R7             // its end, and a word
	SUB   R1, R7
	SUB   R7, R1, R7
	AND   $~15, R7
	MOVD  R7, RSP
copy:
	CMP   R6, R1
	BNE   word
	MOVD  $·oneProcessor(SB), R4
	MOVD  R4, (R7)
	ADD   $8, R7
	MOVD  $1, R4
	MOVB  R4, ·processorGiven(SB)
word:
	MOVD  (R1), R4
	MOVD  R4, (R7)
	ADD   $8, R1
	ADD   $8, R7
	CMP   R2, R1
	BNE   copy
begin:
	MOVD  R13, R0
	B     _rt0_arm64_linux(SB)

// runtimeTable gives the address of the runtime's table of signals, nil where it may not be known.
TEXT ·runtimeTable(SB), NOSPLIT, $0-8
	MOVD  ·tableAddress(SB), R0
	MOVD  R0, ret+0(FP)
	RET
