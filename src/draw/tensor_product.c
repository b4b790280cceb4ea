/* tensor_product.c - products of matrices and vectors where the order of summation does not matter.
 * SPDX-License-Identifier: MIT
 *
 * Floats are summed by a BLAS, in an order that is the library's and the machine's. Where all products and sums are exact (floats that are
 * integers, or short binary fractions, and not too large) every order gives the same; all else is refused. */
#include <math.h>   /* fabs, floor, ldexp */
#include <stddef.h> /* NULL */

#include "draw/tensor_methods.h"

enum { MOST_PLACES = 30 };

/* How many binary places the elements have at most; -1: too many, or nan, or inf. */
static int binary_places(const struct array *a)
{
    int places = 0;
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c)) {
        double x = load_double(a->dt, a->buffer->bytes + c.offset);
        if (!isfinite(x))
            return -1;
        while (places <= MOST_PLACES && ldexp(x, places) != floor(ldexp(x, places)))
            places++;
        if (places > MOST_PLACES)
            return -1;
    }
    return places;
}

bool tensor_sum_is_exact(const struct array *a)
{
    int places = binary_places(a);
    double total = 0;
    for (struct cursor c = cursor_start(a); places >= 0 && cursor_more(&c); cursor_next(&c))
        total += fabs(load_double(a->dt, a->buffer->bytes + c.offset));
    return places >= 0 && ldexp(total, places) <= (a->dt == DT_FLOAT64 ? 0x1p53 : 0x1p24);
}

/* --- One product ----------------------------------------------------------------------------------------------------- */

struct product {
    const struct array *a, *b; /* of two axes */
    dtype dt;
    double most; /* what a sum may reach and be exact; 0: integers, which wrap */
};

static struct product product_of(vm *m, const struct array *a, const struct array *b)
{
    struct product p = {.a = a, .b = b, .dt = (dtype)a->dt};
    if (!dtype_is_float(p.dt))
        return p;
    int places_a = binary_places(a), places_b = binary_places(b);
    if (places_a < 0 || places_b < 0 || dtype_nbytes(p.dt) == 2)
        fail(m, "the order of summation of a matrix product depends on the BLAS library: not supported (where all sums "
                "are exact, "
                "it is)");
    p.most = ldexp(p.dt == DT_FLOAT64 ? 0x1p53 : 0x1p24, -places_a - places_b);
    return p;
}

static void put_element(vm *m, const struct product *p, int64_t row, int64_t column, char *at)
{
    const struct array *a = p->a, *b = p->b;
    const char *x = a->buffer->bytes + a->offset + row * a->strides[0];
    const char *y = b->buffer->bytes + b->offset + column * b->strides[1];
    double sum = 0, size = 0;
    uint64_t integers = 0;
    for (int64_t k = 0; k < a->shape[1]; k++, x += a->strides[1], y += b->strides[0]) {
        if (p->most == 0) {
            integers += (uint64_t)load_integer(p->dt, x) * (uint64_t)load_integer(p->dt, y);
            continue;
        }
        double term = load_double(p->dt, x) * load_double(p->dt, y);
        sum += term;
        size += fabs(term);
    }
    if (p->most == 0) {
        store_integer(p->dt, at, (int64_t)integers);
        return;
    }
    if (size > p->most)
        fail(m, "the order of summation of a matrix product depends on the BLAS library: not supported (where all sums "
                "are exact, "
                "it is)");
    store_double(p->dt, at, sum + 0.0);
}

static void multiply(vm *m, const struct array *a, const struct array *b, const struct array *out)
{
    struct product p = product_of(m, a, b);
    for (int64_t i = 0; i < a->shape[0]; i++)
        for (int64_t k = 0; k < b->shape[1]; k++) {
            step(m, 1 + (uint64_t)a->shape[1] / 16);
            put_element(m, &p, i, k, out->buffer->bytes + out->offset + i * out->strides[0] + k * out->strides[1]);
        }
}

/* --- Shapes ---------------------------------------------------------------------------------------------------------- */

/* A vector as a matrix of one row or one column. */
static struct array *as_matrix(vm *m, const struct array *a, bool row)
{
    struct array *view = array_view(m, a);
    if (a->n_dims != 1)
        return view;
    view->n_dims = 2;
    view->shape[row] = a->shape[0];
    view->strides[row] = a->strides[0];
    view->shape[!row] = 1;
    view->strides[!row] = 0;
    return view;
}

static const char *c_name(dtype dt)
{
    static const char *const names[] = {
        [DT_BOOL] = "bool",      [DT_INT8] = "signed char",      [DT_UINT8] = "unsigned char", [DT_INT16] = "short",
        [DT_INT32] = "int",      [DT_INT64] = "long int",        [DT_FLOAT16] = "c10::Half",   [DT_FLOAT32] = "float",
        [DT_FLOAT64] = "double", [DT_BFLOAT16] = "c10::BFloat16"};
    return dt <= DT_BFLOAT16 && names[dt] ? names[dt] : "unsigned";
}

static void check_shapes(vm *m, const struct array *a, const struct array *b, const struct array *x,
                         const struct array *y)
{
    bool vectors = a->n_dims == 1 && b->n_dims == 1, vector = !vectors && b->n_dims == 1;
    if (a->n_dims == 0 || b->n_dims == 0)
        fail(m, "RuntimeError: both arguments to matmul need to be at least 1D, but they are %dD and %dD", a->n_dims,
             b->n_dims);
    if (a->dt != b->dt && vectors)
        fail(m, "RuntimeError: dot : expected both vectors to have same dtype, but found %s and %s",
             torch_scalar_name((dtype)a->dt), torch_scalar_name((dtype)b->dt));
    if (a->dt != b->dt)
        fail(m, "RuntimeError: expected m1 and m2 to have the same dtype, but got: %s != %s", c_name((dtype)a->dt),
             c_name((dtype)b->dt));
    if (a->dt == DT_BOOL)
        fail(m, "NotImplementedError: \"%s\" not implemented for 'Bool'", vectors ? "dot" : "addmm_impl_cpu_");
    int64_t inner = x->shape[x->n_dims - 1], other = y->shape[y->n_dims - 2], rows = x->shape[x->n_dims - 2];
    if (inner == other)
        return;
    if (vectors)
        fail(m,
             "RuntimeError: inconsistent tensor size, expected tensor [%lld] and src [%lld] to have the same number of "
             "elements, "
             "but got %lld and %lld elements respectively",
             (long long)inner, (long long)other, (long long)inner, (long long)other);
    if (vector)
        fail(m, "RuntimeError: size mismatch, got input (%lld), mat (%lldx%lld), vec (%lld)", (long long)rows,
             (long long)rows, (long long)inner, (long long)other);
    fail(m, "RuntimeError: mat1 and mat2 shapes cannot be multiplied (%lldx%lld and %lldx%lld)", (long long)rows,
         (long long)inner, (long long)other, (long long)y->shape[y->n_dims - 1]);
}

/* The matrix of a stack at an index of its leading axes, which may be broadcast. */
static struct array *matrix_at(vm *m, const struct array *stack, const int64_t *index, int n_index)
{
    struct array *view = array_view(m, stack);
    int n = stack->n_dims - 2;
    for (int i = 0; i < n; i++)
        view->offset += (stack->shape[i] == 1 ? 0 : index[n_index - n + i]) * stack->strides[i];
    for (int i = 0; i < 2; i++) {
        view->shape[i] = stack->shape[n + i];
        view->strides[i] = stack->strides[n + i];
    }
    view->n_dims = 2;
    return view;
}

value tensor_matmul_of(vm *m, value left, value right)
{
    const value both[] = {left, right};
    const struct array *a = tensor_values(m, left, "matmul(): argument 'input'"),
                       *b = tensor_values(m, right, "matmul(): argument 'other'");
    struct array *x = as_matrix(m, a, true), *y = as_matrix(m, b, false);
    check_shapes(m, a, b, x, y);
    struct array *stack_a = array_view(m, x), *stack_b = array_view(m, y);
    stack_a->n_dims = (uint8_t)(x->n_dims - 2);
    stack_b->n_dims = (uint8_t)(y->n_dims - 2);
    int64_t shape[MAX_DIMS + 2];
    int n, n_shape;
    tensor_broadcast_shapes(m, stack_a, stack_b, &n, shape);
    if (n > MAX_DIMS - 2)
        fail(m, "a tensor of more than %d dimensions is not supported", MAX_DIMS);
    n_shape = n;
    shape[n_shape++] = x->shape[x->n_dims - 2];
    shape[n_shape++] = y->shape[y->n_dims - 1];
    struct array *out = array_new(m, (dtype)a->dt, n_shape, shape, 0), *outer = array_view(m, out);
    outer->n_dims = (uint8_t)n;
    for (struct cursor c = cursor_start(outer); cursor_more(&c); cursor_next(&c)) {
        struct array *to = matrix_at(m, out, c.index, n);
        multiply(m, matrix_at(m, x, c.index, n), matrix_at(m, y, c.index, n), to);
    }
    n_shape = n;
    if (a->n_dims > 1)
        shape[n_shape++] = x->shape[x->n_dims - 2];
    if (b->n_dims > 1)
        shape[n_shape++] = y->shape[y->n_dims - 1];
    const char *grad_fn = a->n_dims == 1 && b->n_dims == 1   ? "DotBackward0"
                          : a->n_dims == 2 && b->n_dims == 2 ? "MmBackward0"
                          : a->n_dims == 2 && b->n_dims == 1 ? "MvBackward0"
                          : a->n_dims == 1 && b->n_dims == 2 ? "SqueezeBackward4"
                                                             : "UnsafeViewBackward0";
    return tensor_result(m, array_reshape(m, out, n_shape, shape), grad_fn, both, 2);
}

/* --- By name --------------------------------------------------------------------------------------------------------- */

static value by_name(vm *m, value self, const struct arguments *arguments, const char *name, const char *other_name,
                     int dims_a, int dims_b)
{
    value other;
    take_arguments(m, name, other_name, arguments, &other);
    (void)tensor_of(m, other, "the other tensor");
    if (dims_a && self.u.tensor->array->n_dims != dims_a)
        fail(m, "RuntimeError: %s() expects %dD tensors, but got %dD and %dD tensors", name, dims_a,
             self.u.tensor->array->n_dims, other.u.tensor->array->n_dims);
    if (dims_b && other.u.tensor->array->n_dims != dims_b)
        fail(m, "RuntimeError: %s() expects %dD tensors, but got %dD and %dD tensors", name, dims_b,
             self.u.tensor->array->n_dims, other.u.tensor->array->n_dims);
    return tensor_matmul_of(m, self, other);
}

#define PRODUCT(name, other, dims_a, dims_b)                                                                           \
    static value tensor_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        return by_name(m, self, arguments, #name, other, dims_a, dims_b);                                              \
    }                                                                                                                  \
    FUNCTION_OF(name)
PRODUCT(matmul, "other", 0, 0)
PRODUCT(mm, "mat2", 2, 2)
PRODUCT(mv, "vec", 2, 1)
PRODUCT(dot, "other", 1, 1)
PRODUCT(bmm, "mat2", 3, 3)

static value tensor_outer(vm *m, value self, const struct arguments *arguments)
{
    value other;
    take_arguments(m, "outer", "vec2", arguments, &other);
    const struct array *b = tensor_values(m, other, "outer(): argument 'vec2'");
    if (self.u.tensor->array->n_dims != 1 || b->n_dims != 1)
        fail(m, "RuntimeError: outer: Expected 1-D argument %s, but got %d-D",
             self.u.tensor->array->n_dims != 1 ? "self" : "vec2",
             self.u.tensor->array->n_dims != 1 ? self.u.tensor->array->n_dims : b->n_dims);
    struct array *column = as_matrix(m, tensor_values(m, self, "a tensor"), false);
    value v = tensor_result(m, column, "ViewBackward0", &self, 1);
    return tensor_operate(m, OP_MULTIPLY, v, other);
}

FUNCTION_OF(outer)

const struct native tensor_product_methods[] = {
    METHOD(matmul), METHOD(mm), METHOD(mv), METHOD(dot), METHOD(bmm), METHOD(outer), {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native torch_product_functions[] = {FUNCTION(matmul),
                                                 FUNCTION(mm),
                                                 FUNCTION(mv),
                                                 FUNCTION(dot),
                                                 FUNCTION(bmm),
                                                 FUNCTION(outer),
                                                 {NULL, NULL, NATIVE_FUNCTION, 0}};
