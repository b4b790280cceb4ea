/* torch_views.c - other views of oneseed.torch's arrays: dimensions in another order or shape, and copies.
 * SPDX-License-Identifier: MIT */
#include "torch_types.h"

#include <stdlib.h> /* malloc, free */

static PyObject *permuted(torch_array *array, const int *order)
{
    int64_t shape[TORCH_MAX_DIMS], strides[TORCH_MAX_DIMS];
    for (int k = 0; k < array->ndim; k++) {
        shape[k] = array->dims[order[k]];
        strides[k] = torch_strides(array)[order[k]];
    }
    return (PyObject *)torch_view(array, array->data, array->ndim, shape, strides);
}

PyObject *torch_transposed(PyObject *self, void *closure)
{
    (void)closure;
    int order[TORCH_MAX_DIMS], ndim = ((torch_array *)self)->ndim;
    for (int k = 0; k < ndim; k++)
        order[k] = ndim - 1 - k;
    return permuted((torch_array *)self, order);
}

static PyObject *array_is_contiguous(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    return PyBool_FromLong(torch_is_contiguous((torch_array *)self));
}

static int read_dim(torch_array *array, PyObject *object, int64_t *dim)
{
    int64_t n = array->ndim > 0 ? array->ndim : 1;
    *dim = PyLong_AsLongLong(object);
    if (*dim == -1 && PyErr_Occurred())
        return -1;
    if (*dim >= -n && *dim < n) {
        *dim += *dim < 0 ? n : 0;
        return 0;
    }
    PyErr_Format(PyExc_IndexError, "Dimension out of range (expected to be in range of [%lld, %lld], but got %lld)",
                 (long long)-n, (long long)n - 1, (long long)*dim);
    return -1;
}

static PyObject *one_or_all(PyObject *self, PyObject *const *args, Py_ssize_t n, const int64_t *numbers)
{
    torch_array *array = (torch_array *)self;
    int64_t dim;
    if (n == 0)
        return torch_tuple_of(array->ndim, numbers);
    if (n > 1)
        return PyErr_SetString(PyExc_TypeError, "want at most one dimension"), NULL;
    if (read_dim(array, args[0], &dim) < 0)
        return NULL;
    return PyLong_FromLongLong(numbers[dim]);
}

static PyObject *array_size(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    return one_or_all(self, args, n, ((torch_array *)self)->dims);
}

static PyObject *array_stride(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    return one_or_all(self, args, n, torch_strides((torch_array *)self));
}

static PyObject *array_contiguous(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    return (PyObject *)torch_contiguous(torch_module_of_type(Py_TYPE(self)), (torch_array *)self);
}

static PyObject *array_clone(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    torch_array *array = (torch_array *)self;
    torch_array *copy = torch_like(torch_module_of_type(Py_TYPE(self)), array, array->dtype);
    char *between = copy ? malloc((size_t)array->n * oneseed_torch_dtype_size(array->dtype) + 1) : NULL;
    if (!between) {
        Py_XDECREF(copy);
        return copy ? PyErr_NoMemory() : NULL;
    }
    torch_gather(array, between, 0);
    torch_scatter(copy, between, 0);
    free(between);
    return (PyObject *)copy;
}

static PyObject *array_permute(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    torch_array *array = (torch_array *)self;
    struct torch_size size;
    int order[TORCH_MAX_DIMS], seen[TORCH_MAX_DIMS] = {0};
    if (torch_read_size("permute", args, n, 1, &size) < 0)
        return NULL;
    if (size.ndim != array->ndim)
        return PyErr_Format(
            PyExc_RuntimeError,
            "permute(sparse_coo): number of dimensions in the tensor input does not match the length "
            "of the desired ordering of dimensions i.e. input.dim() = %d is not equal to len(dims) = %d",
            array->ndim, size.ndim);
    for (int k = 0; k < array->ndim; k++) {
        int64_t dim = size.dims[k] + (size.dims[k] < 0 ? array->ndim : 0);
        if (dim < 0 || dim >= array->ndim)
            return PyErr_Format(PyExc_IndexError,
                                "Dimension out of range (expected to be in range of [%d, %d], but got %lld)",
                                -array->ndim, array->ndim - 1, (long long)size.dims[k]);
        if (seen[dim]++)
            return PyErr_SetString(PyExc_RuntimeError, "permute(): duplicate dims are not allowed."), NULL;
        order[k] = (int)dim;
    }
    return permuted(array, order);
}

static PyObject *array_transpose(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    torch_array *array = (torch_array *)self;
    int order[TORCH_MAX_DIMS];
    int64_t a, b;
    if (n != 2)
        return PyErr_SetString(PyExc_TypeError, "transpose(): want two dimensions"), NULL;
    if (read_dim(array, args[0], &a) < 0 || read_dim(array, args[1], &b) < 0)
        return NULL;
    for (int k = 0; k < array->ndim; k++)
        order[k] = k == a ? (int)b : k == b ? (int)a : k;
    return permuted(array, order);
}

static PyObject *array_t(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    int ndim = ((torch_array *)self)->ndim;
    if (ndim > 2)
        return PyErr_Format(PyExc_RuntimeError, "t() expects a tensor with <= 2 dimensions, but self is %dD", ndim);
    return torch_transposed(self, NULL);
}

/* One size may be -1: what is left. A contiguous array is viewed, another is copied first. */
static PyObject *array_reshape(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    torch_array *array = (torch_array *)self;
    struct torch_size size;
    if (torch_read_size("reshape", args, n, 1, &size) < 0)
        return NULL;
    int64_t known = 1, strides[TORCH_MAX_DIMS], stride = 1;
    int open = -1;
    for (int k = 0; k < size.ndim; k++) {
        if (size.dims[k] == -1 && open < 0)
            open = k;
        else if (size.dims[k] < 0)
            return PyErr_Format(PyExc_RuntimeError, "invalid shape dimension %lld", (long long)size.dims[k]);
        else
            known *= size.dims[k];
    }
    if (open >= 0 && known > 0 && array->n % known == 0)
        size.dims[open] = array->n / known;
    else if (open >= 0 || known != array->n)
        return PyErr_Format(PyExc_RuntimeError, "shape is invalid for input of size %lld", (long long)array->n);
    for (int k = size.ndim; k-- > 0;) {
        strides[k] = stride;
        stride *= size.dims[k] > 1 ? size.dims[k] : 1;
    }
    torch_array *whole = torch_contiguous(torch_module_of_type(Py_TYPE(self)), array);
    if (!whole)
        return NULL;
    torch_array *view = torch_view(whole, whole->data, size.ndim, size.dims, strides);
    Py_DECREF(whole);
    return (PyObject *)view;
}

PyMethodDef torch_view_methods[] = {
    {"is_contiguous", array_is_contiguous, METH_NOARGS,
     "is_contiguous(): whether the values lie in the order of their indices."},
    {"size", TORCH_METHOD(array_size), METH_FASTCALL, "size([dim]): the shape, or one of its numbers."},
    {"stride", TORCH_METHOD(array_stride), METH_FASTCALL, "stride([dim]): steps in values, not bytes."},
    {"contiguous", array_contiguous, METH_NOARGS,
     "contiguous(): the array itself, or a copy in the order of its indices."},
    {"clone", array_clone, METH_NOARGS, "clone(): a copy; one that is dense keeps the order of its memory."},
    {"__copy__", array_clone, METH_NOARGS, "For copy.copy: a copy."},
    {"permute", TORCH_METHOD(array_permute), METH_FASTCALL,
     "permute(*dims): the dimensions in this order; shares the memory."},
    {"transpose", TORCH_METHOD(array_transpose), METH_FASTCALL, "transpose(dim0, dim1): shares the memory."},
    {"t", array_t, METH_NOARGS, "t(): transposed, of at most two dimensions; shares the memory."},
    {"reshape", TORCH_METHOD(array_reshape), METH_FASTCALL,
     "reshape(*shape): one size may be -1; shares the memory where it can."},
    {"view", TORCH_METHOD(array_reshape), METH_FASTCALL, "view(*shape): as reshape()."},
    {NULL, NULL, 0, NULL},
};
