#pragma once
// Several compilations of a function, one for each instruction set; the program chooses when it starts.

#if defined(__x86_64__) && defined(__linux__)
#define EVERY_WIDTH __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define EVERY_WIDTH
#endif
