/* torch_math.c - PyTorch's elementwise functions on the CPU.
 * SPDX-License-Identifier: MIT
 *
 * log1p: Shibata and Petrogiannis, "SLEEF: A portable vectorized library of C standard mathematical functions"
 * (2020), its functions log1pf and log1p of 1.0 ulp in the form for processors with FMA: 1 + d = 2^e (1 + m) with 1 +
 * m in [0.75, 1.5), the logarithm by atanh's series in m / (2 + m), with pairs of numbers where one is not enough.
 * libm: log, exp, and log1p, log1pf for the default capability. */
#include "dialects/torch_math.h"
#include "dialects/torch_pairs.h" /* pair_f64 */

#include <float.h>  /* FLT_MIN */
#include <math.h>   /* fma, log1p */
#include <stdint.h> /* uint32_t */
#include <string.h> /* memcpy */

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

static const pair_f32 ln2_f32 = {0.69314718246459960938f, -1.904654323148236017e-09f};
static const pair_f64 ln2_f64 = {0.693147180559945286226764, 2.319046813846299558417771e-17};

/* ---- log1p ---- */

float torch_log1p_f32(bool is_vector, float d)
{
    if (!is_vector || !(d > -1 && d <= 1e38f) || d == 0)
        return log1pf(d); /* NaN, infinities and zeros are the same in both */
    const int e = exponent_f32((d + 1) * (1.0f / 0.75f));
    const float scale = power_f32(-e);
    const float m = fmaf(d, scale, scale - 1);
    const pair_f32 x = pair_f32_divide((pair_f32){m, 0}, pair_f32_add_one((pair_f32){2, 0}, m));
    const float x2 = x.high * x.high;
    const float t = fmaf(fmaf(0.3027294874e+0f, x2, 0.3996108174e+0f), x2, 0.6666694880e+0f);
    pair_f32 s = pair_f32_add(pair_f32_multiply_one(ln2_f32, (float)e), pair_f32_twice(x));
    s = pair_f32_add_one(s, x2 * x.high * t);
    return s.high + s.low;
}

double torch_log1p_f64(bool is_vector, double d)
{
    if (!is_vector || !(d > -1 && d <= 1e307) || d == 0)
        return log1p(d);
    const int e = exponent_f64((d + 1) * (1.0 / 0.75));
    const double scale = power_f64(-e);
    const double m = fma(d, scale, scale - 1);
    const pair_f64 x = pair_f64_divide((pair_f64){m, 0}, pair_f64_add_one((pair_f64){2, 0}, m));
    const double x2 = x.high * x.high, x4 = x2 * x2;
    const double upper = fma(x2, 0.2222214519839380009e+0, 0.2857142932794299317e+0);
    const double lower = fma(x2, 0.3999999999635251990e+0, 0.6666666666667333541e+0);
    const double top = fma(x4, 0.1532076988502701353e+0, fma(x2, 0.1525629051003428716e+0, 0.1818605932937785996e+0));
    const double t = fma(x4 * x4, top, fma(x4, upper, lower));
    pair_f64 s = pair_f64_add(pair_f64_multiply_one(ln2_f64, e), pair_f64_twice(x));
    s = pair_f64_add_one(s, x2 * x.high * t);
    return s.high + s.low;
}

/* ---- exp ---- */

float torch_vector_exp_f32(float d)
{
    const float q = rintf(d * 1.44269504088896341f);
    float s = fmaf(q, -0.693145751953125f, d);
    s = fmaf(q, -1.428606765330187045e-06f, s);
    float u = fmaf(0.000198527617612853646278381f, s, 0.00139304355252534151077271f);
    u = fmaf(u, s, 0.00833336077630519866943359f);
    u = fmaf(u, s, 0.0416664853692054748535156f);
    u = fmaf(u, s, 0.166666671633720397949219f);
    u = fmaf(u, s, 0.5f);
    u = 1 + fmaf(s * s, u, s);
    if (!(d >= -104)) /* NaN, too */
        return d < -104 ? 0 : d;
    return d > 100 ? INFINITY : ldexpf(u, (int)q);
}

double torch_vector_exp_f64(double d)
{
    const double q = rint(d * 1.442695040888963407);
    double s = fma(q, -0.69314718055966295651160180568695068359375, d);
    s = fma(q, -0.28235290563031577122588448175013436025525412068e-12, s);
    const double s2 = s * s, s4 = s2 * s2;
    const double top = fma(s, 0.2081276378237164457e-8, 0.2511210703042288022e-7);
    const double upper = fma(s2, fma(s, 0.2755762628169491192e-6, 0.2755723402025388239e-5),
                             fma(s, 0.2480158687479686264e-4, 0.1984126989855865850e-3));
    const double lower = fma(s2, fma(s, 0.1388888888914497797e-2, 0.8333333333314938210e-2),
                             fma(s, 0.4166666666666602598e-1, 0.1666666666666669072e+0));
    double u = fma(s4 * s4, top, fma(s4, upper, lower));
    u = fma(fma(fma(u, s, 0.5), s, 1), s, 1);
    if (!(d >= -1000))
        return d < -1000 ? 0 : d;
    return d > 709.78271114955742909217217426 ? INFINITY : ldexp(u, (int)q);
}

/* ---- pow ---- */

/* 2^e m, m in [0.75, 1.5), of a positive number. */
static float fraction_f32(float d, int *e)
{
    const bool is_small = d < FLT_MIN;
    d = is_small ? d * 0x1p64f : d;
    const int exponent = exponent_f32(d * (1.0f / 0.75f));
    *e = is_small ? exponent - 64 : exponent;
    return ldexpf(d, -exponent);
}

static double fraction_f64(double d, int *e)
{
    const bool is_small = d < DBL_MIN;
    d = is_small ? d * 0x1p64 : d;
    const int exponent = exponent_f64(d * (1.0 / 0.75));
    *e = is_small ? exponent - 64 : exponent;
    return ldexp(d, -exponent);
}

static pair_f32 log_pair_f32(float d)
{
    int e;
    const pair_f32 m = {fraction_f32(d, &e), 0}, one = {1, 0},
                   c = {0.66666662693023681640625f, 3.69183861259614332084311e-09f};
    const pair_f32 x = pair_f32_divide(pair_f32_join((pair_f32){-1, 0}, m), pair_f32_join(one, m));
    const pair_f32 x2 = pair_f32_square(x);
    float t = fmaf(0.240320354700088500976562f, x2.high, 0.285112679004669189453125f);
    t = fmaf(t, x2.high, 0.400007992982864379882812f);
    const pair_f32 s = pair_f32_add(pair_f32_multiply_one(ln2_f32, (float)e), pair_f32_twice(x));
    return pair_f32_add(s, pair_f32_multiply(pair_f32_multiply(x2, x), pair_f32_join(pair_f32_multiply_one(x2, t), c)));
}

static pair_f64 log_pair_f64(double d)
{
    int e;
    const pair_f64 m = {fraction_f64(d, &e), 0}, one = {1, 0},
                   c = {0.666666666666666629659233, 3.80554962542412056336616e-17};
    pair_f64 x = pair_f64_divide(pair_f64_join((pair_f64){-1, 0}, m), pair_f64_join(one, m));
    const pair_f64 square = pair_f64_square(x);
    const double x2 = square.high, x4 = x2 * x2, x8 = x4 * x4;
    const double upper = fma(x4, fma(x2, 0.103239680901072952701192, 0.117754809412463995466069),
                             fma(x2, 0.13332981086846273921509, 0.153846227114512262845736));
    const double lower = fma(x4, fma(x2, 0.181818180850050775676507, 0.222222222230083560345903),
                             fma(x2, 0.285714285714249172087875, 0.400000000000000077715612));
    const double t = fma(x8 * x8, 0.116255524079935043668677, fma(x8, upper, lower));
    pair_f64 s = pair_f64_add(pair_f64_multiply_one(ln2_f64, e), pair_f64_twice(x));
    x = pair_f64_multiply(square, x);
    s = pair_f64_add(s, pair_f64_multiply(x, c));
    x = pair_f64_multiply(square, x);
    return pair_f64_add(s, pair_f64_multiply_one(x, t));
}

/* x 2^q in five steps, of which more than one may round when the result is subnormal. */
static float scaled_f32(float x, int q)
{
    const int sign = q < 0 ? -1 : 0;
    const int m = (((sign + q) >> 6) - sign) * 16;
    const float u = power_f32(m);
    return x * u * u * u * u * power_f32(q - 4 * m);
}

static float exp_of_pair_f32(pair_f32 d)
{
    const float q = rintf((d.high + d.low) * 1.44269504088896341f);
    pair_f32 s = pair_f32_join_one(d, q * -0.693145751953125f);
    s = pair_f32_normal(pair_f32_join_one(s, q * -1.428606765330187045e-06f));
    float u = fmaf(0.00136324646882712841033936f, s.high, 0.00836596917361021041870117f);
    u = fmaf(u, s.high, 0.0416710823774337768554688f);
    u = fmaf(u, s.high, 0.166665524244308471679688f);
    u = fmaf(u, s.high, 0.499999850988388061523438f);
    pair_f32 t = pair_f32_add(s, pair_f32_multiply_one(pair_f32_square(s), u));
    t = pair_f32_one_add(1, t);
    return d.high < -104 ? 0 : scaled_f32(t.high + t.low, (int)q);
}

static double exp_of_pair_f64(pair_f64 d)
{
    const double q = rint((d.high + d.low) * 1.442695040888963407);
    pair_f64 s = pair_f64_join_one(d, q * -0.69314718055966295651160180568695068359375);
    s = pair_f64_normal(pair_f64_join_one(s, q * -0.28235290563031577122588448175013436025525412068e-12));
    const double s1 = s.high, s2 = s1 * s1, s4 = s2 * s2;
    const double top = fma(s1, 2.51069683420950419527139e-08, 2.76286166770270649116855e-07);
    const double upper = fma(s2, fma(s1, 2.75572496725023574143864e-06, 2.48014973989819794114153e-05),
                             fma(s1, 0.000198412698809069797676111, 0.0013888888939977128960529));
    const double lower = fma(s2, fma(s1, 0.00833333333332371417601081, 0.0416666666665409524128449),
                             fma(s1, 0.166666666666666740681535, 0.500000000000000999200722));
    const double u = fma(s4 * s4, top, fma(s4, upper, lower));
    pair_f64 t = pair_f64_one_add(1, s);
    t = pair_f64_add(t, pair_f64_multiply_one(pair_f64_square(s), u));
    return d.high < -1000 ? 0 : ldexp(t.high + t.low, (int)q);
}

float torch_vector_pow_f32(float x, float y)
{
    if (!(x > 0 && x <= FLT_MAX && fabsf(y) <= FLT_MAX) || x == 1 || y == 0)
        return powf(x, y); /* zeros, infinities, NaN */
    const pair_f32 d = pair_f32_multiply_one(log_pair_f32(x), y);
    return fabsf(d.high) > 200 ? (d.high > 0 ? INFINITY : 0) : exp_of_pair_f32(d);
}

double torch_vector_pow_f64(double x, double y)
{
    if (!(x > 0 && x <= DBL_MAX && fabs(y) <= DBL_MAX) || x == 1 || y == 0)
        return pow(x, y);
    const pair_f64 d = pair_f64_multiply_one(log_pair_f64(x), y);
    if (d.high > 709.78271114955742909217217426)
        return INFINITY;
    return d.high < -1000 ? 0 : exp_of_pair_f64(d);
}

/* ---- log, exp as MKL has them ---- */

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
