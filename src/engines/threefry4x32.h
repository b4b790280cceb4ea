/* threefry4x32.h - Threefry-4x32 with 20 rounds, a function of key and counter.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_ENGINES_THREEFRY4X32_H
#define ONESEED_ENGINES_THREEFRY4X32_H

#include "engines/threefry2x32.h" /* threefry2x32_round */

/* Rotations: the paper's table 4, for four words of 32 bits. Odd rounds pair the words the other way. */
static inline void threefry4x32_block(const uint32_t key[4], const uint32_t counter[4], uint32_t out[4])
{
    static const uint8_t rotations[8][2] = {{10, 26}, {11, 21}, {13, 27}, {23, 5},
                                            {6, 20},  {17, 11}, {25, 10}, {18, 20}};
    const uint32_t keys[5] = {key[0], key[1], key[2], key[3], key[0] ^ key[1] ^ key[2] ^ key[3] ^ 0x1bd11bdau};
    uint32_t x[4];
    for (int k = 0; k < 4; k++)
        x[k] = counter[k] + keys[k];
    for (unsigned round = 0; round < 20; round++) {
        const uint8_t *rotation = rotations[round % 8];
        threefry2x32_round(&x[0], &x[round % 2 ? 3 : 1], rotation[0]);
        threefry2x32_round(&x[2], &x[round % 2 ? 1 : 3], rotation[1]);
        if (round % 4 == 3) {
            unsigned group = round / 4 + 1;
            for (unsigned k = 0; k < 4; k++)
                x[k] += keys[(group + k) % 5];
            x[3] += group;
        }
    }
    for (int k = 0; k < 4; k++)
        out[k] = x[k];
}

#endif
