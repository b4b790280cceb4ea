/* torch_topk.h - torch.topk of one row, with the order that equal values have there.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_TORCH_TOPK_H
#define ONESEED_DIALECTS_TORCH_TOPK_H

#include <stddef.h> /* size_t */
#include <stdint.h> /* int64_t */

struct torch_ranked {
    double value;
    int64_t index;
};

/* torch.topk(row, k), 1 <= k <= n: the first k of `row` are then the largest, in order; NaN is larger than all. */
void torch_topk(struct torch_ranked *row, size_t n, size_t k);

#endif
