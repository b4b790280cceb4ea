/* torch_cuda_math.c - CUDA's logf, log and sincospi, and models of its fast functions.
 * SPDX-License-Identifier: MIT
 *
 * The algorithms and coefficients are those of CUDA's own device library (libdevice), read off what the CUDA 12 and 13 compilers make of
 * logf(), log(), sincospi(), __sinf(), __logf(), __expf() and __tanf(); all of their fused operations are written as such here.
 * libm, for the models: sin, cos, log2, exp2. */
#include "dialects/torch_cuda_math.h"

#include <math.h>   /* fmaf, log2, rint, sin */
#include <stdint.h> /* uint32_t */
#include <string.h> /* memcpy */

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

/* x = m 2^e with m in [2/3, 4/3); log m is a polynomial in m - 1. */
float torch_cuda_logf(float x)
{
    static const uint32_t coefficients[] = {0xbe055027u, 0x3e1039f6u, 0xbdf8cdccu, 0x3e0f2955u, 0xbe2ad8b9u,
                                            0x3e4ced0bu, 0xbe7fff22u, 0x3eaaaa78u, 0xbf000000u};
    uint32_t bits = bits_of(x), exponent = (bits - 0x3f2aaaabu) & 0xff800000u;
    float e = (float)(int32_t)exponent * 0x1p-23f, f = float_of(bits - exponent) - 1.0f;
    float p = float_of(coefficients[0]);
    for (unsigned k = 1; k < sizeof coefficients / sizeof *coefficients; k++)
        p = fmaf(p, f, float_of(coefficients[k]));
    return fmaf(e, 0x1.62e430p-1f, fmaf(p * f, f, f));
}

void torch_cuda_sincospi(double x, double *sine_out, double *cosine_out)
{
    double quadrant = rint(2.0 * x), reduced = fma(-quadrant, 0.5, x);
    double angle = fma(reduced, 0x1.921fb54442d18p+1, reduced * 0x1.1a62633145c07p-53), square = angle * angle;
    double c = -0x1.8ff8320fd8164p-37, s = 0x1.5db65f9785ebap-33;
    c = fma(c, square, 0x1.1eea7c1ef8528p-29);
    c = fma(c, square, -0x1.27e4f8e06e6d9p-22);
    c = fma(c, square, 0x1.a01a019ddbce9p-16);
    c = fma(c, square, -0x1.6c16c16c15d47p-10);
    c = fma(c, square, 0x1.5555555555551p-5);
    c = fma(c, square, -0.5);
    c = fma(c, square, 1.0);
    s = fma(s, square, -0x1.ae5f12cb0d246p-26);
    s = fma(s, square, 0x1.71de369ace392p-19);
    s = fma(s, square, -0x1.a01a019db62a1p-13);
    s = fma(s, square, 0x1.1111111110818p-7);
    s = fma(s, square, -0x1.5555555555554p-3);
    s = fma(s * square, angle, angle);
    int turns = (int)quadrant & 3;
    double sine = turns & 1 ? c : s, cosine = turns & 1 ? -s : c;
    if (turns & 2) {
        sine = -sine;
        cosine = -cosine;
    }
    *sine_out = x == trunc(x) ? x * 0.0 : sine;
    *cosine_out = cosine + 0.0;
}

/* x = m 2^e with m about [0.7, 1.41); log m is a polynomial in 2 (m - 1) / (m + 1). */
double torch_cuda_log(double x)
{
    uint64_t bits;
    double m;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 52) - 1023;
    bits = (bits & 0xfffffffffffffu) | 0x3ff0000000000000u;
    if (bits >> 32 >= 0x3ff6a09fu) { /* the square root of 2, by the high word alone */
        bits -= (uint64_t)1 << 52;
        exponent++;
    }
    memcpy(&m, &bits, sizeof m);
    double reciprocal = 1.0 / (m + 1.0), f = m - 1.0, q = f * reciprocal, e = (double)exponent;
    q = fma(f, reciprocal, q);
    double square = q * q, p = 0x1.1380b3ae80f1ep-20;
    p = fma(p, square, 0x1.0ee258b7a8b04p-18);
    p = fma(p, square, 0x1.3b2669f02676fp-16);
    p = fma(p, square, 0x1.745cba9ab0956p-14);
    p = fma(p, square, 0x1.c71c72d1b5154p-12);
    p = fma(p, square, 0x1.24924923be72dp-9);
    p = fma(p, square, 0x1.999999999a3c4p-7);
    p = fma(p, square, 0x1.5555555555554p-4);
    double rest = f - q;
    rest = fma(-q, f, rest + rest) * reciprocal;
    rest = fma(square * p, q, rest);
    double high = fma(e, 0x1.62e42fefa39efp-1, q), low = fma(-e, 0x1.62e42fefa39efp-1, high) - q;
    return high + fma(e, 0x1.abc9e3b39803fp-56, rest - low);
}

/* The product with 1 / (2 pi) is cut off, not rounded; the unit then takes turns. */
static double turns_of(float x)
{
    double product = (double)x * (double)0x1.45f306p-3f;
    float nearest = (float)product;
    if (fabs((double)nearest) > fabs(product))
        nearest = nextafterf(nearest, 0.0f);
    return (double)nearest;
}

void torch_cuda_fast_sincosf(float x, float *sine_out, float *cosine_out)
{
    double angle = turns_of(x) * 6.283185307179586477;
    *sine_out = (float)sin(angle);
    *cosine_out = (float)cos(angle);
}

float torch_cuda_fast_logf(float x)
{
    return (float)log2((double)x) * 0x1.62e430p-1f;
}

float torch_cuda_fast_expf(float x)
{
    float power = x * 0x1.715476p+0f;
    if (power < -126.0f) { /* below, the unit gives no subnormal numbers */
        float root = (float)exp2((double)(power * 0.5f));
        return root * root;
    }
    return (float)exp2((double)power);
}

float torch_cuda_fast_tanf(float x)
{
    float sine, cosine;
    torch_cuda_fast_sincosf(x, &sine, &cosine);
    return sine * (float)(1.0 / (double)cosine);
}
