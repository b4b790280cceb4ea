/* jax_math.h - XLA's elementwise functions on CPUs, to their last bit.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_JAX_MATH_H
#define ONESEED_DIALECTS_JAX_MATH_H

/* On x86-64 with FMA, as XLA compiles them for JAX 0.10; f64's logarithm and erf are libm's. */
float xla_log_f32(float x);
float xla_exp_f32(float x);
double xla_exp_f64(double x);
float xla_erf_f32(float x);
float xla_log1p_f32(float x);
double xla_log1p_f64(double x);
/* As XLA compiled them for a span of JAX's versions. */
enum xla_span {
    XLA_BEFORE_0_7, /* log1p(-x) takes other products into its sums */
    XLA_OF_0_7,     /* to 0.8.1: float32's logarithm is libm's */
    XLA_OF_0_8_2
};
float xla_log_f32_of(enum xla_span span, float x);
/* log1p(-x) for x in [0, 1). */
float xla_log1p_of_negative_f32(enum xla_span span, float x);
double xla_log1p_of_negative_f64(enum xla_span span, double x);
/* |x| = 1 gives infinities. */
float xla_erf_inv_f32(enum xla_span span, float x);
double xla_erf_inv_f64(enum xla_span span, double x);

#endif
