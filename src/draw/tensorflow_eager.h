/* tensorflow_eager.h - TensorFlow's eager tensors in `oneseed draw`, and what the files that draw into them share.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_TENSORFLOW_EAGER_H
#define ONESEED_DRAW_TENSORFLOW_EAGER_H

#include "draw/ndarray.h" /* struct array, value */
#include "draw/object.h"  /* struct object_class */

/* --- Values (tensorflow_tensor.c) ------------------------------------------------------------------------------------- */

/* An eager tensor on that array, which nothing else writes to. */
value tensorflow_tensor(vm *m, struct array *a);
bool is_tensorflow_tensor(value v); /* a tensor, or a tf.Variable */
struct array *tensorflow_array(value tensor);
/* A tensor of one Python or NumPy number. */
value tensorflow_scalar(vm *m, dtype dt, value number);
/* tf.TensorShape. */
value tensorflow_shape(vm *m, const int64_t *shape, int n_dims);
/* tf.Variable, by name: g.state is one. */
value tensorflow_variable(vm *m, struct array *a, const char *name);

/* tf.convert_to_tensor(v, dtype): DT_NONE: the dtype that TensorFlow finds. Refused in its words. */
struct array *tensorflow_convert(vm *m, value v, dtype dt);
/* The same where another dtype is only preferred: for an operand beside a tensor. */
struct array *tensorflow_convert_hint(vm *m, value v, dtype hint);
/* As tf.cast does. */
struct array *tensorflow_cast(vm *m, const struct array *a, dtype dt);
/* A shape argument; the number of dimensions. *is_long_out: its tensor is int64, not int32. */
int tensorflow_shape_from(vm *m, value v, int64_t shape[MAX_DIMS], bool *is_long_out);
/* "[2,3]", as TensorFlow's errors have a shape. */
const char *tensorflow_shape_text(vm *m, const int64_t *shape, int n_dims);

/* --- Dtypes (tensorflow_dtype.c) --------------------------------------------------------------------------------------- */

/* tf.float32 is the function table's entry of that dtype. */
value tensorflow_dtype(dtype dt);
value tensorflow_dtype_named(const char *name); /* V_NOTHING: none */
/* tf.as_dtype(v); None: `otherwise`. */
dtype tensorflow_dtype_from(vm *m, value v, dtype otherwise);
bool is_tensorflow_dtype(value v);
bool tensorflow_dtype_equals(vm *m, value v, value other);
value tensorflow_dtype_attribute(vm *m, value v, const char *name); /* V_NOTHING: none */

/* --- Operators (tensorflow_operate.c) ------------------------------------------------------------------------------------ */

value tensorflow_operate(vm *m, operator op, value a, value b);
value tensorflow_operate_unary(vm *m, operator op, value v);
/* The same of arrays of one dtype, broadcast; `name`: the kernel's, for errors. */
struct array *tensorflow_elementwise(vm *m, operator op, struct array *a, struct array *b);
value tensorflow_item(vm *m, value tensor, value index);
/* TensorFlow's kernels take subnormal numbers for 0, and give 0 for them. */
double tensorflow_flush(dtype dt, double x);
#define invalid_argument(m, ...) fail(m, "InvalidArgumentError: " __VA_ARGS__)

/* Why a function of TensorFlow is not here; NULL: no reason is known. */
const char *tensorflow_why_not(const char *name);

extern const struct native tensorflow_make_functions[], tensorflow_math_functions[], tensorflow_move_functions[];

#endif
