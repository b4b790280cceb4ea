/* torch_cuda_math.c - CUDA's logf, and models of its fast functions of floats.
 * SPDX-License-Identifier: MIT
 *
 * The algorithms and coefficients are those of CUDA's own device library (libdevice), read off what the CUDA 12 and 13 compilers make of
 * logf(), __sinf(), __logf(), __expf() and __tanf(); all of their fused operations are written as such here. libm, for the
 * models: sin, cos, log2, exp2. */
#include "dialects/torch_cuda_math.h"

#include <math.h>   /* fmaf, log2, sin */
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
