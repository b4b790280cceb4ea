/* jax_integer_store.h - integer dtypes: what XLA makes of a real number, and into an array's memory.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_JAX_INTEGER_STORE_H
#define ONESEED_DIALECTS_JAX_INTEGER_STORE_H

#include "dialects/jax.h" /* oneseed_jax_dtype */

/* The largest number of the dtype, int64's of uint64. */
int64_t jax_highest(oneseed_jax_dtype dtype);
/* The low bits. */
void jax_store_integer(oneseed_jax_dtype dtype, uint64_t value, void *out, size_t i);
/* The nearest number of the dtype to a whole one; 0 of NaN. */
void jax_store_converted(oneseed_jax_dtype dtype, double value, void *out, size_t i);

#endif
