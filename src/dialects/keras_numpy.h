/* keras_numpy.h - keras.random on NumPy's Generator. Arguments as oneseed_keras_…_fill.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_KERAS_NUMPY_H
#define ONESEED_DIALECTS_KERAS_NUMPY_H

#include <stddef.h> /* size_t */

#include "oneseed.h" /* oneseed_numpy */

oneseed_status keras_numpy_uniform(oneseed_numpy *rng, oneseed_keras_dtype dtype, double minval, double maxval,
                                   void *out, size_t n);
oneseed_status keras_numpy_normal(oneseed_numpy *rng, oneseed_keras_dtype dtype, double mean, double stddev, void *out,
                                  size_t n);
oneseed_status keras_numpy_truncated_normal(oneseed_numpy *rng, oneseed_keras_dtype dtype, double mean, double stddev,
                                            void *out, size_t n);
oneseed_status keras_numpy_randint(oneseed_numpy *rng, oneseed_keras_dtype dtype, int64_t minval, int64_t maxval,
                                   void *out, size_t n);

#endif
