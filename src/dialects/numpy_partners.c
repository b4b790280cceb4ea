/* numpy_partners.c - with whom a shuffle exchanges, of words that were made in bulk.
 * SPDX-License-Identifier: MIT */
#include "dialects/numpy_partners.h"

#include "common/simd.h"           /* simd_level */
#include "dialects/numpy_shared.h" /* numpy_mask */

#if SIMD_HAS_VARIANTS && ONESEED_SIMD_MOST > 1
#include <immintrin.h> /* _mm512_maskz_compress_epi32 */

enum { VECTOR = 16 };

/* As long as the mask stays the same for a whole vector of words. The position falls by at most VECTOR meanwhile: what is at most the
 * lowest of these is taken, what is above the highest is not; a vector with a word between is left to the caller. */
SIMD_TARGET_AVX512 static struct numpy_partners choose_lanes(const uint32_t *words, size_t n_words, uint32_t position,
                                                             uint32_t *partners)
{
    struct numpy_partners made = {0, 0};
    const uint32_t mask = (uint32_t)numpy_mask(position);
    while (made.n_words + VECTOR <= n_words && position > (mask >> 1) + VECTOR) {
        __m512i j = _mm512_and_si512(_mm512_loadu_si512(words + made.n_words), _mm512_set1_epi32((int)mask));
        __mmask16 taken = _mm512_cmple_epu32_mask(j, _mm512_set1_epi32((int)(position - VECTOR)));
        if (taken != _mm512_cmple_epu32_mask(j, _mm512_set1_epi32((int)position)))
            break;
        _mm512_storeu_si512(partners + made.n, _mm512_maskz_compress_epi32(taken, j));
        uint32_t n_taken = (uint32_t)__builtin_popcount(taken);
        made.n += n_taken;
        position -= n_taken;
        made.n_words += VECTOR;
    }
    return made;
}

static struct numpy_partners choose_many(const uint32_t *words, size_t n_words, uint32_t position, uint32_t *partners)
{
    if (simd_level() != SIMD_AVX512)
        return (struct numpy_partners){0, 0};
    return choose_lanes(words, n_words, position, partners);
}
#else
static struct numpy_partners choose_many(const uint32_t *words, size_t n_words, uint32_t position, uint32_t *partners)
{
    (void)words;
    (void)n_words;
    (void)position;
    (void)partners;
    return (struct numpy_partners){0, 0};
}
#endif

enum { SOME = 32 }; /* words that are gone through one by one before vectors are tried again */

/* No branch depends on a word. */
size_t numpy_choose_partners(const uint32_t *words, size_t n_words, uint32_t position, uint32_t *partners)
{
    size_t n = 0;
    for (size_t at = 0; at < n_words;) {
        struct numpy_partners made = choose_many(words + at, n_words - at, position, partners + n);
        at += made.n_words;
        n += made.n;
        position -= (uint32_t)made.n;
        uint32_t mask = (uint32_t)numpy_mask(position);
        size_t end = n_words - at < SOME ? n_words : at + SOME;
        for (; at < end; at++) {
            uint32_t j = words[at] & mask, is_taken = j <= position;
            partners[n] = j;
            n += is_taken;
            position -= is_taken;
            mask = position <= mask >> 1 ? mask >> 1 : mask;
        }
    }
    return n;
}
