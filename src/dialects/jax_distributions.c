/* jax_distributions.c - jax.random's distributions that are a function of one uniform or of normals.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10, with the roundings and the fused multiplications of XLA's code for CPUs. */
#include <math.h> /* cos, exp, fabs, pow, sin, tan */

#include "dialects/jax.h"
#include "dialects/jax_math.h"    /* xla_erf_inv_f32 */
#include "dialects/jax_real.h"    /* jax_log */
#include "dialects/jax_vectors.h" /* jax_exponentials_f32 */

enum { MAX_PARAMETERS = 2 };

struct sampler {
    oneseed_jax_dtype dtype;
    enum xla_span span;
    bool has_libm_exp;                 /* before 0.6: float64's exp */
    double parameters[MAX_PARAMETERS]; /* in the dtype */
};

static const double epsilon[] = {0x1p-7, 0x1p-10, 0x1p-23,
                                 0x1p-52}; /* of each floating dtype: the distance from 1 to the next number */

/* A parameter of each value, or one of all. */
struct each {
    const double *values;
    size_t n;
};

/* One value of the distribution from a uniform. */
typedef double transform(const struct sampler *sampler, double uniform);

struct transformed {
    const struct sampler *sampler;
    transform *value_of;
};

static double value_by(const void *object, double uniform)
{
    const struct transformed *by = object;
    return by->value_of(by->sampler, uniform);
}

static oneseed_status fill(const oneseed_jax_key *key, const struct sampler *sampler, transform *value_of,
                           double minval, double maxval, void *out, size_t n)
{
    const struct transformed by = {sampler, value_of};
    const struct jax_transform one = {value_by, NULL, NULL, &by};
    jax_transformed_part(key, sampler->dtype, minval, maxval, &one, n, 0, out, n);
    return ONESEED_OK;
}

/* The same with parameters for each value; they are in the dtype, as an array is. */
static oneseed_status fill_each(const oneseed_jax_key *key, oneseed_jax_dtype dtype, transform *value_of,
                                const struct each *parameters, int n_parameters, double minval, void *out, size_t n)
{
    double values[JAX_PIECE];
    struct sampler sampler = {dtype, jax_span(key), jax_is_before(key, 600), {0}};
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    for (size_t i = 0; i < n; i += JAX_PIECE) {
        size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
        jax_uniforms(key, dtype, minval, 1, n, i, values, n_now);
        for (size_t k = 0; k < n_now; k++) {
            for (int which = 0; which < n_parameters; which++)
                sampler.parameters[which] =
                    jax_rounded(dtype, parameters[which].values[parameters[which].n == 1 ? 0 : i + k]);
            values[k] = value_of(&sampler, values[k]);
        }
        jax_store(dtype, values, (char *)out + i * jax_dtype_size(dtype), n_now);
    }
    return ONESEED_OK;
}

/* log1p(-x) for x in [0, 1). */
static double log1p_of_negative(const struct sampler *sampler, double x)
{
    if (sampler->dtype == ONESEED_JAX_FLOAT64) /* in all versions alike, other than within erf_inv */
        return xla_log1p_f64(-x);
    return jax_log1p_of_negative(sampler->span, sampler->dtype, x);
}

static double log_of(const struct sampler *sampler, double x)
{
    return jax_log_of(sampler->span, sampler->dtype, x);
}

static double exp_of(const struct sampler *sampler, double x)
{
    return sampler->has_libm_exp && sampler->dtype == ONESEED_JAX_FLOAT64 ? exp(x) : jax_exp(sampler->dtype, x);
}

/* --- Of one uniform --------------------------------------------------------------------------------------------------- */

static double exponential_of(const struct sampler *sampler, double uniform)
{
    return -log1p_of_negative(sampler, uniform);
}

static void exponentials_f32(const void *object, float *values, size_t n)
{
    const struct transformed *by = object;
    jax_exponentials_f32(by->sampler->span, values, n);
}

oneseed_status oneseed_jax_exponential_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    const struct sampler sampler = {dtype, jax_span(key), jax_is_before(key, 600), {0}};
    const struct transformed by = {&sampler, exponential_of};
    const struct jax_transform many = {value_by, sampler.span == XLA_OF_0_7 ? NULL : exponentials_f32, NULL, &by};
    jax_transformed_part(key, dtype, 0, 1, &many, n, 0, out, n);
    return ONESEED_OK;
}

static double laplace_of(const struct sampler *sampler, double uniform)
{
    double sign = uniform > 0 ? 1 : uniform < 0 ? -1 : uniform;
    return sign * log1p_of_negative(sampler, fabs(uniform));
}

oneseed_status oneseed_jax_laplace_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    return fill(key, &(struct sampler){dtype, jax_span(key), jax_is_before(key, 600), {0}}, laplace_of,
                jax_below_zero(dtype), 1, out, n);
}

static double logistic_of(const struct sampler *sampler, double uniform)
{
    double u = jax_at_least_tiny(sampler->dtype, uniform);
    double log_u = log_of(sampler, u), log_rest = log1p_of_negative(sampler, u);
    if (sampler->dtype == ONESEED_JAX_FLOAT64)
        return log_u - log_rest;
    return jax_round(sampler->dtype, (float)log_u - (float)log_rest);
}

static double old_logistic_of(const struct sampler *sampler, double uniform)
{
    double rest = jax_sum(sampler->dtype, 1, -uniform);
    if (sampler->dtype == ONESEED_JAX_FLOAT64)
        return log(uniform / rest);
    return jax_log(sampler->dtype, jax_round(sampler->dtype, (float)uniform / (float)rest));
}

oneseed_status oneseed_jax_logistic_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    if (jax_is_before(key, 700)) /* 0.7.0 begins at the smallest normal number */
        return fill(key, &(struct sampler){dtype, jax_span(key), jax_is_before(key, 600), {0}}, old_logistic_of,
                    epsilon[dtype], 1, out, n);
    return fill(key, &(struct sampler){dtype, jax_span(key), jax_is_before(key, 600), {0}}, logistic_of, 0, 1, out, n);
}

static double cauchy_of(const struct sampler *sampler, double uniform)
{
    oneseed_jax_dtype dtype = sampler->dtype;
    double centred = jax_rounded(dtype, uniform - 0.5);
    double angle = jax_product(dtype, centred, jax_rounded(dtype, 3.14159265358979323846));
    if (sampler->span == XLA_BEFORE_0_7) {
        if (dtype == ONESEED_JAX_FLOAT64)
            return sin(angle) / cos(angle);
        float sine = sinf((float)angle), cosine = cosf((float)angle);
        if (dtype == ONESEED_JAX_FLOAT16)
            return jax_round(dtype, jax_round(dtype, sine) / jax_round(dtype, cosine));
        return jax_round(dtype, sine / cosine);
    }
    return dtype == ONESEED_JAX_FLOAT64 ? tan(angle) : jax_round(dtype, tanf((float)angle));
}

oneseed_status oneseed_jax_cauchy_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    return fill(key, &(struct sampler){dtype, jax_span(key), jax_is_before(key, 600), {0}}, cauchy_of, epsilon[dtype],
                1, out, n);
}

static double rayleigh_of(const struct sampler *sampler, double uniform)
{
    double root = jax_sqrt(sampler->dtype, jax_product(sampler->dtype, log_of(sampler, uniform), -2));
    return jax_product(sampler->dtype, root, sampler->parameters[0]);
}

oneseed_status oneseed_jax_rayleigh_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double scale, void *out,
                                         size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    struct sampler sampler = {dtype, jax_span(key), jax_is_before(key, 600), {jax_parameter(key, dtype, scale)}};
    return fill(key, &sampler, rayleigh_of, 0, 1, out, n);
}

oneseed_status oneseed_jax_rayleigh_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *scale,
                                              size_t n_scale, void *out, size_t n)
{
    return fill_each(key, dtype, rayleigh_of, &(struct each){scale, n_scale}, 1, 0, out, n);
}

static double weibull_min_of(const struct sampler *sampler, double uniform)
{
    double e = -log1p_of_negative(sampler, uniform), power;
    if (sampler->dtype == ONESEED_JAX_FLOAT64)
        power = pow(e, sampler->parameters[1]);
    else
        power = jax_round(sampler->dtype, powf((float)e, (float)sampler->parameters[1]));
    return jax_product(sampler->dtype, power, sampler->parameters[0]);
}

oneseed_status oneseed_jax_weibull_min_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double scale,
                                            double concentration, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    double exponent = key->has_x64 || dtype == ONESEED_JAX_FLOAT64 ? 1 / concentration : 1 / (float)concentration;
    struct sampler sampler = {dtype,
                              jax_span(key),
                              jax_is_before(key, 600),
                              {jax_parameter(key, dtype, scale), jax_parameter(key, dtype, exponent)}};
    return fill(key, &sampler, weibull_min_of, 0, 1, out, n);
}

static double each_weibull_min_of(const struct sampler *sampler, double uniform)
{
    struct sampler with_exponent = *sampler;
    double concentration = sampler->parameters[1];
    with_exponent.parameters[1] =
        sampler->dtype == ONESEED_JAX_FLOAT64 ? 1 / concentration : jax_round(sampler->dtype, 1 / (float)concentration);
    return weibull_min_of(&with_exponent, uniform);
}

oneseed_status oneseed_jax_weibull_min_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                 const double *scale, size_t n_scale, const double *concentration,
                                                 size_t n_concentration, void *out, size_t n)
{
    const struct each parameters[] = {{scale, n_scale}, {concentration, n_concentration}};
    return fill_each(key, dtype, each_weibull_min_of, parameters, 2, 0, out, n);
}

static double pareto_of(const struct sampler *sampler, double uniform)
{
    double e = -log1p_of_negative(sampler, uniform);
    return exp_of(sampler, jax_product(sampler->dtype, e, sampler->parameters[0]));
}

static double one_pareto_of(const struct sampler *sampler, double uniform)
{
    double e = -log1p_of_negative(sampler, uniform), b = sampler->parameters[0];
    double ratio = sampler->dtype == ONESEED_JAX_FLOAT64 ? e / b : jax_round(sampler->dtype, (float)e / (float)b);
    return exp_of(sampler, ratio);
}

oneseed_status oneseed_jax_pareto_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double b, void *out,
                                       size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    struct sampler sampler = {dtype, jax_span(key), jax_is_before(key, 600), {jax_parameter(key, dtype, b)}};
    if (n == 1 || sampler.span == XLA_BEFORE_0_7)
        return fill(key, &sampler, one_pareto_of, 0, 1, out, n);
    /* XLA divides an array by a number as a product with its reciprocal; bfloat16's stays a float32. */
    double factor = dtype == ONESEED_JAX_FLOAT64 ? 1 / sampler.parameters[0] : 1 / (float)sampler.parameters[0];
    sampler.parameters[0] = dtype == ONESEED_JAX_FLOAT16 ? jax_round(dtype, (float)factor) : factor;
    return fill(key, &sampler, pareto_of, 0, 1, out, n);
}

oneseed_status oneseed_jax_pareto_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *b,
                                            size_t n_b, void *out, size_t n)
{
    return fill_each(key, dtype, one_pareto_of, &(struct each){b, n_b}, 1, 0, out, n);
}

/* --- Of normals ------------------------------------------------------------------------------------------------------- */

static double lognormal_of(const struct sampler *sampler, double uniform)
{
    oneseed_jax_dtype dtype = sampler->dtype;
    if (dtype == ONESEED_JAX_BFLOAT16)
        return exp_of(sampler,
                      jax_product(dtype, jax_normal_of(dtype, sampler->span, uniform), sampler->parameters[0]));
    if (dtype == ONESEED_JAX_FLOAT64)
        return exp_of(sampler, xla_erf_inv_f64(sampler->span, uniform) * sampler->parameters[0]);
    return jax_exp(dtype, jax_product(dtype, jax_round(dtype, xla_erf_inv_f32(sampler->span, (float)uniform)),
                                      sampler->parameters[0]));
}

static double each_lognormal_of(const struct sampler *sampler, double uniform)
{
    oneseed_jax_dtype dtype = sampler->dtype;
    return exp_of(sampler, jax_product(dtype, jax_normal_of(dtype, sampler->span, uniform), sampler->parameters[0]));
}

oneseed_status oneseed_jax_lognormal_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double sigma, void *out,
                                          size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    struct sampler sampler = {dtype, jax_span(key), jax_is_before(key, 600), {jax_parameter(key, dtype, sigma)}};
    if (n == 1 && sampler.span != XLA_BEFORE_0_7)
        return fill(key, &sampler, each_lognormal_of, jax_below_zero(dtype), 1, out, n);
    /* XLA multiplies normal's factor and a sigma that it repeats first, where no rounding to bfloat16 is between them. */
    if (dtype != ONESEED_JAX_BFLOAT16)
        sampler.parameters[0] = jax_product(dtype, sampler.parameters[0], jax_rounded(dtype, 1.4142135623730951));
    return fill(key, &sampler, lognormal_of, jax_below_zero(dtype), 1, out, n);
}

oneseed_status oneseed_jax_lognormal_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *sigma,
                                               size_t n_sigma, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    return fill_each(key, dtype, each_lognormal_of, &(struct each){sigma, n_sigma}, 1, jax_below_zero(dtype), out, n);
}
