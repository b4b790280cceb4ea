/* jax_rounds.c - rejection as jax.random does it: all values together, round after round.
 * SPDX-License-Identifier: MIT */
#include "dialects/jax_rounds.h"

static void keys_of_round(const struct jax_rounds *rounds, uint64_t round, oneseed_jax_key keys[2])
{
    oneseed_jax_key key = rounds->next;
    if (round < JAX_ROUNDS_KEPT) {
        keys[0] = rounds->kept[round][0];
        keys[1] = rounds->kept[round][1];
        return;
    }
    for (uint64_t k = JAX_ROUNDS_KEPT; k < round; k++)
        jax_split_at(&key, 0, 3, &key);
    jax_split_at(&key, 1, 3, &keys[0]);
    jax_split_at(&key, 2, 3, &keys[1]);
}

void jax_rounds_begin(struct jax_rounds *rounds, const oneseed_jax_key *key, jax_proposal *propose, const void *sampler,
                      size_t n, uint64_t n_most)
{
    rounds->next = *key;
    rounds->n = 0;
    rounds->n_most = n_most;
    for (int round = 0; round < JAX_ROUNDS_KEPT; round++) {
        jax_split_at(&rounds->next, 1, 3, &rounds->kept[round][0]);
        jax_split_at(&rounds->next, 2, 3, &rounds->kept[round][1]);
        jax_split_at(&rounds->next, 0, 3, &rounds->next);
    }
    for (size_t i = 0; i < n; i++) {
        oneseed_jax_key keys[2];
        bool is_accepted = false;
        double value;
        uint64_t round = 0;
        for (; round < n_most && !is_accepted; round++) {
            keys_of_round(rounds, round, keys);
            is_accepted = propose(sampler, keys, i, &value);
        }
        rounds->n = round > rounds->n ? round : rounds->n;
    }
}

double jax_rounds_value(const struct jax_rounds *rounds, jax_proposal *propose, const void *sampler, size_t i)
{
    double value;
    for (uint64_t round = rounds->n; round > 0; round--) {
        oneseed_jax_key keys[2];
        keys_of_round(rounds, round - 1, keys);
        if (propose(sampler, keys, i, &value))
            return value;
    }
    return -1;
}
