/* jax_rounds.h - rejection as jax.random does it: all values together, round after round, until the slowest has its own.
 * SPDX-License-Identifier: MIT
 *
 * A value that was accepted is replaced when a later round accepts another: the number of rounds, which the slowest value sets, counts. */
#ifndef ONESEED_DIALECTS_JAX_ROUNDS_H
#define ONESEED_DIALECTS_JAX_ROUNDS_H

#include "dialects/jax.h" /* oneseed_jax_key */

enum { JAX_ROUNDS_KEPT = 64 }; /* rounds whose keys are kept: a million values take some fifteen */

struct jax_rounds {
    oneseed_jax_key next, kept[JAX_ROUNDS_KEPT][2];
    uint64_t n; /* how many the slowest value takes; at most n_most */
    uint64_t n_most;
};

/* Whether value i is accepted with these two keys' uniforms, and what it is. */
typedef bool jax_proposal(const void *sampler, const oneseed_jax_key keys[2], size_t i, double *value);

/* Prepares, and counts the rounds of n values. */
void jax_rounds_begin(struct jax_rounds *rounds, const oneseed_jax_key *key, jax_proposal *propose, const void *sampler,
                      size_t n, uint64_t n_most);
/* Value i after all rounds; -1 where no round accepted any. */
double jax_rounds_value(const struct jax_rounds *rounds, jax_proposal *propose, const void *sampler, size_t i);

#endif
