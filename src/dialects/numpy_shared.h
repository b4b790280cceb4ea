/* numpy_shared.h - what NumPy's Generator and RandomState compute alike. SPDX-License-Identifier: MIT
 *
 * Formulas after numpy/random/src/distributions/distributions.c (1.17 to 2.5). Each distribution whose parameters need
 * work has a struct that _prepare makes once and _draw uses: the values are those of NumPy, which prepares for every
 * draw. */
#ifndef ONESEED_DIALECTS_NUMPY_SHARED_H
#define ONESEED_DIALECTS_NUMPY_SHARED_H

#include <math.h>    /* signbit */
#include <stdbool.h> /* bool */

#include "dialects/numpy_bits.h" /* numpy_next_u32, numpy_before */
#include "oneseed.h"             /* oneseed_numpy */

/* (int64_t)x as x86-64 does it: what does not fit, and NaN, is INT64_MIN. */
static inline int64_t numpy_to_i64(double x)
{
    return x >= -0x1p63 && x < 0x1p63 ? (int64_t)x : INT64_MIN;
}

/* Sums and products that wrap, as NumPy's do in practice. */
static inline int64_t numpy_wrap_add(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

static inline int64_t numpy_wrap_subtract(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

/* The smallest 2^k - 1 that is at least max. */
static inline uint64_t numpy_mask(uint64_t max)
{
    uint64_t mask = max;
    mask |= mask >> 1;
    mask |= mask >> 2;
    mask |= mask >> 4;
    mask |= mask >> 8;
    mask |= mask >> 16;
    return mask | mask >> 32;
}

/* Uniform in 0 … max by masked rejection (random_interval): shuffles draw with it in both APIs. max 0 draws nothing. */
static inline uint64_t numpy_interval(oneseed_numpy *state, uint64_t max)
{
    if (max == 0)
        return 0;
    uint64_t mask = numpy_mask(max), value;
    if (max <= UINT32_MAX)
        do
            value = numpy_next_u32(state) & mask;
        while (value > max);
    else
        do
            value = numpy_next_u64(state) & mask;
        while (value > max);
    return value;
}

/* Fisher-Yates from the end over n items of n_bytes each. */
void numpy_shuffle(oneseed_numpy *state, void *items, size_t n, size_t n_bytes);

/* Doubles for distributions. A fill knows how many it will need at least, and so they are made in bulk; `n_least` counts the next
 * one, and 1 makes it alone. What was made must be used: n_least must never be too large. */
enum { NUMPY_DOUBLES = 256 };
struct numpy_doubles {
    oneseed_numpy *state;
    size_t n_least;
    unsigned at, n;
    double values[NUMPY_DOUBLES];
};

static inline void numpy_doubles_start(struct numpy_doubles *doubles, oneseed_numpy *state)
{
    doubles->state = state;
    doubles->n_least = 1;
    doubles->at = doubles->n = 0;
}

double numpy_doubles_more(struct numpy_doubles *doubles);

static inline double numpy_double(struct numpy_doubles *doubles)
{
    return doubles->at < doubles->n ? doubles->values[doubles->at++] : numpy_doubles_more(doubles);
}

/* Parts of the checks that both APIs make. Scalars: a negative zero counts as negative, NaN does not. */
static inline bool numpy_is_negative(double x)
{
    return !isnan(x) && signbit(x);
}

/* Kahan's sum as kahan_sum() in numpy/random/_common.pyx adds. */
double numpy_kahan_sum(const double *values, size_t n);

/* log(gamma(x)) after Zhang and Jin, "Computation of Special Functions" (1996). libm: log. */
double numpy_loggam(const oneseed_numpy *state, double x);

/* libm: log. */
double numpy_laplace_from(struct numpy_doubles *doubles, double loc, double scale);
double numpy_gumbel_from(struct numpy_doubles *doubles, double loc, double scale);
double numpy_logistic_from(struct numpy_doubles *doubles, double loc, double scale);
double numpy_triangular_from(struct numpy_doubles *doubles, double left, double mode, double right);

/* libm: exp, log. Below 10 by multiplication, above by transformed rejection (Hörmann 1993). */
struct numpy_poisson {
    double lam;
    double limit;                                /* below 10: exp(-lam) */
    double log_lam, a, b, log_inverse_alpha, vr; /* from 10 on */
};

struct numpy_poisson numpy_poisson_prepare(double lam);
int64_t numpy_poisson_from(struct numpy_doubles *doubles, const struct numpy_poisson *poisson);

/* Which of NumPy's binomials. */
enum numpy_binomial_form {
    NUMPY_BINOMIAL_LEGACY,    /* RandomState; Generator before 2.4 */
    NUMPY_BINOMIAL_LOG1P,     /* Generator of 2.4: inversion starts from log1p(-p) */
    NUMPY_BINOMIAL_CORRECTED, /* Generator from 2.5: that, and BTPE's series with its signs and constant put right */
};

/* libm: exp, log, log1p. Inversion up to p*n of 30, BTPE (Kachitvichyanukul and Schmeiser 1988) above. */
struct numpy_binomial {
    int64_t n, m;
    double p; /* the smaller of p and 1 - p; `flipped`: that was 1 - p */
    bool flipped, is_btpe, is_corrected;
    double q, r;           /* inversion: r is the probability of 0 */
    const double *chances; /* inversion: NULL, or those of 0 … m */
    double p1, p2, p3, p4, xm, xl, xr, c, laml, lamr;
};

/* 0 <= p <= 1, or what a multinomial's division by the rest makes of it. */
struct numpy_binomial numpy_binomial_prepare(int64_t n, double p, enum numpy_binomial_form form);
/* For many draws: the chances that inversion goes through, in the caller's memory. BTPE needs none. */
enum { NUMPY_BINOMIAL_CHANCES = 96 }; /* m is at most 30 + 10 sqrt(31) */
void numpy_binomial_tabulate(struct numpy_binomial *binomial, double chances[NUMPY_BINOMIAL_CHANCES]);
/* Draws for n or p of 0, too; Generator does not ask then. */
int64_t numpy_binomial_from(struct numpy_doubles *doubles, const struct numpy_binomial *binomial);

/* p >= 1/3: counts up. */
int64_t numpy_geometric_search_from(struct numpy_doubles *doubles, double p);

/* One value of each. */
#define NUMPY_ONE(T, name, from, parameters, ...)                                                                      \
    static inline T name parameters                                                                                    \
    {                                                                                                                  \
        struct numpy_doubles doubles;                                                                                  \
        numpy_doubles_start(&doubles, state);                                                                          \
        return from(&doubles, __VA_ARGS__);                                                                            \
    }
NUMPY_ONE(double, numpy_laplace, numpy_laplace_from, (oneseed_numpy * state, double loc, double scale), loc, scale)
NUMPY_ONE(double, numpy_gumbel, numpy_gumbel_from, (oneseed_numpy * state, double loc, double scale), loc, scale)
NUMPY_ONE(double, numpy_logistic, numpy_logistic_from, (oneseed_numpy * state, double loc, double scale), loc, scale)
NUMPY_ONE(double, numpy_triangular, numpy_triangular_from,
          (oneseed_numpy * state, double left, double mode, double right), left, mode, right)
NUMPY_ONE(int64_t, numpy_poisson_draw, numpy_poisson_from, (oneseed_numpy * state, const struct numpy_poisson *poisson),
          poisson)
NUMPY_ONE(int64_t, numpy_binomial_draw, numpy_binomial_from,
          (oneseed_numpy * state, const struct numpy_binomial *binomial), binomial)
NUMPY_ONE(int64_t, numpy_geometric_search, numpy_geometric_search_from, (oneseed_numpy * state, double p), p)
#undef NUMPY_ONE

#endif
