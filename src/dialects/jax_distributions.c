/* jax_distributions.c - jax.random's distributions that are a function of one uniform or of normals.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10, with the roundings and the fused multiplications of XLA's code for CPUs: float16 and bfloat16
 * are computed in float32 and rounded after each step. */
#include <math.h>   /* copysign, erf, nextafterf, pow, sqrt, tan */
#include <string.h> /* memcpy */

#include "common/half.h" /* half_from_float */
#include "dialects/jax.h"
#include "dialects/jax_math.h"

enum { MAX_PARAMETERS = 2 };

struct sampler {
    oneseed_jax_dtype dtype;
    double parameters[MAX_PARAMETERS]; /* in the dtype */
};

/* One value of the distribution from a uniform. */
typedef double transform(const struct sampler *sampler, double uniform);

/* A number of Python becomes a float32, with x64 a float64, and then one of the dtype. */
static double to_dtype(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double x)
{
    if (dtype == ONESEED_JAX_FLOAT64)
        return x;
    float narrow = (float)x;
    if (key->has_x64 && dtype == ONESEED_JAX_FLOAT16 && narrow != x && isfinite(narrow)) {
        /* Round to odd, so that the second rounding is that of x. */
        uint32_t bits;
        if (fabs(narrow) > fabs(x))
            narrow = nextafterf(narrow, 0);
        memcpy(&bits, &narrow, sizeof bits);
        bits |= 1;
        memcpy(&narrow, &bits, sizeof bits);
    }
    return jax_round(dtype, narrow);
}

static double rounded(oneseed_jax_dtype dtype, double x)
{
    return dtype == ONESEED_JAX_FLOAT64 ? x : jax_round(dtype, (float)x);
}

static double product(oneseed_jax_dtype dtype, double x, double y)
{
    return dtype == ONESEED_JAX_FLOAT64 ? x * y : jax_round(dtype, (float)x * (float)y);
}

static double log_of(oneseed_jax_dtype dtype, double x)
{
    return dtype == ONESEED_JAX_FLOAT64 ? log(x) : jax_round(dtype, xla_log_f32((float)x));
}

static double log1p_of(oneseed_jax_dtype dtype, double x)
{
    return dtype == ONESEED_JAX_FLOAT64 ? xla_log1p_f64(x) : jax_round(dtype, xla_log1p_f32((float)x));
}

static double exp_of(oneseed_jax_dtype dtype, double x)
{
    return dtype == ONESEED_JAX_FLOAT64 ? xla_exp_f64(x) : jax_round(dtype, xla_exp_f32((float)x));
}

static double sqrt_of(oneseed_jax_dtype dtype, double x)
{
    return dtype == ONESEED_JAX_FLOAT64 ? sqrt(x) : jax_round(dtype, sqrtf((float)x));
}

static oneseed_status fill(const oneseed_jax_key *key, const struct sampler *sampler, transform *value_of,
                           double minval, double maxval, void *out, size_t n)
{
    double values[JAX_PIECE];
    for (size_t i = 0; i < n; i += JAX_PIECE) {
        size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
        jax_uniforms(key, sampler->dtype, minval, maxval, n, i, values, n_now);
        for (size_t k = 0; k < n_now; k++)
            values[k] = value_of(sampler, values[k]);
        jax_store(sampler->dtype, values, (char *)out + i * jax_dtype_size(sampler->dtype), n_now);
    }
    return ONESEED_OK;
}

/* --- Of one uniform --------------------------------------------------------------------------------------------------- */

static double exponential_of(const struct sampler *sampler, double uniform)
{
    return -log1p_of(sampler->dtype, -uniform);
}

oneseed_status oneseed_jax_exponential_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    return fill(key, &(struct sampler){.dtype = dtype}, exponential_of, 0, 1, out, n);
}

/* The smallest normal number: in a uniform from there to 1, XLA adds it to the -1 that the bits need, where it has no effect. */
static double at_least_tiny(oneseed_jax_dtype dtype, double uniform)
{
    double tiny = dtype == ONESEED_JAX_FLOAT64 ? 0x1p-1022 : dtype == ONESEED_JAX_FLOAT16 ? 0x1p-14 : 0x1p-126;
    return uniform > tiny ? uniform : tiny;
}

static double gumbel_of(const struct sampler *sampler, double uniform)
{
    return -log_of(sampler->dtype, -log_of(sampler->dtype, at_least_tiny(sampler->dtype, uniform)));
}

oneseed_status oneseed_jax_gumbel_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    return fill(key, &(struct sampler){.dtype = dtype}, gumbel_of, 0, 1, out, n);
}

static double laplace_of(const struct sampler *sampler, double uniform)
{
    double sign = uniform > 0 ? 1 : uniform < 0 ? -1 : uniform;
    return sign * log1p_of(sampler->dtype, -fabs(uniform));
}

oneseed_status oneseed_jax_laplace_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    return fill(key, &(struct sampler){.dtype = dtype}, laplace_of, jax_below_zero(dtype), 1, out, n);
}

static double logistic_of(const struct sampler *sampler, double uniform)
{
    double u = at_least_tiny(sampler->dtype, uniform);
    double log_u = log_of(sampler->dtype, u), log_rest = log1p_of(sampler->dtype, -u);
    if (sampler->dtype == ONESEED_JAX_FLOAT64)
        return log_u - log_rest;
    return jax_round(sampler->dtype, (float)log_u - (float)log_rest);
}

oneseed_status oneseed_jax_logistic_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    return fill(key, &(struct sampler){.dtype = dtype}, logistic_of, 0, 1, out, n);
}

static double cauchy_of(const struct sampler *sampler, double uniform)
{
    oneseed_jax_dtype dtype = sampler->dtype;
    double centred = rounded(dtype, uniform - 0.5);
    double angle = product(dtype, centred, rounded(dtype, 3.14159265358979323846));
    return dtype == ONESEED_JAX_FLOAT64 ? tan(angle) : jax_round(dtype, tanf((float)angle));
}

oneseed_status oneseed_jax_cauchy_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n)
{
    static const double epsilon[] = {0x1p-7, 0x1p-10, 0x1p-23, 0x1p-52};
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    return fill(key, &(struct sampler){.dtype = dtype}, cauchy_of, epsilon[dtype], 1, out, n);
}

static double rayleigh_of(const struct sampler *sampler, double uniform)
{
    double root = sqrt_of(sampler->dtype, product(sampler->dtype, log_of(sampler->dtype, uniform), -2));
    return product(sampler->dtype, root, sampler->parameters[0]);
}

oneseed_status oneseed_jax_rayleigh_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double scale, void *out,
                                         size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    struct sampler sampler = {dtype, {to_dtype(key, dtype, scale)}};
    return fill(key, &sampler, rayleigh_of, 0, 1, out, n);
}

static double weibull_min_of(const struct sampler *sampler, double uniform)
{
    double e = -log1p_of(sampler->dtype, -uniform), power;
    if (sampler->dtype == ONESEED_JAX_FLOAT64)
        power = pow(e, sampler->parameters[1]);
    else
        power = jax_round(sampler->dtype, powf((float)e, (float)sampler->parameters[1]));
    return product(sampler->dtype, power, sampler->parameters[0]);
}

oneseed_status oneseed_jax_weibull_min_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double scale,
                                            double concentration, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    double exponent = key->has_x64 || dtype == ONESEED_JAX_FLOAT64 ? 1 / concentration : 1 / (float)concentration;
    struct sampler sampler = {dtype, {to_dtype(key, dtype, scale), to_dtype(key, dtype, exponent)}};
    return fill(key, &sampler, weibull_min_of, 0, 1, out, n);
}

static double pareto_of(const struct sampler *sampler, double uniform)
{
    double e = -log1p_of(sampler->dtype, -uniform);
    return exp_of(sampler->dtype, product(sampler->dtype, e, sampler->parameters[0]));
}

static double one_pareto_of(const struct sampler *sampler, double uniform)
{
    double e = -log1p_of(sampler->dtype, -uniform), b = sampler->parameters[0];
    double ratio = sampler->dtype == ONESEED_JAX_FLOAT64 ? e / b : jax_round(sampler->dtype, (float)e / (float)b);
    return exp_of(sampler->dtype, ratio);
}

oneseed_status oneseed_jax_pareto_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double b, void *out,
                                       size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    struct sampler sampler = {dtype, {to_dtype(key, dtype, b)}};
    if (n == 1)
        return fill(key, &sampler, one_pareto_of, 0, 1, out, n);
    /* XLA divides an array by a number as a product with its reciprocal; bfloat16's stays a float32. */
    double factor = dtype == ONESEED_JAX_FLOAT64 ? 1 / sampler.parameters[0] : 1 / (float)sampler.parameters[0];
    sampler.parameters[0] = dtype == ONESEED_JAX_FLOAT16 ? jax_round(dtype, (float)factor) : factor;
    return fill(key, &sampler, pareto_of, 0, 1, out, n);
}

/* --- Of normals ------------------------------------------------------------------------------------------------------- */

static double lognormal_of(const struct sampler *sampler, double uniform)
{
    oneseed_jax_dtype dtype = sampler->dtype;
    if (dtype == ONESEED_JAX_BFLOAT16)
        return exp_of(dtype, product(dtype, jax_normal_of(dtype, uniform), sampler->parameters[0]));
    if (dtype == ONESEED_JAX_FLOAT64)
        return xla_exp_f64(xla_erf_inv_f64(uniform) * sampler->parameters[0]);
    return exp_of(dtype, product(dtype, jax_round(dtype, xla_erf_inv_f32((float)uniform)), sampler->parameters[0]));
}

oneseed_status oneseed_jax_lognormal_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double sigma, void *out,
                                          size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    struct sampler sampler = {dtype, {to_dtype(key, dtype, sigma)}};
    /* XLA multiplies normal's factor and sigma first, where no rounding to bfloat16 is between them. */
    if (dtype != ONESEED_JAX_BFLOAT16)
        sampler.parameters[0] = product(dtype, sampler.parameters[0], rounded(dtype, 1.4142135623730951));
    return fill(key, &sampler, lognormal_of, jax_below_zero(dtype), 1, out, n);
}

/* --- Truncated normal ------------------------------------------------------------------------------------------------- */

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
    float reciprocal = jax_round(dtype, 1 / jax_round(dtype, 0x1.6a09e6p+0f));
    return jax_round(dtype, xla_erf_f32((float)product(dtype, x, reciprocal)));
}

static double truncated_normal_of(const struct sampler *sampler, double uniform)
{
    double x = jax_normal_of(sampler->dtype, uniform);
    x = x > sampler->parameters[0] ? x : sampler->parameters[0];
    return x < sampler->parameters[1] ? x : sampler->parameters[1];
}

oneseed_status oneseed_jax_truncated_normal_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double lower,
                                                 double upper, void *out, size_t n)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    double low = to_dtype(key, dtype, lower), high = to_dtype(key, dtype, upper);
    struct sampler sampler = {dtype,
                              {flushed(dtype, next_above(dtype, low)), flushed(dtype, -next_above(dtype, -high))}};
    return fill(key, &sampler, truncated_normal_of, normal_probability(dtype, low), normal_probability(dtype, high),
                out, n);
}
