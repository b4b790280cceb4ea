/* torch_math.c - PyTorch's elementwise functions on the CPU.
 * SPDX-License-Identifier: MIT
 *
 * log1p: Shibata and Petrogiannis, "SLEEF: A portable vectorized library of C standard mathematical functions" (2020), its functions
 * log1pf and log1p of 1.0 ulp in the form for processors with FMA: 1 + d = 2^e (1 + m) with 1 + m in [0.75, 1.5), the logarithm by
 * atanh's series in m / (2 + m), with pairs of numbers where one is not enough.
 * libm: log, exp, and log1p, log1pf for the default capability. */
#include "dialects/torch_math.h"

#include <float.h>  /* FLT_MIN */
#include <math.h>   /* fma, log1p */
#include <stdint.h> /* uint32_t */
#include <string.h> /* memcpy */

/* ---- pairs: a sum of two numbers, the second small ---- */

typedef struct pair_f32 {
    float high, low;
} pair_f32;

typedef struct pair_f64 {
    double high, low;
} pair_f64;

static pair_f32 multiply_f32(float high, float low, float y)
{
    const float s = high * y;
    return (pair_f32){s, fmaf(low, y, fmaf(high, y, -s))};
}

static pair_f64 multiply_f64(double high, double low, double y)
{
    const double s = high * y;
    return (pair_f64){s, fma(low, y, fma(high, y, -s))};
}

/* n / (2 + n). */
static pair_f32 ratio_f32(float n)
{
    const float high = 2 + n, low = 2 - high + n;
    const float t = 1 / high, s = n * t;
    const float rest = fmaf(-low, t, fmaf(-high, t, 1));
    return (pair_f32){s, fmaf(s, rest, fmaf(0, t, fmaf(t, n, -s)))};
}

static pair_f64 ratio_f64(double n)
{
    const double high = 2 + n, low = 2 - high + n;
    const double t = 1 / high, s = n * t;
    const double rest = fma(-low, t, fma(-high, t, 1));
    return (pair_f64){s, fma(s, rest, fma(0, t, fma(t, n, -s)))};
}

/* x + 2 y + z, the magnitudes falling. */
static float sum_f32(pair_f32 x, pair_f32 y, float z)
{
    const float s = x.high + 2 * y.high;
    const float low = x.high - s + 2 * y.high + x.low + 2 * y.low;
    const float high = s + z;
    return high + (s - high + z + low);
}

static double sum_f64(pair_f64 x, pair_f64 y, double z)
{
    const double s = x.high + 2 * y.high;
    const double low = x.high - s + 2 * y.high + x.low + 2 * y.low;
    const double high = s + z;
    return high + (s - high + z + low);
}

/* ---- exponents ---- */

static int exponent_f32(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (int)(bits >> 23 & 0xff) - 127;
}

static int exponent_f64(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (int)(bits >> 52 & 0x7ff) - 1023;
}

/* 2^e for e in the range of normal numbers. */
static float power_f32(int e)
{
    const uint32_t bits = (uint32_t)(e + 127) << 23;
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static double power_f64(int e)
{
    const uint64_t bits = (uint64_t)(e + 1023) << 52;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* ---- log1p ---- */

float torch_log1p_f32(bool is_vector, float d)
{
    if (!is_vector || !(d > -1 && d <= 1e38f) || d == 0)
        return log1pf(d); /* NaN, infinities and zeros are the same in both */
    const int e = exponent_f32((d + 1) * (1.0f / 0.75f));
    const float scale = power_f32(-e);
    const float m = fmaf(d, scale, scale - 1);
    const pair_f32 x = ratio_f32(m);
    const float x2 = x.high * x.high;
    const float t = fmaf(fmaf(0.3027294874e+0f, x2, 0.3996108174e+0f), x2, 0.6666694880e+0f);
    return sum_f32(multiply_f32(0.69314718246459960938f, -1.904654323148236017e-09f, (float)e), x, x2 * x.high * t);
}

double torch_log1p_f64(bool is_vector, double d)
{
    if (!is_vector || !(d > -1 && d <= 1e307) || d == 0)
        return log1p(d);
    const int e = exponent_f64((d + 1) * (1.0 / 0.75));
    const double scale = power_f64(-e);
    const double m = fma(d, scale, scale - 1);
    const pair_f64 x = ratio_f64(m);
    const double x2 = x.high * x.high, x4 = x2 * x2;
    const double upper = fma(x2, 0.2222214519839380009e+0, 0.2857142932794299317e+0);
    const double lower = fma(x2, 0.3999999999635251990e+0, 0.6666666666667333541e+0);
    const double top = fma(x4, 0.1532076988502701353e+0, fma(x2, 0.1525629051003428716e+0, 0.1818605932937785996e+0));
    const double t = fma(x4 * x4, top, fma(x4, upper, lower));
    return sum_f64(multiply_f64(0.693147180559945286226764, 2.319046813846299558417771e-17, e), x, x2 * x.high * t);
}

/* ---- log, exp ---- */

float torch_log_f32(float x)
{
    return (float)log((double)x);
}

float torch_exp_f32(float x)
{
    return (float)exp((double)x);
}

/* ---- erfinv (native/Math.h calc_erfinv, after Pavlis 1996) ---- */

#define ERFINV_OF(type, name, fma_of, sqrt_of, log_of, erf_of, exp_of, copysign_of, fabs_of)                           \
    static type step_##name(bool fuses, type a, type b, type c)                                                        \
    {                                                                                                                  \
        return fuses ? fma_of(a, b, c) : a * b + c;                                                                    \
    }                                                                                                                  \
                                                                                                                       \
    type name(bool fuses, type y)                                                                                      \
    {                                                                                                                  \
        static const type a[] = {(type)-0.140543331, (type)0.914624893, (type)-1.645349621, (type)0.886226899};        \
        static const type b[] = {(type)0.012229801, (type)-0.329097515, (type)1.442710462, (type)-2.118377725, 1};     \
        static const type c[] = {(type)1.641345311, (type)3.429567803, (type)-1.624906493, (type)-1.970840454};        \
        static const type d[] = {(type)1.637067800, (type)3.543889200, 1};                                             \
        const type slope = 2 * (type)0.564189583547756286948079451560772586; /* 2 / sqrt(pi) */                        \
        const type magnitude = fabs_of(y);                                                                             \
        type z, x;                                                                                                     \
        if (magnitude > 1)                                                                                             \
            return (type)NAN;                                                                                          \
        if (magnitude == 1)                                                                                            \
            return copysign_of((type)INFINITY, y);                                                                     \
        if (magnitude <= (type)0.7) {                                                                                  \
            type above = a[0], below = b[0];                                                                           \
            z = y * y;                                                                                                 \
            for (int i = 1; i < 4; i++)                                                                                \
                above = step_##name(fuses, above, z, a[i]);                                                            \
            for (int i = 1; i < 5; i++)                                                                                \
                below = step_##name(fuses, below, z, b[i]);                                                            \
            x = y * above / below;                                                                                     \
        } else {                                                                                                       \
            type above = c[0], below = d[0];                                                                           \
            z = sqrt_of(-log_of((1 - magnitude) / 2));                                                                 \
            for (int i = 1; i < 4; i++)                                                                                \
                above = step_##name(fuses, above, z, c[i]);                                                            \
            for (int i = 1; i < 3; i++)                                                                                \
                below = step_##name(fuses, below, z, d[i]);                                                            \
            x = copysign_of(above, y) / below;                                                                         \
        }                                                                                                              \
        for (int i = 0; i < 2; i++)                                                                                    \
            x = x - (erf_of(x) - y) / (slope * exp_of(-x * x));                                                        \
        return x;                                                                                                      \
    }

ERFINV_OF(float, torch_erfinv_f32, fmaf, sqrtf, logf, erff, expf, copysignf, fabsf)
ERFINV_OF(double, torch_erfinv_f64, fma, sqrt, log, erf, exp, copysign, fabs)
