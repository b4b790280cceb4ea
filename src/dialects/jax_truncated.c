/* jax_truncated.c - jax.random.truncated_normal.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10. */
#include <math.h>   /* copysign, erf, nextafterf */
#include <string.h> /* memcpy */

#include "common/half.h"          /* half_from_float */
#include "dialects/jax_real.h"    /* jax_parameter */
#include "dialects/jax_vectors.h" /* jax_normals_f32 */

/* The next number towards infinity. */
static double next_above(oneseed_jax_dtype dtype, double x)
{
    uint64_t bits = 0;
    float narrow = (float)x;
    if (isnan(x) || x == INFINITY)
        return x;
    if (dtype == ONESEED_JAX_FLOAT32)
        return nextafterf(narrow, INFINITY);
    if (dtype == ONESEED_JAX_FLOAT64) {
        memcpy(&bits, &x, x == 0 ? 0 : sizeof bits); /* either zero: +0 */
        bits += bits >> 63 ? UINT64_MAX : 1;
        memcpy(&x, &bits, sizeof x);
        return x;
    }
    bool is_half = dtype == ONESEED_JAX_FLOAT16;
    uint16_t short_bits = x == 0 ? 0 : is_half ? half_from_float(narrow) : bfloat16_from_float(narrow);
    short_bits = (uint16_t)(short_bits & 0x8000 ? short_bits - 1 : short_bits + 1);
    return is_half ? half_to_float(short_bits) : bfloat16_to_float(short_bits);
}

/* XLA's code runs with subnormal numbers as zeros; float16's are normal in float32. */
static double flushed(oneseed_jax_dtype dtype, double x)
{
    double smallest = dtype == ONESEED_JAX_FLOAT64 ? 0x1p-1022 : dtype == ONESEED_JAX_FLOAT16 ? 0 : 0x1p-126;
    return fabs(x) < smallest ? copysign(0, x) : x;
}

/* erf(x / sqrt 2), the division as a product. */
static double normal_probability(oneseed_jax_dtype dtype, double x)
{
    if (dtype == ONESEED_JAX_FLOAT64)
        return erf(x * (1 / 1.4142135623730951));
    float root = jax_round(dtype, 0x1.6a09e6p+0f);
    float reciprocal =
        dtype == ONESEED_JAX_FLOAT16 ? jax_round(dtype, 1 / root) : 1 / root; /* bfloat16's stays a float32 */
    return jax_round(dtype, xla_erf_f32((float)jax_product(dtype, x, reciprocal)));
}

/* The range of the uniforms, and what keeps the result within the open interval. */
struct truncation {
    double low_uniform, high_uniform, lowest, highest;
};

static struct truncation truncation_of(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double lower, double upper)
{
    double low = jax_parameter(key, dtype, lower), high = jax_parameter(key, dtype, upper);
    return (struct truncation){normal_probability(dtype, low), normal_probability(dtype, high),
                               flushed(dtype, next_above(dtype, low)), flushed(dtype, -next_above(dtype, -high))};
}

oneseed_status oneseed_jax_truncated_normal_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                      const double *lower, size_t n_lower, const double *upper,
                                                      size_t n_upper, void *out, size_t n)
{
    double values[JAX_PIECE];
    struct truncation truncation = {0};
    bool is_one = n_lower == 1 && n_upper == 1;
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    if (is_one)
        truncation = truncation_of(key, dtype, *lower, *upper);
    for (size_t i = 0; i < n; i += JAX_PIECE) {
        size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
        if (is_one)
            jax_uniforms(key, dtype, truncation.low_uniform, truncation.high_uniform, n, i, values, n_now);
        for (size_t k = 0; k < n_now; k++) {
            if (!is_one) {
                truncation =
                    truncation_of(key, dtype, lower[n_lower == 1 ? 0 : i + k], upper[n_upper == 1 ? 0 : i + k]);
                jax_uniforms(key, dtype, truncation.low_uniform, truncation.high_uniform, n, i + k, &values[k], 1);
            }
            values[k] = jax_normal_of(dtype, jax_span(key), values[k]);
            values[k] = values[k] > truncation.lowest ? values[k] : truncation.lowest;
            values[k] = values[k] < truncation.highest ? values[k] : truncation.highest;
        }
        jax_store(dtype, values, (char *)out + i * jax_dtype_size(dtype), n_now);
    }
    return ONESEED_OK;
}

/* ---- one pair of bounds ---- */

struct truncated {
    struct truncation truncation;
    oneseed_jax_dtype dtype;
    enum xla_span span;
};

static double value_of(const void *sampler, double uniform)
{
    const struct truncated *by = sampler;
    const double x = jax_normal_of(by->dtype, by->span, uniform);
    const double above = x > by->truncation.lowest ? x : by->truncation.lowest;
    return above < by->truncation.highest ? above : by->truncation.highest;
}

static void values_f32(const void *sampler, float *values, size_t n)
{
    const struct truncated *by = sampler;
    const float lowest = (float)by->truncation.lowest, highest = (float)by->truncation.highest;
    jax_normals_f32(by->span, values, n);
    for (size_t k = 0; k < n; k++) {
        values[k] = values[k] > lowest ? values[k] : lowest;
        values[k] = values[k] < highest ? values[k] : highest;
    }
}

oneseed_status oneseed_jax_truncated_normal_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double lower,
                                                 double upper, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    const struct truncated by = {truncation_of(key, dtype, lower, upper), dtype, jax_span(key)};
    const double low = by.truncation.low_uniform, high = by.truncation.high_uniform;
    const bool are_numbers = fabs(low) <= 1 && fabs(high) <= 1;
    const struct jax_transform many = {value_of, are_numbers && by.span != XLA_OF_0_7 ? values_f32 : NULL, NULL, &by};
    jax_transformed_part(key, dtype, low, high, &many, n, 0, out, n);
    return ONESEED_OK;
}
