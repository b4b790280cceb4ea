/* numpy_shapes.c - functions of NumPy that bound, choose, stack and multiply: clip, median, tile, diag, dot.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isnan */
#include <string.h> /* memcpy */

#include "draw/ndarray.h"
#include "draw/numpy_make.h"

/* --- Element by element ---------------------------------------------------------------------------------------------- */

value numpy_isnan(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "isnan", "x", arguments, &v);
    struct array *a = array_from(m, v, DT_NONE);
    if (a->dt == DT_STR)
        type_error(m, "ufunc 'isnan' not supported for the input types");
    return array_operate(m, OP_NE, array_value(a), array_value(a));
}

value numpy_sign(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "sign", "x", arguments, &v);
    struct array *a = array_from(m, v, DT_NONE);
    if (a->dt == DT_STR || a->dt == DT_BOOL)
        type_error(m, "ufunc 'sign' did not contain a loop for %s", dtype_name(a->dt));
    struct array *out = array_copy(m, a);
    char *at = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (int64_t n = array_size(out); n > 0; n--, at += out->item_nbytes) {
        if (dtype_is_float(out->dt)) {
            double x = load_double(out->dt, at);
            store_double(out->dt, at, isnan(x) ? x : (double)((x > 0) - (x < 0)));
        } else {
            int64_t i = load_integer(out->dt, at);
            store_integer(out->dt, at, dtype_is_unsigned(out->dt) ? i != 0 : (i > 0) - (i < 0));
        }
    }
    return array_or_scalar(m, out);
}

/* minimum(maximum(a, least), most): NaN stays. */
value numpy_clip(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    if (self.kind == V_ARRAY) {
        a[0] = self;
        take_arguments(m, "clip", "min= max=", arguments, a + 1);
    } else {
        take_arguments(m, "clip", "a a_min a_max", arguments, a);
    }
    /* The dtype is that of a sum with both: Python's numbers give way. */
    value sum = array_value(array_from(m, a[0], DT_NONE));
    for (int i = 1; i < 3; i++)
        sum = is_none(a[i]) ? sum : array_operate(m, OP_ADD, sum, a[i]);
    const struct array *shaped = array_from(m, sum, DT_NONE);
    struct array *parts[3];
    struct cursor c[3];
    for (int i = 0; i < 3; i++) {
        value part = is_none(a[i]) ? a[0] : a[i];
        parts[i] = array_as(m, array_from(m, part, DT_NONE), shaped->dt);
        c[i] = cursor_start(array_broadcast(m, parts[i], shaped->n_dims, shaped->shape));
    }
    struct array *out = array_new(m, shaped->dt, shaped->n_dims, shaped->shape, 0);
    char *at = out->buffer->bytes;
    for (int64_t n = array_size(out); n > 0; n--, at += out->item_nbytes) {
        const char *from = parts[0]->buffer->bytes + c[0].offset;
        for (int i = 1; i < 3; i++) {
            const char *bound = parts[i]->buffer->bytes + c[i].offset;
            bool takes;
            if (dtype_is_float(out->dt)) {
                double v = load_double(out->dt, from), b = load_double(out->dt, bound);
                takes = !isnan(v) && (isnan(b) || (i == 1 ? v < b : v > b));
            } else if (dtype_is_unsigned(out->dt)) {
                uint64_t v = (uint64_t)load_integer(out->dt, from), b = (uint64_t)load_integer(out->dt, bound);
                takes = i == 1 ? v < b : v > b;
            } else {
                int64_t v = load_integer(out->dt, from), b = load_integer(out->dt, bound);
                takes = i == 1 ? v < b : v > b;
            }
            from = takes && !is_none(a[i]) ? bound : from;
        }
        memcpy(at, from, out->item_nbytes);
        for (int i = 0; i < 3; i++)
            cursor_next(&c[i]);
    }
    return array_or_scalar(m, out);
}

/* Of all elements: the mean of the two in the middle, as NumPy sums them. */
value numpy_median(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "median", "a", arguments, &v);
    struct array *a = array_copy(m, array_from(m, v, DT_NONE));
    int64_t n = array_size(a);
    if (a->dt == DT_STR || a->dt == DT_BOOL || n == 0)
        type_error(m, "median() of %s is not supported", n == 0 ? "nothing" : dtype_name(a->dt));
    dtype dt = dtype_is_float(a->dt) ? (dtype)a->dt : DT_FLOAT64;
    value sorted = find_native(numpy_functions, "sort")
                       ->call(m, NONE,
                              &(struct arguments){.positional = (value[]){array_value(array_reshape(m, a, 1, &n))},
                                                  .n_positional = 1});
    const char *items = sorted.u.array->buffer->bytes;
    size_t width = a->item_nbytes;
    double last = load_double(a->dt, items + (size_t)(n - 1) * width);
    double low = load_double(a->dt, items + (size_t)((n - 1) / 2) * width),
           high = load_double(a->dt, items + (size_t)(n / 2) * width);
    if (isnan(last))
        return scalar_float(dt, last);
    return scalar_float(dt, n % 2 ? high : round_to(dt, round_to(dt, low + high) / 2));
}

/* --- Stacks ---------------------------------------------------------------------------------------------------------- */

static value concatenated(vm *m, value list, int64_t axis)
{
    value both[] = {list, INT(axis)};
    return numpy_concatenate(m, NONE, &(struct arguments){.positional = both, .n_positional = 2});
}

/* The items with an axis of one put in at `axis`, or as rows of two dimensions at least. */
static value with_axis(vm *m, value v, int axis, bool at_least_rows)
{
    struct array *a = array_from(m, v, DT_NONE);
    int64_t shape[MAX_DIMS + 1];
    int n = 0;
    if (at_least_rows && a->n_dims >= 2)
        return array_value(a);
    if (a->n_dims + 1 > MAX_DIMS)
        value_error(m, "more than %d dimensions", MAX_DIMS);
    for (int i = 0; i <= a->n_dims; i++) {
        if (i == axis)
            shape[n++] = 1;
        if (i < a->n_dims)
            shape[n++] = a->shape[i];
    }
    if (at_least_rows && a->n_dims == 0) {
        shape[0] = shape[1] = 1;
        n = 2;
    }
    return array_value(array_reshape(m, a, n, shape));
}

value numpy_vstack(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "vstack", "tup", arguments, &v);
    value list = to_list(m, v);
    for (size_t i = 0; i < list.u.seq->n; i++)
        list.u.seq->items[i] = with_axis(m, list.u.seq->items[i], 0, true);
    return concatenated(m, list, 0);
}

value numpy_hstack(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "hstack", "tup", arguments, &v);
    value list = to_list(m, v);
    int64_t one = 1;
    bool flat = true;
    for (size_t i = 0; i < list.u.seq->n; i++) {
        struct array *a = array_from(m, list.u.seq->items[i], DT_NONE);
        list.u.seq->items[i] = array_value(a->n_dims == 0 ? array_reshape(m, a, 1, &one) : a);
        flat = flat && (i > 0 || a->n_dims <= 1);
    }
    return concatenated(m, list, flat ? 0 : 1);
}

value numpy_stack(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "stack", "arrays axis=", arguments, a);
    value list = to_list(m, a[0]);
    if (list.u.seq->n == 0)
        value_error(m, "need at least one array to stack");
    int n_dims = array_from(m, list.u.seq->items[0], DT_NONE)->n_dims + 1;
    int64_t axis = a[1].kind == V_NOTHING ? 0 : to_int64(m, a[1], "axis");
    if (axis < -n_dims || axis >= n_dims)
        fail(m, "AxisError: axis %lld is out of bounds for array of dimension %d", (long long)axis, n_dims);
    axis = axis < 0 ? axis + n_dims : axis;
    for (size_t i = 0; i < list.u.seq->n; i++) {
        if (array_from(m, list.u.seq->items[i], DT_NONE)->n_dims != n_dims - 1)
            value_error(m, "all input arrays must have the same shape");
        list.u.seq->items[i] = with_axis(m, list.u.seq->items[i], (int)axis, false);
    }
    return concatenated(m, list, axis);
}

value numpy_tile(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "tile", "A reps", arguments, a);
    struct array *x = array_copy(m, array_from(m, a[0], DT_NONE));
    int64_t reps[MAX_DIMS], shape[MAX_DIMS], from[MAX_DIMS];
    int n_reps = shape_from(m, a[1], reps), n = n_reps > x->n_dims ? n_reps : x->n_dims;
    for (int i = 0; i < n; i++) {
        int64_t times = i >= n - n_reps ? reps[i - (n - n_reps)] : 1;
        from[i] = i >= n - x->n_dims ? x->shape[i - (n - x->n_dims)] : 1;
        if (times < 0 || (from[i] > 0 && times > INT64_MAX / from[i]))
            value_error(m, "negative dimensions are not allowed");
        shape[i] = from[i] * times;
    }
    struct array *out = array_new(m, x->dt, n, shape, x->item_nbytes / 4), *position = array_view(m, out);
    char *to = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (struct cursor c = cursor_start(position); cursor_more(&c); cursor_next(&c), to += x->item_nbytes) {
        int64_t flat = 0;
        for (int i = 0; i < n; i++)
            flat = flat * from[i] + c.index[i] % from[i];
        memcpy(to, array_bytes(x) + flat * x->item_nbytes, x->item_nbytes);
    }
    return array_value(out);
}

value numpy_diag(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "diag", "v", arguments, &v);
    const struct array *a = array_from(m, v, DT_NONE);
    if (a->n_dims != 1 && a->n_dims != 2)
        value_error(m, "Input must be 1- or 2-d.");
    bool makes = a->n_dims == 1;
    int64_t n = makes || a->shape[0] < a->shape[1] ? a->shape[0] : a->shape[1];
    struct array *out = array_new(m, a->dt, makes ? 2 : 1, (int64_t[]){n, n}, a->item_nbytes / 4);
    for (int64_t i = 0; i < n; i++)
        memcpy(out->buffer->bytes + i * (makes ? n + 1 : 1) * a->item_nbytes,
               a->buffer->bytes + a->offset + i * (makes ? a->strides[0] : a->strides[0] + a->strides[1]),
               a->item_nbytes);
    return array_value(out);
}

/* Where it is not zero: an array of indices for each axis. */
value numpy_nonzero(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "nonzero", "a", arguments, &v);
    const struct array *a = array_from(m, v, DT_NONE);
    if (a->n_dims == 0)
        value_error(m, "Calling nonzero on 0d arrays is not allowed.");
    int64_t n = 0, k = 0;
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c))
        n += truth(m, array_item(m, a, c.offset));
    value out = make_sequence(m, V_TUPLE, a->n_dims);
    for (int i = 0; i < a->n_dims; i++)
        out.u.seq->items[i] = array_value(array_new(m, DT_INT64, 1, &n, 0));
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c)) {
        if (!truth(m, array_item(m, a, c.offset)))
            continue;
        for (int i = 0; i < a->n_dims; i++)
            store_integer(DT_INT64, out.u.seq->items[i].u.array->buffer->bytes + 8 * k, c.index[i]);
        k++;
    }
    return out;
}

/* --- Products of integers: exact, so that the order of summation does not matter --------------------------------------- */

value integer_product(vm *m, value left, value right)
{
    struct array *x = array_from(m, left, DT_NONE), *y = array_from(m, right, DT_NONE);
    bool fits = x->n_dims >= 1 && x->n_dims <= 2 && y->n_dims >= 1 && y->n_dims <= 2;
    if (!fits || !dtype_is_integer(x->dt) || !dtype_is_integer(y->dt))
        fail(m,
             "the order of summation of a matrix product depends on the BLAS library: not supported (integers of one "
             "or two dimensions are)");
    dtype dt = promote(m, x->dt, y->dt);
    if (!dtype_is_integer(dt))
        fail(m, "a matrix product of %s and %s is not supported", dtype_name(x->dt), dtype_name(y->dt));
    x = array_as(m, x, dt);
    y = array_as(m, y, dt);
    int64_t n = x->n_dims == 2 ? x->shape[0] : 1, inner = x->shape[x->n_dims - 1];
    int64_t columns = y->n_dims == 2 ? y->shape[1] : 1, shape[2];
    int n_dims = 0;
    if (inner != y->shape[0])
        value_error(m, "shapes %s and %s not aligned: %lld (dim %d) != %lld (dim 0)", dims_text(m, x->n_dims, x->shape),
                    dims_text(m, y->n_dims, y->shape), (long long)inner, x->n_dims - 1, (long long)y->shape[0]);
    if (x->n_dims == 2)
        shape[n_dims++] = n;
    if (y->n_dims == 2)
        shape[n_dims++] = columns;
    struct array *out = array_new(m, dt, n_dims, shape, 0);
    size_t width = out->item_nbytes;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < columns; j++) {
            uint64_t sum = 0;
            step(m, (uint64_t)inner);
            for (int64_t k = 0; k < inner; k++)
                sum += (uint64_t)load_integer(dt, array_bytes(x) + (size_t)(i * inner + k) * width) *
                       (uint64_t)load_integer(dt, array_bytes(y) + (size_t)(k * columns + j) * width);
            store_integer(dt, out->buffer->bytes + (size_t)(i * columns + j) * width, (int64_t)sum);
        }
    return array_or_scalar(m, out);
}

value numpy_dot(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    if (self.kind == V_ARRAY) {
        a[0] = self;
        take_arguments(m, "dot", "b", arguments, a + 1);
    } else {
        take_arguments(m, "dot", "a b", arguments, a);
    }
    return integer_product(m, a[0], a[1]);
}
