/* jax_beta.c - jax.random's distributions that are made of gamma's: beta, dirichlet, chisquare, t, f, generalized_normal, ball.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10, in the order in which XLA's code for CPUs computes: it divides by a number as a product with
 * its reciprocal where there are several values, and turns a quotient of quotients into one. */
#include <math.h> /* fabs */

#include "dialects/jax_gamma.h" /* jax_gamma_at */
#include "dialects/jax_real.h"  /* jax_exp */

/* jax.numpy sums float16 and bfloat16 in float32, and XLA leaves out bfloat16's rounding before. */
static oneseed_jax_dtype dtype_of_sum(oneseed_jax_dtype dtype)
{
    return dtype == ONESEED_JAX_FLOAT64 ? dtype : ONESEED_JAX_FLOAT32;
}

static oneseed_jax_dtype dtype_of_summand(oneseed_jax_dtype dtype)
{
    return dtype == ONESEED_JAX_BFLOAT16 ? ONESEED_JAX_FLOAT32 : dtype;
}

/* One value of a gamma of its own shape, of the row that it is in. */
static double gamma_of(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double a, uint64_t i, uint64_t n)
{
    struct jax_gamma_shape shape;
    jax_gamma_shape(&shape, key, dtype, a);
    return jax_gamma_at(key, &shape, i, n);
}

static double loggamma_of(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double a, uint64_t i, uint64_t n)
{
    struct jax_gamma_shape shape;
    jax_gamma_shape(&shape, key, dtype, a);
    return jax_loggamma_at(key, &shape, i, n);
}

static void store(oneseed_jax_dtype dtype, double value, void *out, size_t i)
{
    value = jax_flushed(dtype, value);
    jax_store(dtype, &value, (char *)out + i * jax_dtype_size(dtype), 1);
}

/* --- beta ------------------------------------------------------------------------------------------------------------- */

oneseed_status oneseed_jax_beta_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *a, size_t n_a,
                                     const double *b, size_t n_b, void *out, size_t n)
{
    struct jax_parameters all_a = {key, dtype, a, n_a}, all_b = {key, dtype, b, n_b};
    oneseed_jax_key keys[2];
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    oneseed_jax_split(key, keys, 2);
    for (size_t i = 0; i < n; i++) {
        double log_a = loggamma_of(&keys[0], dtype, jax_parameter_at(&all_a, i), i, n);
        double log_b = loggamma_of(&keys[1], dtype, jax_parameter_at(&all_b, i), i, n);
        double largest = isnan(log_a) || log_a > log_b ? log_a : log_b;
        double of_a = jax_exp(dtype, jax_sum(dtype, log_a, -largest));
        double of_b = jax_exp(dtype, jax_sum(dtype, log_b, -largest));
        store(dtype, jax_quotient(dtype, of_a, jax_sum(dtype, of_a, of_b)), out, i);
    }
    return ONESEED_OK;
}

/* --- dirichlet -------------------------------------------------------------------------------------------------------- */

oneseed_status oneseed_jax_dirichlet_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *alpha,
                                          size_t n_alpha, void *out, size_t n)
{
    struct jax_parameters all = {key, dtype, alpha, n_alpha};
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    for (size_t row = 0; row < n; row++) {
        double largest = -INFINITY, sum = 0;
        for (size_t k = 0; k < n_alpha; k++) {
            size_t i = row * n_alpha + k;
            double value = loggamma_of(key, dtype, jax_parameter_at(&all, k), i, n * n_alpha);
            store(dtype, value, out, i);
            largest = isnan(value) || value > largest ? value : largest;
        }
        for (size_t k = 0; k < n_alpha; k++) {
            size_t i = row * n_alpha + k;
            double difference = jax_sum(dtype, jax_load(dtype, out, i), -largest);
            sum = jax_sum(dtype_of_sum(dtype), sum, jax_exp(dtype_of_summand(dtype), difference));
            store(dtype, jax_exp(dtype, difference), out, i);
        }
        sum = jax_rounded(dtype, sum);
        for (size_t k = 0; k < n_alpha; k++) {
            size_t i = row * n_alpha + k;
            store(dtype, jax_divided_by_scalar(dtype, jax_load(dtype, out, i), sum), out, i);
        }
    }
    return ONESEED_OK;
}

/* --- chisquare, t, f -------------------------------------------------------------------------------------------------- */

/* Half of a chi-squared value: the exponential of loggamma. */
static double half_chisquare(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double df, uint64_t i, uint64_t n)
{
    return jax_exp(dtype, loggamma_of(key, dtype, jax_product(dtype, df, 0.5), i, n));
}

oneseed_status oneseed_jax_chisquare_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *df,
                                          size_t n_df, void *out, size_t n)
{
    struct jax_parameters all = {key, dtype, df, n_df};
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    for (size_t i = 0; i < n; i++)
        store(dtype, jax_product(dtype, half_chisquare(key, dtype, jax_parameter_at(&all, i), i, n), 2), out, i);
    return ONESEED_OK;
}

oneseed_status oneseed_jax_t_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *df, size_t n_df,
                                  void *out, size_t n)
{
    struct jax_parameters all = {key, dtype, df, n_df};
    oneseed_jax_key keys[2];
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    oneseed_jax_split(key, keys, 2);
    for (size_t i = 0; i < n; i++) {
        double half = jax_product(dtype, jax_parameter_at(&all, i), 0.5), normal;
        jax_uniforms(&keys[0], dtype, jax_below_zero(dtype), 1, n, i, &normal, 1);
        normal = jax_normal_of(dtype, jax_span(key), normal);
        double ratio = jax_quotient(dtype, half, gamma_of(&keys[1], dtype, half, i, n));
        store(dtype, jax_product(dtype, normal, jax_sqrt(dtype, ratio)), out, i);
    }
    return ONESEED_OK;
}

static double quotient(oneseed_jax_dtype dtype, double x, double y, bool is_by_scalar)
{
    return is_by_scalar ? jax_divided_by_scalar(dtype, x, y) : jax_quotient(dtype, x, y);
}

oneseed_status oneseed_jax_f_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *dfnum,
                                  size_t n_dfnum, const double *dfden, size_t n_dfden, void *out, size_t n)
{
    struct jax_parameters all_num = {key, dtype, dfnum, n_dfnum}, all_den = {key, dtype, dfden, n_dfden};
    oneseed_jax_key keys[2];
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    oneseed_jax_split(key, keys, 2);
    for (size_t i = 0; i < n; i++) {
        double of_num = jax_parameter_at(&all_num, i), of_den = jax_parameter_at(&all_den, i);
        double num = half_chisquare(&keys[1], dtype, of_num, i, n), den = half_chisquare(&keys[0], dtype, of_den, i, n);
        if (dtype == ONESEED_JAX_BFLOAT16) { /* rounded after each step */
            num = quotient(dtype, jax_product(dtype, num, 2), of_num, n_dfnum == 1 && n > 1);
            den = quotient(dtype, jax_product(dtype, den, 2), of_den, n_dfden == 1 && n > 1);
        } else {
            num = jax_flushed(dtype, jax_product(dtype, num, jax_product(dtype, of_den, 2)));
            den = jax_flushed(dtype, jax_product(dtype, den, jax_product(dtype, of_num, 2)));
        }
        store(dtype, jax_quotient(dtype, num, den), out, i);
    }
    return ONESEED_OK;
}

/* --- generalized_normal, ball ----------------------------------------------------------------------------------------- */

/* The gamma of 1 / p and the power that is taken of it. */
struct exponential_power {
    struct jax_gamma_shape shape;
    double inverse;
};

static struct exponential_power exponential_power(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double p)
{
    struct exponential_power powers;
    oneseed_jax_dtype of_p = key->has_x64 ? ONESEED_JAX_FLOAT64 : ONESEED_JAX_FLOAT32;
    powers.inverse = jax_parameter(key, dtype, jax_quotient(of_p, 1, jax_parameter(key, of_p, p)));
    jax_gamma_shape(&powers.shape, key, dtype, powers.inverse);
    if (dtype == of_p) /* nothing is rounded between the two divisions, and XLA takes p for 1 / (1 / p) */
        powers.shape.inverse = jax_parameter(key, dtype, p);
    return powers;
}

static double generalized_normal_at(const oneseed_jax_key keys[2], const struct exponential_power *powers, uint64_t i,
                                    uint64_t n)
{
    oneseed_jax_dtype dtype = powers->shape.dtype;
    double sign;
    jax_uniforms(&keys[1], keys->has_x64 ? ONESEED_JAX_FLOAT64 : ONESEED_JAX_FLOAT32, 0, 1, n, i, &sign, 1);
    double value = jax_gamma_at(&keys[0], &powers->shape, i, n);
    return jax_product(dtype, sign < 0.5 ? 1 : -1, jax_power(dtype, value, powers->inverse));
}

oneseed_status oneseed_jax_generalized_normal_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double p,
                                                   void *out, size_t n)
{
    oneseed_jax_key keys[2];
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    oneseed_jax_split(key, keys, 2);
    struct exponential_power powers = exponential_power(key, dtype, p);
    for (size_t i = 0; i < n; i++)
        store(dtype, generalized_normal_at(keys, &powers, i, n), out, i);
    return ONESEED_OK;
}

oneseed_status oneseed_jax_ball_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, size_t d, double p, void *out,
                                     size_t n)
{
    oneseed_jax_key keys[2], of_normal[2];
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    oneseed_jax_split(key, keys, 2);
    oneseed_jax_split(&keys[0], of_normal, 2);
    struct exponential_power powers = exponential_power(key, dtype, p);
    for (size_t row = 0; row < n; row++) {
        double sum = 0, uniform;
        for (size_t k = 0; k < d; k++) {
            double value = generalized_normal_at(of_normal, &powers, row * d + k, n * d);
            store(dtype, value, out, row * d + k);
            double power = jax_power(dtype_of_summand(dtype), fabs(value), jax_parameter(key, dtype, p));
            sum = jax_sum(dtype_of_sum(dtype), sum, power);
        }
        jax_uniforms(&keys[1], dtype, 0, 1, n, row, &uniform, 1);
        sum = jax_sum(dtype, jax_rounded(dtype, sum), -jax_log1p(dtype, -uniform));
        if (d == 1) { /* as many divisors as values: XLA divides */
            store(dtype, jax_quotient(dtype, jax_load(dtype, out, row), jax_power(dtype, sum, powers.inverse)), out,
                  row);
            continue;
        }
        bool is_rounded =
            dtype == ONESEED_JAX_BFLOAT16; /* between the power and the division, which are one otherwise */
        double factor = jax_power(dtype, sum, is_rounded ? powers.inverse : -powers.inverse);
        for (size_t k = 0; k < d; k++) {
            double value = jax_load(dtype, out, row * d + k);
            value = is_rounded ? jax_divided_by_scalar(dtype, value, factor) : jax_product(dtype, value, factor);
            store(dtype, value, out, row * d + k);
        }
    }
    return ONESEED_OK;
}
