/* python_binomial.c - binomialvariate() of CPython 3.12 to 3.14, with CPython's own lgamma().
 * SPDX-License-Identifier: MIT
 *
 * Lib/random.py binomialvariate(); Modules/mathmodule.c m_lgamma() and lanczos_sum(). libm: log, log2, sqrt (exact), floor. */
#include <math.h> /* log, log2, sqrt, floor, fabs */

#include "dialects/python_state.h" /* python_next_double */
#include "oneseed.h"               /* oneseed_python_binomialvariate */

/* Lanczos' approximation with N = 13 and g = 6.0246…; the coefficients are those of the Boost library's lanczos13m53, as in
 * Modules/mathmodule.c. The denominator is x (x + 1) … (x + 11). */
enum { N_LANCZOS = 13 };
static const double lanczos_g = 6.024680040776729583740234375;
static const double lanczos_numerator[N_LANCZOS] = {
    23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843, 17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786772,
    248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768, 186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408};
static const double lanczos_denominator[N_LANCZOS] = {0.0,        39916800.0, 120543840.0, 150917976.0, 105258076.0,
                                                      45995730.0, 13339535.0, 2637558.0,   357423.0,    32670.0,
                                                      1925.0,     66.0,       1.0};

/* x is positive. Two directions, so that the terms neither overflow nor lose what is small. */
static double lanczos_sum(double x)
{
    double numerator = 0.0, denominator = 0.0;
    if (x < 5.0)
        for (int k = N_LANCZOS - 1; k >= 0; k--) {
            numerator = numerator * x + lanczos_numerator[k];
            denominator = denominator * x + lanczos_denominator[k];
        }
    else
        for (int k = 0; k < N_LANCZOS; k++) {
            numerator = numerator / x + lanczos_numerator[k];
            denominator = denominator / x + lanczos_denominator[k];
        }
    return numerator / denominator;
}

/* math.lgamma(x) of an integer x >= 1. */
static double log_gamma(double x)
{
    if (x <= 2.0)
        return 0.0;
    double r = log(lanczos_sum(x)) - lanczos_g;
    return r + (x - 0.5) * (log(x + lanczos_g - 0.5) - 1);
}

/* Devroye's geometric method, Communications of the ACM 29, 1986; n * p < 10. */
static int64_t by_gaps(oneseed_python *state, int64_t n, double p)
{
    int64_t x = 0, y = 0;
    double c = log2(1.0 - p);
    if (c == 0)
        return 0;
    for (;;) {
        double u = python_next_double(state);
        if (u == 0)
            continue;                         /* 3.14: drawn again; before, log2(0) raised */
        y += (int64_t)floor(log2(u) / c) + 1; /* c is at most -2^-53 * 1.4 */
        if (y > n)
            return x;
        x++;
    }
}

/* What BTRS (Hörmann, 1993) computes once; the second half Python computes when it is needed first, with the same result. */
struct btrs {
    int64_t n;
    double a, b, c, vr, alpha, lpq, h;
    int64_t m;
};

static struct btrs make_btrs(int64_t n, double p)
{
    struct btrs t = {.n = n};
    double spq = sqrt((double)n * p * (1.0 - p));
    t.b = 1.15 + 2.53 * spq;
    t.a = -0.0873 + 0.0248 * t.b + 0.01 * p;
    t.c = (double)n * p + 0.5;
    t.vr = 0.92 - 4.2 / t.b;
    t.alpha = (2.83 + 5.1 / t.b) * spq;
    t.lpq = log(p / (1.0 - p));
    t.m = (int64_t)floor((double)((uint64_t)n + 1) * p); /* p <= 0.5: it fits */
    t.h = log_gamma((double)(t.m + 1)) + log_gamma((double)(n - t.m + 1));
    return t;
}

static int64_t by_rejection(oneseed_python *state, const struct btrs *t)
{
    for (;;) {
        double u = python_next_double(state) - 0.5;
        double us = 0.5 - fabs(u);
        if (us == 0)
            continue; /* 3.14: drawn again; before, the division raised */
        double floored = floor((2.0 * t->a / us + t->b) * u + t->c);
        if (!(floored >= 0 && floored < 9223372036854775808.0))
            continue;
        int64_t k = (int64_t)floored;
        if (k > t->n)
            continue;
        double v = python_next_double(state);
        if (us >= 0.07 && v <= t->vr)
            return k;
        v *= t->alpha / (t->a / (us * us) + t->b);
        if (log(v) <= t->h - log_gamma((double)((uint64_t)k + 1)) - log_gamma((double)((uint64_t)(t->n - k) + 1)) +
                          (double)(k - t->m) * t->lpq)
            return k;
    }
}

static oneseed_status check(const oneseed_python *state, int64_t n, double p)
{
    if (!python_is_at_least(state->version, 312))
        return ONESEED_PYTHON_BINOMIAL_VERSION;
    if (n < 0)
        return ONESEED_PYTHON_BINOMIAL_N;
    if (p < 0.0 || p > 1.0 || (p != p && n != 1)) /* NaN: Python fails an assertion */
        return ONESEED_PYTHON_BINOMIAL_P;
    return ONESEED_OK;
}

oneseed_status oneseed_python_binomialvariate_fill(oneseed_python *state, int64_t n, double p, int64_t *out,
                                                   size_t n_out)
{
    oneseed_status status = check(state, n, p);
    if (status)
        return status;
    if (p == 0.0 || p == 1.0) {
        for (size_t i = 0; i < n_out; i++)
            out[i] = p == 0.0 ? 0 : n;
        return ONESEED_OK;
    }
    if (n == 1) {
        for (size_t i = 0; i < n_out; i++)
            out[i] = python_next_double(state) < p;
        return ONESEED_OK;
    }
    bool is_flipped = p > 0.5;
    double q = is_flipped ? 1.0 - p : p;
    if ((double)n * q < 10.0) {
        for (size_t i = 0; i < n_out; i++)
            out[i] = by_gaps(state, n, q);
    } else {
        struct btrs t = make_btrs(n, q);
        for (size_t i = 0; i < n_out; i++)
            out[i] = by_rejection(state, &t);
    }
    for (size_t i = 0; i < n_out && is_flipped; i++)
        out[i] = n - out[i];
    return ONESEED_OK;
}

int64_t oneseed_python_binomialvariate(oneseed_python *state, int64_t n, double p)
{
    int64_t value;
    return oneseed_python_binomialvariate_fill(state, n, p, &value, 1) ? INT64_MIN : value;
}
