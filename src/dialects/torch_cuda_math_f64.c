/* torch_cuda_math_f64.c - CUDA's functions of doubles: sincospi, log, log1p, exp, tan.
 * SPDX-License-Identifier: MIT
 *
 * The algorithms and coefficients are those of CUDA's own device library (libdevice), read off what the CUDA 12 and 13 compilers make of
 * them; all of their fused operations are written as such here. log and tan refine a reciprocal that the GPU takes from a table; here
 * it is rounded correctly, which the refined one is too, but for one in some ten thousand. */
#include "dialects/torch_cuda_math.h"

#include <math.h>   /* fma, rint, trunc */
#include <stdint.h> /* uint64_t */
#include <string.h> /* memcpy */

/* Coefficients, from the highest power down. */
static const double log_terms[] = {0x1.1380b3ae80f1ep-20, 0x1.0ee258b7a8b04p-18, 0x1.3b2669f02676fp-16,
                                   0x1.745cba9ab0956p-14, 0x1.c71c72d1b5154p-12, 0x1.24924923be72dp-9,
                                   0x1.999999999a3c4p-7,  0x1.5555555555554p-4};
static const double log1p_terms[] = {0x1.372fb2fbe14b5p-20, 0x1.087ffceb2dc44p-18, 0x1.3b9ff890f468cp-16,
                                     0x1.7457efd51baf8p-14, 0x1.c71c8de3ce825p-12, 0x1.249248fa4661fp-9,
                                     0x1.99999999d70c4p-7,  0x1.5555555555462p-4};
static const double exp_terms[] = {0x1.ade1569ce2bdfp-26,
                                   0x1.28af3fca213eap-22,
                                   0x1.71dee62401315p-19,
                                   0x1.a01997c89eb71p-16,
                                   0x1.a01a014761f65p-13,
                                   0x1.6c16c1852b7afp-10,
                                   0x1.1111111122322p-7,
                                   0x1.55555555502a1p-5,
                                   0x1.5555555555511p-3,
                                   0x1.000000000000bp-1,
                                   0x1p+0,
                                   0x1p+0};
static const double tan_terms[] = {
    0x1.48dac2799bcb9p-17, -0x1.9757c5b27ebb1p-16, 0x1.980e90fd91e04p-15, -0x1.ae2b0417d7e1dp-16, 0x1.19f5341bfba57p-14,
    0x1.5e791a00f6919p-14, 0x1.ff2e7fadec73ap-13,  0x1.34bc1b206da62p-11, 0x1.7db18ef2f83f9p-10,  0x1.d6d2e7ae49fbcp-9,
    0x1.226e3a816a776p-7,  0x1.664f485d2566p-6,    0x1.ba1ba1babf31dp-5,  0x1.11111111105d2p-3,   0x1.555555555555ep-2};
static const double sine_terms[] = {0x1.5db65f9785ebap-33,  -0x1.ae5f12cb0d246p-26, 0x1.71de369ace392p-19,
                                    -0x1.a01a019db62a1p-13, 0x1.1111111110818p-7,   -0x1.5555555555554p-3};
static const double cosine_terms[] = {-0x1.8ff8320fd8164p-37,
                                      0x1.1eea7c1ef8528p-29,
                                      -0x1.27e4f8e06e6d9p-22,
                                      0x1.a01a019ddbce9p-16,
                                      -0x1.6c16c16c15d47p-10,
                                      0x1.5555555555551p-5,
                                      -0x1p-1,
                                      0x1p+0};

#define TERMS(terms) terms, sizeof terms / sizeof *terms

static double polynomial(const double *terms, size_t n, double x)
{
    double sum = terms[0];
    for (size_t k = 1; k < n; k++)
        sum = fma(sum, x, terms[k]);
    return sum;
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void torch_cuda_sincospi(double x, double *sine_out, double *cosine_out)
{
    double quadrant = rint(2.0 * x), reduced = fma(-quadrant, 0.5, x);
    double angle = fma(reduced, 0x1.921fb54442d18p+1, reduced * 0x1.1a62633145c07p-53), square = angle * angle;
    double c = polynomial(TERMS(cosine_terms), square);
    double s = fma(polynomial(TERMS(sine_terms), square) * square, angle, angle);
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
    uint64_t bits = bits_of(x);
    int exponent = (int)(bits >> 52) - 1023;
    bits = (bits & 0xfffffffffffffu) | 0x3ff0000000000000u;
    if (bits >> 32 >= 0x3ff6a09fu) { /* the square root of 2, by the high word alone */
        bits -= (uint64_t)1 << 52;
        exponent++;
    }
    double m = double_of(bits), reciprocal = 1.0 / (m + 1.0), f = m - 1.0, q = f * reciprocal, e = (double)exponent;
    q = fma(f, reciprocal, q);
    double square = q * q, p = polynomial(TERMS(log_terms), square), rest = f - q;
    rest = fma(-q, f, rest + rest) * reciprocal;
    rest = fma(square * p, q, rest);
    double high = fma(e, 0x1.62e42fefa39efp-1, q), low = fma(-e, 0x1.62e42fefa39efp-1, high) - q;
    return high + fma(e, 0x1.abc9e3b39803fp-56, rest - low);
}

/* Near 0 a polynomial; which values are near is decided by the high words, read as floats. */
double torch_cuda_log1p(double x)
{
    uint32_t high = (uint32_t)(bits_of(x) >> 32);
    float as_float;
    memcpy(&as_float, &high, sizeof as_float);
    if (!(as_float < 0x1.caaaaap+0f && as_float > -0x1.b33332p+0f))
        return torch_cuda_log(x + 1.0);
    double product = x * (x / (x + 2.0)), rest = x - product, square = rest * rest;
    double p = polynomial(TERMS(log1p_terms), square);
    return x + fma(square * p, rest, -product);
}

double torch_cuda_exp(double x)
{
    double shifted = fma(x, 0x1.71547652b82fep+0, 0x1.8p+52), n = shifted - 0x1.8p+52;
    int32_t power = (int32_t)(uint32_t)bits_of(shifted);
    double rest = fma(n, -0x1.abc9e3b39803fp-56, fma(n, -0x1.62e42fefa39efp-1, x));
    uint64_t mantissa = bits_of(polynomial(TERMS(exp_terms), rest));
    uint32_t high = (uint32_t)(bits_of(x) >> 32) & 0x7fffffffu;
    if (high < 0x4086232bu)
        return double_of(mantissa + ((uint64_t)(uint32_t)power << 52));
    if (high >= 0x40874800u) /* beyond every power of 2 */
        return x < 0 ? 0.0 : x + (double)INFINITY;
    int32_t half = power / 2; /* in two steps: the power alone could be none of a double */
    return double_of(mantissa + ((uint64_t)(uint32_t)half << 52)) *
           double_of((uint64_t)(uint32_t)(power - half + 1023) << 52);
}

double torch_cuda_tan(double x)
{
    double n = rint(x * 0x1.45f306dc9c883p-1);
    double rest = fma(-n, 0x1.921fb54442d18p+0, x);
    rest = fma(-n, 0x1.1a62633145cp-54, rest);
    rest = fma(-n, 0x1.b839a252049cp-104, rest);
    double square = rest * rest, p = square * polynomial(TERMS(tan_terms), square), tangent = fma(p, rest, rest);
    if (((int)n & 1) == 0)
        return tangent;
    double lost = fma(p, rest, -(tangent - rest)), negative = -(1.0 / tangent);
    return fma(fma(negative, lost, fma(tangent, negative, 1.0)), negative, negative);
}
