/* philox4x32.c - Philox4x32-10, a counter with a key.
 * SPDX-License-Identifier: MIT
 *
 * J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", 2011. The words of a key are one
 * stream: word w is word w % 4 of the block with counter w / 4. cuRAND's curand(), TensorFlow and XLA read it so. */
#include "engines/philox4x32.h"

#include <string.h> /* memcpy */

void oneseed_philox4x32_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    philox4x32_block(counter, key, out);
}

void oneseed_philox4x32_seed(oneseed_philox4x32 *state, const uint32_t key[2], const uint32_t counter[4])
{
    memcpy(state->key, key, sizeof state->key);
    memcpy(state->counter, counter, sizeof state->counter);
    state->position = 0;
}

/* A state at position 4 is at word 0 of the next block. */
static void settle(oneseed_philox4x32 *state)
{
    if (state->position == PHILOX4X32_BLOCK) {
        philox4x32_count(state->counter);
        state->position = 0;
    }
}

uint32_t oneseed_philox4x32_next_u32(oneseed_philox4x32 *state)
{
    uint32_t block[PHILOX4X32_BLOCK], word;
    philox4x32_block(state->counter, state->key, block);
    word = block[state->position++];
    settle(state);
    return word;
}

void oneseed_philox4x32_fill_u32(oneseed_philox4x32 *state, uint32_t *out, size_t n)
{
    uint32_t block[PHILOX4X32_BLOCK];
    if (n > 0 && state->position > 0) {
        philox4x32_block(state->counter, state->key, block);
        for (; n > 0 && state->position < PHILOX4X32_BLOCK; n--)
            *out++ = block[state->position++];
        settle(state);
    }
    for (; n >= PHILOX4X32_BLOCK; n -= PHILOX4X32_BLOCK, out += PHILOX4X32_BLOCK) {
        philox4x32_block(state->counter, state->key, out);
        philox4x32_count(state->counter);
    }
    if (n > 0) {
        philox4x32_block(state->counter, state->key, block);
        memcpy(out, block, n * sizeof *out);
        state->position = (uint32_t)n;
    }
}

void oneseed_philox4x32_advance(oneseed_philox4x32 *state, uint64_t n_words)
{
    uint64_t position = state->position + n_words % PHILOX4X32_BLOCK;
    uint64_t carry = n_words / PHILOX4X32_BLOCK + position / PHILOX4X32_BLOCK;
    state->position = (uint32_t)(position % PHILOX4X32_BLOCK);
    for (int k = 0; k < 4; k++) {
        carry += state->counter[k];
        state->counter[k] = (uint32_t)carry;
        carry >>= 32;
    }
}

int oneseed_philox4x32_is_valid(const oneseed_philox4x32 *state)
{
    return state->position < PHILOX4X32_BLOCK;
}
