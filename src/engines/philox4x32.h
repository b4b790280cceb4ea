/* philox4x32.h - Philox4x32-10: what the dialects inline.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_ENGINES_PHILOX4X32_H
#define ONESEED_ENGINES_PHILOX4X32_H

#include <stddef.h> /* size_t */
#include <stdint.h> /* uint32_t */

#include "oneseed.h" /* oneseed_philox4x32 */

enum { PHILOX4X32_BLOCK = 4 };

/* Multipliers of the rounds and Weyl steps of the key, from the paper's table 2 and Random123's philox.h. */
static inline void philox4x32_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t product0 = (uint64_t)0xd2511f53u * c0, product1 = (uint64_t)0xcd9e8d57u * c2;
        c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)product1;
        c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)product0;
        k0 += 0x9e3779b9u;
        k1 += 0xbb67ae85u;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

static inline void philox4x32_count(uint32_t counter[4])
{
    for (int k = 0; k < 4; k++)
        if (++counter[k] != 0)
            break;
}

/* The counter n_blocks further. */
static inline void philox4x32_skip(uint32_t counter[4], uint64_t n_blocks)
{
    uint64_t carry = 0;
    for (int k = 0; k < 4; k++) {
        carry += (uint64_t)counter[k] + (uint32_t)n_blocks;
        counter[k] = (uint32_t)carry;
        carry >>= 32;
        n_blocks >>= 32;
    }
}

/* The blocks of the counter and those behind it; the counter moves behind them. */
void philox4x32_fill_blocks(uint32_t counter[4], const uint32_t key[2], uint32_t *out, size_t n_blocks);
/* The same of counters that are `step` apart, which is below 2^16. */
void philox4x32_fill_apart(uint32_t counter[4], const uint32_t key[2], uint32_t step, uint32_t *out, size_t n_blocks);

#endif
