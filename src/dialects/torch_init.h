/* torch_init.h - the bounds and deviations of torch.nn.init, as Python computes them.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_TORCH_INIT_H
#define ONESEED_DIALECTS_TORCH_INIT_H

#include "oneseed.h" /* oneseed_torch, oneseed_status */

/* sqrt(3): the bound of a uniform distribution with deviation 1. */
static const double torch_sqrt_3 = 1.7320508075688772;

size_t torch_numel(const int64_t *shape, int n_dims);
/* The deviations of xavier_… and kaiming_…; a fan of 0 is refused, or the caller's. */
double torch_xavier_std(double gain, double fan_in, double fan_out);
/* kaiming with leaky_relu: sqrt(2 / (1 + a^2)) / sqrt(fan). libm: pow. */
double torch_leaky_std(double a, double fan);
/* The orthogonal factor Q of a matrix of n_rows >= n_columns, with the signs of R's diagonal multiplied in, in its place: element (i, j) is
 * a[i * row_step + j * column_step]. `work` has 2 n_columns. */
void torch_orthogonalise(double *a, size_t n_rows, size_t n_columns, size_t row_step, size_t column_step, double *work);

#endif
