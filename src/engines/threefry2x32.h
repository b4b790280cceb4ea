/* threefry2x32.h - Threefry-2x32-20: what the dialects inline.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_ENGINES_THREEFRY2X32_H
#define ONESEED_ENGINES_THREEFRY2X32_H

#include <stdint.h> /* uint32_t */

#include "oneseed.h" /* oneseed_threefry2x32_block */

static inline void threefry2x32_round(uint32_t *x0, uint32_t *x1, unsigned rotation)
{
    *x0 += *x1;
    *x1 = *x1 << rotation | *x1 >> (32 - rotation);
    *x1 ^= *x0;
}

/* Rotations: the paper's table 4, for two words of 32 bits; the key's parity word begins from Skein's C240 in its 32-bit form. */
static inline void threefry2x32_block(const uint32_t key[2], const uint32_t counter[2], uint32_t out[2])
{
    const uint32_t keys[3] = {key[0], key[1], key[0] ^ key[1] ^ 0x1bd11bdau};
    uint32_t x0 = counter[0] + keys[0], x1 = counter[1] + keys[1];
    for (unsigned group = 0; group < 5; group++) {
        if (group % 2 == 0) {
            threefry2x32_round(&x0, &x1, 13);
            threefry2x32_round(&x0, &x1, 15);
            threefry2x32_round(&x0, &x1, 26);
            threefry2x32_round(&x0, &x1, 6);
        } else {
            threefry2x32_round(&x0, &x1, 17);
            threefry2x32_round(&x0, &x1, 29);
            threefry2x32_round(&x0, &x1, 16);
            threefry2x32_round(&x0, &x1, 24);
        }
        x0 += keys[(group + 1) % 3];
        x1 += keys[(group + 2) % 3] + group + 1;
    }
    out[0] = x0;
    out[1] = x1;
}

#endif
