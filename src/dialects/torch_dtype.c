/* torch_dtype.c - PyTorch's dtypes: the sizes, values into and out of a tensor's memory.
 * SPDX-License-Identifier: MIT */
#include <float.h> /* FLT_MAX, DBL_MAX */

#include "dialects/torch.h"

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
