/* mt19937_lanes.c - doubles of MT19937's words in AVX-512: words, tempering and conversion in one pass.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy */

#include "engines/lanes.h"   /* SIMD_TARGET_AVX512 */
#include "engines/mt19937.h" /* MT19937_N */

#if SIMD_HAS_VARIANTS && ONESEED_SIMD_MOST > 1
/* Blocks follow each other in memory, so that a word's three predecessors are at the same distances everywhere. */
enum { VECTOR = 16, MEMORY = 5 * MT19937_N, LEAST_DOUBLES = 64, LEAST_LEAD = 2 * VECTOR };

SIMD_TARGET_AVX512 SIMD_BODY __m512i load(const uint32_t *words)
{
    return _mm512_loadu_si512(words);
}

/* The next words, behind 624 others. */
SIMD_TARGET_AVX512 SIMD_BODY void make_words(uint32_t *words)
{
    const __m512i low_bits = _mm512_set1_epi32(0x7fffffff), one = _mm512_set1_epi32(1);
    const __m512i feedback = _mm512_set1_epi32((int)0x9908b0dfu);
    const uint32_t *before = words - MT19937_N;
    __m512i word = load(before), next = load(before + 1), far = load(before + MT19937_M);
    __m512i mixed =
        _mm512_ternarylogic_epi32(low_bits, next, word, 0xca); /* low bits of the next, the high one of the word */
    __m512i shifted = _mm512_xor_si512(far, _mm512_srli_epi32(mixed, 1));
    __m512i made = _mm512_mask_xor_epi32(shifted, _mm512_test_epi32_mask(next, one), shifted, feedback);
    _mm512_storeu_si512(words, made);
}

SIMD_TARGET_AVX512 SIMD_BODY __m512i temper(__m512i y)
{
    y = _mm512_xor_si512(y, _mm512_srli_epi32(y, 11));
    y = _mm512_ternarylogic_epi32(y, _mm512_slli_epi32(y, 7), _mm512_set1_epi32((int)0x9d2c5680u), 0x78);
    y = _mm512_ternarylogic_epi32(y, _mm512_slli_epi32(y, 15), _mm512_set1_epi32((int)0xefc60000u), 0x78);
    return _mm512_xor_si512(y, _mm512_srli_epi32(y, 18));
}

/* 27 bits of the first word of a pair above 26 of the other; the lower 53 bits of both, the first one above. */
SIMD_TARGET_AVX512 SIMD_BODY __m512d doubles_of_pairs(__m512i words, enum mt19937_doubles kind)
{
    const __m512i above = _mm512_set1_epi64(0x1ffffffc000000), low53 = _mm512_set1_epi64(0x1fffffffffffff);
    __m512i digits = kind == MT19937_LOW53 ? _mm512_and_si512(_mm512_rol_epi64(words, 32), low53)
                                           : _mm512_ternarylogic_epi64(_mm512_srli_epi64(words, 38),
                                                                       _mm512_slli_epi64(words, 21), above, 0xf8);
    return _mm512_mul_pd(_mm512_cvtepi64_pd(digits), _mm512_set1_pd(1.0 / 9007199254740992.0));
}

/* Words are made as fast as they are used, so that there are stores past the caches all the time. They lead: a load that crosses two
 * stores waits until both have left the processor. */
SIMD_TARGET_AVX512 SIMD_BODY void fill_body(oneseed_mt19937 *state, double *out, size_t n, enum mt19937_doubles kind,
                                            bool streams)
{
    uint32_t words[MEMORY];
    size_t at = state->position, n_made = MT19937_N;
    memcpy(words, state->words, sizeof state->words);
    for (; n_made < at + LEAST_LEAD; n_made += VECTOR)
        make_words(words + n_made);
    for (size_t done = 0; done < n;) {
        if (n_made == MEMORY) {
            memcpy(words, words + MEMORY - MT19937_N, sizeof state->words);
            at -= MEMORY - MT19937_N;
            n_made = MT19937_N;
        }
        for (; n_made < MEMORY && done < n; n_made += VECTOR, at += VECTOR, done += VECTOR / 2) {
            make_words(words + n_made);
            __m512d values = doubles_of_pairs(temper(load(words + at)), kind);
            if (streams)
                _mm512_stream_pd(out + done, values);
            else
                _mm512_storeu_pd(out + done, values);
        }
    }
    /* The block of the last word that was taken. */
    size_t last = (at - 1) / MT19937_N;
    for (; n_made < (last + 1) * MT19937_N; n_made += VECTOR)
        make_words(words + n_made);
    memcpy(state->words, words + last * MT19937_N, sizeof state->words);
    state->position = (uint32_t)(at - last * MT19937_N);
}

#define FILL(name, kind)                                                                                               \
    SIMD_TARGET_AVX512 static void name(oneseed_mt19937 *state, double *out, size_t n)                                 \
    {                                                                                                                  \
        if (lanes_stream(out, n)) {                                                                                    \
            fill_body(state, out, n, kind, true);                                                                      \
            _mm_sfence();                                                                                              \
        } else {                                                                                                       \
            fill_body(state, out, n, kind, false);                                                                     \
        }                                                                                                              \
    }
FILL(fill_res53, MT19937_RES53)
FILL(fill_low53, MT19937_LOW53)

size_t mt19937_fill_doubles(oneseed_mt19937 *state, enum mt19937_doubles kind, double *out, size_t n)
{
    if (n < LEAST_DOUBLES || simd_level() != SIMD_AVX512)
        return 0;
    if (!lanes_stream(out, n) && lanes_stream(NULL, n))
        return 0; /* a large output that begins within a line: what streams pieces is quicker */
    n -= n % (VECTOR / 2);
    (kind == MT19937_LOW53 ? fill_low53 : fill_res53)(state, out, n);
    return n;
}
#else
size_t mt19937_fill_doubles(oneseed_mt19937 *state, enum mt19937_doubles kind, double *out, size_t n)
{
    (void)state;
    (void)kind;
    (void)out;
    (void)n;
    return 0;
}
#endif
