/* siphash.c - SipHash-1-3 and SipHash-2-4.
 * SPDX-License-Identifier: MIT
 *
 * J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF", 2012. */
#include "common/bits.h" /* load64_le, rotl64 */
#include "oneseed.h"     /* oneseed_siphash13 */

static inline void rounds(uint64_t v[4], int n)
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

static inline uint64_t siphash(const uint8_t key[16], const uint8_t *bytes, size_t n_bytes, int n_each, int n_last)
{
    uint64_t k0 = load64_le(key), k1 = load64_le(key + 8);
    uint64_t v[4] = {k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du, k0 ^ 0x6c7967656e657261u,
                     k1 ^ 0x7465646279746573u}; /* "somepseudorandomlygeneratedbytes" */
    uint64_t last = (uint64_t)n_bytes << 56;
    size_t n_whole = n_bytes / 8 * 8;

    for (size_t k = 0; k < n_whole; k += 8) {
        uint64_t word = load64_le(bytes + k);
        v[3] ^= word;
        rounds(v, n_each);
        v[0] ^= word;
    }
    for (size_t k = n_whole; k < n_bytes; k++)
        last |= (uint64_t)bytes[k] << (8 * (k - n_whole));
    v[3] ^= last;
    rounds(v, n_each);
    v[0] ^= last;
    v[2] ^= 0xff;
    rounds(v, n_last);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t oneseed_siphash13(const uint8_t key[16], const void *bytes, size_t n_bytes)
{
    return siphash(key, bytes, n_bytes, 1, 3);
}

uint64_t oneseed_siphash24(const uint8_t key[16], const void *bytes, size_t n_bytes)
{
    return siphash(key, bytes, n_bytes, 2, 4);
}
