//go:build linux && (amd64 || arm64) && entry

#include "textflag.h"

// Where the runtime's table of signals is. The linker lets nobody know that but with -checklinkname=0, hence the build tag.
DATA ·tableAddress(SB)/8, $runtime·sigtable(SB)
GLOBL ·tableAddress(SB), NOPTR, $8
