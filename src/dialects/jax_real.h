/* jax_real.h - arithmetic of XLA's CPU code in any floating dtype, values held in doubles.
 * SPDX-License-Identifier: MIT
 *
 * float16 and bfloat16 are computed in float32 and rounded after each step. */
#ifndef ONESEED_DIALECTS_JAX_REAL_H
#define ONESEED_DIALECTS_JAX_REAL_H

#include <math.h> /* log, sqrt, fma, pow */

#include "dialects/jax.h"
#include "dialects/jax_math.h" /* xla_log_f32 */

/* The nearest float16, in one rounding. */
float jax_half_of(double x);

static inline double jax_rounded(oneseed_jax_dtype dtype, double x)
{
    return dtype == ONESEED_JAX_FLOAT64 ? x : jax_round(dtype, (float)x);
}

/* XLA's code runs with subnormal numbers as zeros; float16's are normal in float32. */
static inline double jax_flushed(oneseed_jax_dtype dtype, double x)
{
    double smallest = dtype == ONESEED_JAX_FLOAT16 ? 0 : jax_tiny(dtype);
    return fabs(x) < smallest ? copysign(0, x) : x;
}

static inline double jax_sum(oneseed_jax_dtype dtype, double x, double y)
{
    return dtype == ONESEED_JAX_FLOAT64 ? x + y : jax_round(dtype, (float)x + (float)y);
}

static inline double jax_product(oneseed_jax_dtype dtype, double x, double y)
{
    return dtype == ONESEED_JAX_FLOAT64 ? x * y : jax_round(dtype, (float)x * (float)y);
}

/* x y + z as LLVM fuses it: bfloat16's product is rounded first, float16's is exact in float32. */
static inline double jax_fused(oneseed_jax_dtype dtype, double x, double y, double z)
{
    if (dtype == ONESEED_JAX_FLOAT64)
        return fma(x, y, z);
    if (dtype == ONESEED_JAX_FLOAT32)
        return fmaf((float)x, (float)y, (float)z);
    if (dtype == ONESEED_JAX_FLOAT16)
        return jax_half_of(x * y + z);
    return jax_round(dtype, jax_round(dtype, (float)x * (float)y) + (float)z);
}

static inline double jax_quotient(oneseed_jax_dtype dtype, double x, double y)
{
    return dtype == ONESEED_JAX_FLOAT64 ? x / y : jax_round(dtype, (float)x / (float)y);
}

/* x / y of many values and one y: XLA multiplies by the reciprocal; bfloat16's stays a float32. */
static inline double jax_divided_by_scalar(oneseed_jax_dtype dtype, double x, double y)
{
    if (dtype == ONESEED_JAX_FLOAT64)
        return x * (1 / y);
    float reciprocal = 1 / (float)y;
    return jax_product(dtype, x, dtype == ONESEED_JAX_FLOAT16 ? jax_round(dtype, reciprocal) : reciprocal);
}

/* Of libm. */
static inline double jax_power(oneseed_jax_dtype dtype, double x, double y)
{
    if (dtype == ONESEED_JAX_FLOAT64)
        return jax_flushed(dtype, pow(x, y));
    return jax_rounded(dtype, jax_flushed(ONESEED_JAX_FLOAT32, powf((float)x, (float)y)));
}

static inline double jax_log(oneseed_jax_dtype dtype, double x)
{
    return dtype == ONESEED_JAX_FLOAT64 ? log(x) : jax_round(dtype, xla_log_f32((float)x));
}

static inline double jax_log_of(enum xla_span span, oneseed_jax_dtype dtype, double x)
{
    return dtype == ONESEED_JAX_FLOAT64 ? log(x) : jax_round(dtype, xla_log_f32_of(span, (float)x));
}

static inline double jax_log1p(oneseed_jax_dtype dtype, double x)
{
    return dtype == ONESEED_JAX_FLOAT64 ? xla_log1p_f64(x) : jax_round(dtype, xla_log1p_f32((float)x));
}

static inline double jax_log1p_of_negative(enum xla_span span, oneseed_jax_dtype dtype, double x)
{
    return dtype == ONESEED_JAX_FLOAT64 ? xla_log1p_of_negative_f64(span, x)
                                        : jax_round(dtype, xla_log1p_of_negative_f32(span, (float)x));
}

static inline double jax_exp(oneseed_jax_dtype dtype, double x)
{
    if (dtype == ONESEED_JAX_FLOAT64)
        return jax_flushed(dtype, xla_exp_f64(x));
    return jax_rounded(dtype, jax_flushed(ONESEED_JAX_FLOAT32, xla_exp_f32((float)x)));
}

static inline double jax_sqrt(oneseed_jax_dtype dtype, double x)
{
    return dtype == ONESEED_JAX_FLOAT64 ? sqrt(x) : jax_round(dtype, sqrtf((float)x));
}

/* In a uniform from the smallest normal number to 1, XLA adds that number to the -1 that the bits need, where it has no effect. */
static inline double jax_at_least_tiny(oneseed_jax_dtype dtype, double uniform)
{
    return uniform > jax_tiny(dtype) ? uniform : jax_tiny(dtype);
}

#endif
