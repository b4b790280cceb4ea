/* siphash.h - the steps of SipHash, for messages that are not bytes in one place.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_ENGINES_SIPHASH_H
#define ONESEED_ENGINES_SIPHASH_H

#include <stdint.h> /* uint64_t */

#include "common/bits.h" /* load64_le, rotl64 */

static inline void siphash_rounds(uint64_t v[4], int n)
{
    for (int k = 0; k < n; k++) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotl64(v[1], 13) ^ v[0];
        v[3] = rotl64(v[3], 16) ^ v[2];
        v[0] = rotl64(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = rotl64(v[1], 17) ^ v[2];
        v[3] = rotl64(v[3], 21) ^ v[0];
        v[2] = rotl64(v[2], 32);
    }
}

static inline void siphash_start(uint64_t v[4], const uint8_t key[16])
{
    uint64_t k0 = load64_le(key), k1 = load64_le(key + 8);
    v[0] = k0 ^ 0x736f6d6570736575u; /* "somepseudorandomlygeneratedbytes" */
    v[1] = k1 ^ 0x646f72616e646f6du;
    v[2] = k0 ^ 0x6c7967656e657261u;
    v[3] = k1 ^ 0x7465646279746573u;
}

/* Each eight bytes, little-endian. */
static inline void siphash_add(uint64_t v[4], uint64_t word, int n_each)
{
    v[3] ^= word;
    siphash_rounds(v, n_each);
    v[0] ^= word;
}

/* What is left (fewer than eight bytes) and the whole length. */
static inline uint64_t siphash_finish(uint64_t v[4], uint64_t rest, uint64_t n_bytes, int n_each, int n_last)
{
    siphash_add(v, rest | n_bytes << 56, n_each);
    v[2] ^= 0xff;
    siphash_rounds(v, n_last);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

#endif
