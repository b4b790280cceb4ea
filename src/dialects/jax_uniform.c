/* jax_uniform.c - jax.random.uniform, bernoulli and rademacher.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10. XLA's code for CPUs fuses the multiplication and the addition of float32 and float64, does
 * float16's in float32 with one rounding, and rounds every step of bfloat16's: seen in JAX 0.10 on x86-64 with FMA. */
#include <math.h> /* fma, fmaf */

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

void jax_uniforms(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double minval, double maxval, uint64_t n_all,
                  uint64_t begin, double *out, size_t n)
{
    uint64_t bits[JAX_PIECE];
    struct range range = range_of(dtype, minval, maxval);
    jax_bits(key, bits_of(dtype), n_all, begin, bits, n);
    for (size_t k = 0; k < n; k++)
        out[k] = uniform_of(dtype, bits[k], range);
}

oneseed_status oneseed_jax_uniform_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double minval,
                                        double maxval, void *out, size_t n)
{
    double values[JAX_PIECE];
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    for (size_t i = 0; i < n; i += JAX_PIECE) {
        size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
        jax_uniforms(key, dtype, minval, maxval, n, i, values, n_now);
        jax_store(dtype, values, (char *)out + i * jax_dtype_size(dtype), n_now);
    }
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

oneseed_status oneseed_jax_bernoulli_fill(const oneseed_jax_key *key, oneseed_jax_dtype p_dtype, double p, uint8_t *out,
                                          size_t n)
{
    return oneseed_jax_bernoulli_each_fill(key, p_dtype, ONESEED_JAX_LOW, &p, 1, out, n);
}
