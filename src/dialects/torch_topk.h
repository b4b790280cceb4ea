/* torch_topk.h - torch.topk of one row, with the order that equal values have there.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_TORCH_TOPK_H
#define ONESEED_DIALECTS_TORCH_TOPK_H

#include <stddef.h> /* size_t */
#include <stdint.h> /* int64_t */

#include "oneseed.h" /* oneseed_torch_dtype */

struct torch_ranked {
    double value;
    int64_t index;
};

/* torch.topk(row, k), 1 <= k <= n: the first k of `row` are then the largest, in order; NaN is larger than all. */
void torch_topk(struct torch_ranked *row, size_t n, size_t k);

/* std::sort, the largest first: torch.sort and argsort that need not be stable. */
void torch_sort(struct torch_ranked *row, size_t n);

/* multinomial() where it takes one sample, or samples without replacement: what it refuses, and the indices of the largest quotients of
 * weights and exponentials, which are rounded to the dtype first. */
oneseed_status torch_check_quotients(oneseed_torch_dtype dtype, const void *weights, size_t n_rows,
                                     size_t n_categories);
void torch_quotients(oneseed_torch_dtype dtype, struct torch_ranked *quotients, size_t n_categories, size_t n_samples,
                     int64_t *out);

#endif
