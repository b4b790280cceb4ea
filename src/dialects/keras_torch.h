/* keras_torch.h - keras.random on PyTorch's CPU generator. Arguments as oneseed_keras_…_fill.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_KERAS_TORCH_H
#define ONESEED_DIALECTS_KERAS_TORCH_H

#include <stddef.h> /* size_t */

#include "dialects/keras_parameters.h" /* struct keras_parameter */
#include "dialects/torch_topk.h"       /* struct torch_ranked */
#include "oneseed.h"                   /* oneseed_torch */

oneseed_status keras_torch_uniform(oneseed_torch *rng, oneseed_keras_dtype dtype, double minval, double maxval,
                                   void *out, size_t n);
oneseed_status keras_torch_normal(oneseed_torch *rng, oneseed_keras_dtype dtype, double mean, double stddev, void *out,
                                  size_t n);
oneseed_status keras_torch_truncated_normal(oneseed_torch *rng, oneseed_keras_dtype dtype, double mean, double stddev,
                                            void *out, size_t n);
oneseed_status keras_torch_randint(oneseed_torch *rng, oneseed_keras_dtype dtype, int64_t minval, int64_t maxval,
                                   void *out, size_t n);
oneseed_status keras_torch_distribution(oneseed_torch *rng, oneseed_torch_distribution which, oneseed_keras_dtype dtype,
                                        struct keras_parameter a, struct keras_parameter b, void *out, size_t n);
oneseed_status keras_torch_keep(oneseed_torch *rng, double rate, uint8_t *out, size_t n);
/* `space` has n. */
oneseed_status keras_torch_shuffle(oneseed_torch *rng, size_t n_outer, size_t n, size_t n_inner,
                                   struct torch_ranked *space, uint32_t *out);
/* `space` has 2 n_classes + n_rows * n_classes. */
oneseed_status keras_torch_categorical(oneseed_torch *rng, oneseed_keras_dtype dtype, const void *logits, size_t n_rows,
                                       size_t n_classes, double *space, int64_t *out, size_t n_samples);

#endif
