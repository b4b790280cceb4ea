/* tensorflow_xla.c - TensorFlow's stateless operations as XLA compiles them: tf.function(jit_compile=True).
 * SPDX-License-Identifier: MIT
 *
 * The words are those of the kernels; the top bits of a word make its float. TensorFlow 2.21: tensorflow/compiler/tf2xla/kernels/
 * stateless_random_ops.cc and xla/hlo/builder/lib/prng.cc; which steps LLVM fuses on x86-64 with FMA was found by comparison.
 * libm, where XLA calls it: sinf, cosf, log, sin, cos. */
#include <math.h> /* sqrtf, sinf, cosf, fma */

#include "dialects/jax_math.h" /* xla_log_f32, xla_erf_inv_f32 */
#include "dialects/tensorflow.h"

/* float32's top 16 bits; XLA does not round to bfloat16 here. */
static double cut(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits &= 0xffff0000u;
    memcpy(&x, &bits, sizeof x);
    return (double)x;
}

static float uniform_f32(uint32_t word)
{
    return (float)(word >> 9) * 0x1p-23f;
}

static double uniform_f64(const uint32_t words[2])
{
    return (double)((uint64_t)words[1] << 20 | words[0] >> 12) * 0x1p-52;
}

static double uniform_f16(uint32_t word)
{
    return (double)(word & 0x3ffu) * 0x1p-10;
}

/* Value k of a stream of words; bfloat16's float32 is cut later. */
static double uniform_at(oneseed_tensorflow_dtype dtype, const uint32_t *words, size_t k)
{
    if (dtype == ONESEED_TENSORFLOW_FLOAT64)
        return uniform_f64(words + 2 * k);
    return dtype == ONESEED_TENSORFLOW_FLOAT16 ? uniform_f16(words[k]) : (double)uniform_f32(words[k]);
}

static void uniforms_of(oneseed_tensorflow_dtype dtype, const uint32_t *words, double *out, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        double u = uniform_at(dtype, words, k);
        out[k] = dtype == ONESEED_TENSORFLOW_BFLOAT16 ? cut((float)u) : u;
    }
}

/* Box and Muller; bfloat16 is float32 that is cut. Every step of float16 is rounded. */
static void normals_of(oneseed_tensorflow_dtype dtype, const uint32_t *words, double *out, size_t n)
{
    for (size_t k = 0; k < n; k += 2) {
        if (dtype == ONESEED_TENSORFLOW_FLOAT64) {
            double u = uniform_f64(words + 2 * k), angle = 6.283185307179586 * uniform_f64(words + 2 * k + 2);
            double radius = sqrt(-2 * log(u > 1e-7 ? u : 1e-7));
            out[k] = sin(angle) * radius;
            out[k + 1] = cos(angle) * radius;
        } else if (dtype == ONESEED_TENSORFLOW_FLOAT16) {
            double u = uniform_f16(words[k]), least = 0x1p-23;
            float logarithm = (float)tensorflow_round(dtype, (double)xla_log_f32((float)(u > least ? u : least)));
            float angle = (float)tensorflow_round(dtype, 6.28125 * uniform_f16(words[k + 1]));
            double radius = tensorflow_round(dtype, (double)sqrtf(-2 * logarithm));
            out[k] = tensorflow_round(dtype, tensorflow_round(dtype, (double)sinf(angle)) * radius);
            out[k + 1] = tensorflow_round(dtype, tensorflow_round(dtype, (double)cosf(angle)) * radius);
        } else {
            float u = uniform_f32(words[k]), angle = 6.2831855f * uniform_f32(words[k + 1]);
            float radius = sqrtf(-2 * xla_log_f32(u > 1e-7f ? u : 1e-7f));
            float pair[2] = {sinf(angle) * radius, cosf(angle) * radius};
            for (size_t i = 0; i < 2; i++)
                out[k + i] = dtype == ONESEED_TENSORFLOW_FLOAT32 ? (double)pair[i] : cut(pair[i]);
        }
    }
}

/* float16 in all steps. Here and below 0 is the least normal number. */
static double truncated_f16(double u)
{
    const oneseed_tensorflow_dtype dtype = ONESEED_TENSORFLOW_FLOAT16;
    double root = tensorflow_round(dtype, M_SQRT2), border = tensorflow_round(dtype, 2 / root);
    double low = tensorflow_round(dtype, 1 + tensorflow_round(dtype, (double)xla_erf_f32((float)-border))) / 2;
    double high = tensorflow_round(dtype, 1 + tensorflow_round(dtype, (double)xla_erf_f32((float)border))) / 2;
    double p = (u > 0 ? u : 0x1p-14) * tensorflow_round(dtype, high - low);
    p = tensorflow_round(dtype, tensorflow_round(dtype, p) + low);
    double x =
        tensorflow_round(dtype, (double)xla_erf_inv_f32(XLA_OF_0_8_2, (float)tensorflow_round(dtype, 2 * p - 1)));
    x = tensorflow_round(dtype, x * root);
    return x < -2 ? -2 : x > 2 ? 2 : x;
}

/* The inverse distribution function between -2 and 2: erf_inv(2 p - 1) sqrt(2), p between the bounds' probabilities. */
static void truncated_of(oneseed_tensorflow_dtype dtype, const uint32_t *words, double *out, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        double drawn = uniform_at(dtype, words, k);
        if (dtype == ONESEED_TENSORFLOW_FLOAT64) {
            double low = (1 + erf(-2 / M_SQRT2)) / 2, high = (1 + erf(2 / M_SQRT2)) / 2;
            double p = fma(high - low, drawn > 0 ? drawn : DBL_MIN, low);
            double x = xla_erf_inv_f64(XLA_OF_0_8_2, fma(2, p, -1)) * M_SQRT2;
            out[k] = x < -2 ? -2 : x > 2 ? 2 : x;
        } else if (dtype == ONESEED_TENSORFLOW_FLOAT16) {
            out[k] = truncated_f16(drawn);
        } else {
            float u = drawn > 0 ? (float)drawn : FLT_MIN, root = (float)M_SQRT2;
            float low = (1 + xla_erf_f32(-2 / root)) / 2, high = (1 + xla_erf_f32(2 / root)) / 2;
            float x = xla_erf_inv_f32(XLA_OF_0_8_2, fmaf(2, fmaf(high - low, u, low), -1)) * root;
            x = x < -2 ? -2 : x > 2 ? 2 : x;
            out[k] = dtype == ONESEED_TENSORFLOW_BFLOAT16 ? cut(x) : (double)x;
        }
    }
}

/* Values times scale plus shift: float32 and float64 in one rounding, the half types in two. XLA drops the sum with a constant 0. */
static void scale_fused(oneseed_tensorflow_dtype dtype, double scale, double shift, double *values, size_t n)
{
    if (shift == 0)
        shift = -0.0;
    if (dtype == ONESEED_TENSORFLOW_BFLOAT16 || dtype == ONESEED_TENSORFLOW_FLOAT16) {
        tensorflow_scale(dtype, scale, shift, values, n);
        return;
    }
    scale = tensorflow_flush(dtype, scale);
    shift = tensorflow_flush(dtype, shift);
    for (size_t k = 0; k < n; k++)
        values[k] = tensorflow_flush(dtype, dtype == ONESEED_TENSORFLOW_FLOAT64
                                                ? fma(values[k], scale, shift)
                                                : (double)fmaf((float)values[k], (float)scale, (float)shift));
}

typedef void values_of(oneseed_tensorflow_dtype dtype, const uint32_t *words, double *out, size_t n);

static oneseed_status fill(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype, values_of *make,
                           double scale, double shift, void *out, size_t n)
{
    uint32_t words[2 * TENSORFLOW_PIECE];
    double values[TENSORFLOW_PIECE] = {0}; /* for the analyzer, which does not reckon blocks */
    oneseed_tensorflow_philox at = *place;
    for (size_t i = 0; i < n; i += TENSORFLOW_PIECE) {
        size_t n_now = n - i < TENSORFLOW_PIECE ? n - i : TENSORFLOW_PIECE, group = tensorflow_group(dtype);
        size_t n_blocks = (n_now + group - 1) / group;
        tensorflow_fill_words(&at, words, n_blocks);
        make(dtype, words, values, n_blocks * group); /* whole pairs */
        scale_fused(dtype, scale, shift, values, n_now);
        tensorflow_store(dtype, values, out, i, n_now);
    }
    return ONESEED_OK;
}

oneseed_status oneseed_tensorflow_xla_uniform_fill(const oneseed_tensorflow_philox *place,
                                                   oneseed_tensorflow_dtype dtype, double minval, double maxval,
                                                   void *out, size_t n)
{
    if (!tensorflow_dtype_is_float(dtype))
        return ONESEED_TENSORFLOW_FLOAT_DTYPE;
    double low = tensorflow_round(dtype, minval);
    double span = tensorflow_round(dtype, tensorflow_round(dtype, maxval) - low);
    return fill(place, dtype, uniforms_of, span, low, out, n);
}

oneseed_status oneseed_tensorflow_xla_normal_fill(const oneseed_tensorflow_philox *place,
                                                  oneseed_tensorflow_dtype dtype, double mean, double stddev, void *out,
                                                  size_t n)
{
    if (!tensorflow_dtype_is_float(dtype))
        return ONESEED_TENSORFLOW_FLOAT_DTYPE;
    return fill(place, dtype, normals_of, tensorflow_round(dtype, stddev), tensorflow_round(dtype, mean), out, n);
}

oneseed_status oneseed_tensorflow_xla_truncated_normal_fill(const oneseed_tensorflow_philox *place,
                                                            oneseed_tensorflow_dtype dtype, double mean, double stddev,
                                                            void *out, size_t n)
{
    if (!tensorflow_dtype_is_float(dtype))
        return ONESEED_TENSORFLOW_FLOAT_DTYPE;
    return fill(place, dtype, truncated_of, tensorflow_round(dtype, stddev), tensorflow_round(dtype, mean), out, n);
}
