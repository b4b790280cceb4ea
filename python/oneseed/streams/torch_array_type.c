/* torch_array_type.c - oneseed.torch's Array as Python sees it: items, views, lists, buffers.
 * SPDX-License-Identifier: MIT */
#include "torch_types.h"

#include <structmember.h> /* PyMemberDef */
#include <stdlib.h>       /* malloc, free */
#include <string.h>       /* memcpy */

#include "memory.h" /* stream_memory_free */

/* Slots and flags of the buffer protocol, which is limited from 3.11 only; the same since 3.0, and of types from specs since 3.9. */
enum {
    SLOT_GETBUFFER = 1,
    SLOT_RELEASEBUFFER = 2,
    BUFFER_WRITABLE = 1,
    BUFFER_FORMAT = 4,
    BUFFER_ND = 8,
    BUFFER_STRIDES = 0x10 | BUFFER_ND
};

static PyObject *dtype_name(torch_array *array)
{
    PyObject *name = torch_module_of_type(Py_TYPE(array))->dtypes[array->dtype];
    Py_INCREF(name);
    return name;
}

PyObject *torch_tuple_of(int n, const int64_t *numbers)
{
    PyObject *tuple = PyTuple_New(n);
    for (int k = 0; tuple && k < n; k++)
        PyTuple_SetItem(tuple, k, PyLong_FromLongLong(numbers[k]));
    return tuple;
}

static PyObject *array_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)type, (void)args, (void)kwargs;
    return PyErr_SetString(PyExc_TypeError,
                           "arrays are made by the functions of oneseed.torch: empty(), tensor(), ..."),
           NULL;
}

static void array_free(PyObject *self)
{
    torch_array *array = (torch_array *)self;
    PyTypeObject *type = Py_TYPE(self);
    if (array->weak_references)
        PyObject_ClearWeakRefs(self);
    stream_memory_free(array->memory, array->memory_nbytes);
    Py_XDECREF(array->base);
    ((freefunc)(uintptr_t)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

/* ---- properties ---- */

static PyObject *get_shape(PyObject *self, void *closure)
{
    (void)closure;
    return torch_tuple_of(((torch_array *)self)->ndim, ((torch_array *)self)->dims);
}

static PyObject *get_dtype(PyObject *self, void *closure)
{
    (void)closure;
    return dtype_name((torch_array *)self);
}

static PyObject *get_ndim(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromLong(((torch_array *)self)->ndim);
}

static PyObject *get_nbytes(PyObject *self, void *closure)
{
    (void)closure;
    torch_array *array = (torch_array *)self;
    return PyLong_FromLongLong(array->n * (int64_t)oneseed_torch_dtype_size(array->dtype));
}

static PyObject *get_itemsize(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromSize_t(oneseed_torch_dtype_size(((torch_array *)self)->dtype));
}

static PyObject *get_device(PyObject *self, void *closure)
{
    (void)self, (void)closure;
    return PyUnicode_FromString("cpu");
}

static PyGetSetDef properties[] = {
    {"shape", get_shape, NULL, "The sizes of the dimensions, a tuple.", NULL},
    {"dtype", get_dtype, NULL, "The dtype's name as torch prints it: \"torch.float32\".", NULL},
    {"ndim", get_ndim, NULL, "How many dimensions.", NULL},
    {"itemsize", get_itemsize, NULL, "Bytes of one value.", NULL},
    {"nbytes", get_nbytes, NULL, "Bytes of all values.", NULL},
    {"device", get_device, NULL, "\"cpu\": where the values lie, whosever generator they came from.", NULL},
    {"T", torch_transposed, NULL, "The dimensions turned round; shares the memory.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

/* ---- indices ---- */

/* What is left of an array while an index is read. */
struct cut {
    char *data;
    int n_in, n_out; /* dimensions of the array that were used up, and that the view has */
    int64_t shape[TORCH_MAX_DIMS], strides[TORCH_MAX_DIMS];
};

static int cut_integer(torch_array *array, struct cut *cut, PyObject *index)
{
    int64_t size = array->dims[cut->n_in], at = PyLong_AsLongLong(index);
    if (at == -1 && PyErr_Occurred())
        return -1;
    if (at < -size || at >= size) {
        PyErr_Format(PyExc_IndexError, "index %lld is out of bounds for dimension %d with size %lld", (long long)at,
                     cut->n_in, (long long)size);
        return -1;
    }
    at += at < 0 ? size : 0;
    cut->data += at * torch_strides(array)[cut->n_in++] * (int64_t)oneseed_torch_dtype_size(array->dtype);
    return 0;
}

static int cut_slice(torch_array *array, struct cut *cut, PyObject *slice)
{
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(slice, &start, &stop, &step) < 0)
        return -1;
    if (step <= 0) {
        PyErr_SetString(PyExc_ValueError, "step must be greater than zero");
        return -1;
    }
    int64_t stride = torch_strides(array)[cut->n_in];
    cut->shape[cut->n_out] = PySlice_AdjustIndices((Py_ssize_t)array->dims[cut->n_in], &start, &stop, step);
    cut->strides[cut->n_out++] = stride * step;
    cut->data += start * stride * (int64_t)oneseed_torch_dtype_size(array->dtype);
    cut->n_in++;
    return 0;
}

static void keep(torch_array *array, struct cut *cut, int n)
{
    for (; n > 0; n--, cut->n_out++, cut->n_in++) {
        cut->shape[cut->n_out] = array->dims[cut->n_in];
        cut->strides[cut->n_out] = torch_strides(array)[cut->n_in];
    }
}

/* Ints, slices, ... and None, alone or in a tuple. */
static int cut_by(torch_array *array, struct cut *cut, PyObject *index)
{
    Py_ssize_t n = PyTuple_Check(index) ? PyTuple_Size(index) : 1, n_used = 0, n_new = 0;
    for (Py_ssize_t k = 0; k < n; k++) {
        PyObject *part = PyTuple_Check(index) ? PyTuple_GetItem(index, k) : index;
        n_used += part != Py_Ellipsis && part != Py_None;
        n_new += part == Py_None;
    }
    if (n_used > array->ndim || n_new > TORCH_MAX_DIMS - array->ndim) {
        PyErr_Format(PyExc_IndexError, "too many indices for tensor of dimension %d", array->ndim);
        return -1;
    }
    for (Py_ssize_t k = 0; k < n; k++) {
        PyObject *part = PyTuple_Check(index) ? PyTuple_GetItem(index, k) : index;
        int failed = 0;
        if (part == Py_Ellipsis) {
            keep(array, cut, array->ndim - (int)n_used);
            n_used = array->ndim; /* a second one stands for nothing */
        } else if (part == Py_None) {
            cut->shape[cut->n_out] = 1;
            cut->strides[cut->n_out++] = 1;
        } else if (PySlice_Check(part)) {
            failed = cut_slice(array, cut, part) < 0;
        } else if (PyIndex_Check(part) && !PyBool_Check(part)) {
            failed = cut_integer(array, cut, part) < 0;
        } else {
            torch_type_error(PyExc_IndexError,
                             "only integers, slices (`:`), ellipsis (`...`) and None are valid indices (got %U)", part);
            failed = 1;
        }
        if (failed)
            return -1;
    }
    keep(array, cut, array->ndim - cut->n_in);
    return 0;
}

static PyObject *array_subscript(PyObject *self, PyObject *index)
{
    torch_array *array = (torch_array *)self;
    struct cut cut = {.data = array->data};
    if (cut_by(array, &cut, index) < 0)
        return NULL;
    return (PyObject *)torch_view(array, cut.data, cut.n_out, cut.shape, cut.strides);
}

static int refuse_readonly(torch_array *array)
{
    if (array->is_readonly)
        PyErr_SetString(PyExc_ValueError, "the memory of this array is read-only");
    return array->is_readonly ? -1 : 0;
}

/* Copies the values of an array of the same shape and dtype. */
static int assign_array(torch_array *to, torch_array *from)
{
    if (to->dtype != from->dtype || to->ndim != from->ndim ||
        (to->ndim > 0 && memcmp(to->dims, from->dims, (size_t)to->ndim * sizeof *to->dims) != 0)) {
        PyErr_SetString(PyExc_ValueError, "an array that is assigned must have the same shape and dtype");
        return -1;
    }
    size_t n_bytes = (size_t)to->n * oneseed_torch_dtype_size(to->dtype);
    char *between = malloc(n_bytes + 1);
    if (!between)
        return PyErr_NoMemory(), -1;
    torch_gather(from, between, 0);
    torch_scatter(to, between, 0);
    free(between);
    return 0;
}

/* n_bytes of memory become what its first n_done are, again and again. */
static void repeat(char *to, size_t n_done, size_t n_bytes)
{
    enum { AT_ONCE = 4096 }; /* what is copied stays near */
    while (n_done < n_bytes) {
        size_t n = n_done < AT_ONCE ? n_done : AT_ONCE;
        n = n < n_bytes - n_done ? n : n_bytes - n_done;
        memcpy(to + n_done, to, n);
        n_done += n;
    }
}

static int fill_with(torch_array *array, PyObject *number)
{
    size_t size = oneseed_torch_dtype_size(array->dtype), n_bytes = (size_t)array->n * size;
    char one[8];
    if (torch_set_item(array->dtype, one, number) < 0)
        return -1;
    char *all = torch_is_contiguous(array) ? array->data : malloc(n_bytes + 1);
    if (!all)
        return PyErr_NoMemory(), -1;
    if (n_bytes > 0) {
        memcpy(all, one, size);
        repeat(all, size, n_bytes);
    }
    if (all != array->data) {
        torch_scatter(array, all, 1);
        free(all);
    }
    return 0;
}

static int array_assign(PyObject *self, PyObject *index, PyObject *value)
{
    torch_array *array = (torch_array *)self;
    struct cut cut = {.data = array->data};
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "items of an array cannot be deleted");
        return -1;
    }
    if (refuse_readonly(array) < 0 || cut_by(array, &cut, index) < 0)
        return -1;
    torch_array *view = torch_view(array, cut.data, cut.n_out, cut.shape, cut.strides);
    if (!view)
        return -1;
    int status = Py_TYPE(value) == Py_TYPE(self) && ((torch_array *)value)->ndim > 0
                     ? assign_array(view, (torch_array *)value)
                     : fill_with(view, value);
    Py_DECREF(view);
    return status;
}

static Py_ssize_t array_length(PyObject *self)
{
    torch_array *array = (torch_array *)self;
    if (array->ndim > 0)
        return (Py_ssize_t)array->dims[0];
    PyErr_SetString(PyExc_TypeError, "len() of a 0-d tensor");
    return -1;
}

/* For iteration, which ends at the IndexError. */
static PyObject *array_at(PyObject *self, Py_ssize_t k)
{
    torch_array *array = (torch_array *)self;
    if (array->ndim == 0)
        return PyErr_SetString(PyExc_TypeError, "iteration over a 0-d tensor"), NULL;
    if (k < 0 || k >= array->dims[0])
        return PyErr_SetString(PyExc_IndexError, "index out of range"), NULL;
    char *data = array->data + (int64_t)k * torch_strides(array)[0] * (int64_t)oneseed_torch_dtype_size(array->dtype);
    return (PyObject *)torch_view(array, data, array->ndim - 1, array->dims + 1, torch_strides(array) + 1);
}

/* ---- values ---- */

static PyObject *list_of(torch_array *array, const char *data, int dim)
{
    if (dim == array->ndim)
        return torch_item(array->dtype, data);
    int64_t step = torch_strides(array)[dim] * (int64_t)oneseed_torch_dtype_size(array->dtype);
    PyObject *list = PyList_New((Py_ssize_t)array->dims[dim]);
    for (int64_t k = 0; list && k < array->dims[dim]; k++) {
        PyObject *item = list_of(array, data + k * step, dim + 1);
        if (!item) {
            Py_DECREF(list);
            return NULL;
        }
        PyList_SetItem(list, (Py_ssize_t)k, item);
    }
    return list;
}

static PyObject *array_tolist(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    return list_of((torch_array *)self, ((torch_array *)self)->data, 0);
}

static PyObject *array_item(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    torch_array *array = (torch_array *)self;
    if (array->n == 1)
        return torch_item(array->dtype, array->data);
    return PyErr_Format(PyExc_RuntimeError, "a Tensor with %lld elements cannot be converted to Scalar",
                        (long long)array->n);
}

/* The number behind float(), int(), bool() and operator.index(). */
static PyObject *array_float(PyObject *self)
{
    PyObject *item = array_item(self, NULL), *number = item ? PyNumber_Float(item) : NULL;
    Py_XDECREF(item);
    return number;
}

static PyObject *array_int(PyObject *self)
{
    PyObject *item = array_item(self, NULL), *number = item ? PyNumber_Long(item) : NULL;
    Py_XDECREF(item);
    return number;
}

static PyObject *array_index(PyObject *self)
{
    if (torch_is_floating(((torch_array *)self)->dtype) || ((torch_array *)self)->n != 1)
        return PyErr_SetString(PyExc_TypeError,
                               "only integer tensors of a single element can be converted to an index"),
               NULL;
    return array_int(self);
}

static int array_truth(PyObject *self)
{
    torch_array *array = (torch_array *)self;
    if (array->n != 1) {
        PyErr_Format(PyExc_RuntimeError, "Boolean value of Tensor with %s is ambiguous",
                     array->n ? "more than one value" : "no values");
        return -1;
    }
    PyObject *item = torch_item(array->dtype, array->data);
    int truth = item ? PyObject_IsTrue(item) : -1;
    Py_XDECREF(item);
    return truth;
}

/* As torch prints a tensor of these values. */
static PyObject *array_repr(PyObject *self)
{
    PyObject *printing = PyImport_ImportModule("oneseed._torch_print");
    PyObject *text = printing ? PyObject_CallMethod(printing, "text", "O", self) : NULL;
    Py_XDECREF(printing);
    return text;
}

/* Of no dimensions as its number, for f"{loss:.4f}". */
static PyObject *array_format(PyObject *self, PyObject *format)
{
    if (((torch_array *)self)->ndim > 0)
        return PyObject_CallMethod((PyObject *)&PyBaseObject_Type, "__format__", "OO", self, format);
    PyObject *item = array_item(self, NULL), *text = item ? PyObject_Format(item, format) : NULL;
    Py_XDECREF(item);
    return text;
}

/* ---- buffers ---- */

/* Letters of struct; bfloat16 has none and is its 16 bits. */
static const char *const formats[TORCH_N_DTYPES] = {
    [ONESEED_TORCH_FLOAT32] = "f",  [ONESEED_TORCH_FLOAT64] = "d", [ONESEED_TORCH_FLOAT16] = "e",
    [ONESEED_TORCH_BFLOAT16] = "H", [ONESEED_TORCH_UINT8] = "B",   [ONESEED_TORCH_INT8] = "b",
    [ONESEED_TORCH_INT16] = "h",    [ONESEED_TORCH_INT32] = "i",   [ONESEED_TORCH_INT64] = "q",
    [ONESEED_TORCH_BOOL] = "?",     [ONESEED_TORCH_UINT16] = "H",  [ONESEED_TORCH_UINT32] = "I",
    [ONESEED_TORCH_UINT64] = "Q",
};

static int array_get_buffer(PyObject *self, python_buffer *view, int flags)
{
    torch_array *array = (torch_array *)self;
    Py_ssize_t n_bytes = (Py_ssize_t)oneseed_torch_dtype_size(array->dtype);
    const char *problem = NULL;
    if ((flags & BUFFER_WRITABLE) && array->is_readonly)
        problem = "the memory of this array is read-only";
    /* The bits beyond BUFFER_STRIDES ask for an order; only C's is known here. */
    int wants_order = (flags & BUFFER_STRIDES) != BUFFER_STRIDES || (flags & 0x20);
    if (!problem && wants_order && !torch_is_contiguous(array))
        problem = "the array is not contiguous";
    if (!problem && (flags & 0x40) && array->ndim > 1)
        problem = "the array is not in Fortran's order";
    view->obj = NULL;
    if (problem) {
        PyErr_SetString(PyExc_BufferError, problem);
        return -1;
    }
    Py_ssize_t *dims = malloc(((size_t)array->ndim * 2 + 1) * sizeof *dims);
    if (!dims)
        return PyErr_NoMemory(), -1;
    for (int k = 0; k < array->ndim; k++) {
        dims[k] = (Py_ssize_t)array->dims[k];
        dims[array->ndim + k] = (Py_ssize_t)torch_strides(array)[k] * n_bytes;
    }
    Py_INCREF(self);
    view->buf = array->data;
    view->obj = self;
    view->len = (Py_ssize_t)array->n * n_bytes;
    view->itemsize = n_bytes;
    view->readonly = array->is_readonly;
    view->ndim = array->ndim;
    view->format = flags & BUFFER_FORMAT ? (char *)(uintptr_t)formats[array->dtype] : NULL;
    view->shape = flags & BUFFER_ND ? dims : NULL;
    view->strides = (flags & BUFFER_STRIDES) == BUFFER_STRIDES ? dims + array->ndim : NULL;
    view->suboffsets = NULL;
    view->internal = dims;
    return 0;
}

static void array_release_buffer(PyObject *self, python_buffer *view)
{
    (void)self;
    free(view->internal);
}

static int is_little_endian(void)
{
    const uint16_t one = 1;
    return *(const unsigned char *)&one;
}

int torch_dtype_of_format(const char *format, size_t n_bytes, oneseed_torch_dtype *out)
{
    if (!format)
        format = "B";
    if (*format == '@' || *format == '=' || (*format == '<' && is_little_endian()))
        format++;
    char letter = *format;
    if (letter == 'l' || letter == 'n')
        letter = n_bytes == 8 ? 'q' : 'i';
    if (letter == 'L' || letter == 'N')
        letter = n_bytes == 8 ? 'Q' : 'I';
    for (int k = 0; k < TORCH_N_DTYPES; k++)
        if (letter && !format[1] && *formats[k] == letter && k != ONESEED_TORCH_BFLOAT16 &&
            oneseed_torch_dtype_size((oneseed_torch_dtype)k) == n_bytes)
            return *out = (oneseed_torch_dtype)k, 1;
    return 0;
}

/* ---- methods ---- */

static PyObject *array_numel(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    return PyLong_FromLongLong(((torch_array *)self)->n);
}

static PyObject *array_dim(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    return get_ndim(self, NULL);
}

static PyObject *array_element_size(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    return get_itemsize(self, NULL);
}

static PyObject *array_data_ptr(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    return PyLong_FromVoidPtr(((torch_array *)self)->data);
}

static PyObject *array_fill(PyObject *self, PyObject *value)
{
    if (refuse_readonly((torch_array *)self) < 0 || fill_with((torch_array *)self, value) < 0)
        return NULL;
    Py_INCREF(self);
    return self;
}

static PyObject *array_zero(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    torch_array *array = (torch_array *)self;
    if (torch_is_contiguous(array) && !array->is_readonly) {
        memset(array->data, 0, (size_t)array->n * oneseed_torch_dtype_size(array->dtype));
        Py_INCREF(self);
        return self;
    }
    PyObject *zero = PyLong_FromLong(0), *done = zero ? array_fill(self, zero) : NULL;
    Py_XDECREF(zero);
    return done;
}

/* numpy(): NumPy's array over the same memory. */
static PyObject *array_numpy(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    if (((torch_array *)self)->dtype == ONESEED_TORCH_BFLOAT16)
        return PyErr_SetString(PyExc_TypeError, "Got unsupported ScalarType BFloat16"), NULL;
    PyObject *numpy = PyImport_ImportModule("numpy");
    PyObject *made = numpy ? PyObject_CallMethod(numpy, "asarray", "O", self) : NULL;
    Py_XDECREF(numpy);
    return made;
}

/* Without it bytes() would take an array of one integer for a length. */
static PyObject *array_bytes(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    torch_array *array = (torch_array *)self, *whole = torch_contiguous(torch_module_of_type(Py_TYPE(self)), array);
    if (!whole)
        return NULL;
    PyObject *bytes = PyBytes_FromStringAndSize(whole->data, (Py_ssize_t)whole->n *
                                                                 (Py_ssize_t)oneseed_torch_dtype_size(array->dtype));
    Py_DECREF(whole);
    return bytes;
}

/* _set_bytes(bytes): the values of a new array. */
static PyObject *array_set_bytes(PyObject *self, PyObject *bytes)
{
    torch_array *array = (torch_array *)self;
    if (refuse_readonly(array) < 0)
        return NULL;
    if (!PyBytes_Check(bytes) || !torch_is_contiguous(array) ||
        PyBytes_Size(bytes) != (Py_ssize_t)array->n * (Py_ssize_t)oneseed_torch_dtype_size(array->dtype))
        return PyErr_SetString(PyExc_ValueError, "want as many bytes as the array has"), NULL;
    memcpy(array->data, PyBytes_AsString(bytes), (size_t)PyBytes_Size(bytes));
    Py_RETURN_NONE;
}

/* (rebuild, (bytes, shape, dtype)): for pickle and copy. */
static PyObject *array_reduce(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    torch_array *array = (torch_array *)self, *whole = torch_contiguous(torch_module_of_type(Py_TYPE(self)), array);
    PyObject *package = PyImport_ImportModule("oneseed.torch"), *shape = get_shape(self, NULL), *made = NULL;
    PyObject *rebuild = package ? PyObject_GetAttrString(package, "_rebuild_array") : NULL;
    if (whole && shape && rebuild)
        made = Py_BuildValue("O(y#OO)", rebuild, whole->data,
                             (Py_ssize_t)whole->n * (Py_ssize_t)oneseed_torch_dtype_size(array->dtype), shape,
                             torch_module_of_type(Py_TYPE(self))->dtypes[array->dtype]);
    Py_XDECREF(whole);
    Py_XDECREF(package);
    Py_XDECREF(shape);
    Py_XDECREF(rebuild);
    return made;
}

static PyMethodDef own_methods[] = {
    {"tolist", array_tolist, METH_NOARGS, "tolist(): the values as nested lists; of no dimensions the number."},
    {"item", array_item, METH_NOARGS, "item(): the only value as a Python number."},
    {"__format__", array_format, METH_O, "format(array, spec): of no dimensions its number's."},
    {"numel", array_numel, METH_NOARGS, "numel(): how many values."},
    {"nelement", array_numel, METH_NOARGS, "nelement(): how many values."},
    {"dim", array_dim, METH_NOARGS, "dim(): how many dimensions."},
    {"element_size", array_element_size, METH_NOARGS, "element_size(): bytes of one value."},
    {"data_ptr", array_data_ptr, METH_NOARGS, "data_ptr(): the address of the first value."},
    {"fill_", array_fill, METH_O, "fill_(value): every element becomes the value."},
    {"zero_", array_zero, METH_NOARGS, "zero_(): every element becomes 0."},
    {"numpy", array_numpy, METH_NOARGS, "numpy(): NumPy's array over the same memory; not of bfloat16."},
    {"__bytes__", array_bytes, METH_NOARGS,
     "bytes(array): the values as they lie in memory, in the order of their indices."},
    {"_set_bytes", array_set_bytes, METH_O, NULL},
    {"__reduce__", array_reduce, METH_NOARGS, "For pickle."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(torch_array, weak_references), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static const char documentation[] =
    "Values of one dtype in memory of their own, made by oneseed.torch.\n\n"
    "torch.from_dlpack(array), numpy.asarray(array) and memoryview(array) share the memory, which lives as long as "
    "any\n"
    "of them; in a buffer a bfloat16 is its 16 bits, an uint16. Indices are ints, slices, ... and None.";

int torch_add_array(PyObject *module, torch_module *m)
{
    static PyMethodDef methods[64]; /* the tables of all files, the same at each call */
    PyMethodDef *tables[] = {own_methods, torch_view_methods, torch_dlpack_methods, torch_inplace_methods},
                *to = methods;
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++)
        for (PyMethodDef *from = tables[k]; from->ml_name; from++)
            *to++ = *from;
    PyType_Slot slots[] = {
        {Py_tp_new, (void *)(uintptr_t)array_new},
        {Py_tp_dealloc, (void *)(uintptr_t)array_free},
        {Py_tp_methods, methods},
        {Py_tp_members, members},
        {Py_tp_getset, properties},
        {Py_tp_repr, (void *)(uintptr_t)array_repr},
        {Py_tp_doc, (void *)(uintptr_t)documentation},
        {Py_mp_subscript, (void *)(uintptr_t)array_subscript},
        {Py_mp_ass_subscript, (void *)(uintptr_t)array_assign},
        {Py_mp_length, (void *)(uintptr_t)array_length},
        {Py_sq_length, (void *)(uintptr_t)array_length},
        {Py_sq_item, (void *)(uintptr_t)array_at},
        {Py_nb_float, (void *)(uintptr_t)array_float},
        {Py_nb_int, (void *)(uintptr_t)array_int},
        {Py_nb_index, (void *)(uintptr_t)array_index},
        {Py_nb_bool, (void *)(uintptr_t)array_truth},
        {SLOT_GETBUFFER, (void *)(uintptr_t)array_get_buffer},
        {SLOT_RELEASEBUFFER, (void *)(uintptr_t)array_release_buffer},
        {0, NULL},
    };
    PyType_Spec spec = {"oneseed.torch.Array", offsetof(torch_array, dims), sizeof(int64_t), Py_TPFLAGS_DEFAULT, slots};
    m->array = (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
    if (!m->array)
        return -1;
    Py_INCREF(m->array);
    if (PyModule_AddObject(module, "TorchArray", (PyObject *)m->array) < 0) {
        Py_DECREF(m->array);
        return -1;
    }
    return 0;
}
