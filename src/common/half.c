/* half.c - float16 and bfloat16 from float32 and back.
 * SPDX-License-Identifier: MIT */
#include "common/half.h"

uint16_t half_from_float(float value)
{
    return half_from_float_inline(value);
}

float half_to_float(uint16_t half)
{
    return half_to_float_inline(half);
}

uint16_t bfloat16_from_float(float value)
{
    return bfloat16_from_float_inline(value);
}
