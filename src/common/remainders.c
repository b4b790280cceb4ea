/* remainders.c - words modulo a range, many at once.
 * SPDX-License-Identifier: MIT */
#include "common/remainders.h"

SIMD_BODY void remainders_body(uint32_t *words, size_t n, struct divisor by)
{
    for (size_t k = 0; k < n; k++)
        words[k] = remainder_by(words[k], by);
}

/* The quotient of doubles is never rounded up to a whole number, as two numbers below 2^32 are too small for it. */
SIMD_BODY void remainders_of_falling_body(uint32_t *words, size_t n, uint32_t left)
{
    for (size_t k = 0; k < n; k++) {
        int32_t by = (int32_t)(left - (uint32_t)k);
        double word = (double)(int32_t)(words[k] ^ 0x80000000u) + 0x1p31;
        words[k] -= (uint32_t)(int32_t)(word / (double)by) * (uint32_t)by;
    }
}

SIMD_VARIANTS(void, remainders, (uint32_t * words, size_t n, struct divisor by), (words, n, by))
SIMD_VARIANTS(void, remainders_of_falling, (uint32_t * words, size_t n, uint32_t left), (words, n, left))
