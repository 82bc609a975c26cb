#include "AllocationCounter.h"

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
// Sanitizers have a malloc of their own, which must stay in place.
long allocation_current(void) { return 0; }
long allocation_peak(void) { return 0; }
void allocation_reset(void) {}
#else

// glibc's own functions, to which those below hand on.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static atomic_long current, peak;

static void change(long bytes) {
  long now = atomic_fetch_add(&current, bytes) + bytes;
  long most = atomic_load(&peak);
  while (now > most && !atomic_compare_exchange_weak(&peak, &most, now)) {
  }
}

static void *counted(void *memory) {
  if (memory) change((long)malloc_usable_size(memory));
  return memory;
}

long allocation_current(void) { return atomic_load(&current); }
long allocation_peak(void) { return atomic_load(&peak); }
void allocation_reset(void) { atomic_store(&peak, atomic_load(&current)); }

void *malloc(size_t size) { return counted(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size)); }
void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }
void *aligned_alloc(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }

void free(void *memory) {
  if (memory) change(-(long)malloc_usable_size(memory));
  __libc_free(memory);
}

void *realloc(void *memory, size_t size) {
  long before = memory ? (long)malloc_usable_size(memory) : 0;
  void *moved = __libc_realloc(memory, size);
  if (moved || size == 0) change((moved ? (long)malloc_usable_size(moved) : 0) - before);
  return moved;
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  if (alignment < sizeof(void *) || (alignment & (alignment - 1))) return EINVAL;
  void *memory = counted(__libc_memalign(alignment, size));
  if (!memory) return ENOMEM;
  *result = memory;
  return 0;
}

#endif
