#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

// A program that links this counts what all of it allocates: malloc and its relatives are replaced, in every library.

// Bytes that are allocated now.
long allocation_current(void);
// The most that were allocated at a time since the last call of allocation_reset().
long allocation_peak(void);
void allocation_reset(void);

#endif
