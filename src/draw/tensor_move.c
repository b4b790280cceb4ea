/* tensor_move.c - tensors whose elements are those of others in another place: cat, stack, flip, gather, sort and their kin.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isnan */
#include <stdlib.h> /* NULL */
#include <string.h> /* memcpy */

#include "draw/tensor_methods.h"

/* --- Several into one ------------------------------------------------------------------------------------------------ */

static value tensors_of(vm *m, value list, const char *function, bool stack)
{
    value items = to_list(m, list);
    if (items.u.seq->n == 0 && stack)
        fail(m, "RuntimeError: stack expects a non-empty TensorList");
    if (items.u.seq->n == 0)
        value_error(m, "torch.%s(): expected a non-empty list of Tensors", function);
    for (size_t i = 0; i < items.u.seq->n; i++)
        if (items.u.seq->items[i].kind != V_TENSOR)
            type_error(m, "expected Tensor as element %zu in argument 0, but got %s", i,
                       type_name(items.u.seq->items[i]));
    return items;
}

/* A tensor of shape (0,) counts for nothing, whatever the others are. */
static bool is_skipped(const struct array *a)
{
    return a->n_dims == 1 && a->shape[0] == 0;
}

static value concatenated(vm *m, value items, int axis, const char *grad_fn)
{
    const struct sequence *list = items.u.seq;
    const struct array *first = NULL;
    int64_t shape[MAX_DIMS], length = 0;
    dtype dt = DT_NONE;
    for (size_t i = 0; i < list->n; i++) {
        const struct array *a = tensor_values(m, list->items[i], "a tensor");
        dt = dt == DT_NONE ? (dtype)a->dt : torch_promote(m, dt, (dtype)a->dt);
        if (a->n_dims == 0)
            fail(m, "RuntimeError: zero-dimensional tensor (at position %zu) cannot be concatenated", i);
        if (is_skipped(a))
            continue;
        if (!first) {
            first = a;
            axis = torch_axis(m, INT(axis), a->n_dims);
        }
        if (a->n_dims != first->n_dims)
            fail(m, "RuntimeError: Tensors must have same number of dimensions: got %d and %d", first->n_dims,
                 a->n_dims);
        for (int k = 0; k < a->n_dims; k++)
            if (k != axis && a->shape[k] != first->shape[k])
                fail(m,
                     "RuntimeError: Sizes of tensors must match except in dimension %d. Expected size %lld but got "
                     "size %lld "
                     "for tensor number %zu in the list.",
                     axis, (long long)first->shape[k], (long long)a->shape[k], i);
        length += a->shape[axis];
    }
    if (!first) {
        shape[0] = 0;
        return tensor_result(m, array_new(m, dt, 1, shape, 0), grad_fn, list->items, list->n);
    }
    memcpy(shape, first->shape, sizeof shape);
    shape[axis] = length;
    struct array *out = array_new(m, dt, first->n_dims, shape, 0), *to = array_view(m, out);
    for (size_t i = 0; i < list->n; i++) {
        const struct array *a = list->items[i].u.tensor->array;
        if (is_skipped(a))
            continue;
        to->shape[axis] = a->shape[axis];
        tensor_copy(m, to, a);
        to->offset += a->shape[axis] * to->strides[axis];
    }
    return tensor_result(m, out, grad_fn, list->items, list->n);
}

static value torch_cat(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "cat", "tensors dim=", arguments, a);
    return concatenated(m, tensors_of(m, a[0], "cat", false), is_none(a[1]) ? 0 : (int)to_int64(m, a[1], "dim"),
                        "CatBackward0");
}

static value torch_stack(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "stack", "tensors dim=", arguments, a);
    value items = tensors_of(m, a[0], "stack", true);
    const struct array *first = items.u.seq->items[0].u.tensor->array;
    if (first->n_dims == MAX_DIMS)
        fail(m, "a tensor of more than %d dimensions is not supported", MAX_DIMS);
    int axis = torch_axis(m, is_none(a[1]) ? INT(0) : a[1], first->n_dims + 1);
    for (size_t i = 0; i < items.u.seq->n; i++) {
        const struct array *part = items.u.seq->items[i].u.tensor->array;
        bool same = part->n_dims == first->n_dims;
        for (int k = 0; same && k < first->n_dims; k++)
            same = part->shape[k] == first->shape[k];
        if (!same) {
            struct writer w = writer_start(m);
            put_text(&w, "stack expects each tensor to be equal size, but got ");
            put_shape(&w, first->shape, first->n_dims);
            put_text(&w, " at entry 0 and ");
            put_shape(&w, part->shape, part->n_dims);
            fail(m, "RuntimeError: %s at entry %zu", written(&w), i);
        }
        struct array *wide = array_view(m, part);
        wide->n_dims++;
        for (int k = part->n_dims; k > axis; k--) {
            wide->shape[k] = part->shape[k - 1];
            wide->strides[k] = part->strides[k - 1];
        }
        wide->shape[axis] = 1;
        wide->strides[axis] = 0;
        items.u.seq->items[i] = tensor_result(m, wide, "StackBackward0", &items.u.seq->items[i], 1);
    }
    return concatenated(m, items, axis, "StackBackward0");
}

/* vstack: vectors are rows. */
static value torch_vstack(vm *m, value self, const struct arguments *arguments)
{
    value list;
    (void)self;
    take_arguments(m, "vstack", "tensors", arguments, &list);
    value items = tensors_of(m, list, "vstack", false);
    for (size_t i = 0; i < items.u.seq->n; i++) {
        struct array *wide = array_view(m, items.u.seq->items[i].u.tensor->array);
        for (; wide->n_dims < 2; wide->n_dims++) {
            wide->shape[1] = wide->shape[0];
            wide->strides[1] = wide->strides[0];
            wide->shape[0] = 1;
            wide->strides[0] = 0;
        }
        items.u.seq->items[i] = tensor_result(m, wide, "CatBackward0", &items.u.seq->items[i], 1);
    }
    return concatenated(m, items, 0, "CatBackward0");
}

/* hstack: along the second axis, or the only one. */
static value torch_hstack(vm *m, value self, const struct arguments *arguments)
{
    value list;
    (void)self;
    take_arguments(m, "hstack", "tensors", arguments, &list);
    value items = tensors_of(m, list, "hstack", false);
    return concatenated(m, items, items.u.seq->items[0].u.tensor->array->n_dims > 1, "CatBackward0");
}

/* --- The same elements in another order -------------------------------------------------------------------------------- */

/* Element k of an axis of the result is element order[k] of the source's. */
static value taken(vm *m, value self, int axis, const int64_t *order, int64_t n, const char *grad_fn)
{
    const struct array *a = tensor_values(m, self, "a tensor");
    int64_t shape[MAX_DIMS];
    memcpy(shape, a->shape, sizeof shape);
    shape[axis] = n;
    struct array *out = array_new(m, (dtype)a->dt, a->n_dims, shape, 0), *from = array_view(m, a),
                 *to = array_view(m, out);
    from->shape[axis] = to->shape[axis] = 1;
    step(m, (uint64_t)array_size(out));
    for (int64_t i = 0; i < n; i++) {
        from->offset = a->offset + order[i] * a->strides[axis];
        to->offset = out->offset + i * out->strides[axis];
        struct cursor d = cursor_start(to);
        for (struct cursor c = cursor_start(from); cursor_more(&c); cursor_next(&c), cursor_next(&d))
            memcpy(out->buffer->bytes + d.offset, a->buffer->bytes + c.offset, a->item_nbytes);
    }
    return tensor_result(m, out, grad_fn, &self, 1);
}

static int64_t *new_order(vm *m, int64_t n)
{
    return (int64_t *)(void *)array_new(m, DT_INT64, 1, &n, 0)->buffer->bytes;
}

static value tensor_flip(vm *m, value self, const struct arguments *arguments)
{
    int64_t dims[MAX_DIMS];
    int n = integers_of(m, arguments, "flip", "dims", dims);
    value out = self;
    if (n == 0)
        return tensor_result(m, array_copy(m, tensor_values(m, self, "a tensor")), "FlipBackward0", &self, 1);
    for (int k = 0; k < n; k++) {
        int axis = torch_axis(m, INT(dims[k]), self.u.tensor->array->n_dims);
        int64_t length = self.u.tensor->array->n_dims > 0 ? self.u.tensor->array->shape[axis] : 0;
        int64_t *order = new_order(m, length);
        for (int64_t i = 0; i < length; i++)
            order[i] = length - 1 - i;
        if (self.u.tensor->array->n_dims > 0)
            out = taken(m, out, axis, order, length, "FlipBackward0");
    }
    return out;
}

static value roll_axis(vm *m, value self, int axis, int64_t shift)
{
    int64_t n = self.u.tensor->array->shape[axis], *order = new_order(m, n);
    for (int64_t i = 0; i < n; i++) {
        int64_t from = (i - shift % n) % n;
        order[i] = from < 0 ? from + n : from;
    }
    return taken(m, self, axis, order, n, "RollBackward0");
}

static value tensor_roll(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "roll", "shifts dims=", arguments, a);
    int64_t shifts[MAX_DIMS], dims[MAX_DIMS], all = -1;
    int n = shape_from(m, a[0], shifts), n_dims = is_none(a[1]) ? 0 : shape_from(m, a[1], dims);
    if (n_dims == 0 && n == 1) { /* of the elements in a row */
        const struct array *a0 = self.u.tensor->array;
        int64_t shape[MAX_DIMS];
        memcpy(shape, a0->shape, sizeof shape);
        value flat = tensor_reshaped(m, self, 1, &all);
        value rolled = roll_axis(m, flat, 0, shifts[0]);
        value out = tensor_reshaped(m, rolled, a0->n_dims, shape);
        return tensor_result(m, out.u.tensor->array, "RollBackward0", &self, 1);
    }
    if (n != n_dims)
        fail(m, "RuntimeError: shifts and dimensions must align. shifts: %d, dims:%d", n, n_dims);
    value out = self;
    for (int k = 0; k < n; k++)
        out = roll_axis(m, out, torch_axis(m, INT(dims[k]), self.u.tensor->array->n_dims), shifts[k]);
    return out;
}

static const struct array *indices_of(vm *m, value index, const char *what)
{
    const struct array *a = tensor_values(m, index, what);
    if (a->dt != DT_INT64 && a->dt != DT_INT32)
        fail(m, "RuntimeError: %s: Expected dtype int32 or int64 for index", what);
    return array_as(m, index.u.tensor->array, DT_INT64);
}

static value tensor_index_select(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "index_select", "dim index", arguments, a);
    int axis = torch_axis(m, a[0], self.u.tensor->array->n_dims);
    const struct array *index = indices_of(m, a[1], "index_select()");
    if (index->n_dims > 1 || self.u.tensor->array->n_dims == 0)
        fail(m, "IndexError: index_select(): Index is supposed to be a vector");
    int64_t n = array_size(index), length = self.u.tensor->array->shape[axis];
    const int64_t *order = (const int64_t *)(const void *)array_bytes(index);
    for (int64_t i = 0; i < n; i++)
        if (order[i] < 0 || order[i] >= length)
            fail(m, "RuntimeError: index out of range in self");
    return taken(m, self, axis, order, n, "IndexSelectBackward0");
}

static value tensor_gather(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "gather", "dim index", arguments, a);
    const struct array *from = tensor_values(m, self, "a tensor"), *index = indices_of(m, a[1], "gather()");
    int axis = torch_axis(m, a[0], from->n_dims);
    if (index->n_dims != from->n_dims)
        fail(m, "RuntimeError: Index tensor must have the same number of dimensions as input tensor");
    for (int i = 0; i < from->n_dims; i++)
        if (i != axis && index->shape[i] > from->shape[i])
            fail(
                m,
                "RuntimeError: Size does not match at dimension %d expected index to be no larger than self apart from "
                "dimension %d",
                i, axis);
    struct array *out = array_new(m, (dtype)from->dt, index->n_dims, index->shape, 0);
    char *at = out->buffer->bytes;
    for (struct cursor c = cursor_start(index); cursor_more(&c); cursor_next(&c), at += out->item_nbytes) {
        int64_t k = load_integer(DT_INT64, index->buffer->bytes + c.offset), offset = from->offset;
        int64_t length = from->n_dims > 0 ? from->shape[axis] : 1;
        if (k < 0 || k >= length)
            fail(m, "RuntimeError: index %lld is out of bounds for dimension %d with size %lld", (long long)k, axis,
                 (long long)length);
        for (int i = 0; i < from->n_dims; i++)
            offset += (i == axis ? k : c.index[i]) * from->strides[i];
        memcpy(at, from->buffer->bytes + offset, out->item_nbytes);
    }
    return tensor_result(m, out, "GatherBackward0", &self, 1);
}

static value repeated(vm *m, value self, int64_t *times, int n)
{
    struct array *a = tensor_values(m, self, "a tensor");
    int64_t shape[MAX_DIMS], wide_shape[MAX_DIMS];
    int more = n - a->n_dims;
    if (more < 0)
        fail(
            m,
            "RuntimeError: Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
    for (int i = 0; i < n; i++) {
        wide_shape[i] = i >= more ? a->shape[i - more] : 1;
        bool is_beyond = __builtin_mul_overflow(times[i], wide_shape[i], &shape[i]);
        if (times[i] < 0 && !is_beyond)
            fail(m, "RuntimeError: Trying to create tensor with negative dimension %lld", (long long)shape[i]);
        if (is_beyond)
            fail(m, "a tensor of that many elements is not supported");
    }
    struct array *out = array_new(m, (dtype)a->dt, n, shape, 0);
    char *at = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    struct cursor c = cursor_start(out);
    for (; cursor_more(&c); cursor_next(&c), at += out->item_nbytes) {
        int64_t offset = a->offset;
        for (int i = more; i < n; i++)
            offset += c.index[i] % a->shape[i - more] * a->strides[i - more];
        memcpy(at, a->buffer->bytes + offset, out->item_nbytes);
    }
    return tensor_result(m, out, "RepeatBackward0", &self, 1);
}

static value tensor_repeat(vm *m, value self, const struct arguments *arguments)
{
    int64_t times[MAX_DIMS];
    int n = integers_of(m, arguments, "repeat", "repeats", times);
    return repeated(m, self, times, n);
}

static value tensor_tile(vm *m, value self, const struct arguments *arguments)
{
    int64_t given[MAX_DIMS], times[MAX_DIMS];
    int n = integers_of(m, arguments, "tile", "dims", given), n_dims = self.u.tensor->array->n_dims;
    int all = n > n_dims ? n : n_dims;
    for (int i = 0; i < all; i++)
        times[i] = i >= all - n ? given[i - (all - n)] : 1;
    return repeated(m, self, times, all);
}

/* --- Triangles and diagonals ------------------------------------------------------------------------------------------- */

static value triangle(vm *m, value self, const struct arguments *arguments, const char *name, bool lower)
{
    value diagonal;
    take_arguments(m, name, "diagonal=", arguments, &diagonal);
    const struct array *a = tensor_values(m, self, "a tensor");
    int64_t k = is_none(diagonal) ? 0 : to_int64(m, diagonal, "diagonal");
    if (a->n_dims < 2)
        fail(m, "RuntimeError: %s: input tensor must have at least 2 dimensions", name);
    struct array *out = array_copy(m, a);
    for (struct cursor c = cursor_start(out); cursor_more(&c); cursor_next(&c)) {
        int64_t off = c.index[a->n_dims - 1] - c.index[a->n_dims - 2];
        if (lower ? off > k : off < k)
            memset(out->buffer->bytes + c.offset, 0, out->item_nbytes);
    }
    return tensor_result(m, out, lower ? "TrilBackward0" : "TriuBackward0", &self, 1);
}

static value tensor_tril(vm *m, value self, const struct arguments *arguments)
{
    return triangle(m, self, arguments, "tril", true);
}

static value tensor_triu(vm *m, value self, const struct arguments *arguments)
{
    return triangle(m, self, arguments, "triu", false);
}

static value tensor_diag(vm *m, value self, const struct arguments *arguments)
{
    value diagonal;
    take_arguments(m, "diag", "diagonal=", arguments, &diagonal);
    const struct array *a = tensor_values(m, self, "a tensor");
    int64_t k = is_none(diagonal) ? 0 : to_int64(m, diagonal, "diagonal"), away = k < 0 ? -k : k;
    if (a->n_dims == 2) {
        value offset = INT(k);
        struct arguments one = {.positional = &offset, .n_positional = 1};
        value view = tensor_method_named("diagonal")->call(m, self, &one);
        return tensor_result(m, array_copy(m, view.u.tensor->array), "DiagonalBackward0_copy", &self, 1);
    }
    if (a->n_dims != 1)
        fail(m, "RuntimeError: diag(): Supports 1D or 2D tensors. Got %dD", a->n_dims);
    int64_t n = a->shape[0] + away, shape[] = {n, n};
    struct array *out = array_new(m, (dtype)a->dt, 2, shape, 0);
    for (int64_t i = 0; i < a->shape[0]; i++)
        memcpy(out->buffer->bytes + (i + (k < 0 ? away : 0)) * out->strides[0] +
                   (i + (k > 0 ? away : 0)) * out->strides[1],
               a->buffer->bytes + a->offset + i * a->strides[0], a->item_nbytes);
    return tensor_result(m, out, "DiagEmbedBackward0", &self, 1);
}

/* --- Positions ------------------------------------------------------------------------------------------------------- */

static struct array *positions(vm *m, const struct array *a, bool columns)
{
    int64_t n = 0, shape[2], row = 0;
    step(m, (uint64_t)array_size(a));
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c))
        n += load_double(a->dt, a->buffer->bytes + c.offset) != 0;
    shape[columns ? 1 : 0] = n;
    shape[columns ? 0 : 1] = a->n_dims;
    struct array *out = array_new(m, DT_INT64, 2, shape, 0);
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c)) {
        if (load_double(a->dt, a->buffer->bytes + c.offset) == 0)
            continue;
        for (int i = 0; i < a->n_dims; i++)
            store_integer(DT_INT64,
                          out->buffer->bytes +
                              (columns ? i * out->strides[0] + 8 * row : row * out->strides[0] + 8 * i),
                          c.index[i]);
        row++;
    }
    return out;
}

value tensor_nonzero_tuple(vm *m, value t)
{
    const struct array *a = tensor_values(m, t, "a tensor"), *table = positions(m, a, true);
    value tuple = make_sequence(m, V_TUPLE, (size_t)a->n_dims);
    for (int i = 0; i < a->n_dims; i++) {
        struct array *column = array_view(m, table);
        column->n_dims = 1;
        column->offset += i * table->strides[0];
        column->shape[0] = table->shape[1];
        column->strides[0] = table->strides[1];
        tuple.u.seq->items[i] = make_tensor(m, column);
    }
    return tuple;
}

static value tensor_nonzero(vm *m, value self, const struct arguments *arguments)
{
    value as_tuple;
    take_arguments(m, "nonzero", "* as_tuple=", arguments, &as_tuple);
    if (!is_none(as_tuple) && truth(m, as_tuple))
        return tensor_nonzero_tuple(m, self);
    return make_tensor(m, positions(m, tensor_values(m, self, "a tensor"), false));
}

/* --- Order ----------------------------------------------------------------------------------------------------------- */

/* nan counts as more than anything. */
static int compare_elements(unsigned dt, const char *p, const char *q)
{
    if (dtype_is_float(dt)) {
        double x = load_double(dt, p), y = load_double(dt, q);
        if (isnan(x) || isnan(y))
            return isnan(x) - isnan(y);
        return x < y ? -1 : x > y;
    }
    int64_t i = load_integer(dt, p), k = load_integer(dt, q);
    if (dt == DT_UINT64)
        return (uint64_t)i < (uint64_t)k ? -1 : (uint64_t)i > (uint64_t)k;
    return i < k ? -1 : i > k;
}

struct lane {
    unsigned dt;
    const char *bytes;
    int64_t stride;
    bool descending;
};

static bool comes_before(const struct lane *l, int64_t i, int64_t k)
{
    int c = compare_elements(l->dt, l->bytes + i * l->stride, l->bytes + k * l->stride);
    return l->descending ? c > 0 : c < 0;
}

/* Stable, by merging. */
static void sort_lane(const struct lane *l, int64_t *order, int64_t *room, int64_t n)
{
    if (n < 2)
        return;
    int64_t half = n / 2, i = 0, k = half, out = 0;
    sort_lane(l, order, room, half);
    sort_lane(l, order + half, room, n - half);
    while (i < half && k < n)
        room[out++] = comes_before(l, order[k], order[i]) ? order[k++] : order[i++];
    while (i < half)
        room[out++] = order[i++];
    memcpy(order, room, (size_t)out * sizeof *order);
}

/* Values and indices along an axis; `most` of each lane. */
static void ordered(vm *m, const struct array *a, int axis, bool descending, int64_t most, struct array **values_out,
                    struct array **indices_out)
{
    int64_t n = a->n_dims > 0 ? a->shape[axis] : 1, shape[MAX_DIMS];
    memcpy(shape, a->shape, sizeof shape);
    if (a->n_dims > 0)
        shape[axis] = most;
    struct array *values = array_new(m, (dtype)a->dt, a->n_dims, shape, 0);
    struct array *indices = array_new(m, DT_INT64, a->n_dims, shape, 0);
    struct array *from = array_view(m, a), *to = array_view(m, values), *into = array_view(m, indices);
    if (a->n_dims > 0)
        from->shape[axis] = to->shape[axis] = into->shape[axis] = 1;
    int64_t *order = new_order(m, n), *room = new_order(m, n);
    step(m, (uint64_t)array_size(a) * 4);
    struct cursor d = cursor_start(to), e = cursor_start(into);
    for (struct cursor c = cursor_start(from); n > 0 && cursor_more(&c);
         cursor_next(&c), cursor_next(&d), cursor_next(&e)) {
        struct lane l = {a->dt, a->buffer->bytes + c.offset, a->n_dims > 0 ? a->strides[axis] : 0, descending};
        for (int64_t i = 0; i < n; i++)
            order[i] = i;
        sort_lane(&l, order, room, n);
        for (int64_t i = 0; i < most; i++) {
            int64_t by = a->n_dims > 0 ? values->strides[axis] : 0,
                    by_index = a->n_dims > 0 ? indices->strides[axis] : 0;
            memcpy(values->buffer->bytes + d.offset + i * by, l.bytes + order[i] * l.stride, a->item_nbytes);
            store_integer(DT_INT64, indices->buffer->bytes + e.offset + i * by_index, order[i]);
        }
    }
    *values_out = values;
    *indices_out = indices;
}

static bool flag(vm *m, value v, bool otherwise)
{
    return v.kind == V_NOTHING ? otherwise : truth(m, v);
}

static value tensor_sort(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    take_arguments(m, "sort", "dim= descending= stable=", arguments, a);
    const struct array *from = tensor_values(m, self, "a tensor");
    struct array *values, *indices;
    int axis = torch_axis(m, is_none(a[0]) ? INT(-1) : a[0], from->n_dims);
    ordered(m, from, axis, flag(m, a[1], false), from->n_dims > 0 ? from->shape[axis] : 1, &values, &indices);
    value both[] = {tensor_result(m, values, "SortBackward0", &self, 1), tensor_result(m, indices, NULL, &self, 1)};
    return make_return_type(m, "sort", both, 2);
}

static value tensor_argsort(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    take_arguments(m, "argsort", "dim= descending= stable=", arguments, a);
    const struct array *from = tensor_values(m, self, "a tensor");
    struct array *values, *indices;
    int axis = torch_axis(m, is_none(a[0]) ? INT(-1) : a[0], from->n_dims);
    ordered(m, from, axis, flag(m, a[1], false), from->n_dims > 0 ? from->shape[axis] : 1, &values, &indices);
    return tensor_result(m, indices, NULL, &self, 1);
}

static value tensor_topk(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    take_arguments(m, "topk", "k dim= largest= sorted=", arguments, a);
    const struct array *from = tensor_values(m, self, "a tensor");
    struct array *values, *indices;
    int axis = torch_axis(m, is_none(a[1]) ? INT(-1) : a[1], from->n_dims);
    int64_t k = to_int64(m, a[0], "k"), n = from->n_dims > 0 ? from->shape[axis] : 1;
    if (k < 0 || k > n)
        fail(m, "RuntimeError: selected index k out of range");
    if (!flag(m, a[3], true))
        fail(m, "topk() with sorted=False is not supported (its order depends on the machine)");
    ordered(m, from, axis, flag(m, a[2], true), n, &values, &indices);
    for (struct cursor c = cursor_start(values); n > 1 && cursor_more(&c); cursor_next(&c))
        if (c.index[axis] < k && c.index[axis] + 1 < n &&
            compare_elements(values->dt, values->buffer->bytes + c.offset,
                             values->buffer->bytes + c.offset + values->strides[axis]) == 0)
            fail(m, "topk() of equal elements is not supported (which of them is taken depends on the machine)");
    struct array *first = array_view(m, values), *which = array_view(m, indices);
    if (from->n_dims > 0)
        first->shape[axis] = which->shape[axis] = k;
    value both[] = {tensor_result(m, array_copy(m, first), "TopkBackward0", &self, 1),
                    tensor_result(m, array_copy(m, which), NULL, &self, 1)};
    return make_return_type(m, "topk", both, 2);
}

static value tensor_unique(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    take_arguments(m, "unique", "sorted= return_inverse= return_counts= dim=", arguments, a);
    if (flag(m, a[1], false) || !is_none(a[3]))
        fail(m, "unique() with return_inverse or dim is not supported");
    int64_t all = -1;
    value flat = tensor_reshaped(m, self, 1, &all);
    struct array *values, *indices;
    ordered(m, tensor_values(m, flat, "a tensor"), 0, false, flat.u.tensor->array->shape[0], &values, &indices);
    int64_t n = values->shape[0], kept = 0, *counts = new_order(m, n);
    char *bytes = values->buffer->bytes;
    for (int64_t i = 0; i < n; i++) {
        char *at = bytes + i * values->item_nbytes, *last = bytes + (kept - 1) * values->item_nbytes;
        bool same = kept > 0 && compare_elements(values->dt, at, last) == 0 &&
                    !(dtype_is_float(values->dt) && isnan(load_double(values->dt, at)));
        if (same) {
            counts[kept - 1]++;
            continue;
        }
        memmove(bytes + kept * values->item_nbytes, at, values->item_nbytes);
        counts[kept++] = 1;
    }
    struct array *kept_values = array_new(m, (dtype)values->dt, 1, &kept, 0),
                 *of_each = array_new(m, DT_INT64, 1, &kept, 0);
    memcpy(kept_values->buffer->bytes, bytes, kept_values->buffer->nbytes);
    memcpy(of_each->buffer->bytes, counts, of_each->buffer->nbytes);
    value out = tensor_result(m, kept_values, "Unique2Backward0", &self, 1);
    if (!flag(m, a[2], false))
        return out;
    value both = make_sequence(m, V_TUPLE, 2);
    both.u.seq->items[0] = out;
    both.u.seq->items[1] = tensor_result(m, of_each, NULL, &self, 1);
    return both;
}

static value tensor_bincount(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "bincount", "weights= minlength=", arguments, a);
    const struct array *from = tensor_values(m, self, "a tensor");
    int64_t n = is_none(a[1]) ? 0 : to_int64(m, a[1], "minlength");
    if (!is_none(a[0]))
        fail(m, "bincount() with weights is not supported");
    if (from->n_dims != 1 || dtype_is_float(from->dt) || from->dt == DT_BOOL)
        fail(m, "RuntimeError: bincount only supports 1-d non-negative integral inputs.");
    for (struct cursor c = cursor_start(from); cursor_more(&c); cursor_next(&c)) {
        int64_t i = load_integer(from->dt, from->buffer->bytes + c.offset);
        if (i < 0)
            fail(m, "RuntimeError: bincount only supports 1-d non-negative integral inputs.");
        if (i >= INT64_C(1) << 40)
            fail(m, "bincount() up to %lld is not supported", (long long)i);
        n = i >= n ? i + 1 : n;
    }
    struct array *out = array_new(m, DT_INT64, 1, &n, 0);
    int64_t *counts = (int64_t *)(void *)out->buffer->bytes;
    for (struct cursor c = cursor_start(from); cursor_more(&c); cursor_next(&c))
        counts[load_integer(from->dt, from->buffer->bytes + c.offset)]++;
    return tensor_result(m, out, NULL, &self, 1);
}

/* --- Tables ---------------------------------------------------------------------------------------------------------- */

FUNCTION_OF(flip)
FUNCTION_OF(roll)
FUNCTION_OF(index_select)
FUNCTION_OF(gather)
FUNCTION_OF(tile)
FUNCTION_OF(tril)
FUNCTION_OF(triu)
FUNCTION_OF(diag)
FUNCTION_OF(nonzero)
FUNCTION_OF(sort)
FUNCTION_OF(argsort)
FUNCTION_OF(topk)
FUNCTION_OF(unique)
FUNCTION_OF(bincount)

const struct native tensor_move_methods[] = {
    METHOD(flip),   METHOD(roll),    METHOD(index_select), METHOD(gather),
    METHOD(repeat), METHOD(tile),    METHOD(tril),         METHOD(triu),
    METHOD(diag),   METHOD(nonzero), METHOD(sort),         METHOD(argsort),
    METHOD(topk),   METHOD(unique),  METHOD(bincount),     {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native torch_move_functions[] = {FUNCTION(cat),
                                              {"concat", torch_cat, NATIVE_FUNCTION, 0},
                                              {"concatenate", torch_cat, NATIVE_FUNCTION, 0},
                                              FUNCTION(stack),
                                              FUNCTION(hstack),
                                              FUNCTION(vstack),
                                              FUNCTION(flip),
                                              FUNCTION(roll),
                                              FUNCTION(index_select),
                                              FUNCTION(gather),
                                              FUNCTION(tile),
                                              FUNCTION(tril),
                                              FUNCTION(triu),
                                              FUNCTION(diag),
                                              FUNCTION(nonzero),
                                              FUNCTION(sort),
                                              FUNCTION(argsort),
                                              FUNCTION(topk),
                                              FUNCTION(unique),
                                              FUNCTION(bincount),
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};
