/* ndarray_index.c - a[…]: integers, slices, newaxis, ellipsis, masks and arrays of indices.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy */

#include "draw/ndarray.h"
#include "draw/sequences.h" /* slice_bounds */

struct selection {
    struct array *view;
    int axis, out; /* of the source, of the view */
};

static int64_t wrap_index(vm *m, int64_t i, int64_t n, int axis)
{
    if (i < -n || i >= n)
        fail(m, "IndexError: index %lld is out of bounds for axis %d with size %lld", (long long)i, axis, (long long)n);
    return i < 0 ? i + n : i;
}

static void take_axis(struct selection *s, const struct array *a)
{
    s->view->shape[s->out] = a->shape[s->axis];
    s->view->strides[s->out++] = a->strides[s->axis++];
}

/* Integers, slices, None and one ellipsis: a view. */
static struct array *basic_view(vm *m, const struct array *a, const value *items, size_t n)
{
    struct selection s = {.view = array_view(m, a)};
    int n_used = 0;
    for (size_t i = 0; i < n; i++)
        n_used += items[i].kind != V_NONE && items[i].kind != V_ELLIPSIS;
    if (n_used > a->n_dims)
        fail(m, "IndexError: too many indices for array: array is %d-dimensional, but %d were indexed", a->n_dims,
             n_used);
    bool ellipsis = false;
    for (size_t i = 0; i < n; i++) {
        if (s.out >= MAX_DIMS)
            value_error(m, "more than %d dimensions", MAX_DIMS);
        if (items[i].kind == V_NONE) {
            s.view->shape[s.out] = 1;
            s.view->strides[s.out++] = 0;
        } else if (items[i].kind == V_ELLIPSIS) {
            if (ellipsis)
                fail(m, "IndexError: an index can only have a single ellipsis ('...')");
            ellipsis = true;
            for (int k = a->n_dims - n_used; k > 0; k--)
                take_axis(&s, a);
        } else if (items[i].kind == V_SLICE) {
            int64_t start, slice_step, count;
            slice_bounds(m, items[i].u.slice, a->shape[s.axis], &start, &slice_step, &count);
            s.view->offset += count > 0 ? start * a->strides[s.axis] : 0;
            s.view->shape[s.out] = count;
            s.view->strides[s.out++] = count > 1 ? slice_step * a->strides[s.axis] : a->strides[s.axis];
            s.axis++;
        } else {
            int64_t k = wrap_index(m, to_int64(m, items[i], "an index"), a->shape[s.axis], s.axis);
            s.view->offset += k * a->strides[s.axis++];
        }
    }
    while (s.axis < a->n_dims) {
        if (s.out >= MAX_DIMS)
            value_error(m, "more than %d dimensions", MAX_DIMS);
        take_axis(&s, a);
    }
    s.view->n_dims = (uint8_t)s.out;
    return s.view;
}

static bool is_fancy(value v)
{
    return v.kind == V_LIST || (v.kind == V_ARRAY && (v.u.array->n_dims > 0 || v.u.array->dt == DT_BOOL)) ||
           v.kind == V_BOOL;
}

/* The positions of a mask along its axes, as flat indices over them. */
static struct array *mask_positions(vm *m, const struct array *a, const struct array *mask)
{
    if (mask->n_dims > a->n_dims)
        fail(m, "IndexError: too many indices for array");
    for (int i = 0; i < mask->n_dims; i++)
        if (mask->shape[i] != a->shape[i])
            fail(
                m,
                "IndexError: boolean index did not match indexed array along axis %d; size of axis is %lld but size of "
                "corresponding boolean axis is %lld",
                i, (long long)a->shape[i], (long long)mask->shape[i]);
    int64_t n = 0, k = 0, flat = 0;
    for (struct cursor c = cursor_start(mask); cursor_more(&c); cursor_next(&c))
        n += mask->buffer->bytes[c.offset] != 0;
    struct array *out = array_new(m, DT_INT64, 1, &n, 0);
    for (struct cursor c = cursor_start(mask); cursor_more(&c); cursor_next(&c), flat++)
        if (mask->buffer->bytes[c.offset] != 0)
            memcpy(out->buffer->bytes + 8 * k++, &flat, 8);
    return out;
}

/* One array of indices or one mask, alone: the rows that it names. Gives the source with the axes of a mask made one. */
static struct array *index_rows(vm *m, const struct array *a, value index, struct array **source_out)
{
    struct array *which = array_from(m, index, DT_NONE), *source = array_view(m, a);
    if (which->dt == DT_BOOL) {
        struct array *positions = mask_positions(m, a, which);
        if (which->n_dims > 1) {
            int64_t shape[MAX_DIMS];
            int n = 1;
            shape[0] = 1;
            for (int i = 0; i < which->n_dims; i++)
                shape[0] *= a->shape[i];
            for (int i = which->n_dims; i < a->n_dims; i++)
                shape[n++] = a->shape[i];
            source = array_reshape(m, source, n, shape);
        }
        which = positions;
    } else if (!dtype_is_integer(which->dt) && array_size(which) > 0) {
        fail(m, "IndexError: arrays used as indices must be of integer (or boolean) type");
    }
    if (source->n_dims == 0)
        fail(m, "IndexError: too many indices for array: array is 0-dimensional");
    *source_out = source;
    return array_as(m, which, DT_INT64);
}

static value fancy_get(vm *m, const struct array *a, value index)
{
    struct array *source, *which = index_rows(m, a, index, &source);
    int64_t shape[MAX_DIMS], n_rows = array_size(which);
    int n = 0;
    if (which->n_dims + source->n_dims - 1 > MAX_DIMS)
        value_error(m, "more than %d dimensions", MAX_DIMS);
    for (int i = 0; i < which->n_dims; i++)
        shape[n++] = which->shape[i];
    struct array *row = array_view(m, source);
    row->n_dims--;
    for (int i = 1; i < source->n_dims; i++)
        shape[n++] = row->shape[i - 1] = source->shape[i];
    for (int i = 1; i < source->n_dims; i++)
        row->strides[i - 1] = source->strides[i];
    struct array *out = array_new(m, source->dt, n, shape, source->item_nbytes / 4);
    char *to = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (int64_t k = 0; k < n_rows; k++) {
        int64_t i = wrap_index(m, load_integer(DT_INT64, array_bytes(which) + 8 * k), source->shape[0], 0);
        row->offset = source->offset + i * source->strides[0];
        for (struct cursor c = cursor_start(row); cursor_more(&c); cursor_next(&c), to += source->item_nbytes)
            memcpy(to, source->buffer->bytes + c.offset, source->item_nbytes);
    }
    return array_value(out);
}

/* All parts of a tuple integer arrays or integers: where each element that they name lies, as an array of byte offsets. */
static struct array *point_offsets(vm *m, const struct array *a, const value *items, size_t n)
{
    struct array *which[MAX_DIMS] = {NULL};
    int64_t shape[MAX_DIMS];
    int n_dims;
    if (n != a->n_dims)
        fail(m, "an index with arrays needs one for each axis here");
    for (size_t i = 0; i < n; i++) {
        which[i] = array_from(m, items[i], DT_NONE);
        if (!dtype_is_integer(which[i]->dt))
            fail(m, "an index with arrays takes arrays of integers here");
    }
    broadcast_shapes(m, which, n, &n_dims, shape);
    struct array *out = array_new(m, DT_INT64, n_dims, shape, 0);
    struct cursor cursors[MAX_DIMS];
    for (size_t i = 0; i < n; i++)
        cursors[i] = cursor_start(array_broadcast(m, which[i], n_dims, shape));
    char *to = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (int64_t left = array_size(out); left > 0; left--, to += 8) {
        int64_t offset = a->offset;
        for (size_t i = 0; i < n; i++) {
            int64_t k = load_integer(which[i]->dt, which[i]->buffer->bytes + cursors[i].offset);
            offset += wrap_index(m, k, a->shape[i], (int)i) * a->strides[i];
            cursor_next(&cursors[i]);
        }
        memcpy(to, &offset, sizeof offset);
    }
    return out;
}

static value points_get(vm *m, const struct array *a, const value *items, size_t n)
{
    const struct array *offsets = point_offsets(m, a, items, n);
    struct array *out = array_new(m, a->dt, offsets->n_dims, offsets->shape, a->item_nbytes / 4);
    char *to = out->buffer->bytes;
    for (int64_t k = 0; k < array_size(offsets); k++, to += a->item_nbytes)
        memcpy(to, a->buffer->bytes + load_integer(DT_INT64, offsets->buffer->bytes + 8 * k), a->item_nbytes);
    return array_value(out);
}

/* In a tuple: one fancy part among slices is taken along its axis. */
static value mixed_get(vm *m, const struct array *a, const value *items, size_t n)
{
    size_t n_fancy = 0, where = 0;
    bool others = false;
    for (size_t i = 0; i < n; i++) {
        if (is_fancy(items[i])) {
            n_fancy++;
            where = i;
        }
        others = others || items[i].kind == V_SLICE || items[i].kind == V_NONE || items[i].kind == V_ELLIPSIS;
    }
    if (!others)
        return points_get(m, a, items, n);
    for (size_t i = 0; i < n; i++)
        if (n_fancy != 1 || (i != where && items[i].kind != V_SLICE))
            fail(m, "an index with several arrays, or arrays and integers among slices, is not supported");
    value parts[MAX_DIMS];
    if (n > MAX_DIMS)
        fail(m, "IndexError: too many indices for array");
    memcpy(parts, items, n * sizeof *items);
    parts[where] = make_slice(m, NONE, NONE, NONE);
    struct array *view = basic_view(m, a, parts, n), *front = array_view(m, view);
    /* The axis to the front, taken, and what came of it back. */
    front->shape[0] = view->shape[where];
    front->strides[0] = view->strides[where];
    for (size_t i = 0, k = 1; i < view->n_dims; i++)
        if (i != where) {
            front->shape[k] = view->shape[i];
            front->strides[k++] = view->strides[i];
        }
    struct array *taken = fancy_get(m, front, items[where]).u.array;
    int n_new = taken->n_dims - (view->n_dims - 1);
    struct array *out = array_view(m, taken);
    for (int i = 0; i < (int)where; i++) {
        out->shape[i] = taken->shape[n_new + i];
        out->strides[i] = taken->strides[n_new + i];
    }
    for (int i = 0; i < n_new; i++) {
        out->shape[(int)where + i] = taken->shape[i];
        out->strides[(int)where + i] = taken->strides[i];
    }
    return array_value(out);
}

value array_get(vm *m, const struct array *a, value index)
{
    const value *items = index.kind == V_TUPLE ? index.u.seq->items : &index;
    size_t n = index.kind == V_TUPLE ? index.u.seq->n : 1;
    bool fancy = false, whole = n == a->n_dims;
    for (size_t i = 0; i < n; i++) {
        fancy = fancy || is_fancy(items[i]);
        whole = whole && is_integer(items[i]) && items[i].kind != V_BOOL;
    }
    if (fancy)
        return n == 1 ? fancy_get(m, a, items[0]) : mixed_get(m, a, items, n);
    struct array *view = basic_view(m, a, items, n);
    return whole ? array_item(m, view, view->offset) : array_value(view);
}

/* One array of indices or a mask: where each row that it names begins, with the rest of the axes in *row_out. */
static struct array *row_offsets(vm *m, const struct array *a, value index, struct array **row_out)
{
    struct array *which = array_from(m, index, DT_NONE), *lead = array_view(m, a), *row = array_view(m, a), *offsets;
    bool mask = which->dt == DT_BOOL;
    if (!mask && !dtype_is_integer(which->dt) && array_size(which) > 0)
        fail(m, "IndexError: arrays used as indices must be of integer (or boolean) type");
    int n_lead = mask ? which->n_dims : 1;
    if (n_lead > a->n_dims)
        fail(m, "IndexError: too many indices for array");
    if (mask) {
        int64_t n = array_size(mask_positions(m, a, which)), k = 0;
        lead->n_dims = (uint8_t)n_lead;
        offsets = array_new(m, DT_INT64, 1, &n, 0);
        struct cursor at = cursor_start(lead);
        for (struct cursor c = cursor_start(which); cursor_more(&c); cursor_next(&c), cursor_next(&at))
            if (which->buffer->bytes[c.offset])
                memcpy(offsets->buffer->bytes + 8 * k++, &at.offset, 8);
    } else {
        int64_t k = 0;
        offsets = array_new(m, DT_INT64, which->n_dims, which->shape, 0);
        for (struct cursor c = cursor_start(which); cursor_more(&c); cursor_next(&c)) {
            int64_t i = wrap_index(m, load_integer(which->dt, which->buffer->bytes + c.offset), a->shape[0], 0);
            int64_t offset = a->offset + i * a->strides[0];
            memcpy(offsets->buffer->bytes + 8 * k++, &offset, 8);
        }
    }
    row->n_dims = (uint8_t)(a->n_dims - n_lead);
    for (int i = 0; i < row->n_dims; i++) {
        row->shape[i] = a->shape[i + n_lead];
        row->strides[i] = a->strides[i + n_lead];
    }
    *row_out = row;
    return offsets;
}

static void fancy_set(vm *m, struct array *a, const value *items, size_t n, value item)
{
    struct array *row = array_view(m, a), *offsets;
    if (n == 1)
        offsets = row_offsets(m, a, items[0], &row);
    else
        offsets = point_offsets(m, a, items, n);
    row->n_dims = n == 1 ? row->n_dims : 0;
    struct array *from = array_from(m, item, DT_NONE);
    int64_t shape[2 * MAX_DIMS], n_rows = array_size(offsets);
    int n_dims = 0;
    for (int i = 0; i < offsets->n_dims; i++)
        shape[n_dims++] = offsets->shape[i];
    for (int i = 0; i < row->n_dims; i++)
        shape[n_dims++] = row->shape[i];
    if (n_dims > MAX_DIMS)
        value_error(m, "more than %d dimensions", MAX_DIMS);
    bool one = from->n_dims == 0; /* each by the rules for a number of Python */
    char *at = NULL;
    if (!one) {
        from = array_copy(m, array_broadcast(m, from, n_dims, shape));
        at = from->buffer->bytes;
    }
    struct array *given = array_copy(m, row);
    for (int64_t k = 0; k < n_rows; k++) {
        step(m, 1 + (uint64_t)array_size(row));
        row->offset = load_integer(DT_INT64, offsets->buffer->bytes + 8 * k);
        if (one) {
            array_assign_in_place(m, row, item, false);
            continue;
        }
        struct array *part = array_view(m, given);
        part->dt = from->dt;
        part->item_nbytes = from->item_nbytes;
        part->buffer = from->buffer;
        part->offset = at - from->buffer->bytes;
        int64_t nbytes = from->item_nbytes;
        for (int i = part->n_dims; i-- > 0; nbytes *= part->shape[i])
            part->strides[i] = nbytes;
        at += nbytes;
        array_assign_in_place(m, row, array_value(part), false);
    }
}

void array_set(vm *m, struct array *a, value index, value item)
{
    const value *items = index.kind == V_TUPLE ? index.u.seq->items : &index;
    size_t n = index.kind == V_TUPLE ? index.u.seq->n : 1, n_fancy = 0, n_integers = 0;
    for (size_t i = 0; i < n; i++) {
        n_fancy += is_fancy(items[i]);
        n_integers += !is_fancy(items[i]) && is_integer(items[i]);
    }
    if (n_fancy > 0 && (n == 1 || n_fancy + n_integers == n))
        fancy_set(m, a, items, n, item);
    else if (n_fancy > 0)
        fail(m, "assignment through arrays of indices among slices is not supported");
    else
        array_assign_in_place(m, basic_view(m, a, items, n), item, false);
}
