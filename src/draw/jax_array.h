/* jax_array.h - JAX's arrays in `oneseed draw`: numbers, whose type is weak where a Python number gave it, and keys.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_JAX_ARRAY_H
#define ONESEED_DRAW_JAX_ARRAY_H

#include "draw/ndarray.h" /* struct array */
#include "draw/object.h"  /* struct instance */
#include "oneseed.h"      /* oneseed_jax_key */

/* Never written to: views share the memory of what they view. */
struct jax_array {
    struct instance instance; /* held: the V_ARRAY of its numbers; of keys that of their words, along a last axis */
    bool is_weak;
    uint8_t impl; /* of keys: an oneseed_jax_impl */
};

/* --- Values (jax_array.c) -------------------------------------------------------------------------------------------- */

extern const struct object_class jax_array_class, jax_keys_class;

bool is_jax_numbers(value v);
bool is_jax_keys(value v);
static inline bool is_jax(value v)
{
    return is_jax_numbers(v) || is_jax_keys(v);
}
static inline struct jax_array *jax_of(value v)
{
    return (struct jax_array *)(void *)v.u.o;
}
/* The numbers, or the keys' words. */
static inline struct array *jax_data(value v)
{
    return jax_of(v)->instance.held[0].u.array;
}
/* The number of axes: without the words' of a key. */
int jax_n_dims(value v);
/* On that array, which nobody else writes to. */
value make_jax(vm *m, struct array *numbers, bool is_weak);
value make_jax_keys(vm *m, struct array *words, unsigned impl);
value make_jax_like(vm *m, struct array *data, value like); /* numbers or keys, as `like` */
/* jnp.asarray(v), or with a dtype (DT_NONE: the one that JAX finds). */
value jax_from(vm *m, value v, dtype dt);
/* The same, refusing what JAX refuses as an argument of functions: lists and what is no number. */
value jax_argument(vm *m, value v, const char *function, int position);
struct jax_array *jax_numbers_of(vm *m, value v, const char *function); /* of one that is no key */

/* --- Types (jax_types.c) --------------------------------------------------------------------------------------------- */

/* Without x64 the 32-bit type in the place of one of 64 bits. */
dtype jax_canonical(const vm *m, dtype dt);
/* From a dtype, a class or a name, canonical; None or nothing: `otherwise`. */
dtype jax_dtype_from(vm *m, value v, dtype otherwise);
/* float, int: as wide as x64 says. */
dtype jax_float(const vm *m);
dtype jax_int(const vm *m);
struct jax_type {
    dtype dt;
    bool is_weak;
};
/* The type of an array, a NumPy value or a number of Python. */
struct jax_type jax_type_of(vm *m, value v);
/* JAX's lattice of promotion; canonical. */
struct jax_type jax_promote(const vm *m, const struct jax_type *types, size_t n);
/* To that type, as lax.convert_element_type: integers wrap, floats saturate. A copy, or the array itself. */
struct array *jax_cast(vm *m, struct array *a, dtype dt);

/* --- Operators (jax_operate.c), indices (jax_index.c), methods (jax_methods.c) ------------------------------------------ */

value jax_operate(vm *m, operator op, value a, value b);
value jax_operate_unary(vm *m, operator op, value v);
/* The type of the operation on values of types that are promoted; a number of Python takes the array's. */
value jax_elementwise(vm *m, operator op, const char *name, value a, value b);
value jax_get(vm *m, value v, value index);
value jax_at(vm *m, value v); /* v.at */
/* The common shape; "add got incompatible shapes for broadcasting: (3,), (4,)." */
int jax_broadcast_shape(vm *m, const char *function, struct array *const *arrays, size_t n, int64_t shape[MAX_DIMS]);
value jax_reduce(vm *m, const char *name, value v, value axis, value keepdims);
value jax_reshape(vm *m, value v, value shape);
value jax_take(vm *m, value v, const int64_t *order, size_t n, int axis);

/* --- Printing (jax_array.c) ------------------------------------------------------------------------------------------ */

value make_key_dtype(vm *m, unsigned impl);
bool is_key_dtype(value v, unsigned *impl_out);

/* jax.Array, and the classes of numbers and of keys. */
enum { JAX_CLASS_ANY, JAX_CLASS_NUMBERS, JAX_CLASS_KEYS };
extern const struct native jax_classes[];
/* "<class 'jax.numpy.float32'>" for what is one of these or of jax.numpy; false: it is neither. */
bool put_jax_class(struct writer *w, const struct native *native);
/* isinstance(v, class) for jax.Array and its kin; *known_out: the class is one of them. */
bool is_jax_instance(value v, const struct native *class, bool *known_out);
value jax_device(vm *m, value self, const struct arguments *arguments); /* x.device */

extern const struct native jnp_types[];
extern const struct native jax_array_methods[], jax_keys_methods[], jnp_functions[], jax_random_functions[],
    jax_choose_functions[], jax_key_functions[];

#endif
