/* keras_jax.c - keras.random on the jax backend, as far as it is more than a call of jax.random.
 * SPDX-License-Identifier: MIT
 *
 * After keras/src/backend/jax/random.py of 3.0 to 3.15. */
#include "dialects/keras_jax.h"

#include "dialects/jax_real.h" /* jax_flushed */
#include "dialects/keras.h"    /* keras_scale */

oneseed_status keras_jax_normal(const oneseed_jax_key *key, oneseed_keras_dtype dtype, double mean, double stddev,
                                void *out, size_t n)
{
    const oneseed_status status = oneseed_jax_normal_fill(key, (oneseed_jax_dtype)dtype, out, n);
    if (status == ONESEED_OK)
        keras_scale(dtype, stddev, mean, out, n);
    return status;
}

oneseed_status keras_jax_truncated_normal(const oneseed_jax_key *key, oneseed_keras_dtype dtype, double mean,
                                          double stddev, void *out, size_t n)
{
    const oneseed_status status = oneseed_jax_truncated_normal_fill(key, (oneseed_jax_dtype)dtype, -2, 2, out, n);
    if (status == ONESEED_OK)
        keras_scale(dtype, stddev, mean, out, n);
    return status;
}

/* XLA multiplies with the reciprocal of a scalar, but divides a single value. Half types are computed in float32, but float16 where the processor can. */
double keras_jax_quotient(const oneseed_keras *keras, oneseed_keras_dtype dtype, bool is_one, double x, double divisor)
{
    x = jax_flushed((oneseed_jax_dtype)dtype, x);
    if (is_one)
        return dtype == ONESEED_KERAS_FLOAT64 ? x / divisor : (double)((float)x / (float)divisor);
    if (dtype == ONESEED_KERAS_FLOAT64)
        return x * (1 / divisor);
    if (dtype == ONESEED_KERAS_FLOAT16 && keras->has_fp16)
        return x * keras_round(dtype, 1 / divisor);
    return (double)((float)x * (1 / (float)divisor));
}

/* Keras asks for one draw of logits that are repeated for each sample. */
oneseed_status keras_jax_categorical(const oneseed_jax_key *key, oneseed_keras_dtype dtype, const void *logits,
                                     size_t n_rows, size_t n_classes, uint64_t *space, int64_t *out, size_t n_samples)
{
    double *const repeated = (double *)(void *)space;
    uint32_t *const classes = (uint32_t *)(void *)(space + n_rows * n_classes * n_samples);
    for (size_t i = 0; i < n_rows * n_classes; i++)
        for (size_t k = 0; k < n_samples; k++)
            repeated[i * n_samples + k] = keras_load(dtype, logits, i);
    const oneseed_status status = oneseed_jax_categorical_fill(key, (oneseed_jax_dtype)dtype, ONESEED_JAX_LOW, repeated,
                                                               n_rows, n_classes, n_samples, classes, 1);
    for (size_t i = 0; i < n_rows * n_samples && status == ONESEED_OK; i++)
        out[i] = classes[i];
    return status;
}
