/* memory.c - memory of arrays: aligned, and large blocks used again.
 * SPDX-License-Identifier: MIT
 *
 * A large block from the system is empty pages, and the first store into each costs more than the numbers that are drawn into it. So the
 * last few that were freed are kept, 256 MiB at most, and large blocks ask for huge pages. */
#include "memory.h"

#include <stdlib.h>   /* aligned_alloc */
#include <sys/mman.h> /* madvise */

enum { ALIGNMENT = 64, N_KEPT = 4 };
#define LARGE      ((size_t)1 << 20)
#define HUGE_PAGE  ((size_t)2 << 20)
#define MOST_BYTES ((size_t)256 << 20)

static struct block {
    void *memory;
    size_t n_bytes;
} kept[N_KEPT]; /* the one that was freed last comes first */

static size_t rounded(size_t n_bytes)
{
    size_t to = n_bytes >= LARGE ? HUGE_PAGE : ALIGNMENT;
    return n_bytes == 0 ? to : n_bytes > (size_t)-1 - to ? 0 : (n_bytes + to - 1) / to * to;
}

static void *take_kept(size_t n_bytes)
{
    for (int k = 0; k < N_KEPT; k++)
        if (kept[k].memory && kept[k].n_bytes == n_bytes) {
            void *memory = kept[k].memory;
            for (; k + 1 < N_KEPT; k++)
                kept[k] = kept[k + 1];
            kept[k] = (struct block){NULL, 0};
            return memory;
        }
    return NULL;
}

static void drop_kept(void)
{
    for (int k = 0; k < N_KEPT; k++) {
        free(kept[k].memory);
        kept[k] = (struct block){NULL, 0};
    }
}

void *stream_memory(size_t n_bytes)
{
    size_t size = rounded(n_bytes);
    if (size == 0)
        return NULL;
    if (size < LARGE)
        return aligned_alloc(ALIGNMENT, size);
    void *memory = take_kept(size);
    if (memory)
        return memory;
    memory = aligned_alloc(HUGE_PAGE, size);
    if (!memory) {
        drop_kept();
        memory = aligned_alloc(HUGE_PAGE, size);
    }
#ifdef MADV_HUGEPAGE
    if (memory)
        (void)madvise(memory, size, MADV_HUGEPAGE); /* a wish: without it the pages are small ones */
#endif
    return memory;
}

void stream_memory_free(void *memory, size_t n_bytes)
{
    size_t size = rounded(n_bytes), sum = size;
    if (!memory || size < LARGE || size > MOST_BYTES) {
        free(memory);
        return;
    }
    struct block now = {memory, size};
    for (int k = 0; k < N_KEPT; k++) {
        struct block next = kept[k];
        kept[k] = now;
        now = next;
        sum += now.n_bytes;
        if (sum > MOST_BYTES) {
            free(now.memory);
            sum -= now.n_bytes;
            now = (struct block){NULL, 0};
        }
    }
    free(now.memory);
}
