/* jax_rsqrt.h - XLA's reciprocal square root on CPUs, to its last bit.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_JAX_RSQRT_H
#define ONESEED_DIALECTS_JAX_RSQRT_H

/* Of a number that is no subnormal one. On Intel's processors; float64's with AVX-512. */
float xla_rsqrt_f32(float x);
double xla_rsqrt_f64(double x);

#endif
