/* memory.h - memory of arrays: aligned, and large blocks used again.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_STREAMS_MEMORY_H
#define ONESEED_STREAMS_MEMORY_H

#include <stddef.h> /* size_t */

/* n bytes, not cleared, at a multiple of 64; NULL when there are none. Both functions need the GIL. */
void *stream_memory(size_t n_bytes);
/* What stream_memory(n_bytes) gave, or NULL. */
void stream_memory_free(void *memory, size_t n_bytes);

#endif
