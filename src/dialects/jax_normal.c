/* jax_normal.c - jax.random.normal: the inverse of erf at a uniform.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10. */
#include "dialects/jax.h"
#include "dialects/jax_math.h"

double jax_normal_of(oneseed_jax_dtype dtype, double uniform)
{
    if (dtype == ONESEED_JAX_FLOAT64)
        return xla_erf_inv_f64(uniform) * 1.4142135623730951;
    float root = jax_round(dtype, 0x1.6a09e6p+0f);
    return jax_round(dtype, jax_round(dtype, xla_erf_inv_f32((float)uniform)) * root);
}

oneseed_status oneseed_jax_normal_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n)
{
    double values[JAX_PIECE];
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    for (size_t i = 0; i < n; i += JAX_PIECE) {
        size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
        jax_uniforms(key, dtype, jax_below_zero(dtype), 1, n, i, values, n_now);
        for (size_t k = 0; k < n_now; k++)
            values[k] = jax_normal_of(dtype, values[k]);
        jax_store(dtype, values, (char *)out + i * jax_dtype_size(dtype), n_now);
    }
    return ONESEED_OK;
}
