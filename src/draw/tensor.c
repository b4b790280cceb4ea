/* tensor.c - tensors as values: what they are made of, and what may be read or written.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isnan, ldexp, trunc */
#include <string.h> /* memcpy */

#include "draw/tensor.h"
#include "oneseed.h" /* oneseed_torch_cpu_here */

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
    if (m->torch.no_grad)
        return;
    if (t->is_view)
        fail(m, "writing into a view of a tensor that requires grad is not supported");
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
        if (t->requires_grad && grad_fn && dtype_is_float(array->dt) && !m->torch.no_grad) {
            v.u.tensor->requires_grad = true;
            v.u.tensor->grad_fn = grad_fn;
            v.u.tensor->is_view = array->buffer == t->array->buffer;
        }
    }
    return v;
}

bool torch_contracts(const vm *m)
{
    uint32_t cpu = m->settings.torch_cpu ? m->settings.torch_cpu : (uint32_t)oneseed_torch_cpu_here();
    return cpu != ONESEED_TORCH_CPU_DEFAULT;
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

/* --- Shapes and memory ------------------------------------------------------------------------------------------------ */

void tensor_broadcast_shapes(vm *m, const struct array *a, const struct array *b, int *n_dims_out, int64_t *shape)
{
    int n_dims = a->n_dims > b->n_dims ? a->n_dims : b->n_dims;
    for (int i = n_dims; i-- > 0;) {
        int in_a = i - (n_dims - a->n_dims), in_b = i - (n_dims - b->n_dims);
        int64_t n_a = in_a >= 0 ? a->shape[in_a] : 1, n_b = in_b >= 0 ? b->shape[in_b] : 1;
        if (n_a != n_b && n_a != 1 && n_b != 1)
            fail(m,
                 "RuntimeError: The size of tensor a (%lld) must match the size of tensor b (%lld) at non-singleton "
                 "dimension %d",
                 (long long)n_a, (long long)n_b, i);
        shape[i] = n_a == 1 ? n_b : n_a;
    }
    *n_dims_out = n_dims;
}

/* Should `first` (now the inner axis) change places with `second`? As TensorIteratorBase::reorder_dimensions. */
static int compare_axes(struct array *const *operands, size_t n, const int64_t *shape, int first, int second)
{
    for (size_t k = 0; k < n; k++) {
        int64_t s = operands[k]->strides[first], t = operands[k]->strides[second];
        if (s == 0 || t == 0)
            continue;
        if (s != t)
            return s < t ? -1 : 1;
        if (shape[first] > shape[second])
            return 1;
    }
    return 0;
}

bool tensor_is_dense(const struct array *a)
{
    int order[MAX_DIMS], n = 0; /* axes of more than one element, the inner one first */
    for (int i = 0; i < a->n_dims; i++) {
        if (a->shape[i] < 2)
            continue;
        int at = n++;
        for (; at > 0 && a->strides[order[at - 1]] > a->strides[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    int64_t stride = a->item_nbytes;
    for (int i = 0; i < n; stride *= a->shape[order[i++]])
        if (a->strides[order[i]] != stride)
            return false;
    return true;
}

/* Dense operands of one shape whose axes lie alike: so does the result. */
static bool lie_alike(struct array *const *operands, size_t n, int n_dims)
{
    for (size_t k = 0; k < n; k++) {
        if (!tensor_is_dense(operands[k]))
            return false;
        for (int i = 0; i < n_dims; i++)
            if (operands[k]->strides[i] / (int64_t)operands[k]->item_nbytes !=
                operands[0]->strides[i] / (int64_t)operands[0]->item_nbytes)
                return false;
    }
    return true;
}

/* The order of images in memory: channels next to each other, then columns, rows, images. */
static const int channels_last[] = {1, 3, 2, 0};

static bool is_channels_last(const struct array *a)
{
    int64_t stride = a->item_nbytes;
    if (a->n_dims != 4 || array_size(a) == 0)
        return false;
    for (int i = 0; i < 4; stride *= a->shape[channels_last[i++]])
        if (a->shape[channels_last[i]] != 1 && a->strides[channels_last[i]] != stride)
            return false;
    return true;
}

struct array *tensor_like(vm *m, dtype dt, int n_dims, const int64_t *shape, struct array *const *operands, size_t n)
{
    struct array *out = array_new(m, dt, n_dims, shape, 0);
    bool plain = true;
    for (size_t k = 0; k < n; k++)
        plain = plain && array_is_contiguous(operands[k]);
    if (plain || n_dims < 2)
        return out;
    bool images = true;
    for (size_t k = 0; k < n; k++)
        images = images && is_channels_last(operands[k]);
    if (images) {
        int64_t stride = out->item_nbytes;
        for (int i = 0; i < 4; stride *= shape[channels_last[i++]])
            out->strides[channels_last[i]] = stride;
        return out;
    }
    if (lie_alike(operands, n, n_dims)) {
        for (int i = 0; i < n_dims; i++)
            out->strides[i] = operands[0]->strides[i] / (int64_t)operands[0]->item_nbytes * (int64_t)out->item_nbytes;
        return out;
    }
    int order[MAX_DIMS]; /* the inner axis first */
    for (int i = 0; i < n_dims; i++)
        order[i] = n_dims - 1 - i;
    for (int i = 1; i < n_dims; i++) {
        int at = i;
        for (int k = i - 1; k >= 0; k--) {
            int c = compare_axes(operands, n, shape, order[k], order[at]);
            if (c > 0) {
                int swap = order[k];
                order[k] = order[at];
                order[at] = swap;
                at = k;
            } else if (c < 0) {
                break;
            }
        }
    }
    int64_t stride = out->item_nbytes;
    for (int i = 0; i < n_dims; i++) {
        out->strides[order[i]] = stride;
        stride *= shape[order[i]];
    }
    return out;
}

void tensor_copy(vm *m, struct array *to, const struct array *from)
{
    struct array *source = tensor_cast(m, from, (dtype)to->dt); /* a copy: they may overlap */
    if (from->n_dims > to->n_dims) {                            /* leading axes of one element count for nothing */
        struct array *shorter = array_view(m, source);
        int more = from->n_dims - to->n_dims;
        for (int i = 0; i < from->n_dims; i++) {
            if (i < more && from->shape[i] != 1)
                more = -1;
        }
        if (more > 0) {
            shorter->n_dims = to->n_dims;
            for (int i = 0; i < to->n_dims; i++) {
                shorter->shape[i] = source->shape[i + more];
                shorter->strides[i] = source->strides[i + more];
            }
            source = shorter;
        }
    }
    bool fits = source->n_dims <= to->n_dims;
    for (int i = 0; fits && i < source->n_dims; i++)
        fits = source->shape[i] == 1 || source->shape[i] == to->shape[to->n_dims - source->n_dims + i];
    if (!fits) {
        struct writer w = writer_start(m);
        int axis = to->n_dims - 1;
        for (int i = source->n_dims - 1; axis >= 0 && i >= 0; i--, axis--)
            if (source->shape[i] != 1 && source->shape[i] != to->shape[axis])
                break;
        int more = source->n_dims - to->n_dims;
        if (more > 0)
            put_format(&w,
                       "expand: the number of sizes provided (%d) must be greater or equal to the number of dimensions "
                       "in the tensor (%d)",
                       to->n_dims, source->n_dims);
        else
            put_format(&w,
                       "The expanded size of the tensor (%lld) must match the existing size (%lld) at non-singleton "
                       "dimension %d.  Target sizes: ",
                       (long long)to->shape[axis], (long long)source->shape[axis + more], axis);
        if (more <= 0) {
            put_shape(&w, to->shape, to->n_dims);
            put_text(&w, ".  Tensor sizes: ");
            put_shape(&w, source->shape, source->n_dims);
        }
        fail(m, "RuntimeError: %s", written(&w));
    }
    source = array_broadcast(m, source, to->n_dims, to->shape);
    struct cursor d = cursor_start(to);
    step(m, (uint64_t)array_size(to));
    for (struct cursor c = cursor_start(source); cursor_more(&c); cursor_next(&c), cursor_next(&d))
        memcpy(to->buffer->bytes + d.offset, source->buffer->bytes + c.offset, to->item_nbytes);
}

value tensor_item(vm *m, value t)
{
    const struct array *a = tensor_values(m, t, "a tensor");
    if (array_size(a) != 1)
        fail(m, "RuntimeError: a Tensor with %lld elements cannot be converted to Scalar", (long long)array_size(a));
    return scalar_item(m, array_item(m, a, a->offset));
}

value tensor_numpy(vm *m, value t)
{
    struct array *a = tensor_values(m, t, "a tensor");
    if (t.u.tensor->requires_grad)
        fail(m, "RuntimeError: Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.");
    if (t.u.tensor->device != DEVICE_CPU)
        type_error(m,
                   "can't convert %s:%d device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host "
                   "memory first.",
                   device_name(t.u.tensor->device), t.u.tensor->device_index);
    if (a->dt == DT_BFLOAT16)
        type_error(m, "Got unsupported ScalarType BFloat16");
    return array_value(a);
}

/* --- Sizes and axes --------------------------------------------------------------------------------------------------- */

void put_shape(struct writer *w, const int64_t *shape, int n_dims)
{
    put_text(w, "[");
    for (int i = 0; i < n_dims; i++)
        put_format(w, i ? ", %lld" : "%lld", (long long)shape[i]);
    put_text(w, "]");
}

int torch_axis(vm *m, value v, int n_dims)
{
    int64_t i = to_int64(m, v, "dim"), n = n_dims > 0 ? n_dims : 1;
    if (i < -n || i >= n)
        fail(m, "IndexError: Dimension out of range (expected to be in range of [%lld, %lld], but got %lld)",
             (long long)-n, (long long)(n - 1), (long long)i);
    return (int)(i < 0 ? i + n : i);
}

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
            put_shape(&w, shape, (int)n);
            fail(m, "RuntimeError: Trying to create tensor with negative dimension %lld: %s", (long long)shape[i],
                 written(&w));
        }
    return (int)n;
}
