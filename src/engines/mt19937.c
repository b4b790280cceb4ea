/* mt19937.c - the recurrence of the Mersenne Twister, and the distance between two of its states.
 * SPDX-License-Identifier: MIT */
#include "engines/mt19937.h"

#include <string.h> /* memcmp, memcpy */

enum { M = 397 };

static inline uint32_t twist(uint32_t word, uint32_t next, uint32_t far)
{
    uint32_t mixed = (word & 0x80000000u) | (next & 0x7fffffffu);
    return far ^ (mixed >> 1) ^ ((0u - (next & 1)) & 0x9908b0dfu);
}

/* Three loops whose dependences are at least 227 words apart, so that compilers make vectors of them. */
void mt19937_next_block(uint32_t key[MT19937_N])
{
    for (int k = 0; k < MT19937_N - M; k++)
        key[k] = twist(key[k], key[k + 1], key[k + M]);
    for (int k = MT19937_N - M; k < 2 * (MT19937_N - M); k++)
        key[k] = twist(key[k], key[k + 1], key[k - (MT19937_N - M)]);
    for (int k = 2 * (MT19937_N - M); k < MT19937_N - 1; k++)
        key[k] = twist(key[k], key[k + 1], key[k - (MT19937_N - M)]);
    key[MT19937_N - 1] = twist(key[MT19937_N - 1], key[0], key[M - 1]);
}

uint64_t mt19937_distance(const uint32_t from_key[MT19937_N], unsigned from_position, const uint32_t to_key[MT19937_N],
                          unsigned to_position, uint64_t max_words)
{
    uint32_t key[MT19937_N];
    uint64_t base = 0; /* words from the start of from_key's block to the start of key's */
    memcpy(key, from_key, sizeof key);
    for (;;) {
        if (memcmp(key, to_key, sizeof key) == 0 && base + to_position >= from_position)
            return base + to_position - from_position;
        if (base > max_words + MT19937_N)
            return MT19937_TOO_FAR;
        mt19937_next_block(key);
        base += MT19937_N;
    }
}
