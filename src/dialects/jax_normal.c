/* jax_normal.c - jax.random.normal: the inverse of erf at a uniform.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10. */
#include "dialects/jax.h"
#include "dialects/jax_math.h"    /* xla_erf_inv_f32 */
#include "dialects/jax_vectors.h" /* jax_normals_f32 */

double jax_normal_of(oneseed_jax_dtype dtype, enum xla_span span, double uniform)
{
    if (dtype == ONESEED_JAX_FLOAT64)
        return xla_erf_inv_f64(span, uniform) * 1.4142135623730951;
    float root = jax_round(dtype, 0x1.6a09e6p+0f);
    return jax_round(dtype, jax_round(dtype, xla_erf_inv_f32(span, (float)uniform)) * root);
}

struct normal {
    oneseed_jax_dtype dtype;
    enum xla_span span;
};

static double value_of(const void *sampler, double uniform)
{
    const struct normal *normal = sampler;
    return jax_normal_of(normal->dtype, normal->span, uniform);
}

static void values_f32(const void *sampler, float *values, size_t n)
{
    const struct normal *normal = sampler;
    jax_normals_f32(normal->span, values, n);
}

static void values_f64(const void *sampler, double *values, size_t n)
{
    const struct normal *normal = sampler;
    jax_normals_f64(normal->span, values, n);
}

void jax_normal_part(const oneseed_jax_key *key, oneseed_jax_dtype dtype, uint64_t n_all, uint64_t begin, void *out,
                     size_t n)
{
    const struct normal normal = {dtype, jax_span(key)};
    const struct jax_transform transform = {value_of, normal.span == XLA_OF_0_7 ? NULL : values_f32, values_f64,
                                            &normal};
    jax_transformed_part(key, dtype, jax_below_zero(dtype), 1, &transform, n_all, begin, out, n);
}

oneseed_status oneseed_jax_normal_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    jax_normal_part(key, dtype, n, 0, out, n);
    return ONESEED_OK;
}
