/* python_random.c - the type behind oneseed.python.Random: its state, seeds and bits.
 * SPDX-License-Identifier: MIT */
#include "python_random.h"

#include <limits.h> /* INT_MAX */
#include <stdlib.h> /* calloc: a table that lives as long as the process */
#include <string.h> /* memcpy */

#include "common/bits.h" /* store32_le */

/* ---- what other methods are built on ---- */

static PyObject *py_random(PyObject *self, PyObject *nothing);
static PyObject *py_getrandbits(PyObject *self, PyObject *number);
static PyObject *py_randbelow(PyObject *self, PyObject *number);

static PyObject *base_names[N_BASES]; /* interned at load */
static PyCFunction base_functions[N_BASES];

int python_is_ours(PyObject *self, enum python_base base)
{
    PyObject *found = PyObject_GetAttr(self, base_names[base]);
    if (!found) {
        PyErr_Clear();
        return 0;
    }
    int is_ours = PyCFunction_Check(found) && PyCFunction_GetFunction(found) == base_functions[base] &&
                  PyCFunction_GetSelf(found) == self;
    Py_DECREF(found);
    return is_ours;
}

PyObject *python_upstream(PyObject *self, const char *method, PyObject *args, PyObject *kwargs)
{
    PyObject *class = PyObject_GetAttrString((PyObject *)Py_TYPE(self), "_upstream");
    PyObject *function = class ? PyObject_GetAttrString(class, method) : NULL;
    Py_XDECREF(class);
    if (!function)
        return NULL;
    Py_ssize_t n = PyTuple_Size(args);
    PyObject *result = NULL, *with_self = PyTuple_New(n + 1);
    if (with_self) {
        Py_INCREF(self);
        PyTuple_SetItem(with_self, 0, self);
        for (Py_ssize_t k = 0; k < n; k++) {
            PyObject *argument = PyTuple_GetItem(args, k);
            Py_INCREF(argument);
            PyTuple_SetItem(with_self, k + 1, argument);
        }
        result = PyObject_Call(function, with_self, kwargs);
        Py_DECREF(with_self);
    }
    Py_DECREF(function);
    return result;
}

/* ---- numbers ---- */

int python_exact_i64(PyObject *number, int64_t *value)
{
    int overflow;
    if (!PyLong_CheckExact(number))
        return 0;
    *value = PyLong_AsLongLongAndOverflow(number, &overflow);
    return !overflow;
}

int python_exact_double(PyObject *number, double *value)
{
    if (PyFloat_CheckExact(number)) {
        *value = PyFloat_AsDouble(number);
        return 1;
    }
    int64_t integer;
    if (!python_exact_i64(number, &integer) || integer < -(INT64_C(1) << 53) || integer > INT64_C(1) << 53)
        return 0;
    *value = (double)integer;
    return 1;
}

PyObject *python_int_from_words(uint32_t *words, size_t n_words)
{
    for (size_t k = 0; k < n_words; k++)
        store32_le(&words[k], words[k]);
    return PyObject_CallMethod((PyObject *)&PyLong_Type, "from_bytes", "y#s", (const char *)words,
                               (Py_ssize_t)(4 * n_words), "little");
}

/* The words of an int that is not negative, at least one; NULL with an exception. PyMem_Free() frees them. */
static uint32_t *words_of_int(PyObject *number, size_t *n_words)
{
    uint32_t *words = NULL;
    PyObject *n_bits = PyObject_CallMethod(number, "bit_length", NULL);
    Py_ssize_t n = n_bits ? PyLong_AsSsize_t(n_bits) : -1;
    Py_XDECREF(n_bits);
    if (n < 0)
        return NULL;
    *n_words = n > 0 ? ((size_t)n + 31) / 32 : 1;
    PyObject *bytes = PyObject_CallMethod(number, "to_bytes", "ns", (Py_ssize_t)(4 * *n_words), "little");
    if (bytes && (words = PyMem_Malloc(4 * *n_words)) == NULL)
        PyErr_NoMemory();
    if (words)
        for (size_t k = 0; k < *n_words; k++)
            words[k] = load32_le(PyBytes_AsString(bytes) + 4 * k);
    Py_XDECREF(bytes);
    return words;
}

/* ---- the state and its lock ---- */

/* As CPython does it: 624 words of the system's entropy. */
static int seed_from_system(random_object *self)
{
    int result = -1;
    PyObject *os = PyImport_ImportModule("os");
    PyObject *bytes = os ? PyObject_CallMethod(os, "urandom", "i", 4 * 624) : NULL;
    uint32_t words[624];
    if (bytes && PyBytes_Size(bytes) == (Py_ssize_t)sizeof words) {
        memcpy(words, PyBytes_AsString(bytes), sizeof words);
        oneseed_mt19937_seed_array(&self->state.mt19937, words, 624); /* zeros at the end count here */
        self->state.has_gauss = 0;
        self->is_seeded = 1;
        result = 0;
    }
    Py_XDECREF(bytes);
    Py_XDECREF(os);
    return result;
}

static void wait_for_fill(random_object *self)
{
    while (self->is_filling) {
        Py_BEGIN_ALLOW_THREADS PyThread_acquire_lock(self->lock, WAIT_LOCK);
        PyThread_release_lock(self->lock);
        Py_END_ALLOW_THREADS
    }
}

int python_enter(PyObject *object)
{
    random_object *self = (random_object *)object;
    if (self->is_filling)
        wait_for_fill(self);
    return self->is_seeded ? 0 : seed_from_system(self);
}

static PyObject *new_random(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)args, (void)kwargs;
    random_object *self = (random_object *)PyType_GenericAlloc(type, 0);
    if (self && !(self->lock = PyThread_allocate_lock())) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void free_random(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (((random_object *)object)->lock)
        PyThread_free_lock(((random_object *)object)->lock);
    ((freefunc)(uintptr_t)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

static PyObject *get_version(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromUnsignedLong(python_state(self)->version);
}

static int set_version(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    long version = value ? PyLong_AsLong(value) : -1;
    if (version == -1 && PyErr_Occurred())
        return -1;
    if (version != 0 && (version < 309 || version > 314)) {
        PyErr_Format(PyExc_ValueError, "version: want 309 (3.9) to 314 (3.14), or 0 for the newest, got %ld", version);
        return -1;
    }
    python_state(self)->version = (uint32_t)version;
    return 0;
}

static PyObject *get_gauss_next(PyObject *self, void *closure)
{
    (void)closure;
    if (python_enter(self) < 0)
        return NULL;
    if (python_state(self)->has_gauss)
        return PyFloat_FromDouble(python_state(self)->gauss_next);
    Py_RETURN_NONE;
}

static int set_gauss_next(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    int has_gauss = value && value != Py_None;
    double gauss = has_gauss ? PyFloat_AsDouble(value) : 0;
    if ((gauss == -1 && PyErr_Occurred()) || python_enter(self) < 0)
        return -1;
    python_state(self)->has_gauss = (uint32_t)has_gauss;
    python_state(self)->gauss_next = gauss;
    return 0;
}

static PyGetSetDef properties[] = {
    {"_version", get_version, set_version, "The Python whose stream this is: 311 is 3.11, 0 the newest.", NULL},
    {"gauss_next", get_gauss_next, set_gauss_next, "The normal that gauss() has kept, or None.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

/* ---- seeds ---- */

int python_raise_status(oneseed_status status)
{
    if (status == ONESEED_OK)
        return 0;
    PyErr_SetString(PyExc_ValueError, oneseed_status_text(status));
    return -1;
}

static int seed_with_text(oneseed_python *state, PyObject *text, int version)
{
    PyObject *bytes = PyUnicode_AsEncodedString(text, "utf-8", version == 1 ? "surrogatepass" : "strict");
    if (!bytes)
        return -1;
    oneseed_status status =
        oneseed_python_seed_str(state, PyBytes_AsString(bytes), (size_t)PyBytes_Size(bytes), version);
    Py_DECREF(bytes);
    return python_raise_status(status);
}

static int seed_with_int(oneseed_python *state, PyObject *number)
{
    size_t n_words;
    /* int's own abs(), whatever a subclass says; bpo-31478 */
    PyObject *positive = PyObject_CallMethod((PyObject *)&PyLong_Type, "__abs__", "(O)", number);
    uint32_t *words = positive ? words_of_int(positive, &n_words) : NULL;
    Py_XDECREF(positive);
    if (!words)
        return -1;
    oneseed_python_seed(state, words, n_words);
    PyMem_Free(words);
    return 0;
}

/* Of what is no text: the hash as an unsigned number. */
static int seed_with_hash(oneseed_python *state, PyObject *seed)
{
    Py_hash_t hash = PyObject_Hash(seed);
    if (hash == -1)
        return -1;
    uint64_t n = (uint64_t)(size_t)hash;
    oneseed_python_seed(state, (uint32_t[2]){(uint32_t)n, (uint32_t)(n >> 32)}, 2);
    return 0;
}

PyDoc_STRVAR(seed_doc, "seed(a=None, version=2): None takes the system's entropy. int, float, str, bytes, bytearray.");
static PyObject *py_seed(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"a", "version", NULL};
    PyObject *seed = Py_None;
    int version = 2, result;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|Oi:seed", names, &seed, &version))
        return NULL;
    if (((random_object *)self)->is_filling)
        wait_for_fill((random_object *)self);
    oneseed_python *state = python_state(self);
    int is_bytes = PyBytes_Check(seed), is_array = PyByteArray_Check(seed);

    if (seed == Py_None)
        result = seed_from_system((random_object *)self);
    else if (PyUnicode_Check(seed) && (version == 1 || version == 2))
        result = seed_with_text(state, seed, version);
    else if ((is_bytes && (version == 1 || version == 2)) || (is_array && version == 2))
        result = python_raise_status(
            oneseed_python_seed_bytes(state, is_bytes ? PyBytes_AsString(seed) : PyByteArray_AsString(seed),
                                      (size_t)(is_bytes ? PyBytes_Size(seed) : PyByteArray_Size(seed)), version));
    else if (PyLong_Check(seed))
        result = seed_with_int(state, seed);
    else if (PyFloat_Check(seed) || PyUnicode_Check(seed) || is_bytes || is_array)
        result = seed_with_hash(state, seed);
    else {
        /* From 3.11 on Python refuses other types with its own message. */
        PyObject *refused = PyObject_CallMethod(self, "_seed_with_other", "(O)", seed);
        result = refused ? seed_with_hash(state, seed) : -1;
        Py_XDECREF(refused);
    }
    if (result < 0)
        return NULL;
    ((random_object *)self)->is_seeded = 1;
    Py_RETURN_NONE;
}

/* For the child of a fork: the next draw takes a seed from the system; a fill of another thread never ends here. */
static PyObject *py_forget(PyObject *object, PyObject *nothing)
{
    (void)nothing;
    random_object *self = (random_object *)object;
    if (self->is_filling) {
        PyThread_type_lock lock = PyThread_allocate_lock(); /* the old one is lost: it is held by nobody who is here */
        if (!lock)
            return PyErr_NoMemory();
        self->lock = lock;
        self->is_filling = 0;
    }
    self->is_seeded = 0;
    self->state.has_gauss = 0;
    Py_RETURN_NONE;
}

/* ---- getstate() and setstate() ---- */

static PyObject *py_get_words(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    uint32_t words[625];
    if (python_enter(self) < 0)
        return NULL;
    oneseed_python_getstate(python_state(self), words);
    PyObject *tuple = PyTuple_New(625);
    for (Py_ssize_t k = 0; tuple && k < 625; k++) {
        PyObject *word = PyLong_FromUnsignedLong(words[k]);
        if (!word || PyTuple_SetItem(tuple, k, word) < 0)
            Py_CLEAR(tuple);
    }
    return tuple;
}

static PyObject *py_set_words(PyObject *self, PyObject *tuple)
{
    uint32_t words[625];
    if (!PyTuple_Check(tuple)) {
        PyErr_SetString(PyExc_TypeError, "state vector must be a tuple");
        return NULL;
    }
    if (PyTuple_Size(tuple) != 625) {
        PyErr_SetString(PyExc_ValueError, "state vector is the wrong size");
        return NULL;
    }
    for (Py_ssize_t k = 0; k < 624; k++) {
        unsigned long word = PyLong_AsUnsignedLong(PyTuple_GetItem(tuple, k));
        if (word == (unsigned long)-1 && PyErr_Occurred())
            return NULL;
        words[k] = (uint32_t)word;
    }
    long position = PyLong_AsLong(PyTuple_GetItem(tuple, 624));
    if (position == -1 && PyErr_Occurred())
        return NULL;
    words[624] = position < 0 || position > 624 ? UINT32_MAX : (uint32_t)position;
    if (((random_object *)self)->is_filling)
        wait_for_fill((random_object *)self);
    if (oneseed_python_setstate(python_state(self), words) != ONESEED_OK) {
        PyErr_SetString(PyExc_ValueError, "invalid state");
        return NULL;
    }
    ((random_object *)self)->is_seeded = 1;
    Py_RETURN_NONE;
}

/* ---- random() and bits ---- */

PyDoc_STRVAR(random_doc, "random(): a float in [0, 1).");
static PyObject *py_random(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    return python_enter(self) < 0 ? NULL : PyFloat_FromDouble(oneseed_python_random(python_state(self)));
}

/* Python's words for an argument that is no number of bits: a generator of Python's own is asked. */
static PyObject *refuse_bits(PyObject *self, PyObject *number)
{
    PyErr_Clear();
    PyObject *pythons = PyObject_CallMethod(self, "_upstream", "i", 0);
    PyObject *value = pythons ? PyObject_CallMethod(pythons, "getrandbits", "(O)", number) : NULL;
    if (value)
        PyErr_SetString(PyExc_TypeError, "getrandbits: want an int");
    Py_XDECREF(value);
    Py_XDECREF(pythons);
    return NULL;
}

PyDoc_STRVAR(getrandbits_doc, "getrandbits(k): an int of k random bits.");
static PyObject *py_getrandbits(PyObject *self, PyObject *number)
{
    PyObject *index = PyNumber_Index(number);
    if (!index)
        return refuse_bits(self, number);
    int overflow;
    long long k = PyLong_AsLongLongAndOverflow(index, &overflow);
    Py_DECREF(index);
    if (overflow < 0 || (!overflow && k < 0)) {
        PyErr_SetString(PyExc_ValueError, "number of bits must be non-negative");
        return NULL;
    }
    if (overflow || k > INT_MAX) {
        PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C int");
        return NULL;
    }
    if (python_enter(self) < 0)
        return NULL;
    if (k <= 64)
        return PyLong_FromUnsignedLongLong(oneseed_python_getrandbits(python_state(self), (uint32_t)k));
    size_t n_words = ((size_t)k + 31) / 32;
    uint32_t *words = PyMem_Malloc(4 * n_words);
    if (!words)
        return PyErr_NoMemory();
    oneseed_python_getrandbits_words(python_state(self), (uint64_t)k, words);
    PyObject *result = python_int_from_words(words, n_words);
    PyMem_Free(words);
    return result;
}

static PyObject *py_randbelow(PyObject *self, PyObject *number)
{
    int64_t small;
    if (!PyLong_Check(number)) {
        PyErr_Format(PyExc_TypeError, "_randbelow: want an int, got %R", (PyObject *)Py_TYPE(number));
        return NULL;
    }
    if (python_exact_i64(number, &small) && small > 0)
        return python_enter(self) < 0
                   ? NULL
                   : PyLong_FromUnsignedLongLong(oneseed_python_randbelow(python_state(self), (uint64_t)small));
    uint32_t version = python_state(self)->version;
    if (python_exact_i64(number, &small) && small == 0 && version != 0 && version < 311)
        return PyLong_FromLong(0); /* before 3.11 choice([]) comes here and fails afterwards */
    PyObject *zero = PyLong_FromLong(0);
    int is_positive = zero ? PyObject_RichCompareBool(number, zero, Py_GT) : -1;
    Py_XDECREF(zero);
    if (is_positive <= 0) {
        if (is_positive == 0)
            PyErr_SetString(PyExc_ValueError, "_randbelow: n must be positive");
        return NULL;
    }
    size_t n_words;
    uint32_t *words = words_of_int(number, &n_words);
    uint32_t *drawn = words ? PyMem_Malloc(4 * n_words) : NULL;
    PyObject *result = NULL;
    if (drawn && python_enter(self) == 0) {
        oneseed_python_randbelow_words(python_state(self), words, n_words, drawn);
        result = python_int_from_words(drawn, n_words);
    } else if (words && !drawn) {
        PyErr_NoMemory();
    }
    PyMem_Free(drawn);
    PyMem_Free(words);
    return result;
}

PyDoc_STRVAR(randbytes_doc, "randbytes(n): n random bytes.");
static PyObject *py_randbytes(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"n", NULL};
    PyObject *number;
    int64_t n;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:randbytes", names, &number))
        return NULL;
    if (!python_is_ours(self, BASE_GETRANDBITS) || !python_exact_i64(number, &n) || n < 0 || n > INT_MAX / 8)
        return python_upstream(self, "randbytes", args, kwargs);
    PyObject *bytes = python_enter(self) < 0 ? NULL : PyBytes_FromStringAndSize(NULL, (Py_ssize_t)n);
    if (bytes)
        oneseed_python_randbytes(python_state(self), PyBytes_AsString(bytes), (size_t)n);
    return bytes;
}

/* ---- the type ---- */

static PyMethodDef own_methods[] = {
    {"seed", (PyCFunction)(void (*)(void))py_seed, METH_VARARGS | METH_KEYWORDS, seed_doc},
    {"random", py_random, METH_NOARGS, random_doc},
    {"getrandbits", py_getrandbits, METH_O, getrandbits_doc},
    {"_randbelow", py_randbelow, METH_O, NULL},
    {"randbytes", (PyCFunction)(void (*)(void))py_randbytes, METH_VARARGS | METH_KEYWORDS, randbytes_doc},
    {"_forget", py_forget, METH_NOARGS, NULL},
    {"_get_words", py_get_words, METH_NOARGS, NULL},
    {"_set_words", py_set_words, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static size_t count_methods(const PyMethodDef *methods)
{
    size_t n = 0;
    while (methods[n].ml_name)
        n++;
    return n;
}

/* One table of the methods of all files; it lives as long as the process. */
static PyMethodDef *all_methods(void)
{
    enum { N_TABLES = 4 };
    PyMethodDef *tables[N_TABLES] = {own_methods, python_number_methods, python_sequence_methods, python_fill_methods};
    size_t n = 0;
    for (int k = 0; k < N_TABLES; k++)
        n += count_methods(tables[k]);
    PyMethodDef *all = calloc(n + 1, sizeof *all), *to = all;
    for (int k = 0; all && k < N_TABLES; k++)
        for (PyMethodDef *from = tables[k]; from->ml_name; from++)
            *to++ = *from;
    return all;
}

static PyCFunction function_of(const PyMethodDef *methods, const char *name)
{
    while (methods->ml_name && strcmp(methods->ml_name, name) != 0)
        methods++;
    return methods->ml_meth;
}

int streams_add_python(PyObject *module)
{
    static const char *const names[N_BASES] = {"random",    "getrandbits",   "_randbelow",
                                               "randrange", "normalvariate", "gammavariate"};
    PyMethodDef *methods = python_learn_floats() < 0 ? NULL : all_methods();
    if (PyErr_Occurred())
        return -1;
    if (!methods) {
        PyErr_NoMemory();
        return -1;
    }
    for (int k = 0; k < N_BASES; k++) {
        base_functions[k] = function_of(methods, names[k]);
        base_names[k] = PyUnicode_InternFromString(names[k]);
        if (!base_names[k])
            return -1;
    }
    PyType_Slot slots[] = {
        {Py_tp_new, (void *)(uintptr_t)new_random},
        {Py_tp_dealloc, (void *)(uintptr_t)free_random},
        {Py_tp_methods, methods},
        {Py_tp_getset, properties},
        {Py_tp_doc, "A random.Random of liboneseed."},
        {0, NULL},
    };
    PyType_Spec spec = {
        .name = "oneseed._streams.PythonRandom",
        .basicsize = sizeof(random_object),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
        .slots = slots,
    };
    PyObject *type = PyType_FromSpec(&spec);
    if (!type || PyModule_AddObject(module, "PythonRandom", type) < 0) {
        Py_XDECREF(type);
        return -1;
    }
    return PyModule_AddFunctions(module, python_hash_functions);
}
