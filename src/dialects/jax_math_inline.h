/* jax_math_inline.h - parts of XLA's elementwise functions, without branches: for the functions of jax_math.c and for loops of them.
 * SPDX-License-Identifier: MIT
 *
 * Where they come from is in jax_math.c. Each is for a range of arguments, which its user chooses. */
#ifndef ONESEED_DIALECTS_JAX_MATH_INLINE_H
#define ONESEED_DIALECTS_JAX_MATH_INLINE_H

#include <float.h>   /* FLT_MIN */
#include <math.h>    /* fma */
#include <stdbool.h> /* bool */
#include <stdint.h>  /* uint32_t */
#include <string.h>  /* memcpy */

#include "common/simd.h" /* SIMD_BODY */

/* The logarithm of a positive and finite number. */
SIMD_BODY float xla_log_f32_of_positive(float x)
{
    uint32_t bits;
    float at_least = x > FLT_MIN ? x : FLT_MIN, m;
    memcpy(&bits, &at_least, sizeof bits);
    float e = (float)((int32_t)(bits >> 23) - 127) + 1;
    bits = (bits & 0x807fffff) | 0x3f000000; /* the mantissa, in [0.5, 1) */
    memcpy(&m, &bits, sizeof m);
    bool is_low = m < 0x1.6a09e6p-1f;
    e -= is_low ? 1.0f : 0.0f;
    m = (m - 1) + (is_low ? m : 0.0f);
    float m2 = m * m, m3 = m2 * m;
    float a = fmaf(m, 0x1.204376p-4f, -0x1.d7a37p-4f), b = fmaf(m, -0x1.fcba9ep-4f, 0x1.23d37ep-3f),
          c = fmaf(m, 0x1.999d58p-3f, -0x1.fffff8p-3f);
    a = fmaf(a, m, 0x1.de4a34p-4f);
    b = fmaf(b, m, -0x1.555cap-3f);
    c = fmaf(c, m, 0x1.555554p-2f);
    float y = fmaf(fmaf(a, m3, b), m3, c);
    y = fmaf(y, m3, e * -0x1.bd0106p-13f);
    return fmaf(e, 0.693359375f, fmaf(-m2, 0.5f, m) + y);
}

/* Numerator and denominator of Cephes' log1p, from the highest power. */
static const double xla_numerator[] = {
    4.5270000862445199635215e-5, 4.9854102823193375972212e-1, 6.5787325942061044846969,  2.9911919328553073277375e1,
    6.0949667980987787057556e1,  5.7112963590585538103336e1,  2.0039553499201281259648e1};
static const double xla_denominator[] = {1,
                                         1.5062909083469192043167e1,
                                         8.3047565967967209469434e1,
                                         2.2176239823732856465394e2,
                                         3.0909872225312059774938e2,
                                         2.1642788614495947685003e2,
                                         6.0118660497603843919306e1};
enum { XLA_COEFFICIENTS = sizeof xla_numerator / sizeof *xla_numerator };

SIMD_BODY float xla_polynomial_f32(const double *coefficients, int n, float x)
{
    float y = (float)coefficients[0];
    for (int k = 1; k < n; k++)
        y = fmaf(y, x, (float)coefficients[k]);
    return y;
}

SIMD_BODY double xla_polynomial_f64(const double *coefficients, int n, double x)
{
    double y = coefficients[0];
    for (int k = 1; k < n; k++)
        y = fma(y, x, coefficients[k]);
    return y;
}

/* log1p(x) for |x| below sqrt(2) - 1. */
static const float XLA_SMALL_F32 = 0x1.a8279ap-2f;
static const double XLA_SMALL_F64 = 0.41421356237309504880;

SIMD_BODY float xla_log1p_of_small_f32(float x)
{
    float x2 = x * x;
    float ratio = xla_polynomial_f32(xla_numerator, XLA_COEFFICIENTS, x) /
                  xla_polynomial_f32(xla_denominator, XLA_COEFFICIENTS, x);
    return x + fmaf(x2, -0.5f, x * x2 * ratio);
}

SIMD_BODY double xla_log1p_of_small_f64(double x)
{
    double x2 = x * x;
    double ratio = xla_polynomial_f64(xla_numerator, XLA_COEFFICIENTS, x) /
                   xla_polynomial_f64(xla_denominator, XLA_COEFFICIENTS, x);
    return x + fma(x2, -0.5, x * x2 * ratio);
}

/* log1p(-x) before 0.7: the subtraction takes the product of the ratio, not the one with a half. */
SIMD_BODY float xla_old_log1p_of_small_f32(float x)
{
    float x2 = x * x;
    float ratio = xla_polynomial_f32(xla_numerator, XLA_COEFFICIENTS, -x) /
                  xla_polynomial_f32(xla_denominator, XLA_COEFFICIENTS, -x);
    return fmaf(x2 * -x, ratio, -(x2 * 0.5f)) - x;
}

SIMD_BODY double xla_old_log1p_of_small_f64(double x)
{
    double x2 = x * x;
    double ratio = xla_polynomial_f64(xla_numerator, XLA_COEFFICIENTS, -x) /
                   xla_polynomial_f64(xla_denominator, XLA_COEFFICIENTS, -x);
    return fma(x2 * -x, ratio, -(x2 * 0.5)) - x;
}

/* Giles' tables 5 and the one for double precision of his program, as in XLA's ErfInv32 and ErfInv64. */
static const double xla_central_f32[] = {2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
                                         -0.00125372503, -0.00417768164, 0.246640727,    1.50140941};
static const double xla_tail_f32[] = {-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
                                      -0.0076224613,   0.00943887047,  1.00167406,    2.83297682};

enum { XLA_ERF_INV_F32 = sizeof xla_central_f32 / sizeof *xla_central_f32 };

/* erf_inv(x), w being -log(1 - x^2). */
SIMD_BODY float xla_erf_inv_f32_by(float x, float w)
{
    const bool is_central = w < 5;
    const float t = is_central ? w - 2.5f : sqrtf(w) - 3;
    float y = (float)(is_central ? xla_central_f32[0] : xla_tail_f32[0]);
    for (int k = 1; k < XLA_ERF_INV_F32; k++)
        y = fmaf(y, t, is_central ? (float)xla_central_f32[k] : (float)xla_tail_f32[k]);
    return x * y;
}

static const double xla_central_f64[] = {
    -3.6444120640178196996e-21, -1.685059138182016589e-19,  1.2858480715256400167e-18,  1.115787767802518096e-17,
    -1.333171662854620906e-16,  2.0972767875968561637e-17,  6.6376381343583238325e-15,  -4.0545662729752068639e-14,
    -8.1519341976054721522e-14, 2.6335093153082322977e-12,  -1.2975133253453532498e-11, -5.4154120542946279317e-11,
    1.051212273321532285e-09,   -4.1126339803469836976e-09, -2.9070369957882005086e-08, 4.2347877827932403518e-07,
    -1.3654692000834678645e-06, -1.3882523362786468719e-05, 0.0001867342080340571352,   -0.00074070253416626697512,
    -0.0060336708714301490533,  0.24015818242558961693,     1.6536545626831027356};
enum { XLA_ERF_INV_F64 = sizeof xla_central_f64 / sizeof *xla_central_f64 };

/* The same for w below 6.25. */
SIMD_BODY double xla_erf_inv_f64_central(double x, double w)
{
    return x * xla_polynomial_f64(xla_central_f64, XLA_ERF_INV_F64, w - 3.125);
}

#endif
