/* torch_layout.c - PyTorch's memory formats: which strides they give, and which format strides look like.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "draw/bind_torch.h" /* torch_empty_like */

/* The axes of images and of volumes from the inner one out: channels lie next to each other (c10/core/MemoryFormat.h, 1.13 to 2.13). */
static const int axes_of_images[] = {1, 3, 2, 0}, axes_of_volumes[] = {1, 4, 3, 2, 0};

static const int *axes_of(memory_format format, int *n_out)
{
    *n_out = format == FORMAT_CHANNELS_LAST ? 4 : 5;
    return format == FORMAT_CHANNELS_LAST ? axes_of_images : axes_of_volumes;
}

memory_format memory_format_from(vm *m, value v, memory_format otherwise)
{
    static const char *const names[] = {[FORMAT_PRESERVE] = "preserve_format",
                                        [FORMAT_CONTIGUOUS] = "contiguous_format",
                                        [FORMAT_CHANNELS_LAST] = "channels_last",
                                        [FORMAT_CHANNELS_LAST_3D] = "channels_last_3d"};
    if (is_none(v))
        return otherwise;
    for (size_t i = 0; v.kind == V_NATIVE && i < sizeof names / sizeof *names; i++)
        if (strcmp(v.u.native->name, names[i]) == 0)
            return (memory_format)i;
    type_error(m, "argument 'memory_format' must be torch.memory_format, not %s", type_name(v));
}

struct array *tensor_new(vm *m, dtype dt, int n_dims, const int64_t *shape, memory_format format)
{
    struct array *a = array_new(m, dt, n_dims, shape, 0);
    if (format == FORMAT_PRESERVE)
        fail(m, "RuntimeError: unsupported memory format option Preserve");
    if (format == FORMAT_CONTIGUOUS)
        return a;
    int n;
    const int *axes = axes_of(format, &n);
    if (n_dims != n)
        fail(m, "RuntimeError: required rank %d tensor to use channels_last%s format", n, n == 4 ? "" : "_3d");
    int64_t stride = a->item_nbytes;
    for (int i = 0; i < n; stride *= shape[axes[i++]])
        a->strides[axes[i]] = stride;
    return a;
}

struct array *tensor_new_like(vm *m, const struct array *a, dtype dt, memory_format format)
{
    return format == FORMAT_PRESERVE ? torch_empty_like(m, a, dt) : tensor_new(m, dt, a->n_dims, a->shape, format);
}

bool tensor_is_contiguous_in(const struct array *a, memory_format format)
{
    if (format == FORMAT_CONTIGUOUS || format == FORMAT_PRESERVE)
        return array_size(a) == 0 || array_is_contiguous(a);
    int n;
    const int *axes = axes_of(format, &n);
    int64_t stride = a->item_nbytes;
    for (int i = 0; a->n_dims == n && i < n; stride *= a->shape[axes[i++]])
        if (a->shape[axes[i]] != 1 && a->strides[axes[i]] != stride)
            return false;
    return a->n_dims == n;
}

/* Do the strides grow as in that format? Where axes of one element leave it open they do not (c10's is_channels_last_strides_2d). */
static bool looks_like(const struct array *a, memory_format format)
{
    int n;
    const int *axes = axes_of(format, &n);
    int64_t least = 0;
    if (a->n_dims != n || a->strides[1] == 0)
        return false;
    for (int i = 0; i < n; i++) {
        int axis = axes[i];
        if (a->shape[axis] == 0 || a->strides[axis] < least || (axis == 0 && least == a->strides[1]))
            return false;
        least = a->strides[axis] * (a->shape[axis] > 1 ? a->shape[axis] : 1);
    }
    return true;
}

memory_format tensor_format(const struct array *a)
{
    return looks_like(a, FORMAT_CHANNELS_LAST)      ? FORMAT_CHANNELS_LAST
           : looks_like(a, FORMAT_CHANNELS_LAST_3D) ? FORMAT_CHANNELS_LAST_3D
                                                    : FORMAT_CONTIGUOUS;
}
