/* half.h - the half types float16 and bfloat16: to nearest, ties to even; overflow is infinity, NaN stays NaN.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_COMMON_HALF_H
#define ONESEED_COMMON_HALF_H

#include <stdint.h> /* uint16_t */
#include <string.h> /* memcpy */

uint16_t half_from_float(float value);
float half_to_float(uint16_t bits);
uint16_t bfloat16_from_float(float value);

static inline uint32_t half_float_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float half_float_of_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline float bfloat16_to_float(uint16_t bits)
{
    return half_float_of_bits((uint32_t)bits << 16);
}

/* ---- the same for loops: choices instead of branches, so that compilers make vectors of them ---- */

static inline uint16_t half_from_float_inline(float value)
{
    const uint32_t bits = half_float_bits(value), sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7fffffffu;
    /* Subnormal: the sum rounds at 2^-24, the last bit of 1/2. */
    const uint32_t small = half_float_bits(half_float_of_bits(magnitude) + 0.5f) - 0x3f000000u;
    const uint32_t normal = (magnitude - 0x38000000u + 0xfffu + (magnitude >> 13 & 1)) >> 13;
    /* NaN: the quiet one that PyTorch's conversion makes, too; from 65520 on it rounds to infinity. */
    const uint32_t large = magnitude > 0x7f800000u ? 0x7e00u : 0x7c00u;
    const uint32_t finite = magnitude < 0x38800000u ? small : normal;
    return (uint16_t)(sign | (magnitude >= 0x477ff000u ? large : finite));
}

static inline float half_to_float_inline(uint16_t half)
{
    const uint32_t sign = (uint32_t)(half & 0x8000u) << 16, magnitude = half & 0x7fffu;
    const uint32_t small = half_float_bits((float)(int32_t)magnitude * 0x1p-24f),
                   normal = (magnitude << 13) + 0x38000000u;
    const uint32_t large = 0x7f800000u | magnitude << 13;
    const uint32_t finite = magnitude < 0x400u ? small : normal;
    return half_float_of_bits(sign | (magnitude >= 0x7c00u ? large : finite));
}

static inline uint16_t bfloat16_from_float_inline(float value)
{
    const uint32_t bits = half_float_bits(value), rounded = (bits + 0x7fffu + (bits >> 16 & 1)) >> 16;
    return (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? 0x7fc0u : rounded);
}

#endif
