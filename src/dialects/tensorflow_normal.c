/* tensorflow_normal.c - TensorFlow's normal numbers, truncated at two deviations or not.
 * SPDX-License-Identifier: MIT
 *
 * TensorFlow 2.21: BoxMullerFloat of tsl/lib/random/random_distributions_utils.h, the rest in random_distributions.h; where a group
 * of truncated numbers begins: core/kernels/random_op_cpu.h. libm, where TensorFlow on Linux calls it too: logf, sincosf,
 * log, sincos; so the last bits are those of the machine's libm. */
#include <math.h> /* logf, sqrtf, sinf, cosf, log, sqrt, sin, cos */

#include "dialects/tensorflow.h"

static void pair_f32(const uint32_t words[2], double out[2])
{
    float u = tensorflow_float(words[0]);
    float angle = (float)(2.0 * 3.14159265358979323846 * (double)tensorflow_float(words[1]));
    float radius = sqrtf(-2.0f * logf(u < 1.0e-7f ? 1.0e-7f : u));
    out[0] = (double)(sinf(angle) * radius);
    out[1] = (double)(cosf(angle) * radius);
}

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
    if (dtype == ONESEED_TENSORFLOW_FLOAT64)
        pair_f64(taken, out);
    else
        pair_f32(taken, out);
}

static void deviate(oneseed_tensorflow_dtype dtype, double mean, double stddev, double *values, void *out, size_t begin,
                    size_t n)
{
    for (size_t k = 0; k < n; k++)
        values[k] = tensorflow_round(dtype, values[k]);
    tensorflow_scale(dtype, tensorflow_round(dtype, stddev), tensorflow_round(dtype, mean), values, n);
    tensorflow_store(dtype, values, out, begin, n);
}

oneseed_status oneseed_tensorflow_normal_fill(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype,
                                              double mean, double stddev, void *out, size_t n)
{
    double values[TENSORFLOW_PIECE];
    struct tensorflow_words words = tensorflow_words_at(place);
    if (!tensorflow_dtype_is_float(dtype))
        return ONESEED_TENSORFLOW_FLOAT_DTYPE;
    for (size_t i = 0; i < n; i += TENSORFLOW_PIECE) {
        size_t n_now = n - i < TENSORFLOW_PIECE ? n - i : TENSORFLOW_PIECE;
        for (size_t k = 0; k < n_now; k += 2)
            next_pair(&words, dtype, values + k);
        deviate(dtype, mean, stddev, values, out, i, n_now);
    }
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

oneseed_status oneseed_tensorflow_truncated_normal_fill(const oneseed_tensorflow_philox *place,
                                                        oneseed_tensorflow_dtype dtype, double mean, double stddev,
                                                        void *out, size_t n)
{
    double values[TENSORFLOW_PIECE];
    oneseed_tensorflow_philox at = *place;
    if (!tensorflow_dtype_is_float(dtype))
        return ONESEED_TENSORFLOW_FLOAT_DTYPE;
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
