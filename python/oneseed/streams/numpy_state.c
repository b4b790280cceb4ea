/* numpy_state.c - the type behind oneseed.numpy's bit generators: state, seeds, raw words; and SeedSequence's arithmetic.
 * SPDX-License-Identifier: MIT */
#include "numpy_state.h"

#include "numpy_array.h" /* numpy_array_functions */
#include "numpy_calls.h" /* numpy_add_calls */
#include "sklearn.h"     /* sklearn_split_methods */

#include <stdlib.h> /* calloc */
#include <string.h> /* memcpy */

enum { BUFFER_SIMPLE = 0, BUFFER_WRITABLE = 1, N_KINDS = ONESEED_NUMPY_SFC64 + 1 };

/* ---- what all files use ---- */

static oneseed_numpy *state_of(PyObject *object)
{
    numpy_object *self = (numpy_object *)object;
    return self->owner ? &((numpy_object *)self->owner)->own : &self->own;
}

oneseed_numpy *numpy_enter(PyObject *self)
{
    oneseed_numpy *state = state_of(self);
    state->has_gauss = ((numpy_object *)self)->has_gauss;
    state->gauss = ((numpy_object *)self)->gauss;
    return state;
}

void numpy_leave(PyObject *self)
{
    oneseed_numpy *state = state_of(self);
    ((numpy_object *)self)->has_gauss = state->has_gauss;
    ((numpy_object *)self)->gauss = state->gauss;
}

int numpy_raise(oneseed_status status, int is_array)
{
    if (status == ONESEED_OK)
        return 0;
    int is_range = status == ONESEED_NUMPY_RANGE || status == ONESEED_NUMPY_RANGE_NOT_FINITE;
    PyErr_SetString(is_range ? PyExc_OverflowError : PyExc_ValueError,
                    is_array ? oneseed_status_array_text(status) : oneseed_status_text(status));
    return -1;
}

static int memory_of(PyObject *object, size_t n_bytes, int flags, python_buffer *view)
{
    if (PyObject_GetBuffer(object, view, flags) < 0)
        return -1;
    if ((size_t)view->len >= n_bytes)
        return 0;
    PyErr_Format(PyExc_ValueError, "a buffer of %zd bytes is too short: want %zu", view->len, n_bytes);
    PyBuffer_Release(view);
    return -1;
}

int numpy_writable(PyObject *object, size_t n_bytes, python_buffer *view)
{
    return memory_of(object, n_bytes, BUFFER_WRITABLE, view);
}

int numpy_readable(PyObject *object, size_t n_bytes, python_buffer *view)
{
    return memory_of(object, n_bytes, BUFFER_SIMPLE, view);
}

/* ---- the bit generator that other extensions see ---- */

static uint64_t next_uint64(void *state)
{
    return oneseed_numpy_next_u64(state);
}

static uint32_t next_uint32(void *state)
{
    return oneseed_numpy_next_u32(state);
}

static double next_double(void *state)
{
    return oneseed_numpy_next_double(state);
}

static uint64_t next_raw(void *state)
{
    const oneseed_numpy *numpy = state;
    return numpy->kind == ONESEED_NUMPY_MT19937 ? oneseed_numpy_next_u32(state) : oneseed_numpy_next_u64(state);
}

/* capsule(): for NumPy's own Generator, SciPy and others that draw from a BitGenerator. It does not keep the state alive. */
static PyObject *py_capsule(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    return PyCapsule_New(&((numpy_object *)self)->bitgen, "BitGenerator", NULL);
}

/* addresses(): of the state, next_uint64, next_uint32, next_double and the bitgen_t, for ctypes and cffi. */
static PyObject *py_addresses(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    struct numpy_bitgen *bitgen = &((numpy_object *)self)->bitgen;
    return Py_BuildValue("KKKKK", (unsigned long long)(uintptr_t)bitgen->state,
                         (unsigned long long)(uintptr_t)bitgen->next_uint64,
                         (unsigned long long)(uintptr_t)bitgen->next_uint32,
                         (unsigned long long)(uintptr_t)bitgen->next_double, (unsigned long long)(uintptr_t)bitgen);
}

/* ---- making and freeing ---- */

static PyObject *make(PyTypeObject *type, PyObject *owner)
{
    numpy_object *self = (numpy_object *)PyType_GenericAlloc(type, 0);
    if (!self)
        return NULL;
    Py_XINCREF(owner);
    self->owner = owner;
    self->bitgen = (struct numpy_bitgen){state_of((PyObject *)self), next_uint64, next_uint32, next_double, next_raw};
    return (PyObject *)self;
}

/* NumpyState(kind): not seeded. */
static PyObject *new_state(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"kind", NULL};
    int kind;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "i:NumpyState", names, &kind))
        return NULL;
    if (kind < 0 || kind >= N_KINDS) {
        PyErr_Format(PyExc_ValueError, "kind: want 0 to %d, got %d", N_KINDS - 1, kind);
        return NULL;
    }
    PyObject *self = make(type, NULL);
    if (self) {
        oneseed_numpy *state = &((numpy_object *)self)->own;
        oneseed_numpy_seed(state, (oneseed_numpy_kind)kind, NULL, 0, NULL, 0);
    }
    return self;
}

static PyObject *py_view(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    PyObject *owner = ((numpy_object *)self)->owner;
    return make(Py_TYPE(self), owner ? owner : self);
}

static void free_state(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    Py_XDECREF(((numpy_object *)self)->owner);
    ((freefunc)(uintptr_t)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

bool numpy_is_state(PyObject *object)
{
    return PyType_GetSlot(Py_TYPE(object), Py_tp_dealloc) == (void *)(uintptr_t)free_state;
}

/* ---- state and seeds ---- */

static size_t engine_nbytes(const oneseed_numpy *state)
{
    switch (state->kind) {
    case ONESEED_NUMPY_MT19937:
        return sizeof state->engine.mt19937.words;
    case ONESEED_NUMPY_PHILOX:
        return 10 * sizeof(uint64_t);
    case ONESEED_NUMPY_PCG64:
    case ONESEED_NUMPY_PCG64DXSM:
    case ONESEED_NUMPY_SFC64:
        break;
    }
    return 4 * sizeof(uint64_t);
}

static uint32_t *position_of(oneseed_numpy *state)
{
    return state->kind == ONESEED_NUMPY_MT19937  ? &state->engine.mt19937.position
           : state->kind == ONESEED_NUMPY_PHILOX ? &state->engine.philox.position
                                                 : NULL;
}

/* get(): (the engine's words as bytes of this machine, position, has_uint32, uinteger). */
static PyObject *py_get(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    oneseed_numpy *state = state_of(self);
    const uint32_t *position = position_of(state);
    return Py_BuildValue("y#III", (const char *)&state->engine, (Py_ssize_t)engine_nbytes(state),
                         position ? *position : 0, state->has_uint32, state->uinteger);
}

/* set(words, position, has_uint32, uinteger); a state that the engine cannot have is refused. */
static PyObject *py_set(PyObject *self, PyObject *args)
{
    const char *bytes;
    Py_ssize_t n_bytes;
    unsigned int position, has_uint32, uinteger;
    if (!PyArg_ParseTuple(args, "y#III:set", &bytes, &n_bytes, &position, &has_uint32, &uinteger))
        return NULL;
    oneseed_numpy *state = state_of(self), next = *state;
    if ((size_t)n_bytes != engine_nbytes(state)) {
        PyErr_Format(PyExc_ValueError, "state: want %zu bytes, got %zd", engine_nbytes(state), n_bytes);
        return NULL;
    }
    memcpy(&next.engine, bytes, (size_t)n_bytes);
    if (position_of(&next))
        *position_of(&next) = position;
    next.has_uint32 = has_uint32 != 0;
    next.uinteger = uinteger;
    if (!oneseed_numpy_is_valid(&next))
        return numpy_raise(ONESEED_INVALID_STATE, 0), NULL;
    *state = next;
    Py_RETURN_NONE;
}

/* gauss(): (has_gauss, gauss) of this view; set_gauss(has_gauss, gauss). */
static PyObject *py_gauss(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    return Py_BuildValue("Id", ((numpy_object *)self)->has_gauss, ((numpy_object *)self)->gauss);
}

static PyObject *py_set_gauss(PyObject *self, PyObject *args)
{
    int has_gauss;
    double gauss;
    if (!PyArg_ParseTuple(args, "id:set_gauss", &has_gauss, &gauss))
        return NULL;
    ((numpy_object *)self)->has_gauss = has_gauss != 0;
    ((numpy_object *)self)->gauss = gauss;
    Py_RETURN_NONE;
}

/* seed_words(words): as NumPy seeds from seed_seq.generate_state(n), whosever seed_seq it is: MT19937 from 624 words of 32 bits,
 * PCG64 from 4 of 64 bits, Philox from 2 (its key), SFC64 from 3. */
static PyObject *py_seed_words(PyObject *self, PyObject *object)
{
    static const uint64_t counter[4] = {0, 0, 0, 0};
    static const size_t n_bytes[N_KINDS] = {4 * 624, 4 * 8, 4 * 8, 2 * 8, 3 * 8};
    oneseed_numpy *state = state_of(self);
    python_buffer view;
    uint64_t words[312];
    if (numpy_readable(object, n_bytes[state->kind], &view) < 0)
        return NULL;
    memcpy(words, view.buf, n_bytes[state->kind]);
    PyBuffer_Release(&view);
    state->has_uint32 = state->uinteger = 0;
    switch (state->kind) {
    case ONESEED_NUMPY_MT19937:
        memcpy(state->engine.mt19937.words, words, sizeof state->engine.mt19937.words);
        state->engine.mt19937.words[0] = 0x80000000u; /* so that the state is valid */
        state->engine.mt19937.position = 623;
        break;
    case ONESEED_NUMPY_PCG64:
    case ONESEED_NUMPY_PCG64DXSM: /* numbers of 128 bits with the high half first */
        oneseed_pcg64_seed(&state->engine.pcg64, (uint64_t[2]){words[1], words[0]}, (uint64_t[2]){words[3], words[2]});
        break;
    case ONESEED_NUMPY_PHILOX:
        oneseed_philox4x64_seed(&state->engine.philox, words, counter);
        break;
    case ONESEED_NUMPY_SFC64:
        oneseed_sfc64_seed(&state->engine.sfc64, words);
        break;
    }
    Py_RETURN_NONE;
}

/* seed_legacy(seed or buffer of 32-bit seeds): RandomState's seeding; only of an MT19937. */
static PyObject *py_seed_legacy(PyObject *self, PyObject *seed)
{
    oneseed_numpy *state = state_of(self);
    uint32_t version = state->version;
    oneseed_status status = ONESEED_OK;
    if (PyLong_Check(seed)) {
        unsigned long number = PyLong_AsUnsignedLong(seed);
        if (PyErr_Occurred())
            return NULL;
        oneseed_numpy_legacy_seed(state, (uint32_t)number);
    } else {
        python_buffer seeds;
        if (numpy_readable(seed, 0, &seeds) < 0)
            return NULL;
        status = oneseed_numpy_legacy_seed_array(state, seeds.buf, (size_t)seeds.len / 4);
        PyBuffer_Release(&seeds);
    }
    state->version = version;
    if (numpy_raise(status, 0) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *get_version(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromUnsignedLong(state_of(self)->version);
}

static int set_version(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    unsigned long version = value ? PyLong_AsUnsignedLong(value) : 0;
    if (PyErr_Occurred())
        return -1;
    state_of(self)->version = (uint32_t)version;
    return 0;
}

static PyGetSetDef properties[] = {
    {"version", get_version, set_version, "The NumPy whose stream this is: 12604 is 1.26.4, 0 the newest known.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

/* ---- raw words and jumps ---- */

/* raw(out): fills a buffer of 64-bit words; raw(n): draws n words and gives nothing; raw(None): one word. */
static PyObject *py_raw(PyObject *self, PyObject *out)
{
    oneseed_numpy *state = state_of(self);
    python_buffer view;
    if (out == Py_None)
        return PyLong_FromUnsignedLongLong(next_raw(state));
    if (PyLong_Check(out)) {
        long long n = PyLong_AsLongLong(out);
        if (PyErr_Occurred())
            return NULL;
        PyThreadState *thread = PyEval_SaveThread();
        for (long long k = 0; k < n; k++)
            next_raw(state);
        PyEval_RestoreThread(thread);
        Py_RETURN_NONE;
    }
    if (numpy_writable(out, 0, &view) < 0)
        return NULL;
    PyThreadState *thread = PyEval_SaveThread();
    oneseed_numpy_random_raw_fill(state, view.buf, (size_t)view.len / 8);
    PyEval_RestoreThread(thread);
    PyBuffer_Release(&view);
    Py_RETURN_NONE;
}

/* advance(32 bytes: a number of 256 bits, this machine's words, the lowest first). */
static PyObject *py_advance(PyObject *self, PyObject *object)
{
    python_buffer delta;
    uint64_t words[4];
    if (numpy_readable(object, sizeof words, &delta) < 0)
        return NULL;
    memcpy(words, delta.buf, sizeof words);
    PyBuffer_Release(&delta);
    return PyBool_FromLong(oneseed_numpy_advance(state_of(self), words));
}

static PyObject *py_jump(PyObject *self, PyObject *number)
{
    long long n = PyLong_AsLongLong(number);
    int is_done;
    if (PyErr_Occurred())
        return NULL;
    PyThreadState *thread = PyEval_SaveThread();
    is_done = oneseed_numpy_jump(state_of(self), n);
    PyEval_RestoreThread(thread);
    return PyBool_FromLong(is_done);
}

/* ---- SeedSequence ---- */

/* _seed_pool(entropy, key, version, n_pool): both are buffers of 32-bit words; the pool as bytes. */
static PyObject *py_make_pool(PyObject *module, PyObject *args)
{
    (void)module;
    const char *entropy, *key;
    Py_ssize_t n_entropy, n_key, n_pool;
    unsigned int version;
    if (!PyArg_ParseTuple(args, "y#y#In:_seed_pool", &entropy, &n_entropy, &key, &n_key, &version, &n_pool))
        return NULL;
    if (n_pool < 4 || n_pool > PY_SSIZE_T_MAX / 4)
        return PyErr_NoMemory();
    PyObject *pool = PyBytes_FromStringAndSize(NULL, 4 * n_pool);
    /* Words from bytes objects: they are aligned, but only for bytes by their type. */
    uint32_t *words = malloc((size_t)(n_entropy + n_key) + 4 * (size_t)n_pool + 4);
    if (!words || !pool) {
        free(words);
        Py_XDECREF(pool);
        return PyErr_NoMemory();
    }
    uint32_t *key_words = words + n_entropy / 4, *pool_words = key_words + n_key / 4;
    memcpy(words, entropy, (size_t)n_entropy);
    memcpy(key_words, key, (size_t)n_key);
    oneseed_seed_sequence_pool(words, (size_t)n_entropy / 4, key_words, (size_t)n_key / 4, version, pool_words,
                               (size_t)n_pool);
    memcpy(PyBytes_AsString(pool), pool_words, 4 * (size_t)n_pool);
    free(words);
    return pool;
}

/* _seed_generate(pool, out, item_bytes): fills a buffer of words of 4 or 8 bytes. */
static PyObject *py_generate(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *pool_object, *out_object;
    int item_nbytes;
    python_buffer pool, out;
    if (!PyArg_ParseTuple(args, "OOi:_seed_generate", &pool_object, &out_object, &item_nbytes))
        return NULL;
    if (numpy_readable(pool_object, 16, &pool) < 0)
        return NULL;
    if (numpy_writable(out_object, 0, &out) < 0) {
        PyBuffer_Release(&pool);
        return NULL;
    }
    if (item_nbytes == 4)
        oneseed_seed_sequence_generate_u32(pool.buf, (size_t)pool.len / 4, out.buf, (size_t)out.len / 4);
    else
        oneseed_seed_sequence_generate_u64(pool.buf, (size_t)pool.len / 4, out.buf, (size_t)out.len / 8);
    PyBuffer_Release(&out);
    PyBuffer_Release(&pool);
    Py_RETURN_NONE;
}

/* ---- the type ---- */

static PyMethodDef own_methods[] = {
    {"view", py_view, METH_NOARGS, NULL},
    {"get", py_get, METH_NOARGS, NULL},
    {"set", py_set, METH_VARARGS, NULL},
    {"gauss", py_gauss, METH_NOARGS, NULL},
    {"set_gauss", py_set_gauss, METH_VARARGS, NULL},
    {"seed_words", py_seed_words, METH_O, NULL},
    {"seed_legacy", py_seed_legacy, METH_O, NULL},
    {"raw", py_raw, METH_O, NULL},
    {"advance", py_advance, METH_O, NULL},
    {"jump", py_jump, METH_O, NULL},
    {"capsule", py_capsule, METH_NOARGS, NULL},
    {"addresses", py_addresses, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyMethodDef seed_functions[] = {
    {"_seed_pool", py_make_pool, METH_VARARGS, NULL},
    {"_seed_generate", py_generate, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

/* One table of the methods of all files; it lives as long as the process. */
static PyMethodDef *all_methods(void)
{
    PyMethodDef *tables[] = {own_methods, numpy_draw_methods, numpy_order_methods, sklearn_split_methods,
                             sklearn_data_methods};
    enum { N_TABLES = sizeof tables / sizeof *tables };
    size_t n = 0;
    for (int k = 0; k < N_TABLES; k++)
        for (PyMethodDef *method = tables[k]; method->ml_name; method++)
            n++;
    PyMethodDef *all = calloc(n + 1, sizeof *all), *to = all;
    for (int k = 0; all && k < N_TABLES; k++)
        for (PyMethodDef *from = tables[k]; from->ml_name; from++)
            *to++ = *from;
    return all;
}

int streams_add_numpy(PyObject *module)
{
    PyMethodDef *methods = all_methods();
    if (!methods) {
        PyErr_NoMemory();
        return -1;
    }
    PyType_Slot slots[] = {
        {Py_tp_new, (void *)(uintptr_t)new_state},
        {Py_tp_dealloc, (void *)(uintptr_t)free_state},
        {Py_tp_methods, methods},
        {Py_tp_getset, properties},
        {Py_tp_doc, "A bit generator of NumPy's; whoever calls holds its lock."},
        {0, NULL},
    };
    PyType_Spec spec = {"oneseed._streams.NumpyState", sizeof(numpy_object), 0, Py_TPFLAGS_DEFAULT, slots};
    PyObject *type = PyType_FromSpec(&spec);
    if (!type || PyModule_AddObject(module, "NumpyState", type) < 0) {
        Py_XDECREF(type);
        return -1;
    }
    if (numpy_add_calls(module) < 0)
        return -1;
    PyMethodDef *functions[] = {seed_functions, numpy_functions, numpy_array_functions, sklearn_functions};
    for (size_t k = 0; k < sizeof functions / sizeof *functions; k++)
        if (PyModule_AddFunctions(module, functions[k]) < 0)
            return -1;
    return 0;
}
