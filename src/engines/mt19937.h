/* mt19937.h - the Mersenne Twister with 32-bit words (Matsumoto and Nishimura 1998), raw.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_ENGINES_MT19937_H
#define ONESEED_ENGINES_MT19937_H

#include <stdint.h> /* uint32_t */

enum { MT19937_N = 624 };

/* Replaces the block of 624 state words by the next one. */
void mt19937_next_block(uint32_t key[MT19937_N]);

#define MT19937_TOO_FAR UINT64_MAX

/* Number of words drawn between two states, each a block and the position of the next word in it (0 … 624), when it is at
 * most max_words (rounded up to whole blocks), else MT19937_TOO_FAR. Costs about 0.3 ns for each word between. */
uint64_t mt19937_distance(const uint32_t from_key[MT19937_N], unsigned from_position, const uint32_t to_key[MT19937_N],
                          unsigned to_position, uint64_t max_words);

#endif
