/* torch_module.c - oneseed.torch's part of the extension: what it keeps, and functions that make arrays without drawing.
 * SPDX-License-Identifier: MIT */
#include "torch_draws.h"

torch_module *torch_module_of(PyObject *module)
{
    return &((struct streams_state *)PyModule_GetState(module))->torch;
}

torch_module *torch_module_of_type(PyTypeObject *type)
{
    return &((struct streams_state *)PyType_GetModuleState(type))->torch;
}

/* ---- the default generator and dtype ---- */

static PyObject *py_get_default_dtype(PyObject *module, PyObject *nothing)
{
    (void)nothing;
    torch_module *m = torch_module_of(module);
    Py_INCREF(m->dtypes[m->default_dtype]);
    return m->dtypes[m->default_dtype];
}

static PyObject *py_set_default_dtype(PyObject *module, PyObject *object)
{
    torch_module *m = torch_module_of(module);
    oneseed_torch_dtype dtype;
    if (torch_read_dtype(m, object, &dtype) < 0)
        return NULL;
    if (!torch_is_floating(dtype))
        return PyErr_SetString(PyExc_TypeError, "only floating-point types are supported as the default type"), NULL;
    m->default_dtype = dtype;
    Py_RETURN_NONE;
}

/* ---- arrays ---- */

static PyObject *py_empty(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"empty", 0, {"size", TORCH_OPTIONS, "memory_format"}};
    torch_module *m = torch_module_of(module);
    PyObject *values[TORCH_MAX_PARAMETERS];
    struct torch_size size;
    struct torch_options options;
    if (torch_read_sized(&signature, args, n, kwnames, values, &size) < 0)
        return NULL;
    int are_read = torch_read_options(m, values + 1, m->default_dtype, &options);
    if (are_read == 0)
        torch_refuse_call(&signature, args, n, kwnames);
    torch_array *array = are_read > 0 ? torch_make_out(m, &options, size.ndim, size.dims) : NULL;
    return array ? torch_finish(array, &options, 0) : NULL;
}

static PyObject *py_empty_like(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"empty_like", 1, {"input", TORCH_LIKE_OPTIONS}};
    torch_module *m = torch_module_of(module);
    PyObject *values[TORCH_MAX_PARAMETERS];
    struct torch_options options;
    if (torch_arguments(&signature, args, n, kwnames, values) < 0)
        return NULL;
    if (!values[0])
        return torch_refuse_call(&signature, args, n, kwnames), NULL;
    torch_array *like = torch_as_array(m, values[0], "empty_like(): argument 'input' (position 1)"), *made = NULL;
    if (!like)
        return NULL;
    int are_read = torch_read_like_options(m, values + 1, like->dtype, &options);
    if (are_read == 0)
        torch_refuse_call(&signature, args, n, kwnames);
    if (are_read > 0)
        made = torch_like(m, like, options.dtype);
    Py_DECREF(like);
    return (PyObject *)made;
}

static PyObject *py_from_dlpack(PyObject *module, PyObject *object)
{
    return (PyObject *)torch_from_dlpack(torch_module_of(module), object);
}

/* as_array(object): an Array over the object's memory. */
static PyObject *py_as_array(PyObject *module, PyObject *object)
{
    return (PyObject *)torch_as_array(torch_module_of(module), object, "as_tensor(): argument 'data' (position 1)");
}

static PyObject *py_from_numpy(PyObject *module, PyObject *object)
{
    return (PyObject *)torch_from_numpy(torch_module_of(module), object);
}

/* ---- nested sequences ---- */

/* The shape of nested lists and tuples by their first items, and the widest kind of their numbers: 0 bool, 1 int, 2 float. */
static int measure(PyObject *data, struct torch_size *size, int depth, int *kind)
{
    if (!PyList_Check(data) && !PyTuple_Check(data)) {
        int own = PyBool_Check(data) ? 0 : PyIndex_Check(data) ? 1 : 2;
        *kind = own > *kind ? own : *kind;
        if (depth != size->ndim) {
            PyErr_Format(PyExc_ValueError, "expected sequence of length %lld at dim %d (got 0)",
                         (long long)size->dims[depth], depth);
            return -1;
        }
        return 0;
    }
    Py_ssize_t n = PySequence_Size(data);
    if (n < 0)
        return -1;
    if (depth == TORCH_MAX_DIMS || (depth == size->ndim && size->dims[TORCH_MAX_DIMS - 1] == -2)) {
        PyErr_SetString(PyExc_ValueError, "too many dimensions");
        return -1;
    }
    if (n != size->dims[depth]) {
        PyErr_Format(PyExc_ValueError, "expected sequence of length %lld at dim %d (got %zd)",
                     (long long)size->dims[depth], depth, n);
        return -1;
    }
    for (Py_ssize_t k = 0; k < n; k++) {
        PyObject *item = PySequence_GetItem(data, k);
        int status = item ? measure(item, size, depth + 1, kind) : -1;
        Py_XDECREF(item);
        if (status < 0)
            return -1;
    }
    return 0;
}

static int shape_of(PyObject *data, struct torch_size *size)
{
    size->ndim = 0;
    Py_INCREF(data);
    while (PyList_Check(data) || PyTuple_Check(data)) {
        Py_ssize_t n = PySequence_Size(data);
        PyObject *first = NULL;
        if (n >= 0 && size->ndim == TORCH_MAX_DIMS)
            PyErr_SetString(PyExc_ValueError, "too many dimensions");
        else if (n >= 0)
            size->dims[size->ndim++] = n;
        if (n > 0 && !PyErr_Occurred())
            first = PySequence_GetItem(data, 0);
        Py_DECREF(data);
        if (!first)
            return PyErr_Occurred() ? -1 : 0;
        data = first;
    }
    Py_DECREF(data);
    return 0;
}

static int copy_items(PyObject *data, torch_array *to, int depth, char **at)
{
    if (depth == to->ndim) {
        int status = torch_set_item(to->dtype, *at, data);
        *at += oneseed_torch_dtype_size(to->dtype);
        return status;
    }
    for (Py_ssize_t k = 0; k < (Py_ssize_t)to->dims[depth]; k++) {
        PyObject *item = PySequence_GetItem(data, k);
        int status = item ? copy_items(item, to, depth + 1, at) : -1;
        Py_XDECREF(item);
        if (status < 0)
            return -1;
    }
    return 0;
}

static torch_array *from_sequence(torch_module *m, PyObject *data, PyObject *dtype_object)
{
    struct torch_size size;
    oneseed_torch_dtype dtype;
    int kind = 0;
    if (shape_of(data, &size) < 0 || measure(data, &size, 0, &kind) < 0)
        return NULL;
    dtype = kind == 0 && size.ndim == 0 ? ONESEED_TORCH_BOOL : kind == 1 ? ONESEED_TORCH_INT64 : m->default_dtype;
    if (kind == 0)
        dtype = size.ndim > 0 && size.dims[size.ndim - 1] == 0 ? m->default_dtype : ONESEED_TORCH_BOOL;
    if (!torch_is_none(dtype_object) && torch_read_dtype(m, dtype_object, &dtype) < 0)
        return NULL;
    torch_array *array = torch_new(m, dtype, size.ndim, size.dims);
    char *at = array ? array->data : NULL;
    if (array && copy_items(data, array, 0, &at) < 0) {
        Py_DECREF(array);
        return NULL;
    }
    return array;
}

/* _tensor(data, dtype): a copy of nested sequences, numbers, or whatever has memory of its own. */
static PyObject *py_tensor(PyObject *module, PyObject *args)
{
    torch_module *m = torch_module_of(module);
    PyObject *data, *dtype_object = Py_None;
    oneseed_torch_dtype dtype;
    if (!PyArg_ParseTuple(args, "O|O:tensor", &data, &dtype_object))
        return NULL;
    if (PyList_Check(data) || PyTuple_Check(data) ||
        (PyNumber_Check(data) && !PyObject_HasAttrString(data, "__dlpack__")))
        return (PyObject *)from_sequence(m, data, dtype_object);
    torch_array *given = torch_as_array(m, data, "tensor(): argument 'data' (position 1)"), *made = NULL;
    if (!given)
        return NULL;
    dtype = given->dtype;
    if (torch_is_none(dtype_object) || torch_read_dtype(m, dtype_object, &dtype) == 0) {
        if (dtype == given->dtype) {
            made = torch_new(m, dtype, given->ndim, given->dims);
            if (made)
                torch_gather(given, made->data, 0);
        } else {
            PyObject *list = PyObject_CallMethod((PyObject *)given, "tolist", NULL);
            made = list ? from_sequence(m, list, dtype_object) : NULL;
            Py_XDECREF(list);
        }
    }
    Py_DECREF(given);
    return (PyObject *)made;
}

/* gpus(): {name: (title, multiprocessors, threads of each)}. */
static PyObject *py_gpus(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    PyObject *known = PyDict_New();
    const oneseed_gpu *gpu;
    for (size_t k = 0; known && (gpu = oneseed_gpu_at(k)); k++) {
        PyObject *shape = Py_BuildValue("(sII)", gpu->title, gpu->n_sms, gpu->threads_per_sm);
        if (!shape || PyDict_SetItemString(known, gpu->name, shape) < 0)
            Py_CLEAR(known);
        Py_XDECREF(shape);
    }
    return known;
}

static PyMethodDef functions[] = {
    {"gpus", py_gpus, METH_NOARGS,
     "gpus(): the GPUs whose shapes are known, {name: (title, multiprocessors, threads of each)}, for "
     "Generator(device=\"cuda\", gpu=name)."},
    {"get_default_dtype", py_get_default_dtype, METH_NOARGS, "get_default_dtype(): of rand(), randn() and the like."},
    {"set_default_dtype", py_set_default_dtype, METH_O, "set_default_dtype(dtype): of rand(), randn() and the like."},
    {"empty", TORCH_METHOD(py_empty), TORCH_FAST,
     "empty(*size, dtype=None, ...)\n\nAn Array whose values are not set."},
    {"empty_like", TORCH_METHOD(py_empty_like), TORCH_FAST,
     "empty_like(input, *, dtype=None, ...)\n\nAn Array of the same shape and layout whose values are not set."},
    {"from_dlpack", py_from_dlpack, METH_O, "from_dlpack(x): an Array over the memory of x, which has __dlpack__()."},
    {"_as_array", py_as_array, METH_O, NULL},
    {"from_numpy", py_from_numpy, METH_O, "from_numpy(ndarray): an Array over the memory of a NumPy array."},
    {"_tensor", py_tensor, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

/* ---- the module's part ---- */

int torch_traverse(torch_module *m, visitproc visit, void *arg)
{
    Py_VISIT(m->array);
    Py_VISIT(m->generator);
    Py_VISIT(m->default_generator);
    Py_VISIT(m->default_cuda);
    return 0;
}

void torch_clear(torch_module *m)
{
    Py_CLEAR(m->array);
    Py_CLEAR(m->generator);
    Py_CLEAR(m->default_generator);
    Py_CLEAR(m->default_cuda);
    for (int k = 0; k < TORCH_N_DTYPES; k++)
        Py_CLEAR(m->dtypes[k]);
}

/* The functions are those of a dictionary `torch` of the extension, which oneseed.torch takes over. */
int streams_add_torch(PyObject *module)
{
    torch_module *m = torch_module_of(module);
    m->default_dtype = ONESEED_TORCH_FLOAT32;
    for (int k = 0; k < TORCH_N_DTYPES; k++) {
        m->dtypes[k] = PyUnicode_FromFormat("torch.%s", torch_name((oneseed_torch_dtype)k));
        if (!m->dtypes[k])
            return -1;
    }
    if (torch_add_array(module, m) < 0 || torch_add_generator(module, m) < 0)
        return -1;
    PyObject *package = PyDict_New();
    if (!package || PyModule_AddObject(module, "torch", package) < 0) {
        Py_XDECREF(package);
        return -1;
    }
    if (PyDict_SetItemString(package, "Array", (PyObject *)m->array) < 0 ||
        PyDict_SetItemString(package, "Generator", (PyObject *)m->generator) < 0 ||
        PyDict_SetItemString(package, "default_generator", m->default_generator) < 0 ||
        PyDict_SetItemString(package, "_default_cuda", m->default_cuda) < 0)
        return -1;
    for (int k = 0; k < TORCH_N_DTYPES; k++)
        if (PyDict_SetItemString(package, torch_name((oneseed_torch_dtype)k), m->dtypes[k]) < 0)
            return -1;
    PyMethodDef *tables[] = {functions,
                             torch_draw_functions,
                             torch_tensor_functions,
                             torch_dropout_functions,
                             torch_module_functions,
                             torch_data_functions,
                             torch_distribution_functions};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (PyMethodDef *function = tables[t]; function->ml_name; function++) {
            PyObject *name = PyUnicode_FromString("oneseed.torch");
            PyObject *made = name ? PyCFunction_NewEx(function, module, name) : NULL;
            int status = made ? PyDict_SetItemString(package, function->ml_name, made) : -1;
            Py_XDECREF(name);
            Py_XDECREF(made);
            if (status < 0)
                return -1;
        }
    return 0;
}
