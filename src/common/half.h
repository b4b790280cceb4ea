/* half.h - the half types float16 and bfloat16: to nearest, ties to even; overflow is infinity, NaN stays NaN.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_COMMON_HALF_H
#define ONESEED_COMMON_HALF_H

#include <stdint.h> /* uint16_t */
#include <string.h> /* memcpy */

uint16_t half_from_float(float value);
float half_to_float(uint16_t bits);
uint16_t bfloat16_from_float(float value);

static inline float bfloat16_to_float(uint16_t bits)
{
    uint32_t wide = (uint32_t)bits << 16;
    float value;
    memcpy(&value, &wide, sizeof value);
    return value;
}

#endif
