/* ndarray.h - arrays of `oneseed draw`: strided views of a buffer, as NumPy's.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_NDARRAY_H
#define ONESEED_DRAW_NDARRAY_H

#include "draw/vm.h" /* struct array, value */

/* C-contiguous, zeroed. n_characters counts only for DT_STR. */
struct array *array_new(vm *m, dtype dt, int n_dims, const int64_t *shape, size_t n_characters);
struct array *array_view(vm *m, const struct array *a);
struct array *array_copy(vm *m, const struct array *a); /* C-contiguous */
static inline value array_value(struct array *a)
{
    return (value){.kind = V_ARRAY, .u.array = a};
}
int64_t array_size(const struct array *a);
bool array_is_contiguous(const struct array *a);
static inline char *array_bytes(const struct array *a)
{
    return a->buffer->bytes + a->offset;
}

/* np.asarray(v): DT_NONE: the dtype that NumPy finds. */
struct array *array_from(vm *m, value v, dtype dt);
struct array *array_cast(vm *m, const struct array *a, dtype dt); /* a copy */
/* The array as C-contiguous elements of that dtype, a itself when it is. */
struct array *array_as(vm *m, struct array *a, dtype dt);

/* One element; offset in bytes from the start of the buffer. */
value array_item(vm *m, const struct array *a, int64_t offset);
void array_put_item(vm *m, struct array *a, int64_t offset, value item);
double load_double(unsigned dt, const char *at);
int64_t load_integer(unsigned dt, const char *at); /* uint64: its bits */
void store_double(unsigned dt, char *at, double x);
void store_integer(unsigned dt, char *at, int64_t x);
double half_to_double(uint16_t bits);
uint16_t double_to_half(double x);
/* x rounded to the dtype. */
double round_to(unsigned dt, double x);

/* Visits all elements in C order: `offset` is that of the element. */
struct cursor {
    const struct array *a;
    int64_t index[MAX_DIMS], offset, left;
};
struct cursor cursor_start(const struct array *a);
static inline bool cursor_more(const struct cursor *c)
{
    return c->left > 0;
}
void cursor_next(struct cursor *c);

/* A 0-d array becomes a scalar. */
value array_or_scalar(vm *m, struct array *a);
/* Broadcasts to a shape: a view with strides of 0. */
struct array *array_broadcast(vm *m, const struct array *a, int n_dims, const int64_t *shape);
/* The common shape; an error when there is none. */
/* "(2,3)", as NumPy's errors have it. */
const char *dims_text(vm *m, int n_dims, const int64_t *shape);
/* The shape of all together; false: they have none. */
bool shapes_agree(struct array *const *arrays, size_t n, int *n_dims_out, int64_t *shape);
void broadcast_shapes(vm *m, struct array *const *arrays, size_t n, int *n_dims_out, int64_t *shape_out);

value array_operate(vm *m, operator op, value a, value b);
/* Whether a comparison holds for two numbers in this order: -1, 0, 1; 2: unordered. */
bool order_holds(operator op, int order);
value array_operate_unary(vm *m, operator op, value a);
/* a[...] = from; same_kind: floats into integers are refused, as by operators in place. */
void array_assign_in_place(vm *m, struct array *a, value from, bool same_kind);
value array_get(vm *m, const struct array *a, value index);
void array_set(vm *m, struct array *a, value index, value item);
dtype promote(vm *m, dtype a, dtype b);

/* A shape from an int or a sequence of ints; gives the number of dimensions. */
int shape_from(vm *m, value v, int64_t shape[MAX_DIMS]);
value shape_tuple(vm *m, const int64_t *shape, int n_dims);
/* From a dtype, a class, a name; `what` names the function for an error. */
dtype dtype_from(vm *m, value v);
struct array *array_reshape(vm *m, struct array *a, int n_dims, int64_t *shape);
value array_reduce(vm *m, const char *name, struct array *a, value axis, value ddof);
value array_to_list(vm *m, const struct array *a);
value scalar_item(vm *m, value scalar); /* the Python number of a NumPy scalar */

extern const struct native array_methods[], scalar_methods[], numpy_functions[];

#endif
