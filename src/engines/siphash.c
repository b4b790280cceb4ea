/* siphash.c - SipHash-1-3 and SipHash-2-4.
 * SPDX-License-Identifier: MIT
 *
 * J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF", 2012. */
#include "engines/siphash.h" /* siphash_add */
#include "oneseed.h"         /* oneseed_siphash13 */

static inline uint64_t siphash(const uint8_t key[16], const uint8_t *bytes, size_t n_bytes, int n_each, int n_last)
{
    uint64_t v[4], rest = 0;
    size_t n_whole = n_bytes / 8 * 8;

    siphash_start(v, key);
    for (size_t k = 0; k < n_whole; k += 8)
        siphash_add(v, load64_le(bytes + k), n_each);
    for (size_t k = n_whole; k < n_bytes; k++)
        rest |= (uint64_t)bytes[k] << (8 * (k - n_whole));
    return siphash_finish(v, rest, n_bytes, n_each, n_last);
}

uint64_t oneseed_siphash13(const uint8_t key[16], const void *bytes, size_t n_bytes)
{
    return siphash(key, bytes, n_bytes, 1, 3);
}

uint64_t oneseed_siphash24(const uint8_t key[16], const void *bytes, size_t n_bytes)
{
    return siphash(key, bytes, n_bytes, 2, 4);
}
