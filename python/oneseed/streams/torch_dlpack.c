/* torch_dlpack.c - oneseed.torch's arrays in and out of other libraries: DLPack 0.8 and 1.x, and buffers.
 * SPDX-License-Identifier: MIT */
#include "torch_types.h"

#include <stdlib.h> /* malloc, free */

/* ---- DLPack's structs, of https://dmlc.github.io/dlpack/latest/c_api.html ---- */

enum { KIND_INT = 0, KIND_UINT = 1, KIND_FLOAT = 2, KIND_BFLOAT = 4, KIND_BOOL = 6 };
enum { DEVICE_CPU = 1, DEVICE_CUDA_HOST = 3, FLAG_READ_ONLY = 1 };

struct dl_tensor {
    void *data;
    int32_t device_type, device_id;
    int32_t ndim;
    uint8_t kind, bits;
    uint16_t lanes;
    int64_t *shape, *strides;
    uint64_t byte_offset;
};

struct dl_managed { /* "dltensor" */
    struct dl_tensor tensor;
    void *context;
    void (*deleter)(struct dl_managed *);
};

struct dl_versioned { /* "dltensor_versioned" */
    uint32_t major, minor;
    void *context;
    void (*deleter)(struct dl_versioned *);
    uint64_t flags;
    struct dl_tensor tensor;
};

static const struct {
    uint8_t kind, bits;
} codes[TORCH_N_DTYPES] = {
    [ONESEED_TORCH_FLOAT32] = {KIND_FLOAT, 32}, [ONESEED_TORCH_FLOAT64] = {KIND_FLOAT, 64},
    [ONESEED_TORCH_FLOAT16] = {KIND_FLOAT, 16}, [ONESEED_TORCH_BFLOAT16] = {KIND_BFLOAT, 16},
    [ONESEED_TORCH_UINT8] = {KIND_UINT, 8},     [ONESEED_TORCH_INT8] = {KIND_INT, 8},
    [ONESEED_TORCH_INT16] = {KIND_INT, 16},     [ONESEED_TORCH_INT32] = {KIND_INT, 32},
    [ONESEED_TORCH_INT64] = {KIND_INT, 64},     [ONESEED_TORCH_BOOL] = {KIND_BOOL, 8},
    [ONESEED_TORCH_UINT16] = {KIND_UINT, 16},   [ONESEED_TORCH_UINT32] = {KIND_UINT, 32},
    [ONESEED_TORCH_UINT64] = {KIND_UINT, 64},
};

/* ---- out ---- */

static void fill_tensor(struct dl_tensor *tensor, torch_array *array)
{
    tensor->data = array->data;
    tensor->device_type = DEVICE_CPU;
    tensor->device_id = 0;
    tensor->ndim = array->ndim;
    tensor->kind = codes[array->dtype].kind;
    tensor->bits = codes[array->dtype].bits;
    tensor->lanes = 1;
    tensor->shape = array->dims;
    tensor->strides = torch_strides(array);
    tensor->byte_offset = 0;
}

/* Called by whoever took the tensor, in any thread, also when Python is gone already. */
static void release(void *context)
{
    if (!Py_IsInitialized())
        return;
    PyGILState_STATE gil = PyGILState_Ensure();
    Py_DECREF((PyObject *)context);
    PyGILState_Release(gil);
}

static void delete_managed(struct dl_managed *managed)
{
    release(managed->context);
    free(managed);
}

static void delete_versioned(struct dl_versioned *managed)
{
    release(managed->context);
    free(managed);
}

/* A capsule that somebody took has another name. */
static void capsule_gone(PyObject *capsule)
{
    if (PyCapsule_IsValid(capsule, "dltensor"))
        delete_managed(PyCapsule_GetPointer(capsule, "dltensor"));
    else if (PyCapsule_IsValid(capsule, "dltensor_versioned"))
        delete_versioned(PyCapsule_GetPointer(capsule, "dltensor_versioned"));
}

static PyObject *export_managed(torch_array *array)
{
    struct dl_managed *managed = malloc(sizeof *managed);
    if (!managed)
        return PyErr_NoMemory();
    fill_tensor(&managed->tensor, array);
    managed->context = array;
    managed->deleter = delete_managed;
    PyObject *capsule = PyCapsule_New(managed, "dltensor", capsule_gone);
    if (capsule)
        Py_INCREF(array);
    else
        free(managed);
    return capsule;
}

static PyObject *export_versioned(torch_array *array)
{
    struct dl_versioned *managed = malloc(sizeof *managed);
    if (!managed)
        return PyErr_NoMemory();
    fill_tensor(&managed->tensor, array);
    managed->major = 1;
    managed->minor = 0;
    managed->flags = array->is_readonly ? FLAG_READ_ONLY : 0;
    managed->context = array;
    managed->deleter = delete_versioned;
    PyObject *capsule = PyCapsule_New(managed, "dltensor_versioned", capsule_gone);
    if (capsule)
        Py_INCREF(array);
    else
        free(managed);
    return capsule;
}

/* (major, minor): whether the consumer knows versions, from 1.0 on. */
static int read_version(PyObject *object, long *major)
{
    *major = 0;
    if (torch_is_none(object))
        return 0;
    PyObject *first = PySequence_GetItem(object, 0);
    *major = first ? PyLong_AsLong(first) : -1;
    Py_XDECREF(first);
    return PyErr_Occurred() ? -1 : 0;
}

/* A device other than None and (1, 0) is none of ours. */
static int check_device(PyObject *object)
{
    if (torch_is_none(object))
        return 0;
    PyObject *type = PySequence_GetItem(object, 0);
    long number = type ? PyLong_AsLong(type) : -1;
    Py_XDECREF(type);
    if (!PyErr_Occurred() && number != DEVICE_CPU)
        PyErr_Format(PyExc_BufferError, "dl_device: the array is on the CPU, (1, 0); %R was asked for", object);
    return PyErr_Occurred() ? -1 : 0;
}

static PyObject *array_dlpack(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"__dlpack__", 1, {"stream", "max_version", "dl_device", "copy"}};
    PyObject *values[4];
    torch_array *array = (torch_array *)self;
    long major;
    if (torch_arguments(&signature, args, n, kwnames, values) < 0 || read_version(values[1], &major) < 0 ||
        check_device(values[2]) < 0)
        return NULL;
    if (major < 1 && array->is_readonly)
        return PyErr_SetString(PyExc_BufferError, "the memory is read-only, which DLPack can say from version 1.0 on"),
               NULL;
    int wants_copy = torch_is_none(values[3]) ? 0 : PyObject_IsTrue(values[3]);
    if (wants_copy < 0)
        return NULL;
    if (!wants_copy)
        return major < 1 ? export_managed(array) : export_versioned(array);
    PyObject *copy = PyObject_CallMethod(self, "clone", NULL), *capsule = NULL;
    if (copy)
        capsule = major < 1 ? export_managed((torch_array *)copy) : export_versioned((torch_array *)copy);
    Py_XDECREF(copy);
    return capsule;
}

static PyObject *array_dlpack_device(PyObject *self, PyObject *nothing)
{
    (void)self, (void)nothing;
    return Py_BuildValue("(ii)", DEVICE_CPU, 0);
}

PyMethodDef torch_dlpack_methods[] = {
    {"__dlpack__", TORCH_METHOD(array_dlpack), TORCH_FAST,
     "__dlpack__(*, stream=None, max_version=None, dl_device=None, copy=None): a capsule for from_dlpack() of another "
     "library, which shares the memory; a versioned one (DLPack 1.0) when max_version says that it is known."},
    {"__dlpack_device__", array_dlpack_device, METH_NOARGS, "__dlpack_device__(): (1, 0), the CPU."},
    {NULL, NULL, 0, NULL},
};

/* ---- in ---- */

static void owner_gone(PyObject *capsule)
{
    struct dl_managed *managed = PyCapsule_GetPointer(capsule, "oneseed.dltensor");
    if (managed->deleter)
        managed->deleter(managed);
}

static void versioned_owner_gone(PyObject *capsule)
{
    struct dl_versioned *managed = PyCapsule_GetPointer(capsule, "oneseed.dltensor_versioned");
    if (managed->deleter)
        managed->deleter(managed);
}

static int dtype_of_code(const struct dl_tensor *tensor, oneseed_torch_dtype *out)
{
    for (int k = 0; k < TORCH_N_DTYPES; k++)
        if (tensor->lanes == 1 && codes[k].kind == tensor->kind && codes[k].bits == tensor->bits)
            return *out = (oneseed_torch_dtype)k, 1;
    return 0;
}

/* What is none of ours has an exception; the capsule is not taken then. */
static int check_tensor(const struct dl_tensor *tensor, oneseed_torch_dtype *dtype)
{
    if (tensor->device_type != DEVICE_CPU && tensor->device_type != DEVICE_CUDA_HOST)
        PyErr_SetString(PyExc_BufferError, "the tensor is not in the memory of the CPU");
    else if (!dtype_of_code(tensor, dtype))
        PyErr_Format(PyExc_TypeError,
                     "a tensor of DLPack's type %d with %d bits and %d lanes: none of oneseed.torch's dtypes",
                     tensor->kind, tensor->bits, tensor->lanes);
    else if (tensor->ndim < 0 || tensor->ndim > TORCH_MAX_DIMS)
        PyErr_Format(PyExc_ValueError, "a tensor of %d dimensions: at most %d are known", tensor->ndim, TORCH_MAX_DIMS);
    return PyErr_Occurred() ? -1 : 0;
}

static int refuse_negative_strides(const torch_array *array)
{
    for (int k = 0; k < array->ndim; k++)
        if (array->dims[array->ndim + k] < 0) {
            PyErr_SetString(PyExc_ValueError,
                            "At least one stride in the given numpy array is negative, and tensors with "
                            "negative strides are not currently supported.");
            return -1;
        }
    return 0;
}

static torch_array *finish(torch_array *array)
{
    array->n = 1;
    for (int k = 0; k < array->ndim; k++)
        array->n *= array->dims[k];
    if (refuse_negative_strides(array) < 0) {
        Py_DECREF(array);
        return NULL;
    }
    return array;
}

static torch_array *array_over(torch_module *m, PyObject *owner, const struct dl_tensor *tensor,
                               oneseed_torch_dtype dtype)
{
    torch_array *array = torch_new_over(m, owner, (char *)tensor->data + tensor->byte_offset, dtype, tensor->ndim);
    if (!array)
        return NULL;
    int64_t stride = 1;
    for (int k = tensor->ndim; k-- > 0;) {
        array->dims[k] = tensor->shape[k];
        torch_strides(array)[k] = tensor->strides ? tensor->strides[k] : stride;
        stride *= tensor->shape[k];
    }
    return finish(array);
}

static torch_array *take_capsule(torch_module *m, PyObject *capsule)
{
    int is_versioned = PyCapsule_IsValid(capsule, "dltensor_versioned"), is_readonly = 0;
    struct dl_tensor *tensor;
    PyObject *owner;
    oneseed_torch_dtype dtype = ONESEED_TORCH_FLOAT32;
    if (is_versioned) {
        struct dl_versioned *managed = PyCapsule_GetPointer(capsule, "dltensor_versioned");
        if (managed->major > 1)
            return PyErr_Format(PyExc_BufferError, "DLPack %u is not known here", managed->major), NULL;
        tensor = &managed->tensor;
        is_readonly = (managed->flags & FLAG_READ_ONLY) != 0;
    } else if (PyCapsule_IsValid(capsule, "dltensor")) {
        tensor = &((struct dl_managed *)PyCapsule_GetPointer(capsule, "dltensor"))->tensor;
    } else {
        return PyErr_SetString(PyExc_ValueError, "__dlpack__() gave no capsule of DLPack's that is still to be taken"),
               NULL;
    }
    if (check_tensor(tensor, &dtype) < 0)
        return NULL;
    owner = is_versioned ? PyCapsule_New(PyCapsule_GetPointer(capsule, "dltensor_versioned"),
                                         "oneseed.dltensor_versioned", versioned_owner_gone)
                         : PyCapsule_New(PyCapsule_GetPointer(capsule, "dltensor"), "oneseed.dltensor", owner_gone);
    if (!owner)
        return NULL;
    if (PyCapsule_SetName(capsule, is_versioned ? "used_dltensor_versioned" : "used_dltensor") < 0) {
        PyCapsule_SetDestructor(owner, NULL);
        Py_DECREF(owner);
        return NULL;
    }
    torch_array *array = array_over(m, owner, tensor, dtype);
    Py_DECREF(owner);
    if (array)
        array->is_readonly = is_readonly;
    return array;
}

/* __dlpack__(max_version=(1, 0)), and without it for those that do not know the parameter. */
static PyObject *ask_for_capsule(PyObject *object)
{
    PyObject *method = PyObject_GetAttrString(object, "__dlpack__"), *none = method ? PyTuple_New(0) : NULL;
    PyObject *keywords = none ? Py_BuildValue("{s:(ii)}", "max_version", 1, 0) : NULL;
    PyObject *capsule = keywords ? PyObject_Call(method, none, keywords) : NULL;
    if (!capsule && keywords && PyErr_ExceptionMatches(PyExc_TypeError)) {
        PyErr_Clear();
        capsule = PyObject_CallObject(method, NULL);
    }
    Py_XDECREF(method);
    Py_XDECREF(none);
    Py_XDECREF(keywords);
    return capsule;
}

torch_array *torch_from_dlpack(torch_module *m, PyObject *object)
{
    if (PyCapsule_CheckExact(object))
        return take_capsule(m, object);
    PyObject *capsule = ask_for_capsule(object);
    torch_array *array = capsule ? take_capsule(m, capsule) : NULL;
    Py_XDECREF(capsule);
    return array;
}

/* ---- buffers ---- */

static void buffer_gone(PyObject *capsule)
{
    python_buffer *view = PyCapsule_GetPointer(capsule, "oneseed.buffer");
    PyBuffer_Release(view);
    free(view);
}

/* An array over what PyObject_GetBuffer gives, which the array's owner gives back. */
static torch_array *from_buffer(torch_module *m, PyObject *object)
{
    enum { FULL_READ_ONLY = 0x11c }; /* PyBUF_FULL_RO: a format and any strides */
    python_buffer *view = malloc(sizeof *view);
    oneseed_torch_dtype dtype;
    if (!view)
        return PyErr_NoMemory(), NULL;
    if (PyObject_GetBuffer(object, view, FULL_READ_ONLY) < 0) {
        free(view);
        return NULL;
    }
    PyObject *owner = PyCapsule_New(view, "oneseed.buffer", buffer_gone);
    if (!owner) {
        PyBuffer_Release(view);
        free(view);
        return NULL;
    }
    torch_array *array = NULL;
    if (view->suboffsets || !torch_dtype_of_format(view->format, (size_t)view->itemsize, &dtype))
        PyErr_Format(PyExc_TypeError, "a buffer of items %s: none of oneseed.torch's dtypes",
                     view->format ? view->format : "");
    else if (view->ndim > TORCH_MAX_DIMS)
        PyErr_Format(PyExc_ValueError, "a buffer of %d dimensions: at most %d are known", view->ndim, TORCH_MAX_DIMS);
    else
        array = torch_new_over(m, owner, view->buf, dtype, view->ndim);
    Py_DECREF(owner);
    if (!array)
        return NULL;
    array->is_readonly = view->readonly;
    for (int k = 0; k < view->ndim; k++) {
        array->dims[k] = view->shape[k];
        torch_strides(array)[k] = view->strides[k] / view->itemsize;
        if (view->strides[k] % view->itemsize != 0) {
            Py_DECREF(array);
            return PyErr_SetString(PyExc_ValueError,
                                   "given numpy array strides not a multiple of the element byte size"),
                   NULL;
        }
    }
    return finish(array);
}

torch_array *torch_as_array(torch_module *m, PyObject *object, const char *what)
{
    if (Py_TYPE(object) == m->array) {
        Py_INCREF(object);
        return (torch_array *)object;
    }
    PyObject *method = PyObject_GetAttrString(object, "__dlpack__");
    if (method) {
        Py_DECREF(method);
        torch_array *taken = torch_from_dlpack(m, object);
        /* NumPy before 2 gives no read-only memory and no bools: then as a buffer. */
        if (taken || !(PyErr_ExceptionMatches(PyExc_BufferError) || PyErr_ExceptionMatches(PyExc_RuntimeError)))
            return taken;
    }
    PyErr_Clear();
    if (PyObject_CheckBuffer(object))
        return from_buffer(m, object);
    char format[160];
    PyOS_snprintf(format, sizeof format, "%s must be Tensor, not %%U", what);
    torch_type_error(PyExc_TypeError, format, object);
    return NULL;
}

torch_array *torch_from_numpy(torch_module *m, PyObject *object)
{
    if (PyObject_CheckBuffer(object)) {
        torch_array *array = from_buffer(m, object);
        if (array || PyErr_ExceptionMatches(PyExc_ValueError))
            return array;
        PyErr_Clear();
    }
    return torch_as_array(m, object, "from_numpy(): argument 'ndarray' (position 1)");
}
