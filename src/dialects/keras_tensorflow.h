/* keras_tensorflow.h - keras.random on TensorFlow. Arguments as oneseed_keras_…_fill.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_KERAS_TENSORFLOW_H
#define ONESEED_DIALECTS_KERAS_TENSORFLOW_H

#include <stddef.h> /* size_t */

#include "dialects/keras_parameters.h" /* struct keras_parameter */
#include "oneseed.h"                   /* oneseed_tensorflow_philox */

oneseed_status keras_tensorflow_uniform(const oneseed_tensorflow_philox *place, oneseed_keras_dtype dtype,
                                        double minval, double maxval, void *out, size_t n);
oneseed_status keras_tensorflow_randint(const oneseed_tensorflow_philox *place, oneseed_keras_dtype dtype,
                                        int64_t minval, int64_t maxval, void *out, size_t n);
oneseed_status keras_tensorflow_gamma(const oneseed_tensorflow_philox *place, oneseed_keras_dtype dtype,
                                      struct keras_parameter alpha, void *out, size_t n);
oneseed_status keras_tensorflow_beta(const oneseed_keras *keras, const int64_t seed[2], oneseed_keras_dtype dtype,
                                     struct keras_parameter alpha, struct keras_parameter beta, void *out, size_t n);
oneseed_status keras_tensorflow_binomial(const oneseed_tensorflow_philox *place, oneseed_keras_dtype dtype,
                                         struct keras_parameter counts, struct keras_parameter probabilities, void *out,
                                         size_t n);
/* `space` has 2 n words. */
void keras_tensorflow_shuffle(const oneseed_keras *keras, const oneseed_tensorflow_philox *place, size_t n_outer,
                              size_t n, size_t n_inner, uint64_t *space, uint32_t *out);
/* `space` has (n_rows + 1) n_classes. */
oneseed_status keras_tensorflow_categorical(const oneseed_keras *keras, const oneseed_tensorflow_philox *place,
                                            oneseed_keras_dtype dtype, const void *logits, size_t n_rows,
                                            size_t n_classes, double *space, int64_t *out, size_t n_samples);

#endif
