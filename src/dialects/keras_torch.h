/* keras_torch.h - keras.random on PyTorch's CPU generator. Arguments as oneseed_keras_…_fill.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_KERAS_TORCH_H
#define ONESEED_DIALECTS_KERAS_TORCH_H

#include <stddef.h> /* size_t */

#include "oneseed.h" /* oneseed_torch */

oneseed_status keras_torch_uniform(oneseed_torch *rng, oneseed_keras_dtype dtype, double minval, double maxval,
                                   void *out, size_t n);
oneseed_status keras_torch_normal(oneseed_torch *rng, oneseed_keras_dtype dtype, double mean, double stddev, void *out,
                                  size_t n);
oneseed_status keras_torch_truncated_normal(oneseed_torch *rng, oneseed_keras_dtype dtype, double mean, double stddev,
                                            void *out, size_t n);
oneseed_status keras_torch_randint(oneseed_torch *rng, oneseed_keras_dtype dtype, int64_t minval, int64_t maxval,
                                   void *out, size_t n);

#endif
