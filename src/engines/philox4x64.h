/* philox4x64.h - Philox4x64-10: what the dialects inline.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_ENGINES_PHILOX4X64_H
#define ONESEED_ENGINES_PHILOX4X64_H

#include <stdint.h> /* uint64_t */

#include "common/bits.h"   /* mul64_wide */
#include "engines/lanes.h" /* lane_form */
#include "oneseed.h"       /* oneseed_philox4x64 */

enum { PHILOX4X64_BLOCK = 4 };

/* Multipliers of the rounds and Weyl steps of the key, from the paper's table 2 and Random123's philox.h. */
static inline void philox4x64_block(const uint64_t counter[4], const uint64_t key[2], uint64_t out[4])
{
    uint64_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t high0, low0 = mul64_wide(0xd2e7470ee14c6c93u, c0, &high0);
        uint64_t high1, low1 = mul64_wide(0xca5a826395121157u, c2, &high1);
        c0 = high1 ^ c1 ^ k0;
        c1 = low1;
        c2 = high0 ^ c3 ^ k1;
        c3 = low0;
        k0 += 0x9e3779b97f4a7c15u;
        k1 += 0xbb67ae8584caa73bu;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

/* As many of the next n words as are better made in lanes, in a form; gives their number, after which one more block at least is wanted:
 * it is the state's buffer then. */
size_t philox4x64_fill_lanes(oneseed_philox4x64 *state, enum lane_form form, void *out, size_t n);

static inline void philox4x64_count(uint64_t counter[4])
{
    for (int k = 0; k < 4; k++)
        if (++counter[k] != 0)
            break;
}

static inline uint64_t philox4x64_next(oneseed_philox4x64 *state)
{
    if (state->position >= PHILOX4X64_BLOCK) {
        philox4x64_count(state->counter);
        philox4x64_block(state->counter, state->key, state->buffer);
        state->position = 0;
    }
    return state->buffer[state->position++];
}

#endif
