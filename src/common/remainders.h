/* remainders.h - words modulo a range, many at once, without a division of integers for each.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_COMMON_REMAINDERS_H
#define ONESEED_COMMON_REMAINDERS_H

#include <stddef.h> /* size_t */
#include <stdint.h> /* uint32_t */

#include "common/simd.h" /* SIMD_BODY */

/* Granlund and Montgomery, "Division by Invariant Integers using Multiplication", 1994, figure 4.1: the quotient is
 * (t + ((word - t) >> first)) >> second, where t is the high half of word * factor. */
struct divisor {
    uint32_t range, factor;
    unsigned first, second;
};

static inline struct divisor divisor_of(uint32_t range) /* at least 1 */
{
    unsigned bits = 0;
    while (bits < 32 && UINT64_C(1) << bits < range)
        bits++;
    uint64_t rest = (UINT64_C(1) << bits) - range;
    return (struct divisor){range, (uint32_t)((rest << 32) / range + 1), bits > 0, bits > 0 ? bits - 1 : 0};
}

SIMD_BODY uint32_t remainder_by(uint32_t word, struct divisor by)
{
    uint32_t t = (uint32_t)((uint64_t)word * by.factor >> 32);
    return word - ((t + ((word - t) >> by.first)) >> by.second) * by.range;
}

/* Each word modulo the range. */
void remainders(uint32_t *words, size_t n, struct divisor by);
/* words[k] % (left - k), as an order's exchanges take it; n is less than `left`, and that is below 2^31. */
void remainders_of_falling(uint32_t *words, size_t n, uint32_t left);

#endif
