/* jax_uniform.c - jax.random.uniform, bernoulli and rademacher.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10. XLA's code for CPUs fuses the multiplication and the addition of float32 and float64, does
 * float16's in float32 with one rounding, and rounds every step of bfloat16's: seen in JAX 0.10 on x86-64 with FMA. */
#include <math.h>   /* fma, fmaf */
#include <string.h> /* memcpy */

#include "common/simd.h"       /* SIMD_VARIANTS */
#include "dialects/jax_real.h" /* jax_product */

struct range { /* in the dtype */
    double low, span;
};

static struct range range_of(oneseed_jax_dtype dtype, double minval, double maxval)
{
    if (dtype == ONESEED_JAX_FLOAT64)
        return (struct range){minval, maxval - minval};
    float low = jax_round(dtype, (float)minval), high = jax_round(dtype, (float)maxval);
    return (struct range){low, jax_round(dtype, high - low)};
}

static unsigned bits_of(oneseed_jax_dtype dtype)
{
    return dtype == ONESEED_JAX_FLOAT64   ? 64
           : dtype == ONESEED_JAX_FLOAT32 ? 32
           : dtype == ONESEED_JAX_FLOAT16 ? 16
                                          : 8;
}

/* The value of the top bits; `bits` has bits_of() of them. */
static double uniform_of(oneseed_jax_dtype dtype, uint64_t bits, struct range range)
{
    if (dtype == ONESEED_JAX_FLOAT64) {
        double u = (double)(bits >> 12) * 0x1p-52, x = fma(u, range.span, range.low);
        return x > range.low ? x : range.low;
    }
    float low = (float)range.low, span = (float)range.span, x;
    if (dtype == ONESEED_JAX_FLOAT32)
        x = fmaf((float)(bits >> 9) * 0x1p-23f, span, low);
    else if (dtype == ONESEED_JAX_FLOAT16)
        x = jax_round(dtype, (float)(bits >> 6) * 0x1p-10f * span + low);
    else
        x = jax_round(dtype, jax_round(dtype, (float)(bits >> 1) * 0x1p-7f * span) + low);
    return x > low ? x : low;
}

/* ---- many ---- */

SIMD_BODY void uniforms_f32_body(const uint32_t *restrict words, float low, float span, float *restrict out, size_t n)
{
    if (low == 0 && !signbit(low) && span == 1) /* what the fused step would give */
        for (size_t k = 0; k < n; k++)
            out[k] = (float)(int32_t)(words[k] >> 9) * 0x1p-23f;
    else
        for (size_t k = 0; k < n; k++) {
            float x = fmaf((float)(int32_t)(words[k] >> 9) * 0x1p-23f, span, low);
            out[k] = x > low ? x : low;
        }
}

/* The top bits as the fraction of a number from 1 to 2: processors have no vectors that convert integers of 64 bits. */
SIMD_BODY double fraction_f64(uint64_t bits)
{
    double x;
    bits = bits >> 12 | UINT64_C(0x3ff) << 52;
    memcpy(&x, &bits, sizeof x);
    return x - 1;
}

SIMD_BODY void uniforms_f64_body(const uint64_t *restrict words, double low, double span, double *restrict out,
                                 size_t n)
{
    if (low == 0 && !signbit(low) && span == 1)
        for (size_t k = 0; k < n; k++)
            out[k] = fraction_f64(words[k]);
    else
        for (size_t k = 0; k < n; k++) {
            double x = fma(fraction_f64(words[k]), span, low);
            out[k] = x > low ? x : low;
        }
}

SIMD_BODY void chosen_body(const uint16_t *restrict table, const uint32_t *restrict words, unsigned shift,
                           uint16_t *restrict out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = table[words[k] >> shift];
}

SIMD_VARIANTS(static void, uniforms_f32, (const uint32_t *words, float low, float span, float *out, size_t n),
              (words, low, span, out, n))
SIMD_VARIANTS(static void, uniforms_f64, (const uint64_t *words, double low, double span, double *out, size_t n),
              (words, low, span, out, n))
SIMD_VARIANTS(static void, chosen,
              (const uint16_t *table, const uint32_t *words, unsigned shift, uint16_t *out, size_t n),
              (table, words, shift, out, n))

void jax_uniforms(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double minval, double maxval, uint64_t n_all,
                  uint64_t begin, double *out, size_t n)
{
    uint64_t wide[JAX_PIECE];
    uint32_t words[JAX_PIECE];
    float values[JAX_PIECE];
    struct range range = range_of(dtype, minval, maxval);
    for (size_t n_now; n > 0; n -= n_now, begin += n_now, out += n_now) {
        n_now = n < JAX_PIECE ? n : JAX_PIECE;
        if (dtype == ONESEED_JAX_FLOAT64) {
            jax_wide_words(key, n_all, begin, wide, n_now);
            uniforms_f64(wide, range.low, range.span, out, n_now);
            continue;
        }
        jax_words(key, bits_of(dtype), n_all, begin, words, n_now);
        if (dtype == ONESEED_JAX_FLOAT32)
            uniforms_f32(words, (float)range.low, (float)range.span, values, n_now);
        for (size_t k = 0; k < n_now; k++)
            out[k] = dtype == ONESEED_JAX_FLOAT32 ? (double)values[k] : uniform_of(dtype, words[k], range);
    }
}

/* ---- into arrays ---- */

static double itself(const void *sampler, double uniform)
{
    (void)sampler;
    return uniform;
}

/* A half type has so few uniforms that a table of what they become is soon made. */
enum { HALVES = 1024, BYTES = 128, OF_TABLE_FROM = 4 /* values for each place of the table */ };

static size_t table_size(oneseed_jax_dtype dtype)
{
    return dtype == ONESEED_JAX_FLOAT16 ? HALVES : BYTES;
}

static void make_table(oneseed_jax_dtype dtype, struct range range, const struct jax_transform *transform,
                       uint16_t *table)
{
    double values[HALVES];
    const size_t n = table_size(dtype);
    for (size_t k = 0; k < n; k++) {
        const uint64_t bits = dtype == ONESEED_JAX_FLOAT16 ? k << 6 : k << 1;
        values[k] = transform->value_of(transform->sampler, uniform_of(dtype, bits, range));
    }
    jax_store(dtype, values, table, n);
}

static void by_table(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const uint16_t *table, uint64_t n_all,
                     uint64_t begin, void *out, size_t n)
{
    uint32_t words[JAX_WORDS];
    uint16_t buffer[JAX_WORDS];
    struct simd_output output = simd_output(out, n * sizeof *buffer);
    for (size_t i = 0, n_now; i < n; i += n_now) {
        n_now = n - i < JAX_WORDS ? n - i : JAX_WORDS;
        uint16_t *place = simd_output_place(&output, buffer);
        jax_words(key, bits_of(dtype), n_all, begin + i, words, n_now);
        chosen(table, words, dtype == ONESEED_JAX_FLOAT16 ? 6 : 1, place, n_now);
        simd_output_put(&output, place, n_now * sizeof *buffer);
    }
    simd_output_end(&output);
}

static void values_f32(const oneseed_jax_key *key, struct range range, const struct jax_transform *transform,
                       uint64_t n_all, uint64_t begin, void *out, size_t n)
{
    uint32_t words[JAX_WORDS];
    float buffer[JAX_WORDS];
    struct simd_output output = simd_output(out, n * sizeof *buffer);
    for (size_t i = 0, n_now; i < n; i += n_now) {
        n_now = n - i < JAX_WORDS ? n - i : JAX_WORDS;
        float *place = simd_output_place(&output, buffer);
        jax_words(key, 32, n_all, begin + i, words, n_now);
        uniforms_f32(words, (float)range.low, (float)range.span, place, n_now);
        if (transform->f32)
            transform->f32(transform->sampler, place, n_now);
        else
            for (size_t k = 0; k < n_now; k++)
                place[k] = (float)transform->value_of(transform->sampler, (double)place[k]);
        simd_output_put(&output, place, n_now * sizeof *buffer);
    }
    simd_output_end(&output);
}

static void values_f64(const oneseed_jax_key *key, struct range range, const struct jax_transform *transform,
                       uint64_t n_all, uint64_t begin, void *out, size_t n)
{
    uint64_t words[JAX_WORDS];
    double buffer[JAX_WORDS];
    struct simd_output output = simd_output(out, n * sizeof *buffer);
    for (size_t i = 0, n_now; i < n; i += n_now) {
        n_now = n - i < JAX_WORDS ? n - i : JAX_WORDS;
        double *place = simd_output_place(&output, buffer);
        jax_wide_words(key, n_all, begin + i, words, n_now);
        uniforms_f64(words, range.low, range.span, place, n_now);
        if (transform->f64)
            transform->f64(transform->sampler, place, n_now);
        else
            for (size_t k = 0; k < n_now; k++)
                place[k] = transform->value_of(transform->sampler, place[k]);
        simd_output_put(&output, place, n_now * sizeof *buffer);
    }
    simd_output_end(&output);
}

void jax_transformed_part(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double minval, double maxval,
                          const struct jax_transform *transform, uint64_t n_all, uint64_t begin, void *out, size_t n)
{
    const struct range range = range_of(dtype, minval, maxval);
    if (dtype == ONESEED_JAX_FLOAT64) {
        values_f64(key, range, transform, n_all, begin, out, n);
    } else if (dtype == ONESEED_JAX_FLOAT32) {
        values_f32(key, range, transform, n_all, begin, out, n);
    } else if (n >= OF_TABLE_FROM * table_size(dtype)) {
        uint16_t table[HALVES];
        make_table(dtype, range, transform, table);
        by_table(key, dtype, table, n_all, begin, out, n);
    } else {
        double values[JAX_PIECE];
        for (size_t i = 0; i < n; i += JAX_PIECE) {
            size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
            jax_uniforms(key, dtype, minval, maxval, n_all, begin + i, values, n_now);
            for (size_t k = 0; k < n_now; k++)
                values[k] = transform->value_of(transform->sampler, values[k]);
            jax_store(dtype, values, (uint16_t *)out + i, n_now);
        }
    }
}

static void unchanged_f32(const void *sampler, float *values, size_t n)
{
    (void)sampler;
    (void)values;
    (void)n;
}

static void unchanged_f64(const void *sampler, double *values, size_t n)
{
    (void)sampler;
    (void)values;
    (void)n;
}

void jax_uniform_part(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double minval, double maxval, uint64_t n_all,
                      uint64_t begin, void *out, size_t n)
{
    const struct jax_transform none = {itself, unchanged_f32, unchanged_f64, NULL};
    jax_transformed_part(key, dtype, minval, maxval, &none, n_all, begin, out, n);
}

oneseed_status oneseed_jax_uniform_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double minval,
                                        double maxval, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    jax_uniform_part(key, dtype, minval, maxval, n, 0, out, n);
    return ONESEED_OK;
}

oneseed_status oneseed_jax_uniform_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *minval,
                                             size_t n_minval, const double *maxval, size_t n_maxval, void *out,
                                             size_t n)
{
    uint64_t bits[JAX_PIECE];
    double values[JAX_PIECE];
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    for (size_t i = 0; i < n; i += JAX_PIECE) {
        size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
        jax_bits(key, bits_of(dtype), n, i, bits, n_now);
        for (size_t k = 0; k < n_now; k++)
            values[k] = uniform_of(
                dtype, bits[k], range_of(dtype, minval[n_minval == 1 ? 0 : i + k], maxval[n_maxval == 1 ? 0 : i + k]));
        jax_store(dtype, values, (char *)out + i * jax_dtype_size(dtype), n_now);
    }
    return ONESEED_OK;
}

oneseed_status oneseed_jax_bernoulli_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype p_dtype,
                                               oneseed_jax_mode mode, const double *p, size_t n_p, uint8_t *out,
                                               size_t n)
{
    static const double resolution[] = {0x1p-7, 0x1p-10, 0x1p-23, 0x1p-52};
    double values[JAX_PIECE], low[JAX_PIECE];
    bool is_high = mode != ONESEED_JAX_LOW;
    if (!jax_dtype_is_float(p_dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    for (size_t i = 0; i < n; i += JAX_PIECE) {
        size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
        jax_uniforms(key, p_dtype, 0, 1, is_high ? 2 * (uint64_t)n : n, i, values, n_now);
        if (is_high)
            jax_uniforms(key, p_dtype, 0, 1, 2 * (uint64_t)n, n + i, low, n_now);
        for (size_t k = 0; k < n_now; k++) {
            double border = jax_rounded(p_dtype, p[n_p == 1 ? 0 : i + k]);
            out[i + k] = is_high
                             ? jax_product(p_dtype, low[k], resolution[p_dtype]) < jax_sum(p_dtype, border, -values[k])
                             : values[k] < border;
        }
    }
    return ONESEED_OK;
}

/* Which uniforms are below the border. */
SIMD_BODY void below_f32_body(const uint32_t *restrict words, float border, uint8_t *restrict out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = (float)(int32_t)(words[k] >> 9) * 0x1p-23f < border;
}

SIMD_BODY void below_f64_body(const uint64_t *restrict words, double border, uint8_t *restrict out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = fraction_f64(words[k]) < border;
}

SIMD_BODY void chosen_bytes_body(const uint8_t *restrict table, const uint32_t *restrict words, unsigned shift,
                                 uint8_t *restrict out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = table[words[k] >> shift];
}

SIMD_VARIANTS(static void, below_f32, (const uint32_t *words, float border, uint8_t *out, size_t n),
              (words, border, out, n))
SIMD_VARIANTS(static void, below_f64, (const uint64_t *words, double border, uint8_t *out, size_t n),
              (words, border, out, n))
SIMD_VARIANTS(static void, chosen_bytes,
              (const uint8_t *table, const uint32_t *words, unsigned shift, uint8_t *out, size_t n),
              (table, words, shift, out, n))

static void below_table(oneseed_jax_dtype dtype, double border, uint8_t *table)
{
    const struct range range = range_of(dtype, 0, 1);
    for (size_t k = 0; k < table_size(dtype); k++)
        table[k] = uniform_of(dtype, dtype == ONESEED_JAX_FLOAT16 ? k << 6 : k << 1, range) < border;
}

oneseed_status oneseed_jax_bernoulli_fill(const oneseed_jax_key *key, oneseed_jax_dtype p_dtype, double p, uint8_t *out,
                                          size_t n)
{
    uint64_t wide[JAX_WORDS];
    uint32_t words[JAX_WORDS];
    uint8_t table[HALVES];
    if (!jax_dtype_is_float(p_dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    const bool is_half = jax_dtype_size(p_dtype) == 2;
    if (is_half && n < OF_TABLE_FROM * table_size(p_dtype))
        return oneseed_jax_bernoulli_each_fill(key, p_dtype, ONESEED_JAX_LOW, &p, 1, out, n);
    const double border = jax_rounded(p_dtype, p);
    if (is_half)
        below_table(p_dtype, border, table);
    for (size_t i = 0, n_now; i < n; i += n_now) {
        n_now = n - i < JAX_WORDS ? n - i : JAX_WORDS;
        if (p_dtype == ONESEED_JAX_FLOAT64) {
            jax_wide_words(key, n, i, wide, n_now);
            below_f64(wide, border, out + i, n_now);
            continue;
        }
        jax_words(key, bits_of(p_dtype), n, i, words, n_now);
        if (is_half)
            chosen_bytes(table, words, p_dtype == ONESEED_JAX_FLOAT16 ? 6 : 1, out + i, n_now);
        else
            below_f32(words, (float)border, out + i, n_now);
    }
    return ONESEED_OK;
}
