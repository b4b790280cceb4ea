/* philox4x64.c - Philox4x64-10, a counter with a key.
 * SPDX-License-Identifier: MIT
 *
 * J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", 2011; how words are taken from the
 * blocks as in numpy/random/src/philox (1.17 to 2.x). */
#include "engines/philox4x64.h"

#include <stdbool.h> /* bool */
#include <string.h>  /* memcmp, memcpy, memset */

void oneseed_philox4x64_seed(oneseed_philox4x64 *state, const uint64_t key[2], const uint64_t counter[4])
{
    memcpy(state->key, key, sizeof state->key);
    memcpy(state->counter, counter, sizeof state->counter);
    memset(state->buffer, 0, sizeof state->buffer);
    state->position = PHILOX4X64_BLOCK;
}

uint64_t oneseed_philox4x64_next_u64(oneseed_philox4x64 *state)
{
    return philox4x64_next(state);
}

void oneseed_philox4x64_fill_u64(oneseed_philox4x64 *state, uint64_t *out, size_t n)
{
    while (n > 0 && state->position < PHILOX4X64_BLOCK) {
        *out++ = state->buffer[state->position++];
        n--;
    }
    size_t n_lanes = philox4x64_fill_lanes(state, LANE_WORDS, out, n);
    out += n_lanes;
    n -= n_lanes;
    /* Whole blocks go straight to `out`; the last one is in the buffer too, as after single draws. */
    if (n >= PHILOX4X64_BLOCK) {
        uint64_t counter[4];
        memcpy(counter, state->counter, sizeof counter);
        for (; n >= PHILOX4X64_BLOCK; n -= PHILOX4X64_BLOCK, out += PHILOX4X64_BLOCK) {
            philox4x64_count(counter);
            philox4x64_block(counter, state->key, out);
        }
        memcpy(state->counter, counter, sizeof counter);
        memcpy(state->buffer, out - PHILOX4X64_BLOCK, sizeof state->buffer);
    }
    for (; n > 0; n--)
        *out++ = philox4x64_next(state);
}

void oneseed_philox4x64_advance(oneseed_philox4x64 *state, const uint64_t delta[4])
{
    uint64_t carry = 0;
    for (int k = 0; k < 4; k++) {
        uint64_t with_carry = state->counter[k] + carry;
        carry = with_carry < carry;
        state->counter[k] = with_carry + delta[k];
        carry += state->counter[k] < delta[k];
    }
    memset(state->buffer, 0, sizeof state->buffer);
    state->position = PHILOX4X64_BLOCK;
}

int oneseed_philox4x64_is_valid(const oneseed_philox4x64 *state)
{
    return state->position <= PHILOX4X64_BLOCK;
}

static bool has_own_block(const oneseed_philox4x64 *state)
{
    uint64_t block[PHILOX4X64_BLOCK];
    if (state->position == PHILOX4X64_BLOCK)
        return true;
    philox4x64_block(state->counter, state->key, block);
    return memcmp(block, state->buffer, sizeof block) == 0;
}

/* A state stands before word 4 * counter + position of its key's stream. */
int oneseed_philox4x64_distance(const oneseed_philox4x64 *from, const oneseed_philox4x64 *to, uint64_t words_out[4])
{
    uint64_t difference[4], words[4], borrow = 0, carry, sign;
    if (memcmp(from->key, to->key, sizeof from->key) != 0 || !has_own_block(from) || !has_own_block(to))
        return 0;
    for (int k = 0; k < 4; k++) {
        difference[k] = to->counter[k] - from->counter[k] - borrow;
        borrow = to->counter[k] < from->counter[k] || (to->counter[k] == from->counter[k] && borrow);
    }
    /* Times four must fit, with a word or two to spare. */
    sign = 0 - (difference[3] >> 63);
    if ((difference[3] ^ sign) >> 60 != 0)
        return 0;
    for (int k = 3; k >= 0; k--)
        words[k] = difference[k] << 2 | (k > 0 ? difference[k - 1] >> 62 : 0);
    uint64_t step = (uint64_t)to->position - from->position; /* negative: with all the bits above it set */
    sign = 0 - (step >> 63);
    carry = 0;
    for (int k = 0; k < 4; k++) {
        uint64_t add = k == 0 ? step : sign, with_carry = words[k] + carry;
        carry = with_carry < carry;
        words_out[k] = with_carry + add;
        carry += words_out[k] < add;
    }
    return 1;
}
