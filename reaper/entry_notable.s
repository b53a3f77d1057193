//go:build linux && (amd64 || arm64) && !entry

#include "textflag.h"

DATA ·tableAddress(SB)/8, $0
GLOBL ·tableAddress(SB), NOPTR, $8
