//go:build linux

#include "textflag.h"

// entry: see entry_amd64.s.
TEXT ·entry(SB), NOSPLIT|NOFRAME, $0
	MOVD  R0, R13
	MOVD  ZR, R0                 // rt_sigprocmask(SIG_BLOCK, nil, &inheritedMask, 8)
	MOVD  ZR, R1
	MOVD  $·inheritedMask(SB), R2
	MOVD  $8, R3
	MOVD  $135, R8
	SVC
	MOVD  $1, R12                // the signal
each:
	MOVD  R12, R0                // rt_sigaction(signal, nil, &entryAction, 8)
	MOVD  ZR, R1
	MOVD  $·entryAction(SB), R2
	MOVD  $8, R3
	MOVD  $134, R8
	SVC
	MOVD  ·entryAction(SB), R4   // its handler
	CMP   $1, R4                 // SIG_IGN
	BNE   next
	SUB   $1, R12, R5
	MOVD  $1, R6
	LSL   R5, R6, R6
	MOVD  ·inheritedIgnores(SB), R7
	ORR   R6, R7, R7
	MOVD  R7, ·inheritedIgnores(SB)
next:
	ADD   $1, R12, R12
	CMP   $64, R12
	BLE   each
	MOVD  R13, R0
	B     _rt0_arm64_linux(SB)
