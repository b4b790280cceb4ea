/* jax_maxwell.c - jax.random.maxwell and double_sided_maxwell: lengths of three normals.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10. XLA sums up to 4096 squares in the loop that makes the normals and leaves more to YNNPACK, which
 * takes the third before the second, fuses nothing, and knows no bfloat16 between the inverse of erf and the sum. The sum
 * is one of float32 for the half types, too. Seen in the code that XLA emits, and in all values. */
#include "dialects/jax_real.h" /* jax_fused */

/* With the normals at hand. In float32, which of the first two squares is rounded depends on how the bits are made: with blocks of
 * two words the second, with blocks of four the first. */
static double sum_of_few(oneseed_jax_dtype dtype, bool has_pairs, const double x[3])
{
    if (dtype == ONESEED_JAX_FLOAT64)
        return fma(x[2], x[2], fma(x[1], x[1], x[0] * x[0]));
    if (dtype == ONESEED_JAX_FLOAT32) {
        float fused = (float)x[has_pairs ? 0 : 1], rounded = (float)x[has_pairs ? 1 : 0];
        return fmaf((float)x[2], (float)x[2], fmaf(fused, fused, rounded * rounded));
    }
    if (dtype == ONESEED_JAX_BFLOAT16) /* whose squares are float32s */
        return (float)(x[0] * x[0]) + (float)(x[1] * x[1]) + (float)(x[2] * x[2]);
    return (float)jax_product(dtype, x[0], x[0]) + (float)jax_product(dtype, x[1], x[1]) +
           (float)jax_product(dtype, x[2], x[2]);
}

static double sum_of_many(oneseed_jax_dtype dtype, const double x[3])
{
    if (dtype == ONESEED_JAX_FLOAT64)
        return x[0] * x[0] + x[2] * x[2] + x[1] * x[1];
    float squares[3];
    for (int k = 0; k < 3; k++)
        squares[k] = dtype == ONESEED_JAX_FLOAT16 ? (float)jax_product(dtype, x[k], x[k]) : (float)x[k] * (float)x[k];
    return squares[0] + squares[2] + squares[1];
}

static double length_of(oneseed_jax_dtype dtype, enum xla_span span, bool are_many, bool has_pairs,
                        const double uniforms[3])
{
    double x[3];
    for (int k = 0; k < 3; k++)
        x[k] = are_many && dtype == ONESEED_JAX_BFLOAT16 ? xla_erf_inv_f32(span, (float)uniforms[k]) * 0x1.6ap+0f
                                                         : jax_normal_of(dtype, span, uniforms[k]);
    double sum = are_many ? sum_of_many(dtype, x) : sum_of_few(dtype, has_pairs, x);
    return jax_sqrt(dtype, jax_rounded(dtype, sum));
}

static void maxwells(const oneseed_jax_key *key, oneseed_jax_dtype dtype, uint64_t n_all, uint64_t begin, double *out,
                     size_t n)
{
    double uniforms[3 * JAX_PIECE];
    bool has_pairs = key->impl == ONESEED_JAX_THREEFRY2X32 || key->impl == ONESEED_JAX_PHILOX2X32;
    for (size_t part = 0; part < 3; part++)
        jax_uniforms(key, dtype, jax_below_zero(dtype), 1, 3 * n_all, 3 * begin + part * n, &uniforms[part * n], n);
    for (size_t k = 0; k < n; k++)
        out[k] = length_of(dtype, jax_span(key), 3 * n_all > 4096, has_pairs, &uniforms[3 * k]);
}

oneseed_status oneseed_jax_maxwell_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n)
{
    double values[JAX_PIECE];
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    for (size_t i = 0; i < n; i += JAX_PIECE) {
        size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
        maxwells(key, dtype, n, i, values, n_now);
        jax_store(dtype, values, (char *)out + i * jax_dtype_size(dtype), n_now);
    }
    return ONESEED_OK;
}

oneseed_status oneseed_jax_double_sided_maxwell_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                     const double *loc, size_t n_loc, const double *scale,
                                                     size_t n_scale, void *out, size_t n)
{
    double values[JAX_PIECE], signs[JAX_PIECE];
    oneseed_jax_key keys[2];
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    oneseed_jax_dtype sign_dtype = key->has_x64 ? ONESEED_JAX_FLOAT64 : ONESEED_JAX_FLOAT32;
    oneseed_jax_split(key, keys, 2);
    for (size_t i = 0; i < n; i += JAX_PIECE) {
        size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
        maxwells(&keys[0], dtype, n, i, values, n_now);
        jax_uniforms(&keys[1], sign_dtype, 0, 1, n, i, signs, n_now);
        for (size_t k = 0; k < n_now; k++) {
            double width = jax_parameter(key, dtype, scale[n_scale == 1 ? 0 : i + k]);
            double centre = jax_parameter(key, dtype, loc[n_loc == 1 ? 0 : i + k]);
            values[k] = jax_fused(dtype, signs[k] < 0.5 ? values[k] : -values[k], width, centre);
        }
        jax_store(dtype, values, (char *)out + i * jax_dtype_size(dtype), n_now);
    }
    return ONESEED_OK;
}
