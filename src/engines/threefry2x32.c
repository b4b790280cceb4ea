/* threefry2x32.c - Threefry-2x32 with 20 rounds, a function of key and counter.
 * SPDX-License-Identifier: MIT
 *
 * J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", 2011. It has no stream of its own: JAX and
 * XLA each count as they like. */
#include "engines/threefry2x32.h"

void oneseed_threefry2x32_block(const uint32_t key[2], const uint32_t counter[2], uint32_t out[2])
{
    threefry2x32_block(key, counter, out);
}
