/* numpy_ziggurat_fill.c - many of Generator's standard normals and exponentials.
 * SPDX-License-Identifier: MIT
 *
 * Of a hundred words some 99 are inside their layer and make a value each, by arithmetic alone. So a guess is made for every word of
 * a piece, as if each were a first one; the runs between the words that are not inside are kept, and such a word is drawn from as
 * single draws do, with the words behind it. */
#include <stdbool.h> /* bool */
#include <string.h>  /* memchr */

#include "common/simd.h"                   /* SIMD_VARIANTS */
#include "dialects/numpy_generator.h"      /* the functions that are defined here */
#include "dialects/numpy_ziggurat.h"       /* numpy_ziggurat_normal */
#include "dialects/numpy_ziggurat_lanes.h" /* numpy_standard_normal_lanes */

enum { CHUNK = 1024 };

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

/* All values of some words, which are as many as are wanted at most: each takes one word at least. */
#define MAKE(name, type, bits, guess, draw)                                                                            \
    static size_t make_##name(oneseed_numpy *state, const uint##bits##_t *words, size_t n_words, type *values,         \
                              struct lane_lines *waiting)                                                              \
    {                                                                                                                  \
        struct numpy_reader##bits reader = {state, words, words + n_words};                                            \
        struct ziggurat_made made = numpy_##name##_lanes(reader, values, n_words, waiting);                            \
        type guesses[CHUNK];                                                                                           \
        uint8_t outside[CHUNK];                                                                                        \
        size_t n_made = made.n_values, at = made.n_words;                                                              \
        guess(words + at, guesses + at, outside + at, n_words - at);                                                   \
        while (at < n_words) {                                                                                         \
            const uint8_t *found = memchr(outside + at, 1, n_words - at);                                              \
            size_t n_run = found ? (size_t)(found - outside) - at : n_words - at;                                      \
            memcpy(values + n_made, guesses + at, n_run * sizeof *values);                                             \
            n_made += n_run;                                                                                           \
            at += n_run;                                                                                               \
            if (found) {                                                                                               \
                reader.next = words + at;                                                                              \
                values[n_made++] = draw(&reader);                                                                      \
                at = (size_t)(reader.next - words);                                                                    \
            }                                                                                                          \
        }                                                                                                              \
        return n_made;                                                                                                 \
    }

/* What is made goes out in pieces, whole lines of it while the next piece is made; the rest of a line is the next piece's beginning. */
struct pieces {
    char *to;
    struct lane_lines waiting;
    size_t n_held; /* values */
};

static void put_lines(struct pieces *pieces, void *piece, size_t n, size_t size, void *next)
{
    size_t n_lines = n * size / LANE_LINE, n_bytes = n_lines * LANE_LINE;
    struct simd_output output = {pieces->waiting.to, true};
    if (pieces->waiting.n > 0)
        simd_output_put(&output, pieces->waiting.from, pieces->waiting.n * LANE_LINE);
    pieces->waiting = (struct lane_lines){piece, pieces->to, n_lines};
    pieces->to += n_bytes;
    pieces->n_held = n - n_bytes / size;
    memcpy(next, (char *)piece + n_bytes, pieces->n_held * size);
}

static void end_lines(struct pieces *pieces, const void *held, size_t size)
{
    struct simd_output output = {pieces->waiting.to, true};
    simd_output_put(&output, pieces->waiting.from, pieces->waiting.n * LANE_LINE);
    memcpy(pieces->to, held, pieces->n_held * size);
    simd_output_end(&output);
}

#define FILL(name, type, bits, guess, draw)                                                                            \
    MAKE(name, type, bits, guess, draw)                                                                                \
    static size_t stream_##name(oneseed_numpy *state, type *out, size_t n)                                             \
    {                                                                                                                  \
        struct pieces pieces = {.to = (char *)out};                                                                    \
        uint##bits##_t words[CHUNK];                                                                                   \
        type buffers[2][CHUNK + LANE_LINE];                                                                            \
        size_t done = 0;                                                                                               \
        for (unsigned turn = 0; n - done >= CHUNK; turn ^= 1) {                                                        \
            type *values = buffers[turn];                                                                              \
            numpy_fill_u##bits(state, words, CHUNK);                                                                   \
            size_t n_made = make_##name(state, words, CHUNK, values + pieces.n_held, &pieces.waiting);                 \
            done += n_made;                                                                                            \
            put_lines(&pieces, values, pieces.n_held + n_made, sizeof *values, buffers[turn ^ 1]);                     \
            if (n - done < CHUNK)                                                                                      \
                end_lines(&pieces, buffers[turn ^ 1], sizeof *values);                                                 \
        }                                                                                                              \
        return done;                                                                                                   \
    }                                                                                                                  \
    void oneseed_numpy_##name##_fill(oneseed_numpy *state, type *out, size_t n)                                        \
    {                                                                                                                  \
        struct lane_lines none = {0};                                                                                  \
        uint##bits##_t words[CHUNK];                                                                                   \
        type values[CHUNK];                                                                                            \
        struct simd_output output = simd_output(out, n * sizeof *out);                                                 \
        size_t done = 0;                                                                                               \
        if (lanes_stream(out, n * sizeof *out / LANE_NBYTES)) {                                                        \
            done = stream_##name(state, out, n);                                                                       \
            output = simd_output(out + done, (n - done) * sizeof *out);                                                \
        }                                                                                                              \
        while (done < n) {                                                                                             \
            size_t n_words = n - done < CHUNK ? n - done : CHUNK;                                                      \
            type *place = simd_output_place(&output, values);                                                          \
            numpy_fill_u##bits(state, words, n_words);                                                                 \
            size_t n_made = make_##name(state, words, n_words, place, &none);                                          \
            simd_output_put(&output, place, n_made * sizeof *values);                                                  \
            done += n_made;                                                                                            \
        }                                                                                                              \
        simd_output_end(&output);                                                                                      \
    }

FILL(standard_normal, double, 64, guess_normals, numpy_ziggurat_normal)
FILL(standard_normal_f32, float, 32, guess_normals_f32, numpy_ziggurat_normal_f32)
FILL(standard_exponential, double, 64, guess_exponentials, numpy_ziggurat_exponential)
FILL(standard_exponential_f32, float, 32, guess_exponentials_f32, numpy_ziggurat_exponential_f32)
