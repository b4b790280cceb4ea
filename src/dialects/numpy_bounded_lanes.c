/* numpy_bounded_lanes.c - integers of a range by Lemire's method, eight words at a time.
 * SPDX-License-Identifier: MIT
 *
 * A word is drawn again only where its product's lower half is below the number of values: of a thousand values one word in four
 * millions. So a vector in which that can be is left to single draws. */
#include "common/simd.h" /* SIMD_TARGET_AVX512 */
#include "dialects/numpy_generator.h"
#include "engines/lanes.h" /* lanes_stream */

#if SIMD_HAS_VARIANTS && ONESEED_SIMD_MOST > 1
enum { VECTOR = 8 };

SIMD_TARGET_AVX512 SIMD_BODY size_t bounded_body(const uint32_t *words, size_t n, uint64_t first, uint32_t n_values,
                                                 uint64_t *out, bool streams)
{
    const __m512i factor = _mm512_set1_epi64(n_values), start = _mm512_set1_epi64((long long)first);
    size_t k = 0;
    for (; k + VECTOR <= n; k += VECTOR) {
        __m512i word = _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)(words + k)));
        __m512i product = _mm512_mul_epu32(word, factor);
        if (_mm512_cmplt_epu64_mask(_mm512_slli_epi64(product, 32), _mm512_slli_epi64(factor, 32)))
            break;
        __m512i values = _mm512_add_epi64(start, _mm512_srli_epi64(product, 32));
        if (streams)
            _mm512_stream_si512((__m512i *)(void *)(out + k), values);
        else
            _mm512_storeu_si512(out + k, values);
    }
    return k;
}

SIMD_TARGET_AVX512 static size_t bounded(const uint32_t *words, size_t n, uint64_t first, uint32_t n_values,
                                         uint64_t *out, bool streams)
{
    return streams ? bounded_body(words, n, first, n_values, out, true)
                   : bounded_body(words, n, first, n_values, out, false);
}

size_t numpy_bounded_lanes(const uint32_t *words, size_t n, uint64_t first, uint32_t range, uint64_t *out, bool streams)
{
    return simd_level() == SIMD_AVX512 ? bounded(words, n, first, range + 1, out, streams) : 0;
}

void numpy_bounded_end(bool streams)
{
    if (streams)
        _mm_sfence();
}
#else
size_t numpy_bounded_lanes(const uint32_t *words, size_t n, uint64_t first, uint32_t range, uint64_t *out, bool streams)
{
    (void)words;
    (void)n;
    (void)first;
    (void)range;
    (void)out;
    (void)streams;
    return 0;
}

void numpy_bounded_end(bool streams)
{
    (void)streams;
}
#endif
