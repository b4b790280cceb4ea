/* jax_vectors.c - what JAX's samplers make of uniforms, many at once.
 * SPDX-License-Identifier: MIT
 *
 * The same parts as in jax_math.c: where those branch, both branches are computed here and one is taken. A step has a loop of its own
 * where compilers would not make vectors otherwise. */
#include "dialects/jax_vectors.h"

#include "common/simd.h"              /* SIMD_VARIANTS */
#include "dialects/jax_math_inline.h" /* xla_log1p_of_small_f32 */

enum { AT_ONCE = 256 };

/* log1p(-x) for x in [0, 1). */
SIMD_BODY float log1p_of_negative(bool is_old, float x)
{
    const float small = is_old ? xla_old_log1p_of_small_f32(x) : xla_log1p_of_small_f32(-x);
    const float large = xla_log_f32_of_positive(1 - x);
    return x < XLA_SMALL_F32 ? small : large;
}

SIMD_BODY void normals(bool is_old, float *values, size_t n)
{
    float w[AT_ONCE];
    for (size_t n_now; n > 0; n -= n_now, values += n_now) {
        n_now = n < AT_ONCE ? n : AT_ONCE;
        for (size_t k = 0; k < n_now; k++)
            w[k] = -log1p_of_negative(is_old, values[k] * values[k]);
        for (size_t k = 0; k < n_now; k++) {
            const float x = values[k], y = xla_erf_inv_f32_by(x, w[k]);
            values[k] = (fabsf(x) == 1 ? x * INFINITY : y) * 0x1.6a09e6p+0f;
        }
    }
}

SIMD_BODY void normals_f32_body(float *values, size_t n)
{
    normals(false, values, n);
}

SIMD_BODY void old_normals_f32_body(float *values, size_t n)
{
    normals(true, values, n);
}

SIMD_BODY void exponentials_f32_body(float *values, size_t n)
{
    for (size_t k = 0; k < n; k++)
        values[k] = -log1p_of_negative(false, values[k]);
}

SIMD_BODY void old_exponentials_f32_body(float *values, size_t n)
{
    for (size_t k = 0; k < n; k++)
        values[k] = -log1p_of_negative(true, values[k]);
}

/* The inner logarithm is negative: the greatest uniform is 1 - 2^-23. */
SIMD_BODY void gumbels_f32_body(float *values, size_t n)
{
    for (size_t k = 0; k < n; k++)
        values[k] = -xla_log_f32_of_positive(values[k] > FLT_MIN ? values[k] : FLT_MIN);
    for (size_t k = 0; k < n; k++)
        values[k] = -xla_log_f32_of_positive(values[k]);
}

SIMD_VARIANTS(static void, normals_f32, (float *values, size_t n), (values, n))
SIMD_VARIANTS(static void, old_normals_f32, (float *values, size_t n), (values, n))
SIMD_VARIANTS(static void, exponentials_f32, (float *values, size_t n), (values, n))
SIMD_VARIANTS(static void, old_exponentials_f32, (float *values, size_t n), (values, n))
SIMD_VARIANTS(static void, gumbels_f32, (float *values, size_t n), (values, n))

void jax_normals_f32(enum xla_span span, float *values, size_t n)
{
    (span == XLA_BEFORE_0_7 ? old_normals_f32 : normals_f32)(values, n);
}

void jax_exponentials_f32(enum xla_span span, float *values, size_t n)
{
    (span == XLA_BEFORE_0_7 ? old_exponentials_f32 : exponentials_f32)(values, n);
}

void jax_gumbels_f32(float *values, size_t n)
{
    gumbels_f32(values, n);
}

/* ---- float64: the logarithm is libm's ---- */

SIMD_BODY void small_w_body(bool is_old, const double *restrict values, double *restrict w, size_t n)
{
    if (is_old)
        for (size_t k = 0; k < n; k++)
            w[k] = -xla_old_log1p_of_small_f64(values[k] * values[k]);
    else
        for (size_t k = 0; k < n; k++)
            w[k] = -xla_log1p_of_small_f64(-(values[k] * values[k]));
}

SIMD_BODY void central_f64_body(const double *restrict values, const double *restrict w, double *restrict out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = xla_erf_inv_f64_central(values[k], w[k]) * 1.4142135623730951;
}

SIMD_VARIANTS(static void, small_w, (bool is_old, const double *values, double *w, size_t n), (is_old, values, w, n))
SIMD_VARIANTS(static void, central_f64, (const double *values, const double *w, double *out, size_t n),
              (values, w, out, n))

void jax_normals_f64(enum xla_span span, double *values, size_t n)
{
    double w[AT_ONCE], made[AT_ONCE];
    for (size_t n_now; n > 0; n -= n_now, values += n_now) {
        n_now = n < AT_ONCE ? n : AT_ONCE;
        small_w(span == XLA_BEFORE_0_7, values, w, n_now);
        for (size_t k = 0; k < n_now; k++)
            if (!(values[k] * values[k] < XLA_SMALL_F64))
                w[k] = -log(1 - values[k] * values[k]);
        central_f64(values, w, made, n_now);
        for (size_t k = 0; k < n_now; k++)
            values[k] = w[k] < 6.25 ? made[k] : xla_erf_inv_f64(span, values[k]) * 1.4142135623730951;
    }
}
