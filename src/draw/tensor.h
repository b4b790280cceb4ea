/* tensor.h - PyTorch's tensors in `oneseed draw`: an array, and what torch's print says beside the values.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_TENSOR_H
#define ONESEED_DRAW_TENSOR_H

#include "draw/ndarray.h" /* struct array, value */

/* --- Values ---------------------------------------------------------------------------------------------------------- */

/* A leaf on the CPU without requires_grad, on that array (not a copy). */
value make_tensor(vm *m, struct array *array);
/* torch.nn.Parameter: a leaf with requires_grad. */
value make_parameter(vm *m, struct array *array);
/* Refuses what is no tensor; `what` names it in the error. */
struct tensor *tensor_of(vm *m, value v, const char *what);
/* The array of a tensor that is read: refuses torch.empty's, whose contents are not known. */
struct array *tensor_values(vm *m, value v, const char *what);
/* Before a method changes t's values: a leaf that requires grad refuses, as does a view of one. */
void tensor_check_in_place(vm *m, const struct tensor *t);
/* After all of t was written: what torch.empty left there is gone. */
void tensor_written(struct tensor *t);
/* A tensor of values that were computed from `from`: its device; requires_grad with that grad_fn, where one of them does. */
value tensor_result(vm *m, struct array *array, const char *grad_fn, const value *from, size_t n_from);

/* --- Types ----------------------------------------------------------------------------------------------------------- */

extern const char torch_size_type[]; /* the `type` of a tuple that is a torch.Size */
value make_size(vm *m, const int64_t *shape, int n_dims);
/* A dtype from torch.float32, float, int or bool; None: `otherwise`. */
dtype torch_dtype_from(vm *m, value v, dtype otherwise);
const char *device_name(unsigned type);
value make_device(device_type type, int64_t index);
/* From a device, "cuda:1" or an index (of cuda); None: cpu. */
value torch_device_from(vm *m, value v);
/* The sizes of rand(2, 3), rand((2, 3)), …: positional arguments from `first` on. Gives the number of dimensions. */
int torch_sizes(vm *m, const char *function, const value *positional, size_t n, int64_t shape[MAX_DIMS]);
/* Values as torch converts them: to float16 and bfloat16 by way of float32. A copy, always. */
struct array *tensor_cast(vm *m, const struct array *a, dtype dt);
/* x as torch stores a double in that dtype. */
void tensor_store(unsigned dt, char *at, double x);

/* --- Operators (tensor_operate.c) -------------------------------------------------------------------------------------- */

value tensor_operate(vm *m, operator op, value a, value b);
value tensor_operate_unary(vm *m, operator op, value v);
value tensor_matmul_of(vm *m, value left, value right); /* left @ right (tensor_product.c) */
/* t op= …: what the operator gave becomes t's values; refuses what t's dtype or shape does not take. */
void tensor_assign_in_place(vm *m, value t, value result);
dtype torch_promote(vm *m, dtype a, dtype b);
/* torch.result_type of tensors and numbers. */
dtype torch_result_dtype(vm *m, const value *values, size_t n);
bool torch_can_cast(dtype from, dtype to);
const char *torch_scalar_name(dtype dt); /* "Float": as in torch's messages (bind_torch_fill.c) */

typedef enum tensor_function {
    MAP_NEGATE,
    MAP_ABS,
    MAP_SQRT,
    MAP_RECIPROCAL,
    MAP_RSQRT,
    MAP_FLOOR,
    MAP_CEIL,
    MAP_ROUND,
    MAP_TRUNC,
    MAP_FRAC,
    MAP_SIGN,
    MAP_RELU,
    MAP_POWER /* `parameter`: the exponent */
} tensor_function;
/* DT_NONE: the dtype that torch gives the result. */
value tensor_map(vm *m, value v, dtype dt, tensor_function function, double parameter);

/* --- Memory (tensor.c) ------------------------------------------------------------------------------------------------- */

/* An array for the result of an elementwise operation, in the order of its operands' memory, as TensorIterator lays it out. At most
 * four operands, broadcast to the shape. */
struct array *tensor_like(vm *m, dtype dt, int n_dims, const int64_t *shape, struct array *const *operands, size_t n);
/* Without gaps and overlap, in whatever order of its axes. */
bool tensor_is_dense(const struct array *a);
void tensor_broadcast_shapes(vm *m, const struct array *a, const struct array *b, int *n_dims_out, int64_t *shape);
/* to.copy_(from): broadcasts and converts. */
void tensor_copy(vm *m, struct array *to, const struct array *from);
void put_shape(struct writer *w, const int64_t *shape, int n_dims); /* "[2, 3]" */
/* An axis, which may be negative, of n_dims. */
int torch_axis(vm *m, value v, int n_dims);
/* t.numpy(): an array on the same memory. */
value tensor_numpy(vm *m, value t);
/* t.item(): the Python number of a tensor of one element. */
value tensor_item(vm *m, value t);
void tensor_set_requires_grad(vm *m, struct tensor *t, bool wanted);
/* torch.nonzero(t, as_tuple=True) */
value tensor_nonzero_tuple(vm *m, value t);

/* --- Memory formats (torch_layout.c) --------------------------------------------------------------------------------------- */

typedef enum memory_format {
    FORMAT_PRESERVE, /* as the tensor that is copied */
    FORMAT_CONTIGUOUS,
    FORMAT_CHANNELS_LAST,
    FORMAT_CHANNELS_LAST_3D
} memory_format;
memory_format memory_format_from(vm *m, value v, memory_format otherwise); /* None: `otherwise` */
/* Zeros in that format; refuses preserve_format, and channels_last of another number of dimensions. */
struct array *tensor_new(vm *m, dtype dt, int n_dims, const int64_t *shape, memory_format format);
/* What empty_like(a, memory_format=…) makes. */
struct array *tensor_new_like(vm *m, const struct array *a, dtype dt, memory_format format);
bool tensor_is_contiguous_in(const struct array *a, memory_format format);
/* The format that the strides look like: torch's suggest_memory_format(). */
memory_format tensor_format(const struct array *a);

/* --- Indices (tensor_index.c) ------------------------------------------------------------------------------------------ */

value tensor_get(vm *m, value t, value index);
void tensor_set(vm *m, value t, value index, value item);
value tensor_select(vm *m, value t, int axis, int64_t i);  /* t[i] of that axis: a view */
value tensor_unbound(vm *m, value t, int axis, int64_t i); /* the same, as unbind() and iteration give it */

/* --- Printing (torch_print.c) ------------------------------------------------------------------------------------------ */

struct torch_options torch_options_at_start(void);
void put_tensor(struct writer *w, const struct tensor *t); /* as repr */
void put_device(struct writer *w, value device);           /* as str */

/* --- Names ------------------------------------------------------------------------------------------------------------- */

/* A method or property of a tensor; a function of `torch` that makes tensors or computes with them. NULL: none. */
const struct native *tensor_method_named(const char *name);
const struct native *tensor_function_named(const char *name);
/* Why a function or method of torch is not here; NULL: no reason is known (torch_reasons.c). */
const char *torch_why_not(const char *name);
/* The name of a function, or method, of a tensor that was probably meant; NULL: none. */
const char *tensor_near_name(const char *name, bool is_method);
/* All of a tensor's, for an error. */
void list_tensor_methods(char *out, size_t out_size);
/* The methods that draw (bind_torch_methods.c). */
extern const struct native tensor_random_methods[];
extern const struct native device_methods[], torch_dtype_methods[], torch_size_methods[];
/* torch.float32 and the like. V_NOTHING: no such name. */
value torch_type_named(const char *name);
/* torch.return_types.max and the like: a tuple that prints its names. `n` items of which `names` are the names. */
value make_return_type(vm *m, const char *type, const value *items, size_t n);
bool put_return_type(struct writer *w, value v); /* false: it is none, and nothing was put */
/* The field of one; V_NOTHING: v is none, or has none of that name. */
value return_type_field(value v, const char *name);
/* torch.nn.Parameter(data, requires_grad=True) */
value torch_make_parameter(vm *m, value self, const struct arguments *arguments);
/* Do the kernels of this run's CPU capability contract a * b + c? */
bool torch_contracts(const vm *m);

#endif
