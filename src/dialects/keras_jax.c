/* keras_jax.c - keras.random on the jax backend, as far as it is more than a call of jax.random.
 * SPDX-License-Identifier: MIT
 *
 * After keras/src/backend/jax/random.py of 3.0 to 3.15. */
#include "dialects/keras_jax.h"

#include "dialects/keras.h" /* keras_scale */

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
