/* torch_half.c - PyTorch's dtypes: float16 and bfloat16, the sizes, values into and out of a tensor's memory.
 * SPDX-License-Identifier: MIT */
#include <float.h> /* FLT_MAX, DBL_MAX */

#include "dialects/torch.h"

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

uint16_t torch_half_of(float value)
{
    uint32_t bits = bits_of(value), sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7fffffffu;
    if (magnitude >= 0x7f800000u) /* NaN: the quiet one that c10's conversion makes */
        return (uint16_t)(sign | (magnitude > 0x7f800000u ? 0x7e00u : 0x7c00u));
    if (magnitude >= 0x477ff000u) /* 65520, from where on it rounds to infinity */
        return (uint16_t)(sign | 0x7c00u);
    if (magnitude < 0x38800000u) /* subnormal: the sum rounds at 2^-24, the last bit of 1/2 */
        return (uint16_t)(sign | (bits_of(float_of(magnitude) + 0.5f) - bits_of(0.5f)));
    uint32_t odd = magnitude >> 13 & 1;
    return (uint16_t)(sign | (magnitude - 0x38000000u + 0xfffu + odd) >> 13);
}

float torch_of_half(uint16_t half)
{
    uint32_t sign = (uint32_t)(half & 0x8000u) << 16, exponent = half >> 10 & 31u, fraction = half & 0x3ffu;
    if (exponent == 31)
        return float_of(sign | 0x7f800000u | fraction << 13);
    if (exponent == 0)
        return (sign ? -1.0f : 1.0f) * (float)fraction * 0x1p-24f;
    return float_of(sign | (exponent + 112) << 23 | fraction << 13);
}

uint16_t torch_bfloat16_of(float value)
{
    uint32_t bits = bits_of(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u)
        return 0x7fc0u;
    return (uint16_t)((bits + 0x7fffu + (bits >> 16 & 1)) >> 16);
}

size_t oneseed_torch_dtype_size(oneseed_torch_dtype dtype)
{
    switch (dtype) {
    case ONESEED_TORCH_UINT8:
    case ONESEED_TORCH_INT8:
    case ONESEED_TORCH_BOOL:
        return 1;
    case ONESEED_TORCH_FLOAT16:
    case ONESEED_TORCH_BFLOAT16:
    case ONESEED_TORCH_INT16:
    case ONESEED_TORCH_UINT16:
        return 2;
    case ONESEED_TORCH_FLOAT32:
    case ONESEED_TORCH_INT32:
    case ONESEED_TORCH_UINT32:
        return 4;
    case ONESEED_TORCH_FLOAT64:
    case ONESEED_TORCH_INT64:
    case ONESEED_TORCH_UINT64:
        return 8;
    }
    return 0;
}

double torch_largest(oneseed_torch_dtype dtype)
{
    switch (dtype) {
    case ONESEED_TORCH_FLOAT16:
        return 65504;
    case ONESEED_TORCH_BFLOAT16:
        return 0xffp120;
    case ONESEED_TORCH_FLOAT32:
        return (double)FLT_MAX;
    default:
        return DBL_MAX;
    }
}

int torch_digits(oneseed_torch_dtype dtype)
{
    switch (dtype) {
    case ONESEED_TORCH_FLOAT16:
        return 11;
    case ONESEED_TORCH_BFLOAT16:
        return 8;
    case ONESEED_TORCH_FLOAT32:
        return 24;
    default:
        return 53;
    }
}

static void store_f32(void *out, size_t i, float value)
{
    memcpy((char *)out + 4 * i, &value, sizeof value);
}

static void store_f64(void *out, size_t i, double value)
{
    memcpy((char *)out + 8 * i, &value, sizeof value);
}

static void store_u16(void *out, size_t i, uint16_t value)
{
    memcpy((char *)out + 2 * i, &value, sizeof value);
}

void torch_store(oneseed_torch_dtype dtype, void *out, size_t i, double value)
{
    if (dtype == ONESEED_TORCH_FLOAT64)
        store_f64(out, i, value);
    else if (dtype == ONESEED_TORCH_FLOAT32)
        store_f32(out, i, (float)value);
    else if (torch_is_half(dtype))
        store_u16(out, i, torch_to_half(dtype, (float)value));
    else
        torch_store_integer(dtype, out, i, (int64_t)value);
}

void torch_store_integer(oneseed_torch_dtype dtype, void *out, size_t i, int64_t value)
{
    uint64_t bits = (uint64_t)value;
    uint32_t bits32 = (uint32_t)bits;
    switch (dtype) {
    case ONESEED_TORCH_FLOAT64:
        store_f64(out, i, (double)value);
        break;
    case ONESEED_TORCH_FLOAT32:
        store_f32(out, i, (float)value);
        break;
    case ONESEED_TORCH_FLOAT16:
    case ONESEED_TORCH_BFLOAT16:
        store_u16(out, i, torch_to_half(dtype, (float)value));
        break;
    case ONESEED_TORCH_BOOL:
        ((uint8_t *)out)[i] = value != 0;
        break;
    case ONESEED_TORCH_UINT8:
    case ONESEED_TORCH_INT8:
        ((uint8_t *)out)[i] = (uint8_t)bits;
        break;
    case ONESEED_TORCH_INT16:
    case ONESEED_TORCH_UINT16:
        store_u16(out, i, (uint16_t)bits);
        break;
    case ONESEED_TORCH_INT32:
    case ONESEED_TORCH_UINT32:
        memcpy((char *)out + 4 * i, &bits32, sizeof bits32);
        break;
    case ONESEED_TORCH_INT64:
    case ONESEED_TORCH_UINT64:
        memcpy((char *)out + 8 * i, &bits, sizeof bits);
        break;
    }
}

void torch_store_integers(oneseed_torch_dtype dtype, void *out, const uint64_t *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        torch_store_integer(dtype, out, i, (int64_t)values[i]);
}

double torch_load(oneseed_torch_dtype dtype, const void *in, size_t i)
{
    if (dtype == ONESEED_TORCH_FLOAT64) {
        double value;
        memcpy(&value, (const char *)in + 8 * i, sizeof value);
        return value;
    }
    if (dtype == ONESEED_TORCH_FLOAT32) {
        float value;
        memcpy(&value, (const char *)in + 4 * i, sizeof value);
        return (double)value;
    }
    uint16_t half;
    memcpy(&half, (const char *)in + 2 * i, sizeof half);
    return (double)torch_from_half(dtype, half);
}
