/* jax_real.c - JAX's floating dtypes: roundings, limits, values into an array's memory.
 * SPDX-License-Identifier: MIT */
#include "dialects/jax_real.h"

#include <string.h> /* memcpy */

#include "common/half.h" /* half_from_float */

float jax_round(oneseed_jax_dtype dtype, float x)
{
    if (dtype == ONESEED_JAX_FLOAT16)
        return half_to_float(half_from_float(x));
    return dtype == ONESEED_JAX_BFLOAT16 ? bfloat16_to_float(bfloat16_from_float(x)) : x;
}

size_t jax_dtype_size(oneseed_jax_dtype dtype)
{
    return dtype == ONESEED_JAX_FLOAT64 ? 8 : dtype == ONESEED_JAX_FLOAT32 ? 4 : 2;
}

void jax_store(oneseed_jax_dtype dtype, const double *values, void *out, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (dtype == ONESEED_JAX_FLOAT64)
            ((double *)out)[k] = values[k];
        else if (dtype == ONESEED_JAX_FLOAT32)
            ((float *)out)[k] = (float)values[k];
        else
            ((uint16_t *)out)[k] = dtype == ONESEED_JAX_FLOAT16 ? half_from_float((float)values[k])
                                                                : bfloat16_from_float((float)values[k]);
    }
}

double jax_below_zero(oneseed_jax_dtype dtype)
{
    static const double numbers[] = {-1 + 0x1p-8, -1 + 0x1p-11, -1 + 0x1p-24, -1 + 0x1p-53};
    return numbers[dtype];
}

double jax_tiny(oneseed_jax_dtype dtype)
{
    return dtype == ONESEED_JAX_FLOAT64 ? 0x1p-1022 : dtype == ONESEED_JAX_FLOAT16 ? 0x1p-14 : 0x1p-126;
}

float jax_half_of(double x)
{
    float narrow = (float)x;
    if (narrow != x && isfinite(narrow)) { /* round to odd, so that the second rounding is that of x */
        uint32_t bits;
        if (fabs(narrow) > fabs(x))
            narrow = nextafterf(narrow, 0);
        memcpy(&bits, &narrow, sizeof bits);
        bits |= 1;
        memcpy(&narrow, &bits, sizeof bits);
    }
    return half_to_float(half_from_float(narrow));
}

/* A number of Python becomes a float32, with x64 a float64, and then one of the dtype. */
double jax_parameter(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double x)
{
    if (dtype == ONESEED_JAX_FLOAT64)
        return x;
    if (key->has_x64 && dtype == ONESEED_JAX_FLOAT16)
        return jax_half_of(x);
    return jax_round(dtype, (float)x);
}
