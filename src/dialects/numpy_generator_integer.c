/* numpy_generator_integer.c - numpy.random.Generator's discrete distributions.
 * SPDX-License-Identifier: MIT
 *
 * After numpy/random/src/distributions/distributions.c and random_hypergeometric.c (1.17 to 2.5). Parameters have been checked. */
#include "dialects/numpy_generator.h"

#include <math.h> /* log */

/* Since 2.5 by its number only: version 0 is 2.4. */
static enum numpy_binomial_form binomial_form(const oneseed_numpy *state)
{
    if (numpy_before(state, 20400))
        return NUMPY_BINOMIAL_LEGACY;
    return state->version >= 20500 ? NUMPY_BINOMIAL_CORRECTED : NUMPY_BINOMIAL_LOG1P;
}

struct numpy_binomial numpy_generator_binomial_prepare(const oneseed_numpy *state, int64_t n, double p)
{
    return numpy_binomial_prepare(n, p, binomial_form(state));
}

int64_t numpy_generator_binomial(oneseed_numpy *state, int64_t n, double p)
{
    if (n == 0 || p == 0.0)
        return 0;
    struct numpy_binomial binomial = numpy_generator_binomial_prepare(state, n, p);
    return numpy_binomial_draw(state, &binomial);
}

static int64_t poisson(oneseed_numpy *state, double lam)
{
    struct numpy_poisson prepared = numpy_poisson_prepare(lam);
    return numpy_poisson_draw(state, &prepared);
}

static int64_t geometric(oneseed_numpy *state, double p)
{
    if (p >= 0.333333333333333333333333)
        return numpy_geometric_search(state, p);
    double z;
    if (numpy_before(state, 12100))
        z = ceil(log(1.0 - numpy_next_double(state)) / log(1.0 - p));
    else
        z = ceil(-numpy_generator_exponential(state) / log1p(-p));
    if (z >= 0x1p63 && !numpy_before(state, 12500))
        return INT64_MAX;
    return numpy_to_i64(z);
}

/* Devroye (1986), X.6.1. libm: pow. */
static int64_t zipf(oneseed_numpy *state, double a)
{
    bool is_old = numpy_before(state, 20100);
    if (!is_old && a >= 1025)
        return 1;
    double rest = a - 1.0, b = pow(2.0, rest), least = is_old ? 0.0 : pow((double)INT64_MAX, -rest);
    for (;;) {
        double u = numpy_next_double(state);
        u = is_old ? 1.0 - u : u * least + (1 - u);
        double v = numpy_next_double(state), x = floor(pow(u, -1.0 / rest));
        if (x > (double)INT64_MAX || x < 1.0)
            continue;
        double t = pow(1.0 + 1.0 / x, rest);
        if (v * x * (t - 1.0) / (b - 1.0) <= t / b)
            return numpy_to_i64(x);
    }
}

/* Kemp (1981). */
static int64_t logseries(oneseed_numpy *state, double p)
{
    double r = numpy_before(state, 12100) ? log(1.0 - p) : log1p(-p);
    for (;;) {
        double v = numpy_next_double(state);
        if (v >= p)
            return 1;
        double u = numpy_next_double(state);
        double q = numpy_before(state, 12200) ? 1.0 - exp(r * u) : -expm1(r * u);
        if (v <= q * q) {
            int64_t result = numpy_to_i64(floor(1 + log(v) / log(q)));
            if (result >= 1 && v != 0.0)
                return result;
            continue;
        }
        return v >= q ? 1 : 2;
    }
}

/* ---- Hypergeometric */

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* One by one; of the complement when the sample is more than half of all. */
static int64_t hypergeometric_one_by_one(oneseed_numpy *state, int64_t good, int64_t bad, int64_t sample)
{
    int64_t total = good + bad, left = total, good_left = good;
    bool is_complement = sample > total / 2;
    int64_t n = is_complement ? total - sample : sample;
    while (n > 0 && good_left > 0 && left > good_left) {
        left--;
        if ((int64_t)numpy_interval(state, (uint64_t)left) < good_left)
            good_left--;
        n--;
    }
    if (left == good_left)
        good_left -= n;
    return is_complement ? good_left : good - good_left;
}

/* log(a! b! c! d!), added from the left. */
static double log_factorials(int64_t a, int64_t b, int64_t c, int64_t d)
{
    return numpy_log_factorial(a) + numpy_log_factorial(b) + numpy_log_factorial(c) + numpy_log_factorial(d);
}

/* HRUA of Stadlober's thesis (1989), page 82. libm: log. */
static int64_t hypergeometric_ratio(oneseed_numpy *state, int64_t good, int64_t bad, int64_t sample)
{
    int64_t total = good + bad, n = smaller(sample, total - sample), few = smaller(good, bad), many = total - few;
    double p = (double)few / (double)total, q = (double)many / (double)total;
    double a = (double)n * p + 0.5;
    double variance = (double)(total - n) * (double)n * p * q / (double)(total - 1);
    double c = sqrt(variance + 0.5);
    double h = 1.7155277699214135 * c + 0.8989161620588988; /* 2 sqrt(2/e), 3 - 2 sqrt(3/e) */
    int64_t mode = (int64_t)floor((double)(n + 1) * (double)(few + 1) / (double)(total + 2));
    double g = log_factorials(mode, few - mode, n - mode, many - n + mode);
    double support = (double)(smaller(n, few) + 1), far = floor(a + 16 * c);
    double bound = support < far ? support : far;
    int64_t k;
    for (;;) {
        double u = numpy_next_double(state), v = numpy_next_double(state);
        double x = a + h * (v - 0.5) / u;
        if (!(x >= 0.0 && x < bound))
            continue;
        k = numpy_to_i64(floor(x));
        double t = g - log_factorials(k, few - k, n - k, many - n + k);
        if (u * (4.0 - u) - 3.0 <= t)
            break;
        if (!(u * (u - t) >= 1) && 2.0 * log(u) <= t)
            break;
    }
    if (good > bad)
        k = n - k;
    return n < sample ? good - k : k;
}

int64_t numpy_generator_hypergeometric(oneseed_numpy *state, int64_t good, int64_t bad, int64_t sample)
{
    if (sample >= 10 && sample <= good + bad - 10)
        return hypergeometric_ratio(state, good, bad, sample);
    return hypergeometric_one_by_one(state, good, bad, sample);
}

/* ---- The table's draws. Parameters are in NumPy's order. */

#define DRAW(name) int64_t numpy_generator_draw_##name(oneseed_numpy *state, const numpy_number *p)

DRAW(binomial)
{
    return numpy_generator_binomial(state, p[0].i, p[1].f);
}

DRAW(negative_binomial)
{
    return poisson(state, (1 - p[1].f) / p[1].f * numpy_generator_gamma(state, p[0].f));
}

DRAW(poisson)
{
    return poisson(state, p[0].f);
}

DRAW(zipf)
{
    return zipf(state, p[0].f);
}

DRAW(geometric)
{
    return geometric(state, p[0].f);
}

DRAW(hypergeometric)
{
    return numpy_generator_hypergeometric(state, p[0].i, p[1].i, p[2].i);
}

DRAW(logseries)
{
    return logseries(state, p[0].f);
}
