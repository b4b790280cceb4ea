/* keras_numpy.h - keras.random on NumPy's Generator. Arguments as oneseed_keras_…_fill.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_KERAS_NUMPY_H
#define ONESEED_DIALECTS_KERAS_NUMPY_H

#include <stddef.h> /* size_t */

#include "dialects/keras_parameters.h" /* struct keras_parameter */
#include "oneseed.h"                   /* oneseed_numpy */

oneseed_status keras_numpy_uniform(oneseed_numpy *rng, oneseed_keras_dtype dtype, double minval, double maxval,
                                   void *out, size_t n);
oneseed_status keras_numpy_normal(oneseed_numpy *rng, oneseed_keras_dtype dtype, double mean, double stddev, void *out,
                                  size_t n);
oneseed_status keras_numpy_truncated_normal(oneseed_numpy *rng, oneseed_keras_dtype dtype, double mean, double stddev,
                                            void *out, size_t n);
oneseed_status keras_numpy_randint(oneseed_numpy *rng, oneseed_keras_dtype dtype, int64_t minval, int64_t maxval,
                                   void *out, size_t n);
oneseed_status keras_numpy_gamma(oneseed_numpy *rng, oneseed_keras_dtype dtype, struct keras_parameter alpha, void *out,
                                 size_t n);
oneseed_status keras_numpy_beta(oneseed_numpy *rng, oneseed_keras_dtype dtype, struct keras_parameter alpha,
                                struct keras_parameter beta, void *out, size_t n);
oneseed_status keras_numpy_binomial(oneseed_numpy *rng, oneseed_keras_dtype dtype, struct keras_parameter counts,
                                    struct keras_parameter probabilities, void *out, size_t n);
void keras_numpy_keep(oneseed_numpy *rng, double rate, uint8_t *out, size_t n);
void keras_numpy_shuffle(oneseed_numpy *rng, size_t n_outer, size_t n, size_t n_inner, uint32_t *out);
/* `space` has 2 n_classes. */
oneseed_status keras_numpy_categorical(oneseed_numpy *rng, oneseed_keras_dtype dtype, const void *logits, size_t n_rows,
                                       size_t n_classes, double *space, int64_t *out, size_t n_samples);

#endif
