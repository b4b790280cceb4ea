/* keras_jax.h - keras.random on JAX. Arguments as oneseed_keras_…_fill.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_KERAS_JAX_H
#define ONESEED_DIALECTS_KERAS_JAX_H

#include <stddef.h> /* size_t */

#include "oneseed.h" /* oneseed_jax_key */

oneseed_status keras_jax_normal(const oneseed_jax_key *key, oneseed_keras_dtype dtype, double mean, double stddev,
                                void *out, size_t n);
oneseed_status keras_jax_truncated_normal(const oneseed_jax_key *key, oneseed_keras_dtype dtype, double mean,
                                          double stddev, void *out, size_t n);

#endif
