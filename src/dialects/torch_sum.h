/* torch_sum.h - torch.sum over a contiguous row: its order of additions.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_TORCH_SUM_H
#define ONESEED_DIALECTS_TORCH_SUM_H

#include <stddef.h> /* size_t */

/* tensor.sum(-1) of one row, the same for every capability. One thread's: rows of 32768 values and more that stand
 * alone are split by torch into as many parts as it has threads. */
double torch_sum_f64(const double *row, size_t n);
float torch_sum_f32(const float *row, size_t n);

#endif
