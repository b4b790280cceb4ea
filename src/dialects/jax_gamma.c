/* jax_gamma.c - jax.random.gamma and loggamma.
 * SPDX-License-Identifier: MIT
 *
 * G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables" (2000), as in jax/_src/random/core.py of JAX 0.10:
 * each value has a key of its own. The fused multiplications are those of XLA's code for CPUs with AVX-512. */
#include "dialects/jax_gamma.h"

#include <math.h> /* sqrt */

#include "common/half.h"        /* half_to_float */
#include "dialects/jax_real.h"  /* jax_fused */
#include "dialects/jax_rsqrt.h" /* xla_rsqrt_f32 */

double jax_parameter_at(const struct jax_parameters *parameters, size_t i)
{
    return jax_parameter(parameters->key, parameters->dtype, parameters->values[parameters->n == 1 ? 0 : i]);
}

double jax_load(oneseed_jax_dtype dtype, const void *values, size_t i)
{
    if (dtype == ONESEED_JAX_FLOAT64)
        return ((const double *)values)[i];
    if (dtype == ONESEED_JAX_FLOAT32)
        return ((const float *)values)[i];
    uint16_t bits = ((const uint16_t *)values)[i];
    return dtype == ONESEED_JAX_FLOAT16 ? half_to_float(bits) : bfloat16_to_float(bits);
}

/* (1 / 3) / sqrt(d). XLA takes rsqrt, but for bfloat16, where a rounding is between the root and the division. */
static double step_of(oneseed_jax_dtype dtype, double d, bool has_avx512)
{
    double third = jax_rounded(dtype, 1. / 3);
    if (dtype == ONESEED_JAX_FLOAT64 && !has_avx512)
        return third * (1 / sqrt(d));
    if (dtype == ONESEED_JAX_FLOAT64)
        return third * xla_rsqrt_f64(d);
    if (dtype == ONESEED_JAX_BFLOAT16)
        return jax_quotient(dtype, third, jax_sqrt(dtype, d));
    return jax_product(dtype, third, jax_rounded(dtype, xla_rsqrt_f32((float)d)));
}

void jax_gamma_shape(struct jax_gamma_shape *shape, const oneseed_jax_key *key, oneseed_jax_dtype dtype, double a)
{
    shape->dtype = dtype;
    shape->is_boosted = !(a >= 1);
    shape->inverse = jax_quotient(dtype, 1, a);
    shape->d = jax_sum(dtype, shape->is_boosted ? jax_sum(dtype, a, 1) : a, -jax_rounded(dtype, 1. / 3));
    shape->c = step_of(dtype, shape->d, key->cpu == ONESEED_JAX_AVX512);
}

static double uniform_of(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double minval)
{
    double value;
    jax_uniforms(key, dtype, minval, 1, 1, 0, &value, 1);
    return value;
}

/* The normal and 1 + c normal, the first of which is positive. */
static double positive(oneseed_jax_key key, const struct jax_gamma_shape *shape, double *normal)
{
    oneseed_jax_dtype dtype = shape->dtype;
    double v;
    do {
        oneseed_jax_key of_normal;
        jax_split_at(&key, 1, 2, &of_normal);
        jax_split_at(&key, 0, 2, &key);
        *normal = jax_normal_of(dtype, jax_span(&key), uniform_of(&of_normal, dtype, jax_below_zero(dtype)));
        v = jax_fused(dtype, *normal, shape->c, 1);
    } while (v <= 0);
    return v;
}

static bool is_rejected(const struct jax_gamma_shape *shape, double x2, double v3, double uniform)
{
    oneseed_jax_dtype dtype = shape->dtype;
    if (!(uniform >= jax_fused(dtype, -jax_product(dtype, x2, x2), jax_rounded(dtype, 0.0331), 1)))
        return false;
    double sum = jax_sum(dtype, jax_sum(dtype, 1, -v3), jax_log(dtype, v3));
    return jax_log(dtype, uniform) >= jax_fused(dtype, x2, 0.5, jax_product(dtype, shape->d, sum));
}

/* The cube of 1 + c x that was accepted; the key of the boost. */
static double cube(const oneseed_jax_key *all, const struct jax_gamma_shape *shape, uint64_t i, uint64_t n,
                   oneseed_jax_key *of_boost)
{
    oneseed_jax_dtype dtype = shape->dtype;
    oneseed_jax_key key, of_x, of_u;
    double x, x2, v, v3, uniform;
    jax_split_at(all, i, n, &key);
    jax_split_at(&key, 1, 2, of_boost);
    jax_split_at(&key, 0, 2, &key);
    do {
        jax_split_at(&key, 1, 3, &of_x);
        jax_split_at(&key, 2, 3, &of_u);
        jax_split_at(&key, 0, 3, &key);
        v = positive(of_x, shape, &x);
        x2 = jax_product(dtype, x, x);
        v3 = jax_product(dtype, jax_product(dtype, v, v), v);
        uniform = uniform_of(&of_u, dtype, 0);
    } while (is_rejected(shape, x2, v3, uniform));
    return v3;
}

double jax_gamma_at(const oneseed_jax_key *key, const struct jax_gamma_shape *shape, uint64_t i, uint64_t n)
{
    oneseed_jax_dtype dtype = shape->dtype;
    oneseed_jax_key of_boost;
    double value = jax_product(dtype, shape->d, cube(key, shape, i, n, &of_boost));
    if (!shape->is_boosted)
        return value;
    double boost = jax_power(dtype, 1 - uniform_of(&of_boost, dtype, 0), shape->inverse);
    return jax_flushed(dtype, jax_product(dtype, value, boost));
}

double jax_loggamma_at(const oneseed_jax_key *key, const struct jax_gamma_shape *shape, uint64_t i, uint64_t n)
{
    oneseed_jax_dtype dtype = shape->dtype;
    oneseed_jax_key of_boost;
    double log_v = jax_log(dtype, cube(key, shape, i, n, &of_boost));
    double value = jax_sum(dtype, jax_log(dtype, shape->d), log_v);
    double log_uniform = jax_log1p(dtype, -uniform_of(&of_boost, dtype, 0));
    if (!shape->is_boosted || log_uniform == 0)
        return value;
    return jax_sum(dtype, value, jax_product(dtype, log_uniform, shape->inverse));
}

typedef double value_at(const oneseed_jax_key *key, const struct jax_gamma_shape *shape, uint64_t i, uint64_t n);

static oneseed_status fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *a, size_t n_a,
                           value_at *at, void *out, size_t n)
{
    struct jax_parameters parameters = {key, dtype, a, n_a};
    struct jax_gamma_shape shape;
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || n_a != 1)
            jax_gamma_shape(&shape, key, dtype, jax_parameter_at(&parameters, i));
        double value = at(key, &shape, i, n);
        jax_store(dtype, &value, (char *)out + i * jax_dtype_size(dtype), 1);
    }
    return ONESEED_OK;
}

oneseed_status oneseed_jax_gamma_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *a, size_t n_a,
                                      void *out, size_t n)
{
    return fill(key, dtype, a, n_a, jax_gamma_at, out, n);
}

oneseed_status oneseed_jax_loggamma_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *a,
                                         size_t n_a, void *out, size_t n)
{
    return fill(key, dtype, a, n_a, jax_loggamma_at, out, n);
}
