/* torch_operation.h - operations on float32 and float64 tensors, element by element, computed in double.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_TORCH_OPERATION_H
#define ONESEED_DIALECTS_TORCH_OPERATION_H

#include "dialects/torch.h"      /* torch_cpu */
#include "dialects/torch_math.h" /* torch_log_f32 */

/* What is left of a result in memory. For + - * / and sqrt of floats it is the float's own operation. */
static inline double torch_rounded(oneseed_torch_dtype dtype, double value)
{
    return dtype == ONESEED_TORCH_FLOAT64 ? value : (double)(float)value;
}

/* torch.log and torch.exp, as torch_math.h says. */
static inline double torch_log_of(oneseed_torch_dtype dtype, double x)
{
    return dtype == ONESEED_TORCH_FLOAT64 ? log(x) : (double)torch_log_f32((float)x);
}

static inline double torch_exp_of(oneseed_torch_dtype dtype, double x)
{
    return dtype == ONESEED_TORCH_FLOAT64 ? exp(x) : (double)torch_exp_f32((float)x);
}

/* The values in a vector of kernels that are built for AVX-512, too; the default capability has vectors of AVX2's
 * size. */
static inline size_t torch_lanes(oneseed_torch *state, oneseed_torch_dtype dtype)
{
    const size_t n_bytes = torch_cpu(state) == ONESEED_TORCH_CPU_AVX512 ? 64 : 32;
    return n_bytes / (dtype == ONESEED_TORCH_FLOAT64 ? sizeof(double) : sizeof(float));
}

#endif
