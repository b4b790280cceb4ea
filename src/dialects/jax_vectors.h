/* jax_vectors.h - what JAX's samplers make of uniforms, many at once and in place.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_JAX_VECTORS_H
#define ONESEED_DIALECTS_JAX_VECTORS_H

#include <stddef.h> /* size_t */

#include "dialects/jax_math.h" /* enum xla_span */

/* XLA_OF_0_7, whose logarithms are libm's, is not for the functions of float32. */

/* Normals of uniforms in [-1, 1]. */
void jax_normals_f32(enum xla_span span, float *values, size_t n);
void jax_normals_f64(enum xla_span span, double *values, size_t n);
/* -log(1 - u) of uniforms in [0, 1). */
void jax_exponentials_f32(enum xla_span span, float *values, size_t n);
/* -log(-log u) of uniforms in [0, 1 - 2^-23]; 0 is the smallest normal number. */
void jax_gumbels_f32(float *values, size_t n);

#endif
