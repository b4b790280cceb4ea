/* tensor_index.c - t[…]: integers, slices, None, ellipsis as views; masks and tensors of indices as copies; and assignment.
 * SPDX-License-Identifier: MIT
 *
 * torch/csrc/autograd/python_variable_indexing.cpp and ATen/native/TensorAdvancedIndexing.cpp: where the parts that are tensors stand
 * side by side their axes stay there, otherwise they come first. */
#include <string.h> /* memcpy */

#include "draw/sequences.h" /* slice_bounds */
#include "draw/tensor.h"

/* What an index has made of a tensor: the view that integers and slices give, and tensors of indices along axes of it. */
struct selection {
    struct array *view;
    struct array *indices[MAX_DIMS]; /* of int64, one for an axis of the view; NULL: none */
    bool advanced;
    const char *grad_fn; /* of the last step */
};

static int64_t wrap(vm *m, int64_t i, int64_t n, int axis)
{
    if (i < -n || i >= n)
        fail(m, "IndexError: index %lld is out of bounds for dimension %d with size %lld", (long long)i, axis,
             (long long)n);
    return i < 0 ? i + n : i;
}

static void drop_axis(struct array *view, int axis)
{
    view->n_dims--;
    for (int i = axis; i < view->n_dims; i++) {
        view->shape[i] = view->shape[i + 1];
        view->strides[i] = view->strides[i + 1];
    }
}

static void add_axis(vm *m, struct array *view, int axis)
{
    if (view->n_dims == MAX_DIMS)
        fail(m, "a tensor of more than %d dimensions is not supported", MAX_DIMS);
    for (int i = view->n_dims++; i > axis; i--) {
        view->shape[i] = view->shape[i - 1];
        view->strides[i] = view->strides[i - 1];
    }
    view->strides[axis] =
        axis + 1 < view->n_dims ? view->strides[axis + 1] * view->shape[axis + 1] : (int64_t)view->item_nbytes;
    view->shape[axis] = 1;
}

static void select_at(struct array *view, int axis, int64_t i)
{
    view->offset += i * view->strides[axis];
    drop_axis(view, axis);
}

value tensor_select(vm *m, value t, int axis, int64_t i)
{
    struct array *view = array_view(m, t.u.tensor->array);
    select_at(view, axis, wrap(m, i, view->shape[axis], axis));
    return tensor_result(m, view, "SelectBackward0", &t, 1);
}

value tensor_unbound(vm *m, value t, int axis, int64_t i)
{
    struct array *view = array_view(m, t.u.tensor->array);
    select_at(view, axis, i);
    return tensor_result(m, view, "UnbindBackward0", &t, 1);
}

/* --- The parts of an index --------------------------------------------------------------------------------------------- */

/* A tensor of indices or a mask; NULL: the part is something else. */
static struct array *index_array(vm *m, value part)
{
    if (part.kind == V_TENSOR)
        return tensor_values(m, part, "an index");
    if (part.kind == V_LIST || (part.kind == V_ARRAY && part.u.array->n_dims > 0)) {
        struct array *a = array_from(m, part, DT_NONE);
        if (dtype_is_float(a->dt) && array_size(a) == 0)
            return array_cast(m, a, DT_INT64);
        return a;
    }
    return NULL;
}

static int n_axes_taken(vm *m, value part)
{
    if (part.kind == V_NONE || part.kind == V_ELLIPSIS)
        return 0;
    const struct array *a = index_array(m, part);
    return a && a->dt == DT_BOOL ? a->n_dims : 1;
}

static void take_mask(vm *m, struct selection *s, const struct array *mask, int axis, int position)
{
    if (axis + mask->n_dims > s->view->n_dims)
        fail(m, "IndexError: too many indices for tensor of dimension %d", s->view->n_dims);
    for (int i = 0; i < mask->n_dims; i++)
        if (mask->shape[i] != s->view->shape[axis + i]) {
            struct writer w = writer_start(m);
            put_text(&w, "The shape of the mask ");
            put_shape(&w, mask->shape, mask->n_dims);
            put_format(&w, " at index %d does not match the shape of the indexed tensor ", i);
            put_shape(&w, s->view->shape, s->view->n_dims);
            put_format(&w, " at index %d", position + i);
            fail(m, "IndexError: %s", written(&w));
        }
    int64_t n = 0, at = 0;
    step(m, (uint64_t)array_size(mask));
    for (struct cursor c = cursor_start(mask); cursor_more(&c); cursor_next(&c))
        n += mask->buffer->bytes[c.offset] != 0;
    for (int i = 0; i < mask->n_dims; i++)
        s->indices[axis + i] = array_new(m, DT_INT64, 1, &n, 0);
    for (struct cursor c = cursor_start(mask); cursor_more(&c); cursor_next(&c)) {
        if (mask->buffer->bytes[c.offset] == 0)
            continue;
        for (int i = 0; i < mask->n_dims; i++)
            store_integer(DT_INT64, s->indices[axis + i]->buffer->bytes + 8 * at, c.index[i]);
        at++;
    }
}

/* One part at `axis` of the view; the axis where the next begins. */
static int take_part(vm *m, struct selection *s, value part, int axis, int n_rest)
{
    struct array *view = s->view;
    if (part.kind == V_NONE) {
        add_axis(m, view, axis);
        s->grad_fn = "UnsqueezeBackward0";
        return axis + 1;
    }
    if (part.kind == V_ELLIPSIS)
        return axis + n_rest;
    if (part.kind == V_SLICE) {
        int64_t start, by, count, n = view->shape[axis];
        if (part.u.slice->step.kind != V_NONE && to_int64(m, part.u.slice->step, "a slice step") <= 0)
            value_error(m, "step must be greater than zero");
        slice_bounds(m, part.u.slice, n, &start, &by, &count);
        if (start == 0 && by == 1 && count == n)
            return axis + 1; /* no step of its own */
        view->offset += start * view->strides[axis];
        view->shape[axis] = count;
        view->strides[axis] *= by;
        s->grad_fn = "SliceBackward0";
        return axis + 1;
    }
    struct array *which = index_array(m, part);
    if (part.kind == V_BOOL || (which && which->dt == DT_BOOL && which->n_dims == 0))
        fail(m, "an index that is a single bool is not supported");
    if (!which || (which->n_dims == 0 && dtype_is_integer(which->dt))) {
        if (which)
            part = scalar_item(m, array_item(m, which, which->offset));
        if (!is_integer(part))
            fail(m,
                 "IndexError: only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid "
                 "indices (got %s)",
                 type_name(part));
        select_at(view, axis, wrap(m, to_int64(m, part, "an index"), view->shape[axis], axis));
        s->grad_fn = "SelectBackward0";
        return axis;
    }
    s->advanced = true;
    if (which->dt == DT_BOOL) {
        take_mask(m, s, which, axis, axis);
        return axis + which->n_dims;
    }
    if (which->dt != DT_INT64 && which->dt != DT_INT32)
        fail(m,
             "IndexError: tensors used as indices must be long, int, byte or bool tensors (byte: not supported here)");
    s->indices[axis] = array_as(m, which, DT_INT64);
    return axis + 1;
}

static struct selection select_parts(vm *m, const struct array *a, value index)
{
    const value *parts = index.kind == V_TUPLE ? index.u.seq->items : &index;
    size_t n = index.kind == V_TUPLE ? index.u.seq->n : 1;
    struct selection s = {.view = array_view(m, a)};
    int n_taken = 0, axis = 0, n_ellipses = 0;
    for (size_t i = 0; i < n; i++) {
        n_taken += n_axes_taken(m, parts[i]);
        n_ellipses += parts[i].kind == V_ELLIPSIS;
    }
    if (a->n_dims == 0 && n == 1 && is_integer(parts[0]) && parts[0].kind != V_BOOL)
        fail(m,
             "IndexError: invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ "
             "to convert a 0-dim tensor to a number");
    if (n_taken > a->n_dims)
        fail(m, "IndexError: too many indices for tensor of dimension %d", a->n_dims);
    if (n_ellipses > 1)
        fail(m, "more than one ellipsis in an index is not supported");
    for (size_t i = 0; i < n; i++)
        axis = take_part(m, &s, parts[i], axis, a->n_dims - n_taken);
    if (!s.grad_fn)
        s.grad_fn = n == 1 && parts[0].kind == V_SLICE ? "SliceBackward0" : "AliasBackward0";
    return s;
}

/* --- Tensors of indices ------------------------------------------------------------------------------------------------ */

/* Where each element of the result stands in the source: a view whose offsets the indices add to. */
struct gather {
    struct array *view;              /* of the result's shape; its axes that come of indices have strides of 0 */
    const struct array *source;      /* the view that was indexed */
    struct array *indices[MAX_DIMS]; /* broadcast to the result's shape; NULL: none for that axis of the source */
};

static struct gather make_gather(vm *m, const struct selection *s)
{
    const struct array *source = s->view;
    struct gather g = {.source = source, .view = array_view(m, source)};
    int first = -1, last = -1, n_indices = 0, n_shared = 0;
    int64_t shared[MAX_DIMS];
    for (int i = 0; i < source->n_dims; i++) {
        const struct array *which = s->indices[i];
        if (!which)
            continue;
        first = first < 0 ? i : first;
        last = i;
        n_indices++;
        int n_dims = which->n_dims > n_shared ? which->n_dims : n_shared;
        int64_t merged[MAX_DIMS];
        for (int k = 0; k < n_dims; k++) {
            int in_a = k - (n_dims - which->n_dims), in_b = k - (n_dims - n_shared);
            int64_t n_a = in_a >= 0 ? which->shape[in_a] : 1, n_b = in_b >= 0 ? shared[in_b] : 1;
            if (n_a != n_b && n_a != 1 && n_b != 1) {
                struct writer w = writer_start(m);
                for (int d = 0; d < source->n_dims; d++)
                    if (s->indices[d]) {
                        put_text(&w, w.n > 0 ? ", " : "");
                        put_shape(&w, s->indices[d]->shape, s->indices[d]->n_dims);
                    }
                fail(m, "IndexError: shape mismatch: indexing tensors could not be broadcast together with shapes %s",
                     written(&w));
            }
            merged[k] = n_a == 1 ? n_b : n_a;
        }
        n_shared = n_dims;
        memcpy(shared, merged, sizeof merged);
    }
    int place = last - first + 1 == n_indices ? first : 0, n = 0;
    if (n_shared + source->n_dims - n_indices > MAX_DIMS)
        fail(m, "a tensor of more than %d dimensions is not supported", MAX_DIMS);
    for (int i = 0, seen = 0;; i++) {
        if (seen == place && n == place)
            for (int k = 0; k < n_shared; k++, n++) {
                g.view->shape[n] = shared[k];
                g.view->strides[n] = 0;
            }
        if (i == source->n_dims)
            break;
        if (s->indices[i])
            continue;
        seen++;
        g.view->shape[n] = source->shape[i];
        g.view->strides[n++] = source->strides[i];
    }
    g.view->n_dims = (uint8_t)n;
    for (int i = 0; i < source->n_dims; i++) {
        if (!s->indices[i])
            continue;
        struct array *wide = array_broadcast(m, s->indices[i], n_shared, shared), *spread = array_view(m, wide);
        spread->n_dims = g.view->n_dims;
        for (int k = 0; k < n; k++) {
            bool own = k >= place && k < place + n_shared;
            spread->shape[k] = g.view->shape[k];
            spread->strides[k] = own ? wide->strides[k - place] : 0;
        }
        g.indices[i] = spread;
    }
    return g;
}

/* The offsets in the source, one after the other; all are checked before one is used. */
static struct array *gather_offsets(vm *m, const struct gather *g)
{
    int64_t n = array_size(g->view);
    struct array *out = array_new(m, DT_INT64, 1, &n, 0);
    int64_t *offsets = (int64_t *)(void *)out->buffer->bytes;
    step(m, (uint64_t)n);
    int64_t k = 0;
    for (struct cursor c = cursor_start(g->view); cursor_more(&c); cursor_next(&c))
        offsets[k++] = c.offset;
    for (int i = 0; i < g->source->n_dims; i++) {
        if (!g->indices[i])
            continue;
        k = 0;
        for (struct cursor c = cursor_start(g->indices[i]); cursor_more(&c); cursor_next(&c)) {
            int64_t at = load_integer(DT_INT64, g->indices[i]->buffer->bytes + c.offset);
            offsets[k++] += wrap(m, at, g->source->shape[i], i) * g->source->strides[i];
        }
    }
    return out;
}

value tensor_get(vm *m, value t, value index)
{
    struct selection s = select_parts(m, t.u.tensor->array, index);
    if (!s.advanced)
        return tensor_result(m, s.view, s.grad_fn, &t, 1);
    struct gather g = make_gather(m, &s);
    (void)tensor_values(m, t, "a tensor");
    const int64_t *offsets = (const int64_t *)(const void *)gather_offsets(m, &g)->buffer->bytes;
    struct array *out = array_new(m, (dtype)s.view->dt, g.view->n_dims, g.view->shape, 0);
    for (int64_t i = 0, n = array_size(out); i < n; i++)
        memcpy(out->buffer->bytes + i * out->item_nbytes, s.view->buffer->bytes + offsets[i], out->item_nbytes);
    return tensor_result(m, out, "IndexBackward0", &t, 1);
}

/* What is assigned, as values of the tensor's dtype. */
static struct array *assigned(vm *m, const struct array *a, value item, bool advanced)
{
    if (item.kind == V_TENSOR) {
        struct array *from = tensor_values(m, item, "the value");
        if (advanced && from->dt != a->dt && from->n_dims > 0)
            fail(m,
                 "RuntimeError: Index put requires the source and destination dtypes match, got %s for the destination "
                 "and %s for the source.",
                 torch_scalar_name(a->dt), torch_scalar_name(from->dt));
        return from->dt == a->dt ? from : tensor_cast(m, from, (dtype)a->dt);
    }
    if (!is_number(item))
        type_error(m, "can't assign a %s to a torch tensor", type_name(item));
    return tensor_cast(m, array_from(m, scalar_item(m, item), DT_NONE), (dtype)a->dt);
}

void tensor_set(vm *m, value v, value index, value item)
{
    struct tensor *t = v.u.tensor;
    struct selection s = select_parts(m, t->array, index);
    if (t->requires_grad && !t->grad_fn && !m->torch.no_grad)
        fail(m, "RuntimeError: a view of a leaf Variable that requires grad is being used in an in-place operation.");
    tensor_check_in_place(m, t);
    struct array *from = assigned(m, s.view, item, s.advanced);
    if (!s.advanced) {
        tensor_copy(m, s.view, from);
    } else {
        struct gather g = make_gather(m, &s);
        const struct array *where = gather_offsets(m, &g);
        const int64_t *offsets = (const int64_t *)(const void *)where->buffer->bytes;
        struct array *values = array_new(m, (dtype)from->dt, g.view->n_dims, g.view->shape, 0);
        tensor_copy(m, values, from);
        for (int64_t i = 0, n = array_size(values); i < n; i++)
            memcpy(s.view->buffer->bytes + offsets[i], values->buffer->bytes + i * values->item_nbytes,
                   values->item_nbytes);
    }
    if (array_size(s.view) == array_size(t->array) && !s.advanced)
        tensor_written(t);
    if (m->torch.no_grad)
        return;
    if (item.kind == V_TENSOR && item.u.tensor->requires_grad) {
        t->requires_grad = true;
        t->grad_fn = s.advanced ? "IndexPutBackward0" : "CopySlices";
    } else if (t->requires_grad) {
        t->grad_fn = s.advanced ? "IndexPutBackward0" : "CopySlices";
    }
}
