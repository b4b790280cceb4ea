/* simd.c - stores that pass by the caches.
 * SPDX-License-Identifier: MIT */
#include "common/simd.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <emmintrin.h> /* _mm_stream_si128 */
#include <stdint.h>    /* uintptr_t */
#include <string.h>    /* memcpy */

static void stream(char *to, const char *from, size_t n_bytes)
{
    size_t head = (size_t)(-(uintptr_t)to & 15);
    if (head > n_bytes)
        head = n_bytes;
    memcpy(to, from, head);
    for (to += head, from += head, n_bytes -= head; n_bytes >= 16; to += 16, from += 16, n_bytes -= 16)
        _mm_stream_si128((__m128i *)(void *)to, _mm_loadu_si128((const __m128i *)(const void *)from));
    memcpy(to, from, n_bytes);
}

void simd_output_put(struct simd_output *output, const void *piece, size_t n_bytes)
{
    if (output->streams)
        stream(output->to, piece, n_bytes);
    output->to += n_bytes;
}

void simd_output_end(const struct simd_output *output)
{
    if (output->streams)
        _mm_sfence();
}
#else
#include <string.h> /* memcpy */

void simd_output_put(struct simd_output *output, const void *piece, size_t n_bytes)
{
    if (output->streams)
        memcpy(output->to, piece, n_bytes);
    output->to += n_bytes;
}

void simd_output_end(const struct simd_output *output)
{
    (void)output;
}
#endif
