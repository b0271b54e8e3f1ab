// Stands before glibc's allocator and counts. Swift's heap objects come through malloc or
// posix_memalign.
#define _GNU_SOURCE
#include "allocations.h"

#include <errno.h>  // Defines __GLIBC__ where it is.
#include <stddef.h>

#ifdef __GLIBC__

static long count;

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static void tick(void) { __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED); }

void *malloc(size_t size) {
  tick();
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  tick();
  return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
  tick();
  return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  tick();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
  tick();
  *out = __libc_memalign(alignment, size);
  return *out ? 0 : ENOMEM;
}

long allocations_so_far(void) { return __atomic_load_n(&count, __ATOMIC_RELAXED); }
#else
long allocations_so_far(void) { return -1; }
#endif
