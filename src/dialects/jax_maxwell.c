/* jax_maxwell.c - jax.random.maxwell and double_sided_maxwell: lengths of three normals.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10. The sum of squares is one of float32 for the half types, too. */
#include "dialects/jax_real.h" /* jax_fused */

static double length_of(oneseed_jax_dtype dtype, const double uniforms[3])
{
    double x[3], sum;
    for (int k = 0; k < 3; k++)
        x[k] = jax_normal_of(dtype, uniforms[k]);
    if (dtype == ONESEED_JAX_FLOAT64)
        sum = fma(x[2], x[2], fma(x[0], x[0], x[1] * x[1]));
    else if (dtype == ONESEED_JAX_FLOAT32)
        sum = fmaf((float)x[2], (float)x[2], fmaf((float)x[0], (float)x[0], (float)x[1] * (float)x[1]));
    else {
        for (int k = 0; k < 3; k++)
            x[k] = dtype == ONESEED_JAX_FLOAT16 ? jax_product(dtype, x[k], x[k]) : x[k] * x[k];
        sum = (float)x[0] + (float)x[1] + (float)x[2];
    }
    return jax_sqrt(dtype, jax_rounded(dtype, sum));
}

static void maxwells(const oneseed_jax_key *key, oneseed_jax_dtype dtype, uint64_t n_all, uint64_t begin, double *out,
                     size_t n)
{
    double uniforms[3 * JAX_PIECE];
    for (size_t part = 0; part < 3; part++)
        jax_uniforms(key, dtype, jax_below_zero(dtype), 1, 3 * n_all, 3 * begin + part * n, &uniforms[part * n], n);
    for (size_t k = 0; k < n; k++)
        out[k] = length_of(dtype, &uniforms[3 * k]);
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
