/* python_random.c - the type behind oneseed.python.Random: its state, seeds and bits.
 * SPDX-License-Identifier: MIT */
#include "python_random.h"

#include <limits.h>       /* INT_MAX */
#include <structmember.h> /* PyMemberDef */
#include <stdlib.h>       /* calloc: a table that lives as long as the process */
#include <string.h>       /* memcpy */

#include "common/bits.h" /* store32_le */

/* ---- what other methods are built on ---- */

static PyObject *py_random(PyObject *self, PyObject *nothing);
static PyObject *py_getrandbits(PyObject *self, PyObject *number);
static PyObject *py_randbelow(PyObject *self, PyObject *number);

static PyObject *base_names[N_BASES]; /* interned at load */
static PyObject *base_methods[N_BASES];
static PyCFunction base_functions[N_BASES];

/* By way of the instance, as Python's own methods go: for a class that looks attributes up by rules of its own. */
static int is_ours_by_lookup(PyObject *self, enum python_base base)
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

/* The instance's attributes, then the class's, without the method object that the lookup would make. */
int python_is_ours(PyObject *self, enum python_base base)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject *dict = ((random_object *)self)->dict;
    if (PyType_GetSlot(type, Py_tp_getattro) != (void *)(uintptr_t)PyObject_GenericGetAttr)
        return is_ours_by_lookup(self, base);
    if (dict && PyDict_Size(dict) > 0 && PyDict_GetItemWithError(dict, base_names[base]))
        return 0;
    PyObject *found = PyObject_GetAttr((PyObject *)type, base_names[base]);
    if (!found)
        PyErr_Clear();
    Py_XDECREF(found);
    return found == base_methods[base]; /* which lives as long as the process */
}

int python_bind(const char *const *names, Py_ssize_t n_names, PYTHON_ARGUMENTS, PyObject **values)
{
    Py_ssize_t n_keywords = kwnames ? PyTuple_Size(kwnames) : 0;
    if (n > n_names)
        return 0;
    for (Py_ssize_t k = 0; k < n_names; k++)
        values[k] = k < n ? args[k] : NULL;
    for (Py_ssize_t i = 0; i < n_keywords; i++) {
        PyObject *name = PyTuple_GetItem(kwnames, i);
        Py_ssize_t k = n;
        while (k < n_names && PyUnicode_CompareWithASCIIString(name, names[k]) != 0)
            k++;
        if (k == n_names)
            return 0; /* none of the names, or one that was given by its place */
        values[k] = args[n + i];
    }
    return 1;
}

PyObject *python_upstream(PyObject *self, const char *method, PYTHON_ARGUMENTS)
{
    PyObject *class = PyObject_GetAttrString((PyObject *)Py_TYPE(self), "_upstream");
    PyObject *function = class ? PyObject_GetAttrString(class, method) : NULL;
    Py_XDECREF(class);
    Py_ssize_t n_keywords = kwnames ? PyTuple_Size(kwnames) : 0;
    PyObject *with_self = function ? PyTuple_New(n + 1) : NULL, *keywords = with_self ? PyDict_New() : NULL;
    PyObject *result = NULL;
    int is_made = keywords != NULL;
    for (Py_ssize_t k = 0; is_made && k <= n; k++) {
        PyObject *argument = k == 0 ? self : args[k - 1];
        Py_INCREF(argument);
        is_made = PyTuple_SetItem(with_self, k, argument) == 0;
    }
    for (Py_ssize_t k = 0; is_made && k < n_keywords; k++)
        is_made = PyDict_SetItem(keywords, PyTuple_GetItem(kwnames, k), args[n + k]) == 0;
    if (is_made)
        result = PyObject_Call(function, with_self, keywords);
    Py_XDECREF(keywords);
    Py_XDECREF(with_self);
    Py_XDECREF(function);
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

/* At load: int's, and struct's of 625 words. */
static PyObject *bit_length, *from_bytes, *little, *unpack;

static PyObject *int_from_words(uint32_t *words, size_t n_words)
{
    for (size_t k = 0; k < n_words; k++)
        store32_le(&words[k], words[k]);
    PyObject *bytes = PyBytes_FromStringAndSize((const char *)words, (Py_ssize_t)(4 * n_words));
    PyObject *made = bytes ? PyObject_CallFunctionObjArgs(from_bytes, bytes, little, NULL) : NULL;
    Py_XDECREF(bytes);
    return made;
}

/* An int of two halves of 64 bits: for its size quicker than by bytes. */
static PyObject *int_from_halves(uint64_t low, uint64_t high)
{
    PyObject *upper = PyLong_FromUnsignedLongLong(high), *lower = PyLong_FromUnsignedLongLong(low);
    PyObject *n = PyLong_FromLong(64), *shifted = upper && n ? PyNumber_Lshift(upper, n) : NULL;
    PyObject *made = shifted && lower ? PyNumber_Or(shifted, lower) : NULL;
    Py_XDECREF(shifted);
    Py_XDECREF(n);
    Py_XDECREF(lower);
    Py_XDECREF(upper);
    return made;
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

int python_wait_and_seed(random_object *self)
{
    if (self->is_filling)
        wait_for_fill(self);
    return self->is_seeded ? 0 : seed_from_system(self);
}

int python_running_version(void)
{
    static int version; /* the same for the whole process */
    if (version == 0) {
        PyObject *hex = PySys_GetObject("hexversion");
        long n = hex ? PyLong_AsLong(hex) : 0;
        version = (int)((n >> 24) * 100 + (n >> 16 & 0xff));
    }
    return version;
}

static PyObject *new_random(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)args, (void)kwargs;
    random_object *self = (random_object *)PyType_GenericAlloc(type, 0);
    if (self && !(self->lock = PyThread_allocate_lock())) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    /* 3.11 finds methods quickly where the attributes are there, the others where they are not. */
    if (self && python_running_version() == 311 && !(self->dict = PyDict_New()))
        Py_CLEAR(self);
    return (PyObject *)self;
}

static int traverse_random(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(((random_object *)object)->dict);
    Py_VISIT(Py_TYPE(object));
    return 0;
}

static int clear_random(PyObject *object)
{
    Py_CLEAR(((random_object *)object)->dict);
    return 0;
}

static void free_random(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    clear_random(object);
    if (((random_object *)object)->lock)
        PyThread_free_lock(((random_object *)object)->lock);
    ((freefunc)(uintptr_t)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

/* __dict__ is ours, so that python_is_ours() can look into it. */
static PyObject *get_dict(PyObject *self, void *closure)
{
    (void)closure;
    random_object *random = (random_object *)self;
    if (!random->dict)
        random->dict = PyDict_New();
    Py_XINCREF(random->dict);
    return random->dict;
}

static int set_dict(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    if (!value || !PyDict_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "__dict__ must be set to a dictionary");
        return -1;
    }
    PyObject *old = ((random_object *)self)->dict;
    Py_INCREF(value);
    ((random_object *)self)->dict = value;
    Py_XDECREF(old);
    return 0;
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
    if (version != 0 && (version < 309 || version > 315)) {
        PyErr_Format(PyExc_ValueError, "version: want 309 (3.9) to 315 (3.15), or 0 for the newest, got %ld", version);
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
    {"__dict__", get_dict, set_dict, NULL, NULL},
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
    int64_t small;
    if (python_exact_i64(number, &small)) {
        uint64_t n = small < 0 ? 0 - (uint64_t)small : (uint64_t)small;
        oneseed_python_seed(state, (uint32_t[2]){(uint32_t)n, (uint32_t)(n >> 32)}, 2);
        return 0;
    }
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

/* getstate(). The ints are made by struct's own loop, which puts them into their tuple without a call for each. */
static PyObject *py_getstate(PyObject *self, PyObject *nothing)
{
    uint32_t words[625];
    if (python_enter(self) < 0)
        return NULL;
    oneseed_python_getstate(python_state(self), words);
    PyObject *bytes = PyBytes_FromStringAndSize((const char *)words, (Py_ssize_t)sizeof words);
    PyObject *version = PyObject_GetAttrString(self, "VERSION");
    PyObject *tuple = bytes ? PyObject_CallFunctionObjArgs(unpack, bytes, NULL) : NULL;
    PyObject *gauss_next = get_gauss_next(self, nothing), *state = NULL;
    if (version && tuple && gauss_next)
        state = PyTuple_Pack(3, version, tuple, gauss_next);
    Py_XDECREF(gauss_next);
    Py_XDECREF(tuple);
    Py_XDECREF(version);
    Py_XDECREF(bytes);
    return state;
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

/* k is 0 to INT_MAX, from Python 3.14 on to LLONG_MAX. */
static PyObject *draw_bits(PyObject *self, uint64_t k)
{
    oneseed_python *state = python_state(self);
    if (k <= 64)
        return PyLong_FromUnsignedLongLong(oneseed_python_getrandbits(state, (uint32_t)k));
    if (k <= 128) {
        uint64_t low = oneseed_python_getrandbits(state, 64);
        return int_from_halves(low, oneseed_python_getrandbits(state, (uint32_t)k - 64));
    }
    size_t n_words = ((size_t)k + 31) / 32;
    uint32_t few[64], *words = n_words <= 64 ? few : PyMem_Malloc(4 * n_words);
    if (!words)
        return PyErr_NoMemory();
    oneseed_python_getrandbits_words(state, k, words);
    PyObject *result = int_from_words(words, n_words);
    if (words != few)
        PyMem_Free(words);
    return result;
}

/* From 3.14 on the number is a uint64_t. Takes the reference. */
static long long unsigned_n_bits(PyObject *index)
{
    int overflow;
    long long k = PyLong_AsLongLongAndOverflow(index, &overflow);
    if (overflow > 0) { /* k is -1 */
        PyLong_AsUnsignedLongLong(index);
        if (PyErr_Occurred())
            PyErr_SetString(PyExc_OverflowError, "Python int too large for C uint64_t");
        else
            PyErr_NoMemory(); /* nobody has so much */
    } else if (k < 0) {       /* of overflow, too */
        PyErr_SetString(PyExc_ValueError, "Cannot convert negative int");
        k = -1;
    }
    Py_DECREF(index);
    return k;
}

/* The number of bits, or -1 with Python's exception. */
static long long read_n_bits(PyObject *self, PyObject *number)
{
    int overflow;
    PyObject *index = PyNumber_Index(number);
    if (!index) {
        refuse_bits(self, number);
        return -1;
    }
    if (python_running_version() >= 314)
        return unsigned_n_bits(index);
    long long k = PyLong_AsLongLongAndOverflow(index, &overflow);
    Py_DECREF(index);
    if (overflow || k > INT_MAX || k < INT_MIN) {
        PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C int");
        return -1;
    }
    if (k < 0)
        PyErr_SetString(PyExc_ValueError, "number of bits must be non-negative");
    return k;
}

PyDoc_STRVAR(getrandbits_doc, "getrandbits(k): an int of k random bits.");
static PyObject *py_getrandbits(PyObject *self, PyObject *number)
{
    int64_t k;
    if (!python_exact_i64(number, &k) || k < 0 || k > INT_MAX)
        k = read_n_bits(self, number);
    return k < 0 || python_enter(self) < 0 ? NULL : draw_bits(self, (uint64_t)k);
}

PyObject *python_below(PyObject *self, PyObject *n)
{
    PyObject *length = PyObject_CallFunctionObjArgs(bit_length, n, NULL), *drawn = NULL;
    Py_ssize_t k = length ? PyLong_AsSsize_t(length) : -1;
    int is_below = -1;
    Py_XDECREF(length);
    if (k < 0 || python_enter(self) < 0)
        return NULL;
    do {
        Py_XDECREF(drawn);
        drawn = draw_bits(self, (uint64_t)k);
        is_below = drawn ? PyObject_RichCompareBool(drawn, n, Py_LT) : -1;
    } while (is_below == 0);
    if (is_below < 0)
        Py_CLEAR(drawn);
    return drawn;
}

static PyObject *py_randbelow(PyObject *self, PyObject *number)
{
    int64_t small;
    if (!python_is_ours(self, BASE_GETRANDBITS))
        return PyObject_CallMethod(self, "_randbelow_with_getrandbits", "(O)", number);
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
    return python_below(self, number);
}

PyDoc_STRVAR(randbytes_doc, "randbytes(n): n random bytes.");
static PyObject *py_randbytes(PyObject *self, PYTHON_ARGUMENTS)
{
    static const char *const names[] = {"n"};
    PyObject *number;
    int64_t n_bytes;
    if (!python_bind(names, 1, args, n, kwnames, &number) || !number || !python_is_ours(self, BASE_GETRANDBITS) ||
        !python_exact_i64(number, &n_bytes) || n_bytes < 0 || n_bytes > INT_MAX / 8)
        return python_upstream(self, "randbytes", args, n, kwnames);
    PyObject *bytes = python_enter(self) < 0 ? NULL : PyBytes_FromStringAndSize(NULL, (Py_ssize_t)n_bytes);
    if (bytes)
        oneseed_python_randbytes(python_state(self), PyBytes_AsString(bytes), (size_t)n_bytes);
    return bytes;
}

/* ---- the type ---- */

static PyMethodDef own_methods[] = {
    {"seed", (PyCFunction)(void (*)(void))py_seed, METH_VARARGS | METH_KEYWORDS, seed_doc},
    {"random", py_random, METH_NOARGS, random_doc},
    {"getrandbits", py_getrandbits, METH_O, getrandbits_doc},
    {"_randbelow", py_randbelow, METH_O, NULL},
    {"randbytes", PYTHON_METHOD(py_randbytes), randbytes_doc},
    {"_forget", py_forget, METH_NOARGS, NULL},
    {"getstate", py_getstate, METH_NOARGS, "getstate(): the state, for setstate() here and in Python's random."},
    {"_set_words", py_set_words, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(random_object, dict), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
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
    bit_length = PyObject_GetAttrString((PyObject *)&PyLong_Type, "bit_length");
    from_bytes = PyObject_GetAttrString((PyObject *)&PyLong_Type, "from_bytes");
    little = PyUnicode_InternFromString("little");
    PyObject *structs = PyImport_ImportModule("struct");
    PyObject *words = structs ? PyObject_CallMethod(structs, "Struct", "s", "625I") : NULL;
    unpack = words ? PyObject_GetAttrString(words, "unpack") : NULL;
    Py_XDECREF(words);
    Py_XDECREF(structs);
    if (!bit_length || !from_bytes || !little || !unpack)
        return -1;
    PyType_Slot slots[] = {
        {Py_tp_new, (void *)(uintptr_t)new_random},
        {Py_tp_dealloc, (void *)(uintptr_t)free_random},
        {Py_tp_methods, methods},
        {Py_tp_getset, properties},
        {Py_tp_members, members},
        {Py_tp_traverse, (void *)(uintptr_t)traverse_random},
        {Py_tp_clear, (void *)(uintptr_t)clear_random},
        {Py_tp_doc, "A random.Random of liboneseed."},
        {0, NULL},
    };
    PyType_Spec spec = {
        .name = "oneseed._streams.PythonRandom",
        .basicsize = sizeof(random_object),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
        .slots = slots,
    };
    PyObject *type = PyType_FromSpec(&spec);
    for (int k = 0; type && k < N_BASES; k++) {
        base_methods[k] = PyObject_GetAttr(type, base_names[k]);
        if (!base_methods[k])
            Py_CLEAR(type);
    }
    if (!type || PyModule_AddObject(module, "PythonRandom", type) < 0) {
        Py_XDECREF(type);
        return -1;
    }
    return PyModule_AddFunctions(module, python_hash_functions);
}
