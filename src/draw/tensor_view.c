/* tensor_view.c - tensors on the same memory in another shape: view, transpose, squeeze, split and their kin.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy */

#include "draw/tensor_methods.h"

value as_method(vm *m, const struct arguments *arguments, const char *name, native_function method)
{
    struct arguments rest = *arguments;
    const char *names[16];
    value named[16], self = NOTHING;
    if (rest.n_positional > 0) {
        self = *rest.positional++;
        rest.n_positional--;
    } else {
        size_t n = 0;
        for (size_t i = 0; i < arguments->n_named && n < 16; i++) {
            if (strcmp(arguments->names[i], "input") == 0) {
                self = arguments->named[i];
                continue;
            }
            names[n] = arguments->names[i];
            named[n++] = arguments->named[i];
        }
        rest.names = names;
        rest.named = named;
        rest.n_named = n;
    }
    if (self.kind == V_NOTHING)
        type_error(m, "%s() missing 1 required positional arguments: \"input\"", name);
    if (self.kind != V_TENSOR)
        type_error(m, "%s(): argument 'input' (position 1) must be Tensor, not %s", name, type_name(self));
    return method(m, self, &rest);
}

/* view(2, 3), view((2, 3)), view(size=(2, 3)): gives the number of integers. */
int integers_of(vm *m, const struct arguments *arguments, const char *function, const char *name, int64_t *out)
{
    const value *items = arguments->positional;
    size_t n = arguments->n_positional;
    if (n == 0 && arguments->n_named == 1 && strcmp(arguments->names[0], name) == 0) {
        items = arguments->named;
        n = 1;
    } else if (arguments->n_named > 0) {
        type_error(m, "%s() got an unexpected keyword argument '%s'", function, arguments->names[0]);
    }
    if (n == 0)
        type_error(m, "%s() missing 1 required positional arguments: \"%s\"", function, name);
    if (n == 1 && is_sequence(items[0])) {
        n = items[0].u.seq->n;
        items = items[0].u.seq->items;
    }
    if (n > MAX_DIMS)
        fail(m, "%s() of more than %d dimensions is not supported", function, MAX_DIMS);
    for (size_t i = 0; i < n; i++) {
        if (!is_integer(items[i]) && items[i].kind != V_TENSOR)
            type_error(m, "%s(): argument '%s' (position 1) must be tuple of ints, not %s", function, name,
                       type_name(items[i]));
        out[i] = to_int64(m, items[i], name);
    }
    return (int)n;
}

/* --- Shapes ---------------------------------------------------------------------------------------------------------- */

/* at::infer_size: the shape with its -1 found. */
static void infer_shape(vm *m, int64_t *shape, int n_dims, int64_t size)
{
    int64_t known = 1;
    int open = -1;
    struct writer w = writer_start(m);
    put_shape(&w, shape, n_dims);
    for (int i = 0; i < n_dims; i++) {
        if (shape[i] == -1) {
            if (open >= 0)
                fail(m, "RuntimeError: only one dimension can be inferred");
            open = i;
        } else if (shape[i] < 0) {
            fail(m, "RuntimeError: invalid shape dimension %lld at index %d of shape %s", (long long)shape[i], i,
                 written(&w));
        } else if (__builtin_mul_overflow(known, shape[i], &known)) {
            fail(m, "RuntimeError: shape '%s' is invalid for input of size %lld", written(&w), (long long)size);
        }
    }
    if (known != size && !(open >= 0 && known > 0 && size % known == 0) && !(open >= 0 && known == 0 && size == 0))
        fail(m, "RuntimeError: shape '%s' is invalid for input of size %lld", written(&w), (long long)size);
    if (open >= 0 && known == 0)
        fail(m,
             "RuntimeError: cannot reshape tensor of 0 elements into shape %s because the unspecified dimension size "
             "-1 can "
             "be any value and is ambiguous",
             written(&w));
    if (open >= 0)
        shape[open] = size / known;
}

/* at::detail::computeStride: the view of that shape, NULL where there is none. Strides here are in bytes. */
static struct array *view_of(vm *m, const struct array *a, int n_dims, const int64_t *shape)
{
    struct array *out = array_view(m, a);
    out->n_dims = (uint8_t)n_dims;
    memcpy(out->shape, shape, (size_t)n_dims * sizeof *shape);
    if (array_size(a) == 0) {
        bool same = n_dims == a->n_dims && memcmp(shape, a->shape, (size_t)n_dims * sizeof *shape) == 0;
        int64_t stride = a->item_nbytes;
        for (int i = n_dims; !same && i-- > 0; stride *= shape[i] > 1 ? shape[i] : 1)
            out->strides[i] = stride;
        return out;
    }
    if (a->n_dims == 0) {
        for (int i = 0; i < n_dims; i++)
            out->strides[i] = a->item_nbytes;
        return out;
    }
    int to = n_dims - 1;
    int64_t base = a->strides[a->n_dims - 1], n_old = 1, n_new = 1;
    for (int from = a->n_dims; from-- > 0;) {
        n_old *= a->shape[from];
        if (from > 0 && (a->shape[from - 1] == 1 || a->strides[from - 1] == n_old * base))
            continue;
        while (to >= 0 && (n_new < n_old || shape[to] == 1)) {
            out->strides[to] = n_new * base;
            n_new *= shape[to--];
        }
        if (n_new != n_old)
            return NULL;
        if (from > 0) {
            base = a->strides[from - 1];
            n_old = n_new = 1;
        }
    }
    return to == -1 ? out : NULL;
}

value tensor_reshaped(vm *m, value self, int n_dims, int64_t *shape)
{
    struct array *a = self.u.tensor->array, *out;
    infer_shape(m, shape, n_dims, array_size(a));
    out = view_of(m, a, n_dims, shape);
    if (out)
        return tensor_result(m, out, "ViewBackward0", &self, 1);
    out = view_of(m, array_copy(m, tensor_values(m, self, "a tensor")), n_dims, shape);
    return tensor_result(m, out, "UnsafeViewBackward0", &self, 1);
}

value tensor_reshape(vm *m, value self, const struct arguments *arguments)
{
    int64_t shape[MAX_DIMS];
    int n = integers_of(m, arguments, "reshape", "shape", shape);
    return tensor_reshaped(m, self, n, shape);
}

static value tensor_view(vm *m, value self, const struct arguments *arguments)
{
    struct array *a = self.u.tensor->array;
    if (arguments->n_positional == 1 && arguments->positional[0].kind == V_TORCH_DTYPE) {
        dtype dt = arguments->positional[0].dt;
        if (dtype_nbytes(dt) != a->item_nbytes)
            fail(m, "view() as a dtype of another size is not supported");
        struct array *view = array_view(m, a);
        view->dt = (uint8_t)dt;
        return tensor_result(m, view, NULL, &self, 1);
    }
    int64_t shape[MAX_DIMS];
    int n = integers_of(m, arguments, "view", "size", shape);
    infer_shape(m, shape, n, array_size(a));
    struct array *out = view_of(m, a, n, shape);
    if (!out)
        fail(m, "RuntimeError: view size is not compatible with input tensor's size and stride (at least one dimension "
                "spans "
                "across two contiguous subspaces). Use .reshape(...) instead.");
    return tensor_result(m, out, "ViewBackward0", &self, 1);
}

static value tensor_view_as(vm *m, value self, const struct arguments *arguments)
{
    value other;
    take_arguments(m, "view_as", "other", arguments, &other);
    const struct array *a = tensor_of(m, other, "view_as(): argument 'other'")->array;
    int64_t shape[MAX_DIMS];
    memcpy(shape, a->shape, sizeof shape);
    return tensor_reshaped(m, self, a->n_dims, shape);
}

static value tensor_flatten(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "flatten", "start_dim= end_dim=", arguments, a);
    struct array *from = self.u.tensor->array;
    int first = torch_axis(m, is_none(a[0]) ? INT(0) : a[0], from->n_dims);
    int last = torch_axis(m, is_none(a[1]) ? INT(-1) : a[1], from->n_dims);
    int64_t shape[MAX_DIMS], merged = 1;
    int n = 0;
    if (first > last)
        fail(m, "RuntimeError: flatten() has invalid args: start_dim cannot come after end_dim");
    if (from->n_dims > 0 && first == last)
        return self;
    for (int i = 0; i < from->n_dims; i++) {
        if (i < first || i > last) {
            shape[n++] = from->shape[i];
            continue;
        }
        merged *= from->shape[i];
        if (i == last)
            shape[n++] = merged;
    }
    if (from->n_dims == 0)
        shape[n++] = 1;
    return tensor_reshaped(m, self, n, shape);
}

static value tensor_ravel(vm *m, value self, const struct arguments *arguments)
{
    int64_t shape = -1;
    take_none(m, "ravel", arguments);
    return tensor_reshaped(m, self, 1, &shape);
}

static value tensor_unflatten(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "unflatten", "dim sizes", arguments, a);
    const struct array *from = self.u.tensor->array;
    int axis = torch_axis(m, a[0], from->n_dims);
    int64_t sizes[MAX_DIMS], shape[2 * MAX_DIMS];
    int n_sizes = shape_from(m, a[1], sizes), n = 0;
    infer_shape(m, sizes, n_sizes, from->shape[axis]);
    for (int i = 0; i < from->n_dims; i++) {
        if (i != axis)
            shape[n++] = from->shape[i];
        for (int k = 0; i == axis && k < n_sizes; k++)
            shape[n++] = sizes[k];
    }
    if (n > MAX_DIMS)
        fail(m, "a tensor of more than %d dimensions is not supported", MAX_DIMS);
    return tensor_reshaped(m, self, n, shape);
}

static value tensor_unsqueeze(vm *m, value self, const struct arguments *arguments)
{
    value dim;
    take_arguments(m, "unsqueeze", "dim", arguments, &dim);
    struct array *view = array_view(m, self.u.tensor->array);
    if (view->n_dims == MAX_DIMS)
        fail(m, "a tensor of more than %d dimensions is not supported", MAX_DIMS);
    int axis = torch_axis(m, dim, view->n_dims + 1);
    int64_t stride = axis < view->n_dims ? view->shape[axis] * view->strides[axis] : (int64_t)view->item_nbytes;
    for (int i = view->n_dims++; i > axis; i--) {
        view->shape[i] = view->shape[i - 1];
        view->strides[i] = view->strides[i - 1];
    }
    view->shape[axis] = 1;
    view->strides[axis] = stride;
    return tensor_result(m, view, "UnsqueezeBackward0", &self, 1);
}

static value tensor_squeeze(vm *m, value self, const struct arguments *arguments)
{
    value dim;
    take_arguments(m, "squeeze", "dim=", arguments, &dim);
    struct array *view = array_view(m, self.u.tensor->array);
    bool wanted[MAX_DIMS] = {false};
    for (int i = 0; i < view->n_dims; i++)
        wanted[i] = is_none(dim);
    if (is_sequence(dim)) {
        for (size_t i = 0; i < dim.u.seq->n; i++)
            wanted[torch_axis(m, dim.u.seq->items[i], view->n_dims)] = true;
    } else if (!is_none(dim)) {
        wanted[torch_axis(m, dim, view->n_dims)] = true;
    }
    int n = 0;
    for (int i = 0; i < view->n_dims; i++) {
        if (wanted[i] && view->shape[i] == 1)
            continue;
        view->shape[n] = view->shape[i];
        view->strides[n++] = view->strides[i];
    }
    view->n_dims = (uint8_t)n;
    return tensor_result(m, view,
                         is_none(dim)       ? "SqueezeBackward0"
                         : is_sequence(dim) ? "SqueezeBackward2"
                                            : "SqueezeBackward1",
                         &self, 1);
}

/* --- Axes ------------------------------------------------------------------------------------------------------------ */

static value permuted(vm *m, value self, const int *order, const char *grad_fn)
{
    const struct array *a = self.u.tensor->array;
    struct array *view = array_view(m, a);
    for (int i = 0; i < a->n_dims; i++) {
        view->shape[i] = a->shape[order[i]];
        view->strides[i] = a->strides[order[i]];
    }
    return tensor_result(m, view, grad_fn, &self, 1);
}

static value swapped(vm *m, value self, int first, int second, const char *grad_fn)
{
    int order[MAX_DIMS] = {0};
    for (int i = 0; i < MAX_DIMS; i++)
        order[i] = i == first ? second : i == second ? first : i;
    return permuted(m, self, order, grad_fn);
}

static value tensor_transpose(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "transpose", "dim0 dim1", arguments, a);
    int n = self.u.tensor->array->n_dims;
    return swapped(m, self, torch_axis(m, a[0], n), torch_axis(m, a[1], n), "TransposeBackward0");
}

static value tensor_t(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "t", arguments);
    int n = self.u.tensor->array->n_dims;
    if (n > 2)
        fail(m, "RuntimeError: t() expects a tensor with <= 2 dimensions, but self is %dD", n);
    return n < 2 ? swapped(m, self, 0, 0, "TBackward0") : swapped(m, self, 0, 1, "TBackward0");
}

static value tensor_T(vm *m, value self, const struct arguments *arguments)
{
    int order[MAX_DIMS] = {0}, n = self.u.tensor->array->n_dims;
    (void)arguments;
    for (int i = 0; i < n; i++)
        order[i] = n - 1 - i;
    return permuted(m, self, order, "PermuteBackward0");
}

static value tensor_mT(vm *m, value self, const struct arguments *arguments)
{
    int n = self.u.tensor->array->n_dims;
    (void)arguments;
    if (n < 2)
        fail(m, "RuntimeError: tensor.mT is only supported on matrices or batches of matrices. Got %d-D tensor.", n);
    return swapped(m, self, n - 2, n - 1, "TransposeBackward0");
}

static value tensor_permute(vm *m, value self, const struct arguments *arguments)
{
    int64_t dims[MAX_DIMS];
    int n = integers_of(m, arguments, "permute", "dims", dims), n_dims = self.u.tensor->array->n_dims,
        order[MAX_DIMS] = {0};
    bool seen[MAX_DIMS] = {false};
    if (n != n_dims)
        fail(m,
             "RuntimeError: permute(sparse_coo): number of dimensions in the tensor input does not match the length of "
             "the "
             "desired ordering of dimensions i.e. input.dim() = %d is not equal to len(dims) = %d",
             n_dims, n);
    for (int i = 0; i < n; i++) {
        order[i] = torch_axis(m, INT(dims[i]), n_dims);
        if (seen[order[i]])
            fail(m, "RuntimeError: permute(): duplicate dims are not allowed.");
        seen[order[i]] = true;
    }
    return permuted(m, self, order, "PermuteBackward0");
}

static value tensor_movedim(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "movedim", "source destination", arguments, a);
    int n = self.u.tensor->array->n_dims, order[MAX_DIMS] = {0};
    int from = torch_axis(m, a[0], n), to = torch_axis(m, a[1], n);
    for (int i = 0, rest = 0; i < n; i++) {
        if (i == to) {
            order[i] = from;
            continue;
        }
        rest += rest == from;
        order[i] = rest++;
    }
    return permuted(m, self, order, "PermuteBackward0");
}

static value tensor_expand(vm *m, value self, const struct arguments *arguments)
{
    int64_t shape[MAX_DIMS];
    const struct array *a = self.u.tensor->array;
    int n = integers_of(m, arguments, "expand", "size", shape), more = n - a->n_dims;
    if (more < 0)
        fail(m,
             "RuntimeError: expand: the number of sizes provided (%d) must be greater or equal to the number of "
             "dimensions "
             "in the tensor (%d)",
             n, a->n_dims);
    struct writer target = writer_start(m), own = writer_start(m);
    put_shape(&target, shape, n);
    put_shape(&own, a->shape, a->n_dims);
    for (int i = 0; i < n; i++) {
        int64_t size = i >= more ? a->shape[i - more] : 1;
        if (shape[i] == -1 && i >= more)
            shape[i] = size;
        if (shape[i] < 0)
            fail(m,
                 "RuntimeError: The expanded size of the tensor (%lld) isn't allowed in a leading, non-existing "
                 "dimension %d",
                 (long long)shape[i], i);
        if (size != 1 && size != shape[i])
            fail(m,
                 "RuntimeError: The expanded size of the tensor (%lld) must match the existing size (%lld) at "
                 "non-singleton "
                 "dimension %d.  Target sizes: %s.  Tensor sizes: %s",
                 (long long)shape[i], (long long)size, i, written(&target), written(&own));
    }
    struct array *view = array_view(m, a);
    int64_t elements = 1;
    for (int i = n; i-- > 0;) {
        bool kept = i >= more && a->shape[i - more] == shape[i];
        int64_t new_axis = i + 1 < n ? view->shape[i + 1] * view->strides[i + 1] : (int64_t)a->item_nbytes;
        view->strides[i] = kept ? a->strides[i - more] : i >= more || shape[i] != 1 ? 0 : new_axis;
        view->shape[i] = shape[i];
        if (shape[i] > 0 && __builtin_mul_overflow(elements, shape[i], &elements))
            fail(m, "a tensor of that many elements is not supported");
    }
    view->n_dims = (uint8_t)n;
    return tensor_result(m, view, "ExpandBackward0", &self, 1);
}

static value tensor_diagonal(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    take_arguments(m, "diagonal", "offset= dim1= dim2=", arguments, a);
    struct array *view = array_view(m, self.u.tensor->array);
    int64_t offset = is_none(a[0]) ? 0 : to_int64(m, a[0], "offset");
    int first = torch_axis(m, is_none(a[1]) ? INT(0) : a[1], view->n_dims);
    int second = torch_axis(m, is_none(a[2]) ? INT(1) : a[2], view->n_dims), n = 0;
    if (first == second || view->n_dims < 2)
        fail(m, "RuntimeError: diagonal dimensions cannot be identical %d, %d", first, second);
    int64_t rows = view->shape[first], columns = view->shape[second], by = view->strides[first] + view->strides[second];
    int64_t length = offset >= 0 ? (rows < columns - offset ? rows : columns - offset)
                                 : (rows + offset < columns ? rows + offset : columns);
    length = length < 0 ? 0 : length;
    if (length > 0)
        view->offset += offset >= 0 ? offset * view->strides[second] : -offset * view->strides[first];
    for (int i = 0; i < view->n_dims; i++) {
        if (i == first || i == second)
            continue;
        view->shape[n] = view->shape[i];
        view->strides[n++] = view->strides[i];
    }
    view->shape[n] = length;
    view->strides[n++] = by;
    view->n_dims = (uint8_t)n;
    return tensor_result(m, view, "DiagonalBackward0", &self, 1);
}

/* --- Parts ----------------------------------------------------------------------------------------------------------- */

static value part_of(vm *m, value self, int axis, int64_t start, int64_t length, const char *grad_fn)
{
    struct array *view = array_view(m, self.u.tensor->array);
    view->offset += start * view->strides[axis];
    view->shape[axis] = length;
    return tensor_result(m, view, grad_fn, &self, 1);
}

static value tensor_narrow(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    take_arguments(m, "narrow", "dim start length", arguments, a);
    int axis = torch_axis(m, a[0], self.u.tensor->array->n_dims);
    int64_t n = self.u.tensor->array->n_dims > 0 ? self.u.tensor->array->shape[axis] : 0;
    int64_t start = to_int64(m, a[1], "start"), length = to_int64(m, a[2], "length");
    start = start < 0 ? start + n : start;
    if (start < 0 || length < 0 || start > n - length)
        fail(m, "RuntimeError: start (%lld) + length (%lld) exceeds dimension size (%lld).", (long long)start,
             (long long)length, (long long)n);
    return part_of(m, self, axis, start, length, "SliceBackward0");
}

static value tensor_select_method(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "select", "dim index", arguments, a);
    if (self.u.tensor->array->n_dims == 0)
        fail(m, "IndexError: select() cannot be applied to a 0-dim tensor.");
    return tensor_select(m, self, torch_axis(m, a[0], self.u.tensor->array->n_dims), to_int64(m, a[1], "index"));
}

static value split_by(vm *m, value self, int axis, int64_t length)
{
    int64_t n = self.u.tensor->array->shape[axis];
    value parts = make_sequence(m, V_LIST, 0);
    if (length <= 0 && !(length == 0 && n == 0))
        fail(m, "RuntimeError: split expects split_size be non-negative, but got split_size=%lld", (long long)length);
    int64_t start = 0;
    do {
        step(m, 1);
        int64_t now = n - start < length ? n - start : length;
        append(m, parts, part_of(m, self, axis, start, now, "SplitBackward0"));
        start += length;
    } while (start < n);
    parts.kind = V_TUPLE;
    parts.u.o->kind = V_TUPLE;
    return parts;
}

static void require_axes(vm *m, value self, const char *function)
{
    if (self.u.tensor->array->n_dims == 0)
        fail(m, "RuntimeError: %s expects at least a 1-dimensional tensor", function);
}

static value tensor_split(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "split", "split_size dim=", arguments, a);
    require_axes(m, self, "split");
    const struct array *from = self.u.tensor->array;
    int axis = torch_axis(m, is_none(a[1]) ? INT(0) : a[1], from->n_dims);
    if (!is_sequence(a[0]))
        return split_by(m, self, axis, to_int64(m, a[0], "split_size"));
    const struct sequence *sizes = a[0].u.seq;
    value parts = make_sequence(m, V_TUPLE, sizes->n);
    int64_t start = 0;
    bool good = true;
    for (size_t i = 0; i < sizes->n && good; i++) {
        int64_t now = to_int64(m, sizes->items[i], "split_size");
        good = now >= 0 && now <= from->shape[axis] - start;
        if (good)
            parts.u.seq->items[i] = part_of(m, self, axis, start, now, "SplitWithSizesBackward0");
        start += good ? now : 0;
    }
    if (!good || start != from->shape[axis]) {
        struct writer w = writer_start(m);
        value list = to_list(m, a[0]);
        put_repr(&w, list);
        fail(m,
             "RuntimeError: split_with_sizes expects split_sizes to sum exactly to %lld (input tensor's size at "
             "dimension "
             "%d), but got split_sizes=%.200s",
             (long long)from->shape[axis], axis, written(&w));
    }
    return parts;
}

static value tensor_chunk(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "chunk", "chunks dim=", arguments, a);
    require_axes(m, self, "chunk");
    int axis = torch_axis(m, is_none(a[1]) ? INT(0) : a[1], self.u.tensor->array->n_dims);
    int64_t chunks = to_int64(m, a[0], "chunks"), n = self.u.tensor->array->shape[axis];
    if (chunks <= 0)
        fail(m, "RuntimeError: chunk expects `chunks` to be greater than 0, got: %lld", (long long)chunks);
    if (n == 0)
        fail(m, "chunk() of an axis of size 0 is not supported");
    return split_by(m, self, axis, (n - 1) / chunks + 1);
}

static value tensor_unbind(vm *m, value self, const struct arguments *arguments)
{
    value dim;
    take_arguments(m, "unbind", "dim=", arguments, &dim);
    const struct array *a = self.u.tensor->array;
    if (a->n_dims == 0)
        fail(m, "IndexError: Dimension specified as 0 but tensor has no dimensions");
    int axis = torch_axis(m, is_none(dim) ? INT(0) : dim, a->n_dims);
    value parts = make_sequence(m, V_TUPLE, (size_t)a->shape[axis]);
    for (int64_t i = 0; i < a->shape[axis]; i++)
        parts.u.seq->items[i] = tensor_unbound(m, self, axis, i);
    return parts;
}

/* --- Tables ---------------------------------------------------------------------------------------------------------- */

FUNCTION_OF(reshape)
FUNCTION_OF(flatten)
FUNCTION_OF(ravel)
FUNCTION_OF(unflatten)
FUNCTION_OF(unsqueeze)
FUNCTION_OF(squeeze)
FUNCTION_OF(transpose)
FUNCTION_OF(t)
FUNCTION_OF(permute)
FUNCTION_OF(movedim)
FUNCTION_OF(diagonal)
FUNCTION_OF(narrow)
FUNCTION_OF(split)
FUNCTION_OF(chunk)
FUNCTION_OF(unbind)

const struct native tensor_view_methods[] = {METHOD(reshape),
                                             METHOD(view),
                                             METHOD(view_as),
                                             {"reshape_as", tensor_view_as, NATIVE_FUNCTION, 0},
                                             METHOD(flatten),
                                             METHOD(ravel),
                                             METHOD(unflatten),
                                             METHOD(unsqueeze),
                                             METHOD(squeeze),
                                             METHOD(transpose),
                                             {"swapaxes", tensor_transpose, NATIVE_FUNCTION, 0},
                                             {"swapdims", tensor_transpose, NATIVE_FUNCTION, 0},
                                             METHOD(t),
                                             {"T", tensor_T, NATIVE_PROPERTY, 0},
                                             {"mT", tensor_mT, NATIVE_PROPERTY, 0},
                                             METHOD(permute),
                                             METHOD(movedim),
                                             METHOD(expand),
                                             METHOD(diagonal),
                                             METHOD(narrow),
                                             {"select", tensor_select_method, NATIVE_FUNCTION, 0},
                                             METHOD(split),
                                             METHOD(chunk),
                                             METHOD(unbind),
                                             {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native torch_view_functions[] = {FUNCTION(reshape),
                                              FUNCTION(flatten),
                                              FUNCTION(ravel),
                                              FUNCTION(unflatten),
                                              FUNCTION(unsqueeze),
                                              FUNCTION(squeeze),
                                              FUNCTION(transpose),
                                              {"swapaxes", torch_transpose, NATIVE_FUNCTION, 0},
                                              FUNCTION(t),
                                              FUNCTION(permute),
                                              FUNCTION(movedim),
                                              FUNCTION(diagonal),
                                              FUNCTION(narrow),
                                              FUNCTION(split),
                                              FUNCTION(chunk),
                                              FUNCTION(unbind),
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};
