/* jax_integer_store.c - integer dtypes: what XLA makes of a real number, and into an array's memory.
 * SPDX-License-Identifier: MIT */
#include "dialects/jax_integer_store.h"

static bool is_signed(oneseed_jax_dtype dtype)
{
    return dtype < ONESEED_JAX_UINT8;
}

int64_t jax_highest(oneseed_jax_dtype dtype)
{
    static const int64_t numbers[] = {INT8_MAX,  INT16_MAX,  INT32_MAX,  INT64_MAX,
                                      UINT8_MAX, UINT16_MAX, UINT32_MAX, INT64_MAX};
    return numbers[dtype - ONESEED_JAX_INT8];
}

void jax_store_integer(oneseed_jax_dtype dtype, uint64_t value, void *out, size_t i)
{
    switch ((dtype - ONESEED_JAX_INT8) % 4) {
    case 0:
        ((uint8_t *)out)[i] = (uint8_t)value;
        break;
    case 1:
        ((uint16_t *)out)[i] = (uint16_t)value;
        break;
    case 2:
        ((uint32_t *)out)[i] = (uint32_t)value;
        break;
    default:
        ((uint64_t *)out)[i] = value;
    }
}

void jax_store_converted(oneseed_jax_dtype dtype, double value, void *out, size_t i)
{
    uint64_t whole;
    int64_t most = jax_highest(dtype);
    if (!(value >= 0)) { /* NaN, too */
        int64_t lowest = is_signed(dtype) ? -most - 1 : 0;
        whole = value < (double)lowest ? (uint64_t)lowest : value < 0 ? (uint64_t)(int64_t)value : 0;
    } else if (dtype == ONESEED_JAX_UINT64) {
        whole = value < 0x1p64 ? (uint64_t)value : UINT64_MAX;
    } else {
        whole = value < (double)most ? (uint64_t)value : (uint64_t)most;
    }
    jax_store_integer(dtype, whole, out, i);
}
