/* jax_wald.c - jax.random.wald, triangular and geometric.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10, in the order and with the fused multiplications of XLA's code for CPUs. */
#include <math.h> /* floor */

#include "dialects/jax_gamma.h"         /* jax_parameter_at */
#include "dialects/jax_integer_store.h" /* jax_store_converted */
#include "dialects/jax_math.h"          /* xla_erf_inv_f32 */
#include "dialects/jax_real.h"          /* jax_fused */

static double uniform_at(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double minval, uint64_t i, uint64_t n)
{
    double value;
    jax_uniforms(key, dtype, minval, 1, n, i, &value, 1);
    return value;
}

static void store(oneseed_jax_dtype dtype, double value, void *out, size_t i)
{
    jax_store(dtype, &value, (char *)out + i * jax_dtype_size(dtype), 1);
}

/* A single value, whose factors XLA gathers: the inverse of erf squared, times powers of the root of 2. */
static double one_wald_of(oneseed_jax_dtype dtype, double mean, double erf_inv, double uniform)
{
    double root2 = jax_rounded(dtype, 1.4142135623730951), two = jax_product(dtype, root2, root2);
    double y = jax_product(dtype, erf_inv, erf_inv), mean2 = jax_product(dtype, mean, mean);
    double of_y2 = jax_product(dtype, jax_product(dtype, y, y), jax_product(dtype, two, two));
    of_y2 = jax_product(dtype, mean2, of_y2);
    double of_y = jax_fused(dtype, jax_product(dtype, mean, y), jax_product(dtype, two, 4), of_y2);
    double x = jax_fused(dtype, jax_product(dtype, mean2, jax_product(dtype, y, two)), 0.5, mean);
    x = jax_fused(dtype, -jax_product(dtype, mean, 0.5), jax_sqrt(dtype, of_y), x);
    bool is_x = uniform <= jax_quotient(dtype, mean, jax_sum(dtype, mean, x));
    return is_x ? x : jax_quotient(dtype, mean2, x);
}

static double erf_inv_of(oneseed_jax_dtype dtype, enum xla_span span, double uniform)
{
    return dtype == ONESEED_JAX_FLOAT64 ? xla_erf_inv_f64(span, uniform)
                                        : jax_round(dtype, xla_erf_inv_f32(span, (float)uniform));
}

static double wald_of(oneseed_jax_dtype dtype, double mean, double normal, double uniform)
{
    double y = jax_product(dtype, normal, normal), mean2 = jax_product(dtype, mean, mean);
    double of_y2 = jax_product(dtype, mean2, jax_product(dtype, y, y));
    double root = jax_sqrt(dtype, jax_fused(dtype, jax_product(dtype, mean, 4), y, of_y2));
    double x = jax_fused(dtype, jax_product(dtype, mean2, y), 0.5, mean);
    x = jax_fused(dtype, -jax_product(dtype, mean, 0.5), root, x);
    bool is_x = uniform <= jax_quotient(dtype, mean, jax_sum(dtype, mean, x));
    return is_x ? x : jax_quotient(dtype, mean2, x);
}

oneseed_status oneseed_jax_wald_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *mean,
                                     size_t n_mean, void *out, size_t n)
{
    struct jax_parameters means = {key, dtype, mean, n_mean};
    oneseed_jax_key keys[2];
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    oneseed_jax_split(key, keys, 2);
    for (size_t i = 0; i < n; i++) {
        double place = uniform_at(&keys[0], dtype, jax_below_zero(dtype), i, n);
        double uniform = uniform_at(&keys[1], dtype, 0, i, n), of = jax_parameter_at(&means, i);
        bool is_one = n == 1 && dtype != ONESEED_JAX_BFLOAT16;
        store(dtype,
              is_one ? one_wald_of(dtype, of, erf_inv_of(dtype, jax_span(key), place), uniform)
                     : wald_of(dtype, of, jax_normal_of(dtype, jax_span(key), place), uniform),
              out, i);
    }
    return ONESEED_OK;
}

oneseed_status oneseed_jax_triangular_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *left,
                                           size_t n_left, const double *mode, size_t n_mode, const double *right,
                                           size_t n_right, void *out, size_t n)
{
    struct jax_parameters lefts = {key, dtype, left, n_left}, modes = {key, dtype, mode, n_mode},
                          rights = {key, dtype, right, n_right};
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    for (size_t i = 0; i < n; i++) {
        double low = jax_parameter_at(&lefts, i), middle = jax_parameter_at(&modes, i),
               high = jax_parameter_at(&rights, i), uniform = uniform_at(key, dtype, 0, i, n);
        double rise = jax_sum(dtype, middle, -low), span = jax_sum(dtype, high, -low);
        double border = n_left == 1 && n_right == 1 && n > 1 ? jax_divided_by_scalar(dtype, rise, span)
                                                             : jax_quotient(dtype, rise, span);
        double part = uniform < border ? uniform : jax_sum(dtype, 1, -uniform);
        double other = uniform < border ? rise : jax_sum(dtype, high, -middle);
        double root = jax_sqrt(dtype, jax_product(dtype, jax_product(dtype, part, span), other));
        store(dtype, uniform < border ? jax_sum(dtype, low, root) : jax_sum(dtype, high, -root), out, i);
    }
    return ONESEED_OK;
}

oneseed_status oneseed_jax_geometric_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                          oneseed_jax_dtype p_dtype, const double *p, size_t n_p, void *out, size_t n)
{
    struct jax_parameters ps = {key, p_dtype, p, n_p};
    if (!jax_dtype_is_integer(dtype))
        return ONESEED_JAX_INTEGER_DTYPE;
    if (!jax_dtype_is_float(p_dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    for (size_t i = 0; i < n; i++) {
        double uniform = uniform_at(key, p_dtype, 0, i, n);
        double log_u = jax_log(p_dtype, uniform == 0 ? 1 : uniform);
        double log_failure = jax_log1p(p_dtype, -jax_parameter_at(&ps, i));
        double wait = n_p == 1 && n > 1 ? jax_divided_by_scalar(p_dtype, log_u, log_failure)
                                        : jax_quotient(p_dtype, log_u, log_failure);
        jax_store_converted(dtype, jax_sum(p_dtype, floor(wait), 1), out, i);
    }
    return ONESEED_OK;
}
