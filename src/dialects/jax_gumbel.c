/* jax_gumbel.c - jax.random.gumbel in its three modes.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10. */
#include <string.h> /* memcpy */

#include "dialects/jax_real.h"    /* jax_log */
#include "dialects/jax_vectors.h" /* jax_gumbels_f32 */

static double low_of(enum xla_span span, oneseed_jax_dtype dtype, double uniform)
{
    return -jax_log_of(span, dtype, -jax_log_of(span, dtype, jax_at_least_tiny(dtype, uniform)));
}

/* Of two uniforms, the second for the bits behind the first's. */
static double high_of(enum xla_span span, oneseed_jax_dtype dtype, double high, double low)
{
    static const double resolution[] = {0x1p-7, 0x1p-10, 0x1p-23, 0x1p-52};
    if (high < 0.5)
        high = jax_sum(dtype, jax_fused(dtype, low, resolution[dtype], high), jax_tiny(dtype));
    return -jax_log_of(span, dtype, -jax_log1p_of_negative(span, dtype, high));
}

static unsigned leading_zeros(uint32_t x)
{
    unsigned n = 0;
    for (; n < 32 && !(x >> 31); n++)
        x <<= 1;
    return n;
}

/* A fixed-point number of 64 bits as a float32, cut off; 0 is 2^-65. */
static float of_fixed_point(uint32_t high, uint32_t low)
{
    unsigned zeros = leading_zeros(high), n_low = leading_zeros(low);
    uint32_t mantissa, bits;
    if (zeros < 32)
        mantissa = high << zeros | (zeros ? low >> (32 - zeros) : 0);
    else
        mantissa = n_low < 32 ? low << n_low : 0;
    bits = (126 - (zeros == 32 ? 32 + n_low : zeros)) << 23 | (mantissa >> 8 & 0x7fffff);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double highest_of(enum xla_span span, uint32_t high, uint32_t low)
{
    if (high < UINT32_C(1) << 31)
        return -xla_log_f32_of(span, -xla_log1p_of_negative_f32(span, of_fixed_point(high, low)));
    high = ~high + (low == 0); /* 1 minus the number */
    low = ~low + 1;
    return -xla_log_f32_of(span, -xla_log_f32_of(span, of_fixed_point(high, low)));
}

void jax_gumbels(const oneseed_jax_key *key, oneseed_jax_dtype dtype, oneseed_jax_mode mode, uint64_t n_all,
                 uint64_t begin, double *out, size_t n)
{
    if (mode == ONESEED_JAX_LOW) {
        jax_uniforms(key, dtype, 0, 1, n_all, begin, out, n);
        for (size_t k = 0; k < n; k++)
            out[k] = low_of(jax_span(key), dtype, out[k]);
    } else if (mode == ONESEED_JAX_HIGHEST && dtype == ONESEED_JAX_FLOAT32) {
        uint64_t high[JAX_PIECE], low[JAX_PIECE];
        jax_bits(key, 32, 2 * n_all, begin, high, n);
        jax_bits(key, 32, 2 * n_all, n_all + begin, low, n);
        for (size_t k = 0; k < n; k++)
            out[k] = highest_of(jax_span(key), (uint32_t)high[k], (uint32_t)low[k]);
    } else {
        double low[JAX_PIECE];
        jax_uniforms(key, dtype, 0, 1, 2 * n_all, begin, out, n);
        jax_uniforms(key, dtype, 0, 1, 2 * n_all, n_all + begin, low, n);
        for (size_t k = 0; k < n; k++)
            out[k] = high_of(jax_span(key), dtype, out[k], low[k]);
    }
}

struct low {
    enum xla_span span;
    oneseed_jax_dtype dtype;
};

static double low_value(const void *object, double uniform)
{
    const struct low *low = object;
    return low_of(low->span, low->dtype, uniform);
}

static void low_values_f32(const void *object, float *values, size_t n)
{
    (void)object;
    jax_gumbels_f32(values, n);
}

oneseed_status oneseed_jax_gumbel_mode_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, oneseed_jax_mode mode,
                                            void *out, size_t n)
{
    double values[JAX_PIECE];
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    if (mode == ONESEED_JAX_LOW) {
        const struct low low = {jax_span(key), dtype};
        const struct jax_transform many = {low_value, low.span == XLA_OF_0_7 ? NULL : low_values_f32, NULL, &low};
        jax_transformed_part(key, dtype, 0, 1, &many, n, 0, out, n);
        return ONESEED_OK;
    }
    for (size_t i = 0; i < n; i += JAX_PIECE) {
        size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
        jax_gumbels(key, dtype, mode, n, i, values, n_now);
        jax_store(dtype, values, (char *)out + i * jax_dtype_size(dtype), n_now);
    }
    return ONESEED_OK;
}

oneseed_status oneseed_jax_gumbel_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n)
{
    return oneseed_jax_gumbel_mode_fill(key, dtype, ONESEED_JAX_LOW, out, n);
}
