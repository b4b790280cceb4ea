/* tensor.c - tensors as values: what they are made of, and what may be read or written.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isnan, ldexp, trunc */
#include <string.h> /* memcpy */

#include "draw/tensor.h"

value make_tensor(vm *m, struct array *array)
{
    struct tensor *t = heap_object(m, V_TENSOR, sizeof *t);
    t->array = array;
    return object_value(V_TENSOR, t);
}

value make_parameter(vm *m, struct array *array)
{
    value v = make_tensor(m, array);
    v.u.tensor->requires_grad = v.u.tensor->is_parameter = true;
    return v;
}

struct tensor *tensor_of(vm *m, value v, const char *what)
{
    if (v.kind != V_TENSOR)
        type_error(m, "%s must be Tensor, not %s", what, type_name(v));
    return v.u.tensor;
}

struct array *tensor_values(vm *m, value v, const char *what)
{
    struct array *a = tensor_of(m, v, what)->array;
    if (a->buffer->unknown && array_size(a) > 0)
        fail(m, "%s that torch.empty() made holds what was in the memory before: fill it first", what);
    return a;
}

void tensor_written(struct tensor *t)
{
    const struct array *a = t->array;
    if ((size_t)array_size(a) * a->item_nbytes == a->buffer->nbytes)
        a->buffer->unknown = false;
}

void tensor_check_in_place(vm *m, const struct tensor *t)
{
    if (t->requires_grad && !t->grad_fn)
        fail(m, "RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.");
}

value tensor_result(vm *m, struct array *array, const char *grad_fn, const value *from, size_t n_from)
{
    value v = make_tensor(m, array);
    for (size_t i = 0; i < n_from; i++) {
        if (from[i].kind != V_TENSOR)
            continue;
        const struct tensor *t = from[i].u.tensor;
        if (t->device != DEVICE_CPU) {
            v.u.tensor->device = t->device;
            v.u.tensor->device_index = t->device_index;
        }
        if (t->requires_grad && grad_fn && dtype_is_float(array->dt)) {
            v.u.tensor->requires_grad = true;
            v.u.tensor->grad_fn = grad_fn;
        }
    }
    return v;
}

/* --- Conversions ----------------------------------------------------------------------------------------------------- */

void tensor_store(unsigned dt, char *at, double x)
{
    store_double(dt, at, dt == DT_FLOAT16 ? (double)(float)x : x);
}

static void check_range(vm *m, double x, dtype dt)
{
    double bits = (double)(8 * dtype_nbytes(dt)), most = ldexp(1, (int)bits - !dtype_is_unsigned(dt));
    double least = dtype_is_unsigned(dt) ? 0 : -most;
    if (isnan(x) || trunc(x) < least || trunc(x) >= most)
        fail(m, "a float that %s cannot hold: what a conversion makes of it depends on the machine", dtype_name(dt));
}

struct array *tensor_cast(vm *m, const struct array *a, dtype dt)
{
    if (a->dt == dt)
        return array_copy(m, a);
    struct array *out = array_new(m, dt, a->n_dims, a->shape, 0);
    char *at = out->buffer->bytes;
    bool to_float = dtype_is_float(dt), from_float = dtype_is_float(a->dt);
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c), at += out->item_nbytes) {
        const char *from = a->buffer->bytes + c.offset;
        if (!from_float && !to_float) {
            store_integer(dt, at, load_integer(a->dt, from));
            continue;
        }
        double x = load_double(a->dt, from);
        if (!from_float && dt != DT_FLOAT64) { /* rounded to float once */
            int64_t i = load_integer(a->dt, from);
            x = a->dt == DT_UINT64 ? (double)(float)(uint64_t)i : (double)(float)i;
        }
        if (!to_float && dt != DT_BOOL)
            check_range(m, x, dt);
        tensor_store(dt, at, x);
    }
    return out;
}

/* --- Sizes ----------------------------------------------------------------------------------------------------------- */

int torch_sizes(vm *m, const char *function, const value *positional, size_t n, int64_t shape[MAX_DIMS])
{
    if (n == 1 && is_sequence(positional[0])) {
        n = positional[0].u.seq->n;
        positional = positional[0].u.seq->items;
    }
    if (n > MAX_DIMS)
        fail(m, "%s() of more than %d dimensions is not supported", function, MAX_DIMS);
    for (size_t i = 0; i < n; i++) {
        value size = positional[i];
        if (size.kind == V_TENSOR && size.u.tensor->array->n_dims == 0)
            size = array_item(m, tensor_values(m, size, "a size"), size.u.tensor->array->offset);
        if (!is_integer(size) || size.kind == V_BOOL)
            type_error(
                m, "%s(): argument 'size' (position 1) must be tuple of ints, but found element of type %s at pos %zu",
                function, type_name(positional[i]), i);
        shape[i] = to_int64(m, size, "size");
    }
    for (size_t i = 0; i < n; i++)
        if (shape[i] < 0) {
            struct writer w = writer_start(m);
            value list = shape_tuple(m, shape, (int)n);
            list.kind = V_LIST;
            put_repr(&w, list);
            fail(m, "RuntimeError: Trying to create tensor with negative dimension %lld: %s", (long long)shape[i],
                 written(&w));
        }
    return (int)n;
}
