/* simd.c - stores that pass by the caches.
 * SPDX-License-Identifier: MIT */
#include "common/simd.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h> /* _mm_stream_si128 */
#include <stdint.h>    /* uintptr_t */
#include <string.h>    /* memcpy */

static size_t stream_16(char *to, const char *from, size_t n_bytes)
{
    size_t done = 0;
    for (; done + 16 <= n_bytes; done += 16)
        _mm_stream_si128((__m128i *)(void *)(to + done), _mm_loadu_si128((const __m128i *)(const void *)(from + done)));
    return done;
}

#if SIMD_HAS_VARIANTS && ONESEED_SIMD_MOST > 1
/* Whole lines. */
SIMD_TARGET_AVX512 static size_t stream_64(char *to, const char *from, size_t n_bytes)
{
    size_t done = 0;
    for (; done + 64 <= n_bytes; done += 64)
        _mm512_stream_si512((__m512i *)(void *)(to + done), _mm512_loadu_si512(from + done));
    return done;
}
#else
static size_t stream_64(char *to, const char *from, size_t n_bytes)
{
    return stream_16(to, from, n_bytes);
}
#endif

/* From a line's beginning on; what is before it and behind the last one is copied. */
static void stream(char *to, const char *from, size_t n_bytes)
{
    size_t head = (size_t)(-(uintptr_t)to & 63), done;
    if (head > n_bytes)
        head = n_bytes;
    memcpy(to, from, head);
    done = head + (simd_level() == SIMD_AVX512 ? stream_64 : stream_16)(to + head, from + head, n_bytes - head);
    memcpy(to + done, from + done, n_bytes - done);
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
