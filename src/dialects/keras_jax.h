/* keras_jax.h - keras.random on JAX. Arguments as oneseed_keras_…_fill.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_KERAS_JAX_H
#define ONESEED_DIALECTS_KERAS_JAX_H

#include <stdbool.h> /* bool */

#include <stddef.h> /* size_t */

#include "oneseed.h" /* oneseed_jax_key */

oneseed_status keras_jax_normal(const oneseed_jax_key *key, oneseed_keras_dtype dtype, double mean, double stddev,
                                void *out, size_t n);
oneseed_status keras_jax_truncated_normal(const oneseed_jax_key *key, oneseed_keras_dtype dtype, double mean,
                                          double stddev, void *out, size_t n);
/* An array by a number: not rounded to the dtype at last. */
double keras_jax_quotient(const oneseed_keras *keras, oneseed_keras_dtype dtype, bool is_one, double x, double divisor);
/* `space` has n_rows (n_classes + 1) n_samples words. */
oneseed_status keras_jax_categorical(const oneseed_jax_key *key, oneseed_keras_dtype dtype, const void *logits,
                                     size_t n_rows, size_t n_classes, uint64_t *space, int64_t *out, size_t n_samples);

#endif
