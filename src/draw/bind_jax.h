/* bind_jax.h - JAX's random functions in `oneseed draw`: keys as the library has them, shapes and dtypes as arguments.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_BIND_JAX_H
#define ONESEED_DRAW_BIND_JAX_H

#include "draw/jax_array.h" /* value */

/* The options at the start of a run, of the version that --with names. */
struct jax_options jax_options_at_start(const struct draw_settings *settings);
/* A key of the configuration as it is now, not seeded. */
oneseed_jax_key jax_new_key(const vm *m, unsigned impl);
/* The key that a function is called with; refused in JAX's words where it is none, or many. *wrapped_out: it was an array of words. */
oneseed_jax_key jax_key_argument(vm *m, const char *function, value v, bool *wrapped_out);
/* The implementation of that name or dtype; None: the default one. */
unsigned jax_impl_from(vm *m, value v);
const char *jax_impl_name(unsigned impl);
/* Keys of an array of words, or of one of keys: their number of axes, and each. */
int jax_shape_argument(vm *m, value v, int64_t shape[MAX_DIMS]);
size_t jax_shape_size(vm *m, int n_dims, const int64_t *shape);
/* The library's name of a dtype. */
oneseed_jax_dtype jax_library_dtype(vm *m, dtype dt);
void jax_refuse(vm *m, oneseed_status status);

extern const struct module module_jax, module_jax_random, module_jax_numpy, module_jax_dtypes, module_jax_config;
value jax_issubdtype(vm *m, value self, const struct arguments *arguments);

#endif
