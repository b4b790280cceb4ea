/* philox2x32.h - Philox-2x32 with 10 rounds, a function of key and counter.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_ENGINES_PHILOX2X32_H
#define ONESEED_ENGINES_PHILOX2X32_H

#include <stdint.h> /* uint32_t */

/* The multiplier and the Weyl step of the key: Random123's philox.h. */
static inline void philox2x32_block(uint32_t key, const uint32_t counter[2], uint32_t out[2])
{
    uint32_t c0 = counter[0], c1 = counter[1];
    for (int round = 0; round < 10; round++) {
        uint64_t product = (uint64_t)0xd256d193u * c0;
        c0 = (uint32_t)(product >> 32) ^ c1 ^ key;
        c1 = (uint32_t)product;
        key += 0x9e3779b9u;
    }
    out[0] = c0;
    out[1] = c1;
}

#endif
