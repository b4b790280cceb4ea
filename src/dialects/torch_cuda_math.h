/* torch_cuda_math.h - CUDA's mathematical functions, as far as PyTorch's distributions take them.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_TORCH_CUDA_MATH_H
#define ONESEED_DIALECTS_TORCH_CUDA_MATH_H

/* Exact: made of operations that are rounded as IEEE 754 says. x is positive and normal. */
float torch_cuda_logf(float x);
/* sincospi(): x is 0 to 2. */
void torch_cuda_sincospi(double x, double *sine_out, double *cosine_out);
double torch_cuda_exp(double x);

/* Equal but for the last bit of a reciprocal that the GPU refines from a table, which can be another one once in some ten thousand values and
 * then seldom shows. x is positive and normal; above -1; of magnitude below 2^31. */
double torch_cuda_log(double x);
double torch_cuda_log1p(double x);
double torch_cuda_tan(double x);

/* Models: the GPU's special function unit approximates these; here they are rounded correctly, after the same reduction. NVIDIA's
 * bounds (CUDA C++ Programming Guide, "Intrinsic Functions"): sine 2^-21.41 and cosine 2^-21.19 absolute for |x| <= pi. */
void torch_cuda_fast_sincosf(float x, float *sine_out, float *cosine_out);
/* __logf: 2^-21.41 absolute for x in [0.5, 2], 3 units in the last place elsewhere. */
float torch_cuda_fast_logf(float x);
/* __expf: 2 + |1.173 x| units in the last place. */
float torch_cuda_fast_expf(float x);
/* __tanf: the quotient of the two. */
float torch_cuda_fast_tanf(float x);

#endif
