/* numpy_ziggurat_lanes.c - Generator's standard normals and exponentials of words, in AVX-512.
 * SPDX-License-Identifier: MIT
 *
 * A vector of words makes a vector of values where all of them are inside their layers, as nine of ten vectors are. Otherwise those before
 * the first that is not are kept, that one is drawn from as single draws do, and the next vector begins behind what it took. */
#include "common/simd.h" /* SIMD_TARGET_AVX512 */
#include "dialects/numpy_ziggurat_lanes.h"

#if SIMD_HAS_VARIANTS && ONESEED_SIMD_MOST > 1
#include <immintrin.h> /* _mm512_i64gather_pd */

/* A guess of each word, and which of them are right. */
SIMD_TARGET_AVX512 SIMD_BODY __mmask8 guess_normals(const uint64_t *words, double *values)
{
    const __m512i word = _mm512_loadu_si512(words), layer = _mm512_and_si512(word, _mm512_set1_epi64(0xff));
    const __m512i digits = _mm512_and_si512(_mm512_srli_epi64(word, 9), _mm512_set1_epi64(0x000fffffffffffff));
    const __m512i sign = _mm512_slli_epi64(_mm512_and_si512(word, _mm512_set1_epi64(0x100)), 55);
    __m512d x = _mm512_mul_pd(_mm512_cvtepi64_pd(digits), _mm512_i64gather_pd(layer, numpy_normal_w_f64, 8));
    _mm512_storeu_pd(values, _mm512_castsi512_pd(_mm512_xor_si512(_mm512_castpd_si512(x), sign)));
    return _mm512_cmplt_epi64_mask(digits, _mm512_i64gather_epi64(layer, (const void *)numpy_normal_k_f64, 8));
}

SIMD_TARGET_AVX512 SIMD_BODY __mmask8 guess_exponentials(const uint64_t *words, double *values)
{
    const __m512i word = _mm512_loadu_si512(words), digits = _mm512_srli_epi64(word, 11);
    const __m512i layer = _mm512_and_si512(_mm512_srli_epi64(word, 3), _mm512_set1_epi64(0xff));
    _mm512_storeu_pd(values,
                     _mm512_mul_pd(_mm512_cvtepi64_pd(digits), _mm512_i64gather_pd(layer, numpy_exponential_w_f64, 8)));
    return _mm512_cmplt_epi64_mask(digits, _mm512_i64gather_epi64(layer, (const void *)numpy_exponential_k_f64, 8));
}

SIMD_TARGET_AVX512 SIMD_BODY __mmask16 guess_normals_f32(const uint32_t *words, float *values)
{
    const __m512i word = _mm512_loadu_si512(words), layer = _mm512_and_si512(word, _mm512_set1_epi32(0xff));
    const __m512i digits = _mm512_srli_epi32(word, 9);
    const __m512i sign = _mm512_slli_epi32(_mm512_and_si512(word, _mm512_set1_epi32(0x100)), 23);
    __m512 x = _mm512_mul_ps(_mm512_cvtepi32_ps(digits), _mm512_i32gather_ps(layer, numpy_normal_w_f32, 4));
    _mm512_storeu_ps(values, _mm512_castsi512_ps(_mm512_xor_si512(_mm512_castps_si512(x), sign)));
    return _mm512_cmplt_epu32_mask(digits, _mm512_i32gather_epi32(layer, (const void *)numpy_normal_k_f32, 4));
}

SIMD_TARGET_AVX512 SIMD_BODY __mmask16 guess_exponentials_f32(const uint32_t *words, float *values)
{
    const __m512i word = _mm512_loadu_si512(words), digits = _mm512_srli_epi32(word, 9);
    const __m512i layer = _mm512_and_si512(_mm512_srli_epi32(word, 1), _mm512_set1_epi32(0xff));
    _mm512_storeu_ps(values,
                     _mm512_mul_ps(_mm512_cvtepi32_ps(digits), _mm512_i32gather_ps(layer, numpy_exponential_w_f32, 4)));
    return _mm512_cmplt_epu32_mask(digits, _mm512_i32gather_epi32(layer, (const void *)numpy_exponential_k_f32, 4));
}

#define MAKE(name, type, bits, per_vector, guess, draw)                                                                \
    SIMD_TARGET_AVX512 static struct ziggurat_made name##_lanes(struct numpy_reader##bits reader, type *out, size_t n, \
                                                                struct lane_lines *waiting)                            \
    {                                                                                                                  \
        const uint##bits##_t *const first = reader.next;                                                               \
        struct lane_lines lines = *waiting;                                                                            \
        size_t n_made = 0;                                                                                             \
        while (n_made + per_vector <= n && (size_t)(reader.end - reader.next) >= per_vector) {                         \
            unsigned outside = (unsigned)guess(reader.next, out + n_made) ^ ((1u << per_vector) - 1);                  \
            size_t n_inside = outside ? (size_t)__builtin_ctz(outside) : per_vector;                                   \
            lane_store_line(&lines);                                                                                   \
            n_made += n_inside;                                                                                        \
            reader.next += n_inside;                                                                                   \
            if (outside)                                                                                               \
                out[n_made++] = draw(&reader);                                                                         \
        }                                                                                                              \
        *waiting = lines;                                                                                              \
        return (struct ziggurat_made){(size_t)(reader.next - first), n_made};                                          \
    }                                                                                                                  \
    struct ziggurat_made numpy_##name##_lanes(struct numpy_reader##bits reader, type *out, size_t n,                   \
                                              struct lane_lines *waiting)                                              \
    {                                                                                                                  \
        if (simd_level() != SIMD_AVX512)                                                                               \
            return (struct ziggurat_made){0, 0};                                                                       \
        return name##_lanes(reader, out, n, waiting);                                                                  \
    }
#else
#define MAKE(name, type, bits, per_vector, guess, draw)                                                                \
    struct ziggurat_made numpy_##name##_lanes(struct numpy_reader##bits reader, type *out, size_t n,                   \
                                              struct lane_lines *waiting)                                              \
    {                                                                                                                  \
        (void)reader;                                                                                                  \
        (void)out;                                                                                                     \
        (void)n;                                                                                                       \
        (void)waiting;                                                                                                 \
        return (struct ziggurat_made){0, 0};                                                                           \
    }
#endif

MAKE(standard_normal, double, 64, 8, guess_normals, numpy_ziggurat_normal)
MAKE(standard_normal_f32, float, 32, 16, guess_normals_f32, numpy_ziggurat_normal_f32)
MAKE(standard_exponential, double, 64, 8, guess_exponentials, numpy_ziggurat_exponential)
MAKE(standard_exponential_f32, float, 32, 16, guess_exponentials_f32, numpy_ziggurat_exponential_f32)
