/* numpy_generator.h - the samplers of numpy.random.Generator that more than one file needs. Parameters are checked.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_NUMPY_GENERATOR_H
#define ONESEED_DIALECTS_NUMPY_GENERATOR_H

#include <stdint.h> /* int64_t */

#include "dialects/numpy_method.h"   /* numpy_number */
#include "dialects/numpy_shared.h"   /* struct numpy_binomial */
#include "dialects/numpy_ziggurat.h" /* numpy_ziggurat_normal */
#include "oneseed.h"                 /* oneseed_numpy */

static inline double numpy_generator_normal(oneseed_numpy *state)
{
    struct numpy_reader64 reader = {state, NULL, NULL};
    return numpy_ziggurat_normal(&reader);
}

static inline double numpy_generator_exponential(oneseed_numpy *state)
{
    struct numpy_reader64 reader = {state, NULL, NULL};
    return numpy_ziggurat_exponential(&reader);
}

/* libm: exp, log, log1p, pow. _read takes at least one word, but for a shape of 0 none. */
struct numpy_gamma {
    double shape, b, c;
};

struct numpy_gamma numpy_generator_gamma_prepare(double shape);
double numpy_generator_gamma_read(struct numpy_reader64 *reader, const struct numpy_gamma *gamma);
double numpy_generator_gamma(oneseed_numpy *state, double shape);
float numpy_generator_gamma_f32(oneseed_numpy *state, float shape);
double numpy_generator_beta(oneseed_numpy *state, double a, double b);

/* n and p are not 0. */
struct numpy_binomial numpy_generator_binomial_prepare(const oneseed_numpy *state, int64_t n, double p);
int64_t numpy_generator_binomial(oneseed_numpy *state, int64_t n, double p);
int64_t numpy_generator_hypergeometric(oneseed_numpy *state, int64_t good, int64_t bad, int64_t sample);

/* log(k!), k >= 0. */
double numpy_log_factorial(int64_t k);

/* 0 … range by Lemire's method (arXiv 1805.10941), or plain words where the range is a power of two of a word. */
uint64_t numpy_generator_bounded(oneseed_numpy *state, uint64_t range);

/* The draws of the table numpy_generator_methods. */
#define NUMPY_GENERATOR_REAL(X)                                                                                        \
    X(random)                                                                                                          \
    X(standard_normal)                                                                                                 \
    X(standard_exponential)                                                                                            \
    X(standard_cauchy)                                                                                                 \
    X(standard_gamma)                                                                                                  \
    X(standard_t)                                                                                                      \
    X(uniform)                                                                                                         \
    X(normal)                                                                                                          \
    X(exponential)                                                                                                     \
    X(gamma)                                                                                                           \
    X(beta)                                                                                                            \
    X(chisquare)                                                                                                       \
    X(f)                                                                                                               \
    X(noncentral_chisquare)                                                                                            \
    X(noncentral_f)                                                                                                    \
    X(vonmises)                                                                                                        \
    X(pareto)                                                                                                          \
    X(weibull)                                                                                                         \
    X(power)                                                                                                           \
    X(laplace)                                                                                                         \
    X(gumbel)                                                                                                          \
    X(logistic)                                                                                                        \
    X(lognormal)                                                                                                       \
    X(rayleigh)                                                                                                        \
    X(wald)                                                                                                            \
    X(triangular)
#define NUMPY_GENERATOR_INTEGER(X)                                                                                     \
    X(binomial) X(negative_binomial) X(poisson) X(zipf) X(geometric) X(hypergeometric) X(logseries)

#define NUMPY_GENERATOR_DECLARE(name)                                                                                  \
    double numpy_generator_draw_##name(oneseed_numpy *state, const numpy_number *parameters);
NUMPY_GENERATOR_REAL(NUMPY_GENERATOR_DECLARE)
#undef NUMPY_GENERATOR_DECLARE
#define NUMPY_GENERATOR_DECLARE(name)                                                                                  \
    int64_t numpy_generator_draw_##name(oneseed_numpy *state, const numpy_number *parameters);
NUMPY_GENERATOR_INTEGER(NUMPY_GENERATOR_DECLARE)
#undef NUMPY_GENERATOR_DECLARE

/* Values of the next words, first … first + range, as long as no word may have to be drawn again, in vectors; gives their number, a
 * multiple of 8. streams: past the caches; `out` begins a line then, and _end makes the values visible to other threads. */
size_t numpy_bounded_lanes(const uint32_t *words, size_t n, uint64_t first, uint32_t range, uint64_t *out,
                           bool streams);
void numpy_bounded_end(bool streams);

#endif
