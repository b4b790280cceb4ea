/* numpy_ziggurat.h - Generator's standard normals and exponentials, inline over a reader of words.
 * SPDX-License-Identifier: MIT
 *
 * After numpy/random/src/distributions/distributions.c (1.17 to 2.5): ziggurats of 256 layers (Marsaglia and Tsang 2000). The low
 * 8 bits of a word choose the layer. libm: exp, log1p (log before 1.21), and their float forms. */
#ifndef ONESEED_DIALECTS_NUMPY_ZIGGURAT_H
#define ONESEED_DIALECTS_NUMPY_ZIGGURAT_H

#include <math.h>    /* log1p */
#include <stdbool.h> /* bool */
#include <stdint.h>  /* uint64_t */
#include <string.h>  /* memcpy */

#include "dialects/numpy_bits.h" /* numpy_next_u64 */
#include "oneseed.h"             /* oneseed_numpy */

/* Per layer: k, below which a number is inside for sure; w, its scale; f, the density at its edge. Layer 0 has the tail. */
extern const uint64_t numpy_normal_k_f64[256], numpy_exponential_k_f64[256];
extern const double numpy_normal_w_f64[256], numpy_normal_f_f64[256];
extern const double numpy_exponential_w_f64[256], numpy_exponential_f_f64[256];
extern const uint32_t numpy_normal_k_f32[256], numpy_exponential_k_f32[256];
extern const float numpy_normal_w_f32[256], numpy_normal_f_f32[256];
extern const float numpy_exponential_w_f32[256], numpy_exponential_f_f32[256];

/* Where the tails begin, and the inverse of the normal's. */
#define NUMPY_NORMAL_R         3.6541528853610087963519472518
#define NUMPY_NORMAL_INVERSE_R 0.27366123732975827203338247596
#define NUMPY_EXPONENTIAL_R    7.6971174701310497140446280481

/* Words that were made in bulk, and then single ones. Whoever wants m values may make m words: each takes at least one. */
struct numpy_reader64 {
    oneseed_numpy *state;
    const uint64_t *next, *end;
};

struct numpy_reader32 {
    oneseed_numpy *state;
    const uint32_t *next, *end;
};

static inline uint64_t numpy_read_u64(struct numpy_reader64 *reader)
{
    return reader->next != reader->end ? *reader->next++ : numpy_next_u64(reader->state);
}

static inline double numpy_read_double(struct numpy_reader64 *reader)
{
    uint64_t word = numpy_read_u64(reader);
    if (reader->state->kind == ONESEED_NUMPY_MT19937)
        return mt19937_double((uint32_t)(word >> 32), (uint32_t)word);
    return numpy_double_of_u64(word);
}

static inline uint32_t numpy_read_u32(struct numpy_reader32 *reader)
{
    return reader->next != reader->end ? *reader->next++ : numpy_next_u32(reader->state);
}

static inline float numpy_read_float(struct numpy_reader32 *reader)
{
    return numpy_float_of_u32(reader->state, numpy_read_u32(reader));
}

/* log(1 - u). */
static inline double numpy_log_rest(const oneseed_numpy *state, double u)
{
    return numpy_before(state, 12100) ? log(1.0 - u) : log1p(-u);
}

static inline float numpy_log_rest_f32(const oneseed_numpy *state, float u)
{
    return numpy_before(state, 12100) ? logf(1.0f - u) : log1pf(-u);
}

/* x or -x, by bit 8 of a word: without a branch, which would be taken every other time. */
static inline double numpy_signed(double x, uint64_t word)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits ^= (word & 0x100) << 55;
    memcpy(&x, &bits, sizeof bits);
    return x;
}

static inline float numpy_signed_f32(float x, uint32_t word)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits ^= (word & 0x100) << 23;
    memcpy(&x, &bits, sizeof bits);
    return x;
}

/* The normal's tail (Marsaglia 1964): what is beyond r. */
static inline double numpy_normal_tail(struct numpy_reader64 *reader)
{
    for (;;) {
        double x = -NUMPY_NORMAL_INVERSE_R * numpy_log_rest(reader->state, numpy_read_double(reader));
        double y = -numpy_log_rest(reader->state, numpy_read_double(reader));
        if (y + y > x * x)
            return x;
    }
}

static inline double numpy_ziggurat_normal(struct numpy_reader64 *reader)
{
    for (;;) {
        uint64_t word = numpy_read_u64(reader);
        unsigned layer = word & 0xff;
        uint64_t digits = word >> 9 & 0x000fffffffffffff;
        double x = numpy_signed((double)digits * numpy_normal_w_f64[layer], word);
        if (digits < numpy_normal_k_f64[layer])
            return x;
        if (layer == 0) /* the sign is not the one of above */
            return numpy_signed(NUMPY_NORMAL_R + numpy_normal_tail(reader), digits);
        double inner = numpy_normal_f_f64[layer - 1], outer = numpy_normal_f_f64[layer];
        if ((inner - outer) * numpy_read_double(reader) + outer < exp(-0.5 * x * x))
            return x;
    }
}

static inline float numpy_normal_tail_f32(struct numpy_reader32 *reader)
{
    for (;;) {
        float x = -(float)NUMPY_NORMAL_INVERSE_R * numpy_log_rest_f32(reader->state, numpy_read_float(reader));
        float y = -numpy_log_rest_f32(reader->state, numpy_read_float(reader));
        if (y + y > x * x)
            return x;
    }
}

/* The comparison at a layer's edge is made in double, as NumPy does. */
static inline float numpy_ziggurat_normal_f32(struct numpy_reader32 *reader)
{
    for (;;) {
        uint32_t word = numpy_read_u32(reader);
        unsigned layer = word & 0xff;
        uint32_t digits = word >> 9 & 0x7fffff;
        float x = numpy_signed_f32((float)digits * numpy_normal_w_f32[layer], word);
        if (digits < numpy_normal_k_f32[layer])
            return x;
        if (layer == 0)
            return numpy_signed_f32((float)NUMPY_NORMAL_R + numpy_normal_tail_f32(reader), digits);
        float inner = numpy_normal_f_f32[layer - 1], outer = numpy_normal_f_f32[layer];
        float height = (inner - outer) * numpy_read_float(reader) + outer;
        if ((double)height < exp(-0.5 * (double)x * (double)x))
            return x;
    }
}

static inline double numpy_ziggurat_exponential(struct numpy_reader64 *reader)
{
    for (;;) {
        uint64_t word = numpy_read_u64(reader) >> 3;
        unsigned layer = word & 0xff;
        uint64_t digits = word >> 8;
        double x = (double)digits * numpy_exponential_w_f64[layer];
        if (digits < numpy_exponential_k_f64[layer])
            return x;
        if (layer == 0)
            return NUMPY_EXPONENTIAL_R - numpy_log_rest(reader->state, numpy_read_double(reader));
        double inner = numpy_exponential_f_f64[layer - 1], outer = numpy_exponential_f_f64[layer];
        if ((inner - outer) * numpy_read_double(reader) + outer < exp(-x))
            return x;
    }
}

static inline float numpy_ziggurat_exponential_f32(struct numpy_reader32 *reader)
{
    for (;;) {
        uint32_t word = numpy_read_u32(reader) >> 1;
        unsigned layer = word & 0xff;
        uint32_t digits = word >> 8;
        float x = (float)digits * numpy_exponential_w_f32[layer];
        if (digits < numpy_exponential_k_f32[layer])
            return x;
        if (layer == 0)
            return (float)NUMPY_EXPONENTIAL_R - numpy_log_rest_f32(reader->state, numpy_read_float(reader));
        float inner = numpy_exponential_f_f32[layer - 1], outer = numpy_exponential_f_f32[layer];
        if ((inner - outer) * numpy_read_float(reader) + outer < expf(-x))
            return x;
    }
}

#endif
