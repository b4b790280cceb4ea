/* numpy_ziggurat_fill.c - many of Generator's standard normals and exponentials.
 * SPDX-License-Identifier: MIT
 *
 * Of a hundred words some 99 are inside their layer and make a value each, by arithmetic alone. So a guess is made for every word of
 * a piece, as if each were a first one; the runs between the words that are not inside are kept, and such a word is drawn from as
 * single draws do, with the words behind it. */
#include <string.h> /* memchr */

#include "common/simd.h"              /* SIMD_VARIANTS */
#include "dialects/numpy_generator.h" /* the functions that are defined here */
#include "dialects/numpy_ziggurat.h"  /* numpy_ziggurat_normal */

enum { CHUNK = 512 };

SIMD_BODY void guess_normals_body(const uint64_t *restrict words, double *restrict values, uint8_t *restrict outside,
                                  size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t layer = words[i] & 0xff, digits = words[i] >> 9 & 0x000fffffffffffff;
        values[i] = numpy_signed((double)(int64_t)digits * numpy_normal_w_f64[layer], words[i]);
        outside[i] = (int64_t)digits >= (int64_t)numpy_normal_k_f64[layer];
    }
}
SIMD_VARIANTS(static void, guess_normals, (const uint64_t *words, double *values, uint8_t *outside, size_t n),
              (words, values, outside, n))

SIMD_BODY void guess_exponentials_body(const uint64_t *restrict words, double *restrict values,
                                       uint8_t *restrict outside, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t layer = words[i] >> 3 & 0xff, digits = words[i] >> 11;
        values[i] = (double)(int64_t)digits * numpy_exponential_w_f64[layer];
        outside[i] = (int64_t)digits >= (int64_t)numpy_exponential_k_f64[layer];
    }
}
SIMD_VARIANTS(static void, guess_exponentials, (const uint64_t *words, double *values, uint8_t *outside, size_t n),
              (words, values, outside, n))

SIMD_BODY void guess_normals_f32_body(const uint32_t *restrict words, float *restrict values, uint8_t *restrict outside,
                                      size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t layer = words[i] & 0xff, digits = words[i] >> 9 & 0x7fffff;
        values[i] = numpy_signed_f32((float)(int32_t)digits * numpy_normal_w_f32[layer], words[i]);
        outside[i] = digits >= numpy_normal_k_f32[layer];
    }
}
SIMD_VARIANTS(static void, guess_normals_f32, (const uint32_t *words, float *values, uint8_t *outside, size_t n),
              (words, values, outside, n))

SIMD_BODY void guess_exponentials_f32_body(const uint32_t *restrict words, float *restrict values,
                                           uint8_t *restrict outside, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t layer = words[i] >> 1 & 0xff, digits = words[i] >> 9;
        values[i] = (float)(int32_t)digits * numpy_exponential_w_f32[layer];
        outside[i] = digits >= numpy_exponential_k_f32[layer];
    }
}
SIMD_VARIANTS(static void, guess_exponentials_f32, (const uint32_t *words, float *values, uint8_t *outside, size_t n),
              (words, values, outside, n))

/* As many words as values are wanted: each value takes one at least. */
#define FILL(name, type, bits, guess, draw)                                                                            \
    void oneseed_numpy_##name##_fill(oneseed_numpy *state, type *out, size_t n)                                        \
    {                                                                                                                  \
        struct simd_output output = simd_output(out, n * sizeof *out);                                                 \
        uint##bits##_t words[CHUNK];                                                                                   \
        type guesses[CHUNK], buffer[CHUNK];                                                                            \
        uint8_t outside[CHUNK];                                                                                        \
        for (size_t done = 0, n_made; done < n; done += n_made) {                                                      \
            size_t n_words = n - done < CHUNK ? n - done : CHUNK;                                                      \
            type *values = simd_output_place(&output, buffer);                                                         \
            numpy_fill_u##bits(state, words, n_words);                                                                 \
            guess(words, guesses, outside, n_words);                                                                   \
            n_made = 0;                                                                                                \
            for (size_t at = 0; at < n_words;) {                                                                       \
                const uint8_t *found = memchr(outside + at, 1, n_words - at);                                          \
                size_t n_run = found ? (size_t)(found - outside) - at : n_words - at;                                  \
                memcpy(values + n_made, guesses + at, n_run * sizeof *values);                                         \
                n_made += n_run;                                                                                       \
                at += n_run;                                                                                           \
                if (found) {                                                                                           \
                    struct numpy_reader##bits reader = {state, words + at, words + n_words};                           \
                    values[n_made++] = draw(&reader);                                                                  \
                    at = (size_t)(reader.next - words);                                                                \
                }                                                                                                      \
            }                                                                                                          \
            simd_output_put(&output, values, n_made * sizeof *values);                                                 \
        }                                                                                                              \
        simd_output_end(&output);                                                                                      \
    }

FILL(standard_normal, double, 64, guess_normals, numpy_ziggurat_normal)
FILL(standard_normal_f32, float, 32, guess_normals_f32, numpy_ziggurat_normal_f32)
FILL(standard_exponential, double, 64, guess_exponentials, numpy_ziggurat_exponential)
FILL(standard_exponential_f32, float, 32, guess_exponentials_f32, numpy_ziggurat_exponential_f32)
