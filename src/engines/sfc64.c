/* sfc64.c - SFC64, small fast counting.
 * SPDX-License-Identifier: MIT
 *
 * C. Doty-Humphrey, PractRand, RNGs/sfc.cpp; the seeding (counter 1, 12 words dropped) is the same there and in
 * numpy/random/src/sfc64 (1.17 to 2.x). */
#include "engines/sfc64.h"

#include <string.h> /* memcmp */

void oneseed_sfc64_seed(oneseed_sfc64 *state, const uint64_t seed[3])
{
    state->state[0] = seed[0];
    state->state[1] = seed[1];
    state->state[2] = seed[2];
    state->state[3] = 1;
    for (int k = 0; k < 12; k++)
        (void)sfc64_next(state);
}

uint64_t oneseed_sfc64_next_u64(oneseed_sfc64 *state)
{
    return sfc64_next(state);
}

/* The state is a local while it is filled from: a store to `out` could otherwise change it. */
void oneseed_sfc64_fill_u64(oneseed_sfc64 *state, uint64_t *out, size_t n)
{
    oneseed_sfc64 local = *state;
    for (size_t k = 0; k < n; k++)
        out[k] = sfc64_next(&local);
    *state = local;
}

int oneseed_sfc64_is_valid(const oneseed_sfc64 *state)
{
    (void)state; /* four words, any of them */
    return 1;
}

uint64_t oneseed_sfc64_distance(const oneseed_sfc64 *from, const oneseed_sfc64 *to, uint64_t max_words)
{
    oneseed_sfc64 now = *from;
    uint64_t n_words = to->state[3] - from->state[3];
    if (n_words > max_words)
        return ONESEED_TOO_FAR;
    for (uint64_t k = 0; k < n_words; k++)
        (void)sfc64_next(&now);
    return memcmp(&now, to, sizeof now) == 0 ? n_words : ONESEED_TOO_FAR;
}
