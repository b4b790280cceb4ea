/* numpy_sum.h - NumPy's sum of a contiguous array: pairwise (numpy/_core/src/umath/loops_utils.h.src, 1.26 to 2.5).
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_NUMPY_SUM_H
#define ONESEED_DIALECTS_NUMPY_SUM_H

#include <stddef.h> /* size_t */

double numpy_sum_f64(const double *values, size_t n);
/* The same of float32 values, which are held in doubles. */
double numpy_sum_f32(const double *values, size_t n);

#endif
