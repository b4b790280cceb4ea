/* jax_math.c - XLA's elementwise functions on CPUs, to their last bit.
 * SPDX-License-Identifier: MIT
 *
 * XLA expands log1p and erf_inv itself (xla/hlo/builder/lib/math.cc; Cephes' rational function and M. Giles, "Approximating the
 * erfinv function", 2012) and float32's logarithm too (Cephes' logf), and lets LLVM fuse: a product that is used once goes into the sum it is for,
 * the left of two first. Which products those are was read in the code that XLA emits for JAX 0.10. */
#include "dialects/jax_math.h"

#include <math.h>   /* fma, log */
#include <stdint.h> /* uint32_t */
#include <string.h> /* memcpy */

#include "dialects/jax_math_inline.h"

float xla_log_f32(float x)
{
    if (x == 0)
        return -INFINITY;
    if (!(x > 0))
        return NAN;
    return isinf(x) ? x : xla_log_f32_of_positive(x);
}

float xla_log_f32_of(enum xla_span span, float x)
{
    return span == XLA_OF_0_7 ? logf(x) : xla_log_f32(x);
}

static float log1p_f32(enum xla_span span, float x)
{
    if (!(fabsf(x) < XLA_SMALL_F32))
        return xla_log_f32_of(span, x + 1);
    return xla_log1p_of_small_f32(x);
}

float xla_log1p_f32(float x)
{
    return log1p_f32(XLA_OF_0_8_2, x);
}

static float old_log1p_of_negative_f32(float x)
{
    if (!(x < XLA_SMALL_F32))
        return xla_log_f32(1 - x);
    return xla_old_log1p_of_small_f32(x);
}

float xla_log1p_of_negative_f32(enum xla_span span, float x)
{
    return span == XLA_BEFORE_0_7 ? old_log1p_of_negative_f32(x) : log1p_f32(span, -x);
}

double xla_log1p_f64(double x)
{
    if (!(fabs(x) < XLA_SMALL_F64))
        return log(x + 1);
    return xla_log1p_of_small_f64(x);
}

static double old_log1p_of_negative_f64(double x)
{
    if (!(x < XLA_SMALL_F64))
        return log(1 - x);
    return xla_old_log1p_of_small_f64(x);
}

double xla_log1p_of_negative_f64(enum xla_span span, double x)
{
    return span == XLA_BEFORE_0_7 ? old_log1p_of_negative_f64(x) : xla_log1p_f64(-x);
}

float xla_erf_inv_f32(enum xla_span span, float x)
{
    if (fabsf(x) == 1)
        return x * INFINITY;
    return xla_erf_inv_f32_by(x, -xla_log1p_of_negative_f32(span, x * x));
}

/* Giles' other polynomials for double precision. */
static const double middle_f64[] = {
    2.2137376921775787049e-09,  9.0756561938885390979e-08, -2.7517406297064545428e-07, 1.8239629214389227755e-08,
    1.5027403968909827627e-06,  -4.013867526981545969e-06, 2.9234449089955446044e-06,  1.2475304481671778723e-05,
    -4.7318229009055733981e-05, 6.8284851459573175448e-05, 2.4031110387097893999e-05,  -0.0003550375203628474796,
    0.00095328937973738049703,  -0.0016882755560235047313, 0.0024914420961078508066,   -0.0037512085075692412107,
    0.005370914553590063617,    1.0052589676941592334,     3.0838856104922207635};
static const double tail_f64[] = {-2.7109920616438573243e-11, -2.5556418169965252055e-10, 1.5076572693500548083e-09,
                                  -3.7894654401267369937e-09, 7.6157012080783393804e-09,  -1.4960026627149240478e-08,
                                  2.9147953450901080826e-08,  -6.7711997758452339498e-08, 2.2900482228026654717e-07,
                                  -9.9298272942317002539e-07, 4.5260625972231537039e-06,  -1.9681778105531670567e-05,
                                  7.5995277030017761139e-05,  -0.00021503011930044477347, -0.00013871931833623122026,
                                  1.0103004648645343977,      4.8499064014085844221};

double xla_erf_inv_f64(enum xla_span span, double x)
{
    if (fabs(x) == 1)
        return x * INFINITY;
    double w = -xla_log1p_of_negative_f64(span, x * x);
    if (w < 6.25)
        return xla_erf_inv_f64_central(x, w);
    if (w < 16)
        return x * xla_polynomial_f64(middle_f64, 19, sqrt(w) - 3.25);
    return x * xla_polynomial_f64(tail_f64, 17, sqrt(w) - 5);
}

/* Cephes' expf, with the argument kept within what has a normal result. */
float xla_exp_f32(float x)
{
    static const float coefficients[] = {0x1.a0d2cep-13f, 0x1.6e879cp-10f, 0x1.11121p-7f,
                                         0x1.555382p-5f,  0x1.555554p-3f,  0.5f};
    x = x < -87.8f ? -87.8f : x > 88.8f ? 88.8f : x;
    float n = floorf(fmaf(x, 0x1.715476p+0f, 0.5f));
    n = n < -127 ? -127 : n > 127 ? 127 : n;
    x = fmaf(-n, 0x1.63p-1f, x);
    x = fmaf(-n, -0x1.bd0106p-13f, x);
    float y = coefficients[0], power;
    for (int k = 1; k < 6; k++)
        y = fmaf(y, x, coefficients[k]);
    y = fmaf(y, x * x, x) + 1;
    uint32_t bits = (uint32_t)((int32_t)n + 127) << 23; /* n = -127: 0 */
    memcpy(&power, &bits, sizeof power);
    return y * power;
}

/* Cephes' exp. */
double xla_exp_f64(double x)
{
    static const double highest = 709.782712893384, lowest = -708.3964185322641;
    if (x < lowest)
        return 0;
    if (x > highest)
        return INFINITY;
    double n = floor(fma(x, 1.4426950408889634, 0.5));
    x = fma(-n, 0.693145751953125, x);
    x = fma(-n, 1.4286068203094173e-06, x);
    double x2 = x * x;
    double p = x * fma(fma(x2, 0.00012617719307481058, 0.030299440770744195), x2, 1);
    double q = fma(fma(fma(x2, 3.0019850513866446e-06, 0.002524483403496841), x2, 0.22726554820815503), x2, 2);
    return ldexp(fma(p / (q - p), 2, 1), (int)n);
}

/* A rational function of Eigen's; 1 from 3.7 on. */
float xla_erf_f32(float x)
{
    static const float border = 0x1.df38dp+1f;
    if (fabsf(x) >= border)
        return copysignf(1, x);
    float x2 = x * x;
    float p = fmaf(x2, 0x1.e05aa2p-13f, 0x1.bebb44p-9f);
    p = fmaf(p, x2, 0x1.a16dd6p-5f);
    p = fmaf(p, x2, 0x1.7b4e8p-3f);
    p = fmaf(p, x2, 0x1.20dd74p+0f);
    float q = fmaf(x2, -0x1.fa720cp-24f, 0x1.8b11bep-16f);
    q = fmaf(q, x2, 0x1.0ada5p-10f);
    q = fmaf(q, x2, 0x1.cd0fa8p-7f);
    q = fmaf(q, x2, 0x1.c69842p-4f);
    q = fmaf(q, x2, 0x1.fd6894p-2f);
    return x * p / fmaf(q, x2, 1);
}
