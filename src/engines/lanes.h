/* lanes.h - what engines that run in vectors make of their words: the words, or the uniforms that they stand for.
 * SPDX-License-Identifier: MIT
 *
 * Uniforms are made where the words are, so that nothing waits for a store to be read again, and large outputs go past the caches vector
 * by vector: memory is written while the next words are computed. */
#ifndef ONESEED_ENGINES_LANES_H
#define ONESEED_ENGINES_LANES_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uintptr_t */

#include "common/simd.h" /* SIMD_HAS_VARIANTS */

/* A word as it is; a double of its upper 53 bits; two floats of the upper 24 (or 23) bits of its halves, the lower half first. */
enum lane_form { LANE_WORDS, LANE_DOUBLES, LANE_FLOATS, LANE_FLOATS_23 };
enum { LANE_NBYTES = 8, LANE_LINE = 64 }; /* all forms of a word have 8 bytes */

/* Whether n words at an address go past the caches: they begin a line, and are many. */
static inline bool lanes_stream(const void *out, size_t n)
{
    return n >= ((size_t)8 << 20) / LANE_NBYTES && (uintptr_t)out % LANE_LINE == 0;
}

/* Whole lines that wait for their way past the caches: whoever computes stores one now and then. */
struct lane_lines {
    const char *from;
    char *to;
    size_t n;
};

#if SIMD_HAS_VARIANTS && ONESEED_SIMD_MOST > 1
#include <immintrin.h> /* _mm512_stream_si512 */

SIMD_TARGET_AVX512 SIMD_BODY void lane_store_line(struct lane_lines *lines)
{
    if (lines->n == 0)
        return;
    _mm512_stream_si512((__m512i *)(void *)lines->to, _mm512_loadu_si512(lines->from));
    lines->from += LANE_LINE;
    lines->to += LANE_LINE;
    lines->n--;
}

SIMD_TARGET_AVX512 SIMD_BODY __m512i lane_floats(__m512i words, int shift, float unit)
{
    __m512 digits = _mm512_cvtepi32_ps(_mm512_srli_epi32(words, (unsigned)shift));
    return _mm512_castps_si512(_mm512_mul_ps(digits, _mm512_set1_ps(unit)));
}

SIMD_TARGET_AVX512 SIMD_BODY __m512i lane_make(__m512i words, enum lane_form form)
{
    switch (form) {
    case LANE_DOUBLES: {
        __m512d digits = _mm512_cvtepi64_pd(_mm512_srli_epi64(words, 11));
        return _mm512_castpd_si512(_mm512_mul_pd(digits, _mm512_set1_pd(1.0 / 9007199254740992.0)));
    }
    case LANE_FLOATS:
        return lane_floats(words, 8, 1.0f / 16777216.0f);
    case LANE_FLOATS_23:
        return lane_floats(words, 9, 1.0f / 8388608.0f);
    case LANE_WORDS:
        break;
    }
    return words;
}

SIMD_TARGET_AVX512 SIMD_BODY void lane_put(char *out, __m512i words, enum lane_form form, bool streams)
{
    __m512i made = lane_make(words, form);
    if (streams)
        _mm512_stream_si512((__m512i *)(void *)out, made);
    else
        _mm512_storeu_si512(out, made);
}

/* Calls `body(…, form, streams)` with constants in the last two places, so that each is compiled alone. */
#define LANE_EACH(form, streams, body, ...)                                                                            \
    do {                                                                                                               \
        switch (form) {                                                                                                \
        case LANE_WORDS:                                                                                               \
            (streams) ? body(__VA_ARGS__, LANE_WORDS, true) : body(__VA_ARGS__, LANE_WORDS, false);                    \
            break;                                                                                                     \
        case LANE_DOUBLES:                                                                                             \
            (streams) ? body(__VA_ARGS__, LANE_DOUBLES, true) : body(__VA_ARGS__, LANE_DOUBLES, false);                \
            break;                                                                                                     \
        case LANE_FLOATS:                                                                                              \
            (streams) ? body(__VA_ARGS__, LANE_FLOATS, true) : body(__VA_ARGS__, LANE_FLOATS, false);                  \
            break;                                                                                                     \
        case LANE_FLOATS_23:                                                                                           \
            (streams) ? body(__VA_ARGS__, LANE_FLOATS_23, true) : body(__VA_ARGS__, LANE_FLOATS_23, false);            \
            break;                                                                                                     \
        }                                                                                                              \
        if (streams)                                                                                                   \
            _mm_sfence();                                                                                              \
    } while (0)
#endif

#endif
