/* tensorflow_normal.c - TensorFlow's normal numbers, truncated at two deviations or not.
 * SPDX-License-Identifier: MIT
 *
 * TensorFlow 2.21: BoxMullerFloat of tsl/lib/random/random_distributions_utils.h, the rest in random_distributions.h; where a group
 * of truncated numbers begins: core/kernels/random_op_cpu.h. libm, where TensorFlow on Linux calls it too: log, sin, cos, and in
 * tensorflow_libm.c; so the last bits are those of the machine's libm. */
#include <math.h> /* log, sqrt, sin, cos */

#include "common/simd.h"              /* SIMD_VARIANTS */
#include "dialects/tensorflow_libm.h" /* tensorflow_normals_f32 */

static void pair_f64(const uint32_t words[4], double out[2])
{
    double u = tensorflow_double(words[0], words[1]);
    double angle = 2.0 * 3.14159265358979323846 * tensorflow_double(words[2], words[3]);
    double radius = sqrt(-2.0 * log(u < 1.0e-7 ? 1.0e-7 : u));
    out[0] = sin(angle) * radius;
    out[1] = cos(angle) * radius;
}

/* The next pair of a stream of words; the half types are rounded after all comparisons. */
static void next_pair(struct tensorflow_words *words, oneseed_tensorflow_dtype dtype, double out[2])
{
    uint32_t taken[4];
    unsigned n = dtype == ONESEED_TENSORFLOW_FLOAT64 ? 4 : 2;
    for (unsigned k = 0; k < n; k++)
        taken[k] = tensorflow_word(words);
    if (dtype == ONESEED_TENSORFLOW_FLOAT64) {
        pair_f64(taken, out);
    } else {
        float pair[2];
        tensorflow_normals_f32(false, taken, pair, 1);
        out[0] = (double)pair[0];
        out[1] = (double)pair[1];
    }
}

static void deviate(oneseed_tensorflow_dtype dtype, double mean, double stddev, double *values, void *out, size_t begin,
                    size_t n)
{
    for (size_t k = 0; k < n; k++)
        values[k] = tensorflow_round(dtype, values[k]);
    tensorflow_scale(dtype, tensorflow_round(dtype, stddev), tensorflow_round(dtype, mean), values, n);
    tensorflow_store(dtype, values, out, begin, n);
}

/* ---- many at once ---- */

SIMD_BODY void scaled_f32_body(const float *restrict values, float scale, float shift, float *restrict out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = values[k] * scale + shift;
}

SIMD_BODY void scaled_f16_body(const float *restrict values, float scale, float shift, uint16_t *restrict out, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const float value = half_to_float_inline(half_from_float_inline(values[k]));
        const float product = half_to_float_inline(half_from_float_inline(value * scale));
        out[k] = half_from_float_inline(product + shift);
    }
}

SIMD_BODY void scaled_bf16_body(const float *restrict values, float scale, float shift, uint16_t *restrict out,
                                size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const float value = bfloat16_to_float(bfloat16_from_float_inline(values[k]));
        const float product = bfloat16_to_float(bfloat16_from_float_inline(value * scale));
        out[k] = bfloat16_from_float_inline(product + shift);
    }
}

SIMD_VARIANTS(static void, scaled_f32, (const float *values, float scale, float shift, float *out, size_t n),
              (values, scale, shift, out, n))
SIMD_VARIANTS(static void, scaled_f16, (const float *values, float scale, float shift, uint16_t *out, size_t n),
              (values, scale, shift, out, n))
SIMD_VARIANTS(static void, scaled_bf16, (const float *values, float scale, float shift, uint16_t *out, size_t n),
              (values, scale, shift, out, n))

/* float32's normals into an array of the dtype. Steps that may be flushed are taken one by one. */
static void put(oneseed_tensorflow_dtype dtype, double mean, double stddev, const float *values, void *out, size_t n)
{
    const double shift = tensorflow_round(dtype, mean), scale = tensorflow_round(dtype, stddev);
    if (!tensorflow_scales_plainly(dtype, scale, shift)) {
        double wide[TENSORFLOW_WORDS];
        for (size_t k = 0; k < n; k++)
            wide[k] = (double)values[k];
        deviate(dtype, mean, stddev, wide, out, 0, n);
    } else if (dtype == ONESEED_TENSORFLOW_FLOAT32) {
        scaled_f32(values, (float)scale, (float)shift, out, n);
    } else if (dtype == ONESEED_TENSORFLOW_FLOAT16) {
        scaled_f16(values, (float)scale, (float)shift, out, n);
    } else {
        scaled_bf16(values, (float)scale, (float)shift, out, n);
    }
}

/* From how many values on it pays to ask which libm there is. */
enum { ASKS_FROM = 256 };

static void fill_narrow(oneseed_tensorflow_philox at, oneseed_tensorflow_dtype dtype, double mean, double stddev,
                        void *out, size_t n)
{
    uint32_t words[TENSORFLOW_WORDS];
    float values[TENSORFLOW_WORDS], buffer[TENSORFLOW_WORDS];
    const size_t size = oneseed_tensorflow_dtype_size(dtype);
    const bool is_known = n >= ASKS_FROM && tensorflow_libm_is_known();
    struct simd_output output = simd_output(out, n * size);
    for (size_t i = 0, n_now; i < n; i += n_now) {
        n_now = n - i < TENSORFLOW_WORDS ? n - i : TENSORFLOW_WORDS;
        void *to = simd_output_place(&output, buffer);
        tensorflow_fill_words(&at, words, (n_now + PHILOX4X32_BLOCK - 1) / PHILOX4X32_BLOCK);
        tensorflow_normals_f32(is_known, words, values, (n_now + 1) / 2);
        put(dtype, mean, stddev, values, to, n_now);
        simd_output_put(&output, to, n_now * size);
    }
    simd_output_end(&output);
}

static void fill_f64(oneseed_tensorflow_philox at, double mean, double stddev, double *out, size_t n)
{
    uint32_t words[2 * TENSORFLOW_PIECE];
    double values[TENSORFLOW_PIECE];
    for (size_t i = 0, n_now; i < n; i += n_now) {
        n_now = n - i < TENSORFLOW_PIECE ? n - i : TENSORFLOW_PIECE;
        tensorflow_fill_words(&at, words, (n_now + 1) / 2);
        for (size_t k = 0; k < n_now; k += 2)
            pair_f64(words + 2 * k, values + k);
        deviate(ONESEED_TENSORFLOW_FLOAT64, mean, stddev, values, out, i, n_now);
    }
}

oneseed_status oneseed_tensorflow_normal_fill(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype,
                                              double mean, double stddev, void *out, size_t n)
{
    if (!tensorflow_dtype_is_float(dtype))
        return ONESEED_TENSORFLOW_FLOAT_DTYPE;
    if (dtype == ONESEED_TENSORFLOW_FLOAT64)
        fill_f64(*place, mean, stddev, out, n);
    else
        fill_narrow(*place, dtype, mean, stddev, out, n);
    return ONESEED_OK;
}

/* A group has its own words, as many as a value of the group keeps 256 blocks for; what it needs is rarely more than two blocks. */
static void truncated_group(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype, double *out)
{
    struct tensorflow_words words = tensorflow_words_at(place);
    unsigned n = 0, group = tensorflow_group(dtype);
    for (;;) {
        double pair[2];
        next_pair(&words, dtype, pair);
        for (unsigned k = 0; k < 2; k++) {
            if (fabs(pair[k]) < 2)
                out[n++] = pair[k];
            if (n == group)
                return;
        }
    }
}

/* Most groups take what their first block gives; the others are made one by one. */
static void truncated_narrow(oneseed_tensorflow_philox at, oneseed_tensorflow_dtype dtype, double mean, double stddev,
                             void *out, size_t n)
{
    const uint32_t step = PHILOX4X32_BLOCK * TENSORFLOW_RESERVED / PHILOX4X32_BLOCK;
    uint32_t words[TENSORFLOW_WORDS];
    float values[TENSORFLOW_WORDS], buffer[TENSORFLOW_WORDS];
    const size_t size = oneseed_tensorflow_dtype_size(dtype);
    const bool is_known = n >= ASKS_FROM && tensorflow_libm_is_known();
    struct simd_output output = simd_output(out, n * size);
    for (size_t i = 0, n_now; i < n; i += n_now) {
        n_now = n - i < TENSORFLOW_WORDS ? n - i : TENSORFLOW_WORDS;
        oneseed_tensorflow_philox group = at;
        void *to = simd_output_place(&output, buffer);
        const size_t n_blocks = (n_now + PHILOX4X32_BLOCK - 1) / PHILOX4X32_BLOCK;
        philox4x32_fill_apart(at.counter, at.key, step, words, n_blocks);
        tensorflow_normals_f32(is_known, words, values, 2 * n_blocks);
        for (size_t k = 0; k < 4 * n_blocks; k += 4) {
            if (!(fabsf(values[k]) < 2) | !(fabsf(values[k + 1]) < 2) | !(fabsf(values[k + 2]) < 2) |
                !(fabsf(values[k + 3]) < 2)) {
                double taken[4];
                oneseed_tensorflow_philox place = group;
                oneseed_tensorflow_philox_skip(&place, k / 4 * step);
                truncated_group(&place, dtype, taken);
                for (size_t j = 0; j < 4; j++)
                    values[k + j] = (float)taken[j];
            }
        }
        put(dtype, mean, stddev, values, to, n_now);
        simd_output_put(&output, to, n_now * size);
    }
    simd_output_end(&output);
}

oneseed_status oneseed_tensorflow_truncated_normal_fill(const oneseed_tensorflow_philox *place,
                                                        oneseed_tensorflow_dtype dtype, double mean, double stddev,
                                                        void *out, size_t n)
{
    double values[TENSORFLOW_PIECE];
    oneseed_tensorflow_philox at = *place;
    if (!tensorflow_dtype_is_float(dtype))
        return ONESEED_TENSORFLOW_FLOAT_DTYPE;
    if (dtype != ONESEED_TENSORFLOW_FLOAT64) {
        truncated_narrow(*place, dtype, mean, stddev, out, n);
        return ONESEED_OK;
    }
    unsigned group = tensorflow_group(dtype);
    for (size_t i = 0; i < n; i += TENSORFLOW_PIECE) {
        size_t n_now = n - i < TENSORFLOW_PIECE ? n - i : TENSORFLOW_PIECE;
        for (size_t k = 0; k < n_now; k += group) {
            truncated_group(&at, dtype, values + k);
            oneseed_tensorflow_philox_skip(&at, group * TENSORFLOW_RESERVED / PHILOX4X32_BLOCK);
        }
        deviate(dtype, mean, stddev, values, out, i, n_now);
    }
    return ONESEED_OK;
}
