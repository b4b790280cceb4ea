/* tensorflow_poisson.c - TensorFlow's Poisson variates.
 * SPDX-License-Identifier: MIT
 *
 * core/kernels/random_poisson_op.cc of TensorFlow 2.21 (doubles for every dtype since 1.12): below a rate of 10 products of
 * uniforms (Knuth), else transformed rejection (Hoermann 1993, PTRS). libm: exp, log, sqrt (exact), lgamma. */
#include <math.h> /* exp */

#include "dialects/tensorflow_pairs.h" /* tensorflow_pairs_uniform */

/* C leaves it open whether lgamma() writes the sign of the gamma function to a global variable; lgamma_r() does not. */
#if defined(__GLIBC__) || defined(__APPLE__)
double lgamma_r(double x, int *sign); /* libm's: strict C11 hides it */

static double log_factorial(double k)
{
    int sign;
    return lgamma_r(k + 1, &sign);
}
#else
static double log_factorial(double k)
{
    return lgamma(k + 1);
}
#endif

/* The largest number of the dtype: larger variates are drawn again. */
static double highest(oneseed_tensorflow_dtype dtype)
{
    switch (dtype) {
    case ONESEED_TENSORFLOW_FLOAT16:
        return 65504.0;
    case ONESEED_TENSORFLOW_FLOAT32:
        return 0x1.fffffep127;
    case ONESEED_TENSORFLOW_INT32:
        return 2147483647.0;
    case ONESEED_TENSORFLOW_INT64:
        return 0x1p63;
    default:
        return 0x1.fffffffffffffp1023;
    }
}

struct poisson {
    double rate, limit;           /* of the product, below 10 */
    double log_rate, b, a, scale; /* Hoermann's names; scale is 1 / alpha */
    double highest;
};

static struct poisson prepare(double rate, double highest)
{
    struct poisson poisson = {.rate = rate, .highest = highest};
    if (rate < 10.0) {
        poisson.limit = exp(-rate);
        return poisson;
    }
    poisson.log_rate = log(rate);
    poisson.b = 0.931 + 2.53 * sqrt(rate);
    poisson.a = -0.059 + 0.02483 * poisson.b;
    poisson.scale = 1.1239 + 1.1328 / (poisson.b - 3.4);
    return poisson;
}

static double draw_small(const struct poisson *poisson, struct tensorflow_pairs *pairs)
{
    double product = 1.0;
    for (double k = 0.0;; k += 1.0) {
        product *= tensorflow_pairs_uniform(pairs);
        if (product <= poisson->limit && k <= poisson->highest)
            return k;
    }
}

static double draw_large(const struct poisson *poisson, struct tensorflow_pairs *pairs)
{
    double a = poisson->a, b = poisson->b;
    for (;;) {
        double u = tensorflow_pairs_uniform(pairs) - 0.5, v = tensorflow_pairs_uniform(pairs);
        double edge = 0.5 - fabs(u), k = floor((2.0 * a / edge + b) * u + poisson->rate + 0.43);
        if (k > poisson->highest)
            continue;
        if (edge >= 0.07 && v <= 0.9277 - 3.6224 / (b - 2.0))
            return k;
        if (k < 0.0 || (edge < 0.013 && v > edge))
            continue;
        if (log(v * poisson->scale / (a / (edge * edge) + b)) <=
            -poisson->rate + k * poisson->log_rate - log_factorial(k))
            return k;
    }
}

/* Six standard deviations above the largest number, TensorFlow would try 10^9 times for a value. */
static bool is_endless(double rate, double highest)
{
    return isnan(rate) || (rate > highest && (isinf(rate) || rate - highest > 6.0 * sqrt(rate)));
}

oneseed_status oneseed_tensorflow_poisson_fill(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype,
                                               const double *rates, size_t n_rates, size_t n_samples, void *out)
{
    if (dtype < ONESEED_TENSORFLOW_FLOAT16 || dtype > ONESEED_TENSORFLOW_INT64)
        return ONESEED_TENSORFLOW_DTYPE;
    for (size_t k = 0; k < n_rates && n_samples > 0; k++)
        if (is_endless(rates[k], highest(dtype)))
            return ONESEED_TENSORFLOW_ENDLESS;
    for (size_t k = 0; k < n_rates; k++) {
        struct poisson poisson = prepare(rates[k], highest(dtype));
        for (size_t i = 0; i < n_samples; i++) {
            struct tensorflow_pairs pairs =
                tensorflow_pairs_at(place, ((uint64_t)k * n_samples + i) * TENSORFLOW_RESERVED);
            double value = rates[k] < 10.0 ? draw_small(&poisson, &pairs) : draw_large(&poisson, &pairs);
            tensorflow_store_cast(dtype, value, out, i * n_rates + k);
        }
    }
    return ONESEED_OK;
}
