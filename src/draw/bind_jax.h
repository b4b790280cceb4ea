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
unsigned jax_impl_n_words(unsigned impl);
/* Keys of an array of words, or of one of keys: their number of axes, and each. */
int jax_shape_argument(vm *m, value v, int64_t shape[MAX_DIMS]);
size_t jax_shape_size(vm *m, int n_dims, const int64_t *shape);
/* The library's name of a dtype. */
oneseed_jax_dtype jax_library_dtype(vm *m, dtype dt);
void jax_refuse(vm *m, oneseed_status status);

/* --- What samplers share (bind_jax_random.c) ----------------------------------------------------------------------------------- */

enum { MAX_PARAMETERS = 3 };

/* What a sampler was called with. */
struct sampling {
    const char *function;
    oneseed_jax_key key;
    dtype dt;
    bool has_shape;
    int n_dims;
    int64_t shape[MAX_DIMS];
    size_t n;
    struct array *parameters[MAX_PARAMETERS];
};

struct jax_numbers {
    const double *values;
    size_t n;
};

dtype jax_float_argument(vm *m, const char *function, value v);
void jax_take_shape(vm *m, struct sampling *s, value shape); /* None: has_shape is false */
/* A parameter as an array; what jit does not take is refused. */
struct array *jax_parameter_array(vm *m, const char *function, value v);
/* The shape of the result: the parameters' own where none was asked for, or the one that was when they fit it. */
void jax_fit_parameters(vm *m, struct sampling *s, size_t n);
/* A parameter as the library takes it: one number, or one for each value. */
struct jax_numbers jax_numbers_from(vm *m, const struct sampling *s, const struct array *a);
struct array *jax_new_values(vm *m, const struct sampling *s, dtype dt);
/* The mode of a name, "low" where none is given; *known_out: there is such a mode. */
oneseed_jax_mode jax_mode_argument(value v, bool *known_out);
oneseed_jax_mode jax_gumbel_mode(vm *m, value v); /* refused in gumbel()'s words */
const char *jax_repr_text(vm *m, value v);
const char *jax_impl_tag(unsigned impl); /* "fry" */

extern const struct module module_jax_nn, module_jax_initializers, module_jax_tree, module_jax_tree_util;
extern const struct module module_jax, module_jax_random, module_jax_numpy, module_jax_dtypes, module_jax_config;
/* The block of `with jax.enable_x64(True):` and its kin begins. */
void jax_enter(vm *m, value context);
value jax_issubdtype(vm *m, value self, const struct arguments *arguments);

#endif
