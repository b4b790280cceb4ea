/* jax_gamma.h - one value of jax.random.gamma, for the distributions that are made of it.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_JAX_GAMMA_H
#define ONESEED_DIALECTS_JAX_GAMMA_H

#include "dialects/jax.h" /* oneseed_jax_key */

/* What depends on the shape parameter alone. */
struct jax_gamma_shape {
    oneseed_jax_dtype dtype;
    double d, c, inverse; /* d and c of Marsaglia and Tsang, 1 / a */
    bool is_boosted;      /* a < 1: of a + 1, and multiplied */
};

/* `a` has a value of the dtype. Of the key: its cpu. */
void jax_gamma_shape(struct jax_gamma_shape *shape, const oneseed_jax_key *key, oneseed_jax_dtype dtype, double a);
/* Value i of gamma(key, a, (n,)) or of its logarithm, loggamma. */
double jax_gamma_at(const oneseed_jax_key *key, const struct jax_gamma_shape *shape, uint64_t i, uint64_t n);
double jax_loggamma_at(const oneseed_jax_key *key, const struct jax_gamma_shape *shape, uint64_t i, uint64_t n);

/* A row of parameters: one, or one for each value. */
struct jax_parameters {
    const oneseed_jax_key *key; /* its x64 decides how a number becomes one of the dtype */
    oneseed_jax_dtype dtype;
    const double *values;
    size_t n;
};

double jax_parameter_at(const struct jax_parameters *parameters, size_t i);
/* Value i of an array of the dtype. */
double jax_load(oneseed_jax_dtype dtype, const void *values, size_t i);

#endif
