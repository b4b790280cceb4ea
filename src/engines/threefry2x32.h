/* threefry2x32.h - Threefry-2x32-20: what the dialects inline.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_ENGINES_THREEFRY2X32_H
#define ONESEED_ENGINES_THREEFRY2X32_H

#include <stddef.h> /* size_t */
#include <stdint.h> /* uint32_t */

#include "oneseed.h" /* oneseed_threefry2x32_block */

static inline void threefry2x32_round(uint32_t *x0, uint32_t *x1, unsigned rotation)
{
    *x0 += *x1;
    *x1 = *x1 << rotation | *x1 >> (32 - rotation);
    *x1 ^= *x0;
}

/* Four rounds, of the even groups or the odd ones, and the key that is added behind group number `group`. */
static inline void threefry2x32_even(uint32_t *x0, uint32_t *x1, uint32_t key0, uint32_t key1, uint32_t group)
{
    threefry2x32_round(x0, x1, 13);
    threefry2x32_round(x0, x1, 15);
    threefry2x32_round(x0, x1, 26);
    threefry2x32_round(x0, x1, 6);
    *x0 += key0;
    *x1 += key1 + group;
}

static inline void threefry2x32_odd(uint32_t *x0, uint32_t *x1, uint32_t key0, uint32_t key1, uint32_t group)
{
    threefry2x32_round(x0, x1, 17);
    threefry2x32_round(x0, x1, 29);
    threefry2x32_round(x0, x1, 16);
    threefry2x32_round(x0, x1, 24);
    *x0 += key0;
    *x1 += key1 + group;
}

/* Rotations: the paper's table 4, for two words of 32 bits; the key's parity word begins from Skein's C240 in its 32-bit form. */
static inline void threefry2x32_block(const uint32_t key[2], const uint32_t counter[2], uint32_t out[2])
{
    const uint32_t key0 = key[0], key1 = key[1], key2 = key0 ^ key1 ^ 0x1bd11bdau;
    uint32_t x0 = counter[0] + key0, x1 = counter[1] + key1;
    threefry2x32_even(&x0, &x1, key1, key2, 1);
    threefry2x32_odd(&x0, &x1, key2, key0, 2);
    threefry2x32_even(&x0, &x1, key0, key1, 3);
    threefry2x32_odd(&x0, &x1, key1, key2, 4);
    threefry2x32_even(&x0, &x1, key2, key0, 5);
    out[0] = x0;
    out[1] = x1;
}

/* Blocks of the counters `first`, first + 1, …, 64 bits whose high half is the first word: both words combined by exclusive or, or
 * as one word of 64 bits. */
void threefry2x32_fill_mixed(const uint32_t key[2], uint64_t first, uint32_t *out, size_t n);
void threefry2x32_fill_wide(const uint32_t key[2], uint64_t first, uint64_t *out, size_t n);
/* Blocks of the counters (word0, word1), (word0 + 1, word1 + 1), …: each word into an array of its own. */
void threefry2x32_fill_apart(const uint32_t key[2], uint32_t word0, uint32_t word1, uint32_t *out0, uint32_t *out1,
                             size_t n);

#endif
