/* torch_math.h - PyTorch's elementwise functions on the CPU, as its distributions need them.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_TORCH_MATH_H
#define ONESEED_DIALECTS_TORCH_MATH_H

#include <stdbool.h> /* bool */

/* torch.log1p, the same bits: SLEEF's functions of 1.0 ulp with fused operations, one for vectors of AVX2 and of
 * AVX-512, or libm's for the default capability. */
float torch_log1p_f32(bool is_vector, float x);
double torch_log1p_f64(bool is_vector, double x);

/* The same library's exp and pow (of a base that is not negative), as vector kernels have them. */
float torch_vector_exp_f32(float x);
double torch_vector_exp_f64(double x);
float torch_vector_pow_f32(float x, float y);
double torch_vector_pow_f64(double x, double y);

/* torch.log and torch.exp rounded to nearest (float64: libm's). The wheels for x86 call MKL, whose results depend on
 * the processor and are one unit in the last place away for some values: where that matters the distribution says how
 * often. */
float torch_log_f32(float x);
float torch_exp_f32(float x);

/* torch.erfinv where there is no MKL: a rational approximation and two steps of Newton's. `fuses` as the kernels'
 * compiler does. */
float torch_erfinv_f32(bool fuses, float y);
double torch_erfinv_f64(bool fuses, double y);

#endif
