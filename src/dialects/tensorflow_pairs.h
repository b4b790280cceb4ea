/* tensorflow_pairs.h - TensorFlow's kernels with rejection: doubles in pairs, the later one first.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_TENSORFLOW_PAIRS_H
#define ONESEED_DIALECTS_TENSORFLOW_PAIRS_H

#include <math.h> /* log, sin */

#include "dialects/tensorflow.h" /* tensorflow_double */

/* One value's part of the stream. Uniforms and normals wait apart, but take their blocks from the same place. */
struct tensorflow_pairs {
    oneseed_tensorflow_philox place;
    double uniforms[2], normals[2];
    unsigned n_uniforms, n_normals;
};

/* The part that begins n_blocks behind `place`. */
static inline struct tensorflow_pairs tensorflow_pairs_at(const oneseed_tensorflow_philox *place, uint64_t n_blocks)
{
    struct tensorflow_pairs pairs = {.place = *place};
    oneseed_tensorflow_philox_skip(&pairs.place, n_blocks);
    return pairs;
}

static inline void tensorflow_pairs_block(struct tensorflow_pairs *pairs, double out[2])
{
    uint32_t words[PHILOX4X32_BLOCK];
    philox4x32_block(pairs->place.counter, pairs->place.key, words);
    philox4x32_count(pairs->place.counter);
    out[0] = tensorflow_double(words[0], words[1]);
    out[1] = tensorflow_double(words[2], words[3]);
}

static inline double tensorflow_pairs_uniform(struct tensorflow_pairs *pairs)
{
    if (pairs->n_uniforms == 0) {
        tensorflow_pairs_block(pairs, pairs->uniforms);
        pairs->n_uniforms = 2;
    }
    return pairs->uniforms[--pairs->n_uniforms];
}

/* tsl/lib/random/random_distributions.h, BoxMullerDouble. libm: log, sin, cos. */
static inline double tensorflow_pairs_normal(struct tensorflow_pairs *pairs)
{
    if (pairs->n_normals == 0) {
        double uniforms[2];
        tensorflow_pairs_block(pairs, uniforms);
        double angle = 6.283185307179586 * uniforms[1];
        double radius = sqrt(-2.0 * log(uniforms[0] < 1.0e-7 ? 1.0e-7 : uniforms[0]));
        pairs->normals[0] = sin(angle) * radius;
        pairs->normals[1] = cos(angle) * radius;
        pairs->n_normals = 2;
    }
    return pairs->normals[--pairs->n_normals];
}

/* static_cast<T>(x): half types by way of float32, integers as x86 converts: what does not fit is their smallest number. */
static inline void tensorflow_store_cast(oneseed_tensorflow_dtype dtype, double x, void *out, size_t i)
{
    if (dtype == ONESEED_TENSORFLOW_INT32)
        ((int32_t *)out)[i] = x > -2147483649.0 && x < 2147483648.0 ? (int32_t)x : INT32_MIN;
    else if (dtype == ONESEED_TENSORFLOW_INT64)
        ((int64_t *)out)[i] = x >= -0x1p63 && x < 0x1p63 ? (int64_t)x : INT64_MIN;
    else
        tensorflow_store(dtype, &x, out, i, 1);
}

#endif
