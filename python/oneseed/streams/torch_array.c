/* torch_array.c - memory of oneseed.torch's arrays: making them, views, and the orders in which they are walked.
 * SPDX-License-Identifier: MIT */
#include "torch_types.h"

#include <string.h> /* memcpy */

#include "memory.h" /* stream_memory */

/* ---- making ---- */

static torch_array *allocate(PyTypeObject *type, int ndim)
{
    allocfunc alloc = (allocfunc)(uintptr_t)PyType_GetSlot(type, Py_tp_alloc);
    torch_array *array = (torch_array *)alloc(type, 2 * (Py_ssize_t)ndim);
    if (array)
        array->ndim = ndim;
    return array;
}

/* The message has the whole shape. */
static void *refuse_shape(int ndim, const int64_t *shape, const char *before)
{
    PyObject *list = PyList_New(ndim);
    for (int k = 0; list && k < ndim; k++)
        PyList_SetItem(list, k, PyLong_FromLongLong(shape[k]));
    if (list)
        PyErr_Format(PyExc_RuntimeError, "%s%R", before, list);
    Py_XDECREF(list);
    return NULL;
}

torch_array *torch_new(torch_module *m, oneseed_torch_dtype dtype, int ndim, const int64_t *shape)
{
    char before[80];
    uint64_t n = 1, n_bytes = oneseed_torch_dtype_size(dtype);
    int overflows = 0;
    for (int k = 0; k < ndim; k++)
        if (shape[k] < 0) {
            PyOS_snprintf(before, sizeof before,
                          "Trying to create tensor with negative dimension %lld: ", (long long)shape[k]);
            return refuse_shape(ndim, shape, before);
        }
    for (int k = 0; k < ndim; k++) {
        overflows |= shape[k] != 0 && n > (uint64_t)INT64_MAX / (uint64_t)shape[k];
        n *= (uint64_t)shape[k];
    }
    if (overflows || n > (uint64_t)INT64_MAX / n_bytes)
        return refuse_shape(ndim, shape, "Storage size calculation overflowed with sizes=");
    torch_array *array = allocate(m->array, ndim);
    if (!array)
        return NULL;
    array->n = (int64_t)n;
    array->dtype = dtype;
    array->memory_nbytes = n * n_bytes;
    array->memory = stream_memory(array->memory_nbytes);
    if (!array->memory) {
        Py_DECREF(array);
        return PyErr_Format(PyExc_RuntimeError,
                            "[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried to "
                            "allocate %llu bytes.",
                            (unsigned long long)n * n_bytes),
               NULL;
    }
    array->data = array->memory;
    int64_t stride = 1, *strides = torch_strides(array);
    for (int k = ndim; k-- > 0;) {
        array->dims[k] = shape[k];
        strides[k] = stride;
        stride *= shape[k] > 1 ? shape[k] : 1;
    }
    return array;
}

torch_array *torch_view(torch_array *of, char *data, int ndim, const int64_t *shape, const int64_t *strides)
{
    torch_array *view = allocate(Py_TYPE(of), ndim);
    if (!view)
        return NULL;
    view->base = of->base ? of->base : (PyObject *)of;
    Py_INCREF(view->base);
    view->dtype = of->dtype;
    view->is_readonly = of->is_readonly;
    view->data = data;
    view->n = 1;
    for (int k = 0; k < ndim; k++) {
        view->dims[k] = shape[k];
        view->n *= shape[k];
    }
    if (ndim > 0)
        memcpy(torch_strides(view), strides, (size_t)ndim * sizeof *strides);
    return view;
}

torch_array *torch_new_over(torch_module *m, PyObject *owner, char *data, oneseed_torch_dtype dtype, int ndim)
{
    torch_array *array = allocate(m->array, ndim);
    if (!array)
        return NULL;
    Py_INCREF(owner);
    array->base = owner;
    array->data = data;
    array->dtype = dtype;
    return array;
}

/* ---- orders ---- */

int torch_is_contiguous(const torch_array *array)
{
    int64_t want = 1;
    const int64_t *strides = array->dims + array->ndim;
    if (array->n == 0)
        return 1;
    for (int k = array->ndim; k-- > 0;) {
        if (array->dims[k] != 1 && strides[k] != want)
            return 0;
        want *= array->dims[k];
    }
    return 1;
}

void torch_memory_order(const torch_array *array, int order[TORCH_MAX_DIMS])
{
    const int64_t *strides = array->dims + array->ndim;
    for (int k = 0; k < array->ndim; k++) {
        int at = k;
        for (; at > 0 && strides[order[at - 1]] < strides[k]; at--)
            order[at] = order[at - 1];
        order[at] = k;
    }
}

/* A walk over the elements: the last dimension of `order` is the quickest. */
struct walk {
    int ndim;
    int64_t shape[TORCH_MAX_DIMS], stride[TORCH_MAX_DIMS], index[TORCH_MAX_DIMS];
};

static void start_walk(struct walk *walk, const torch_array *array, int by_memory, size_t n_bytes)
{
    int order[TORCH_MAX_DIMS];
    for (int k = 0; k < array->ndim; k++)
        order[k] = k;
    if (by_memory)
        torch_memory_order(array, order);
    walk->ndim = array->ndim;
    for (int k = 0; k < array->ndim; k++) {
        walk->shape[k] = array->dims[order[k]];
        walk->stride[k] = array->dims[array->ndim + order[k]] * (int64_t)n_bytes;
        walk->index[k] = 0;
    }
}

/* How far to the next element, in bytes. */
static int64_t step_of(struct walk *walk)
{
    int64_t offset = 0;
    for (int k = walk->ndim; k-- > 0;) {
        offset += walk->stride[k];
        if (++walk->index[k] < walk->shape[k])
            return offset;
        offset -= walk->stride[k] * walk->shape[k];
        walk->index[k] = 0;
    }
    return offset;
}

/* copy_one with a constant size is one instruction. */
static void copy_element(char *to, const char *from, size_t n_bytes)
{
    switch (n_bytes) {
    case 1:
        *to = *from;
        break;
    case 2:
        memcpy(to, from, 2);
        break;
    case 4:
        memcpy(to, from, 4);
        break;
    default:
        memcpy(to, from, 8);
    }
}

void torch_scatter(torch_array *array, const char *from, int by_memory)
{
    size_t n_bytes = oneseed_torch_dtype_size(array->dtype);
    struct walk walk;
    char *to = array->data;
    start_walk(&walk, array, by_memory, n_bytes);
    for (int64_t k = 0; k < array->n; k++, to += step_of(&walk), from += n_bytes)
        copy_element(to, from, n_bytes);
}

void torch_gather(const torch_array *array, char *to, int by_memory)
{
    size_t n_bytes = oneseed_torch_dtype_size(array->dtype);
    struct walk walk;
    const char *from = array->data;
    start_walk(&walk, array, by_memory, n_bytes);
    for (int64_t k = 0; k < array->n; k++, from += step_of(&walk), to += n_bytes)
        copy_element(to, from, n_bytes);
}

torch_array *torch_contiguous(torch_module *m, torch_array *array)
{
    if (torch_is_contiguous(array)) {
        Py_INCREF(array);
        return array;
    }
    torch_array *copy = torch_new(m, array->dtype, array->ndim, array->dims);
    if (copy)
        torch_gather(array, copy->data, 0);
    return copy;
}

/* Dense: in the order of its memory each stride is the product of the sizes behind it. */
static int is_dense(const torch_array *array, const int order[TORCH_MAX_DIMS])
{
    int64_t want = 1;
    for (int k = array->ndim; k-- > 0;) {
        int64_t size = array->dims[order[k]];
        if (size != 1 && array->dims[array->ndim + order[k]] != want)
            return 0;
        want *= size;
    }
    return 1;
}

torch_array *torch_like(torch_module *m, torch_array *array, oneseed_torch_dtype dtype)
{
    int order[TORCH_MAX_DIMS];
    torch_array *made = torch_new(m, dtype, array->ndim, array->dims);
    if (!made || torch_is_contiguous(array))
        return made;
    torch_memory_order(array, order);
    int64_t stride = 1, *strides = torch_strides(made);
    if (is_dense(array, order)) {
        memcpy(strides, array->dims + array->ndim, (size_t)array->ndim * sizeof *strides);
        return made;
    }
    for (int k = array->ndim; k-- > 0;) { /* dense in the same order of dimensions */
        strides[order[k]] = stride;
        stride *= array->dims[order[k]] > 1 ? array->dims[order[k]] : 1;
    }
    return made;
}
