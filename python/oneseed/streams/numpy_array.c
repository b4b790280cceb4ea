/* numpy_array.c - arrays of the NumPy that is there, by its table of functions; large ones in memory that was used before.
 * SPDX-License-Identifier: MIT
 *
 * The table is NumPy's C API, whose places and structs are the same from 1.19 to 2.x (numpy/core/code_generators/numpy_api.py,
 * include/numpy/ndarraytypes.h): so nothing of NumPy is needed to build this. There is one NumPy in a process. */
#include "numpy_array.h"

#include <string.h> /* memcpy */

#include "memory.h" /* stream_memory */

enum {
    SLOT_ABI_VERSION = 0,
    SLOT_ARRAY_TYPE = 2,
    SLOT_SCALAR = 60,
    SLOT_NEW_COPY = 85,
    SLOT_NEW = 93,
    SLOT_API_VERSION = 211,
    SLOT_SET_HANDLER = 304,
    SLOT_GET_HANDLER = 305,
};
enum { ABI_1 = 0x01000009, ABI_2 = 0x02000000, API_1_22 = 0xf };

/* The beginning of an array and of a dtype. */
struct array {
    PyObject_HEAD char *data;
    int n_dims;
    Py_ssize_t *extents, *strides;
    PyObject *base, *dtype;
    int flags;
};
enum { C_ORDER = 0x1, ALIGNED = 0x100, WRITEABLE = 0x400, PLAIN = C_ORDER | ALIGNED | WRITEABLE };

/* NumPy's numbers of the types; int64 is C's long where that has 64 bits. */
static const struct kind {
    char letter;
    unsigned char number, n_bytes;
    const char *name;
} kinds[] = {
    {'d', 12, 8, "float64"},
    {'f', 11, 4, "float32"},
    {'q', sizeof(long) == 8 ? 7 : 9, 8, "int64"},
    {'Q', sizeof(long) == 8 ? 8 : 10, 8, "uint64"},
    {'i', 5, 4, "int32"},
    {'I', 6, 4, "uint32"},
    {'h', 3, 2, "int16"},
    {'H', 4, 2, "uint16"},
    {'b', 1, 1, "int8"},
    {'B', 2, 1, "uint8"},
    {'?', 0, 1, "bool"},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

/* Set once, when oneseed.numpy is imported. */
static struct {
    PyTypeObject *array_type;
    PyObject *(*make)(PyTypeObject *type, int n_dims, const Py_ssize_t *extents, int number, const Py_ssize_t *strides,
                      void *data, int item_nbytes, int flags, PyObject *like);
    PyObject *(*copy)(PyObject *array, int order);
    PyObject *(*scalar)(void *data, PyObject *dtype, PyObject *base);
    PyObject *(*set_handler)(PyObject *handler); /* NULL before NumPy 1.22 */
    PyObject *(*get_handler)(void);
    PyObject *handler;         /* ours */
    PyObject *dtypes[N_KINDS]; /* of the kinds; there is one object of each */
    PyObject *types[N_KINDS];  /* of the scalars */
} numpy;

static const struct kind *kind_of(char letter)
{
    for (int k = 0; k < N_KINDS; k++)
        if (kinds[k].letter == letter)
            return &kinds[k];
    return NULL;
}

/* ---- large arrays: memory that is used again ----
 *
 * NumPy asks a handler (NEP 49) for an array's memory, and the array gives it back to that handler: so such an array owns its data and
 * can be resized as any other. The size stands in front, since NumPy does not say it for a reallocation. */

enum { HEADER = 64, LARGE = 1 << 20 };

static void *handler_malloc(void *context, size_t n_bytes)
{
    (void)context;
    if (n_bytes > (size_t)-1 - HEADER)
        return NULL;
    char *memory = stream_memory(n_bytes + HEADER);
    if (!memory)
        return NULL;
    memcpy(memory, &n_bytes, sizeof n_bytes);
    return memory + HEADER;
}

static size_t size_of(const char *data)
{
    size_t n_bytes;
    memcpy(&n_bytes, data - HEADER, sizeof n_bytes);
    return n_bytes;
}

static void handler_free(void *context, void *data, size_t n_bytes)
{
    (void)context;
    (void)n_bytes; /* a guess of NumPy's from the shape */
    if (data)
        stream_memory_free((char *)data - HEADER, size_of(data) + HEADER);
}

static void *handler_calloc(void *context, size_t n, size_t n_bytes)
{
    if (n_bytes > 0 && n > (size_t)-1 / n_bytes)
        return NULL;
    void *data = handler_malloc(context, n * n_bytes);
    if (data)
        memset(data, 0, n * n_bytes);
    return data;
}

static void *handler_realloc(void *context, void *data, size_t n_bytes)
{
    void *moved = handler_malloc(context, n_bytes);
    if (moved && data) {
        size_t n_old = size_of(data);
        memcpy(moved, data, n_old < n_bytes ? n_old : n_bytes);
        handler_free(context, data, n_old);
    }
    return moved;
}

/* PyDataMem_Handler. */
static struct {
    char name[127];
    uint8_t version;
    void *context;
    void *(*malloc)(void *context, size_t n_bytes);
    void *(*calloc)(void *context, size_t n, size_t n_bytes);
    void *(*realloc)(void *context, void *data, size_t n_bytes);
    void (*free)(void *context, void *data, size_t n_bytes);
} handler = {"oneseed", 1, NULL, handler_malloc, handler_calloc, handler_realloc, handler_free};

/* Whether nobody has put another handler in the place of NumPy's own: then it is not passed over. */
static bool is_default(PyObject *current)
{
    const char *name = PyCapsule_GetPointer(current, "mem_handler");
    if (!name)
        PyErr_Clear();
    return name && strcmp(name, "default_allocator") == 0;
}

static PyObject *make(const struct kind *kind, const struct numpy_shape *shape)
{
    return numpy.make(numpy.array_type, shape->n_dims, shape->extents, kind->number, NULL, NULL, 0, 0, NULL);
}

static PyObject *make_large(const struct kind *kind, const struct numpy_shape *shape)
{
    PyObject *before = numpy.get_handler();
    if (!before)
        return NULL;
    if (!is_default(before)) {
        Py_DECREF(before);
        return make(kind, shape);
    }
    Py_DECREF(before);
    before = numpy.set_handler(numpy.handler);
    if (!before)
        return NULL;
    PyObject *array = make(kind, shape);
    PyObject *ours = numpy.set_handler(before);
    Py_DECREF(before);
    if (!ours)
        Py_CLEAR(array);
    Py_XDECREF(ours);
    return array;
}

PyObject *numpy_array_new(char letter, const struct numpy_shape *shape)
{
    const struct kind *kind = kind_of(letter);
    if (!kind) {
        PyErr_Format(PyExc_ValueError, "there is no kind %c", letter);
        return NULL;
    }
    if (numpy.handler && shape->n >= LARGE / kind->n_bytes)
        return make_large(kind, shape);
    return make(kind, shape);
}

/* ---- shapes ---- */

bool numpy_add_extent(PyObject *object, struct numpy_shape *shape)
{
    if (shape->n_dims == NUMPY_MOST_DIMS || !PyLong_CheckExact(object))
        return false;
    Py_ssize_t extent = PyLong_AsSsize_t(object);
    if (extent < 0) {
        PyErr_Clear();
        return false;
    }
    /* So that no array's bytes are too many to be counted. */
    if (extent > 0 && shape->n > PY_SSIZE_T_MAX / 64 / extent)
        return false;
    shape->n *= extent;
    shape->extents[shape->n_dims++] = extent;
    return true;
}

bool numpy_read_shape(PyObject *size, struct numpy_shape *shape)
{
    shape->n_dims = 0;
    shape->n = 1;
    if (PyLong_CheckExact(size))
        return numpy_add_extent(size, shape);
    int is_tuple = PyTuple_CheckExact(size);
    if (!is_tuple && !PyList_CheckExact(size))
        return false;
    Py_ssize_t n = is_tuple ? PyTuple_Size(size) : PyList_Size(size);
    for (Py_ssize_t k = 0; k < n; k++)
        if (!numpy_add_extent(is_tuple ? PyTuple_GetItem(size, k) : PyList_GetItem(size, k), shape))
            return false;
    return true;
}

/* ---- arrays that are there ---- */

bool numpy_is_there(void)
{
    return numpy.array_type != NULL;
}

char numpy_plain_kind(PyObject *object)
{
    const struct array *array = (const struct array *)object;
    if (!numpy.array_type || Py_TYPE(object) != numpy.array_type || (array->flags & PLAIN) != PLAIN)
        return 0;
    for (int k = 0; k < N_KINDS; k++)
        if (array->dtype == numpy.dtypes[k])
            return kinds[k].letter;
    return 0;
}

void *numpy_data(PyObject *array)
{
    return ((struct array *)array)->data;
}

bool numpy_shape_of(PyObject *object, struct numpy_shape *shape)
{
    const struct array *array = (const struct array *)object;
    if (array->n_dims > NUMPY_MOST_DIMS)
        return false;
    shape->n_dims = array->n_dims;
    shape->n = 1;
    for (int k = 0; k < array->n_dims; k++)
        shape->n *= shape->extents[k] = array->extents[k];
    return true;
}

PyObject *numpy_copy(PyObject *array)
{
    return numpy.copy(array, 0);
}

size_t numpy_item_nbytes(char letter)
{
    const struct kind *kind = kind_of(letter);
    return kind ? kind->n_bytes : 0;
}

PyObject *numpy_scalar(char letter, void *data)
{
    const struct kind *kind = kind_of(letter);
    return numpy.scalar(data, numpy.dtypes[kind - kinds], NULL);
}

char numpy_kind_of(PyObject *dtype)
{
    for (int k = 0; k < N_KINDS; k++)
        if (dtype == numpy.types[k] || dtype == numpy.dtypes[k])
            return kinds[k].letter;
    return 0;
}

PyObject *numpy_type_of(char letter)
{
    const struct kind *kind = kind_of(letter);
    return kind ? numpy.types[kind - kinds] : NULL;
}

bool numpy_is_float64(PyObject *object)
{
    return (PyObject *)Py_TYPE(object) == numpy.types[0];
}

/* ---- what Python calls ---- */

/* _numpy_use(_ARRAY_API, [numpy.dtype of each kind in the order of _numpy_kinds()]): whether the table is one that is known here. */
static PyObject *py_use(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *capsule, *dtypes;
    if (!PyArg_ParseTuple(args, "OO!:_numpy_use", &capsule, &PyList_Type, &dtypes))
        return NULL;
    void **table = PyCapsule_GetPointer(capsule, NULL);
    if (!table)
        return NULL;
    unsigned (*get_abi)(void), (*get_api)(void);
    memcpy(&get_abi, &table[SLOT_ABI_VERSION], sizeof get_abi);
    memcpy(&get_api, &table[SLOT_API_VERSION], sizeof get_api);
    unsigned abi = get_abi();
    if ((abi != ABI_1 && abi != ABI_2) || PyList_Size(dtypes) != N_KINDS)
        Py_RETURN_FALSE;
    for (int k = 0; k < N_KINDS; k++) {
        PyObject *dtype = PyList_GetItem(dtypes, k), *type = PyObject_GetAttrString(dtype, "type");
        if (!type)
            return NULL;
        Py_INCREF(dtype);
        numpy.dtypes[k] = dtype;
        numpy.types[k] = type;
    }
    memcpy(&numpy.make, &table[SLOT_NEW], sizeof numpy.make);
    memcpy(&numpy.copy, &table[SLOT_NEW_COPY], sizeof numpy.copy);
    memcpy(&numpy.scalar, &table[SLOT_SCALAR], sizeof numpy.scalar);
    if (get_api() >= API_1_22) {
        memcpy(&numpy.set_handler, &table[SLOT_SET_HANDLER], sizeof numpy.set_handler);
        memcpy(&numpy.get_handler, &table[SLOT_GET_HANDLER], sizeof numpy.get_handler);
        numpy.handler = PyCapsule_New(&handler, "mem_handler", NULL);
        if (!numpy.handler)
            return NULL;
    }
    numpy.array_type = table[SLOT_ARRAY_TYPE];
    Py_RETURN_TRUE;
}

/* _numpy_kinds(): the names of the dtypes that _numpy_use() wants. */
static PyObject *py_kinds(PyObject *module, PyObject *nothing)
{
    (void)module;
    (void)nothing;
    PyObject *names = PyList_New(N_KINDS);
    for (int k = 0; names && k < N_KINDS; k++) {
        PyObject *name = PyUnicode_FromString(kinds[k].name);
        if (!name || PyList_SetItem(names, k, name) < 0)
            Py_CLEAR(names);
    }
    return names;
}

/* _numpy_empty(kind, size): a new array; NotImplemented for a size that NumPy has to read. */
static PyObject *py_empty(PyObject *module, PyObject *args)
{
    (void)module;
    int letter;
    PyObject *size;
    struct numpy_shape shape;
    if (!PyArg_ParseTuple(args, "CO:_numpy_empty", &letter, &size))
        return NULL;
    if (numpy_is_there() && numpy_read_shape(size, &shape))
        return numpy_array_new((char)letter, &shape);
    Py_INCREF(Py_NotImplemented);
    return Py_NotImplemented;
}

PyMethodDef numpy_array_functions[] = {
    {"_numpy_use", py_use, METH_VARARGS, NULL},
    {"_numpy_kinds", py_kinds, METH_NOARGS, NULL},
    {"_numpy_empty", py_empty, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
