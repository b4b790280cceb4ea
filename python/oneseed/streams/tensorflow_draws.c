/* tensorflow_draws.c - oneseed.tensorflow: places in Philox streams, and the samplers of the library over them.
 * SPDX-License-Identifier: MIT */
#include "parameters.h"

#include <stdlib.h> /* malloc, free */
#include <string.h> /* memcpy, strlen */

#include "numpy_state.h" /* numpy_readable, numpy_writable */

/* A place is a writable buffer of these bytes: the key, then the counter. */
enum { PLACE_NBYTES = sizeof(oneseed_tensorflow_philox) };

static int has_arguments(const char *function, Py_ssize_t n, Py_ssize_t wanted)
{
    if (n != wanted)
        PyErr_Format(PyExc_TypeError, "%s takes %zd arguments", function, wanted);
    return n == wanted;
}

/* _tensorflow_place(is_stateless, seed, seed2): the place of a stateful operation with these attributes, or of a stateless one with
 * this pair. */
static PyObject *py_place(PyObject *module, PyObject *args)
{
    (void)module;
    int is_stateless;
    long long seed, seed2;
    oneseed_tensorflow_philox place;
    if (!PyArg_ParseTuple(args, "pLL:_tensorflow_place", &is_stateless, &seed, &seed2))
        return NULL;
    if (is_stateless)
        oneseed_tensorflow_stateless_seed(&place, seed, seed2);
    else
        oneseed_tensorflow_philox_seed(&place, seed, seed2);
    return PyByteArray_FromStringAndSize((const char *)&place, PLACE_NBYTES);
}

/* ---- samplers ---- */

typedef oneseed_status sampler_run(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype,
                                   const parameter *p, void *out, size_t n);
#define RUN(name)                                                                                                      \
    static oneseed_status run_##name(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype,           \
                                     const parameter *p, void *out, size_t n)

RUN(uniform)
{
    (void)p;
    return oneseed_tensorflow_uniform_fill(place, dtype, out, n);
}

RUN(uniform_range)
{
    return oneseed_tensorflow_uniform_range_fill(place, dtype, p[0].real, p[1].real, out, n);
}

RUN(uniform_int)
{
    return oneseed_tensorflow_uniform_int_fill(place, dtype, p[0].integer, p[1].integer, out, n);
}

RUN(uniform_full_int)
{
    (void)p;
    return oneseed_tensorflow_uniform_full_int_fill(place, dtype, out, n);
}

RUN(normal)
{
    return oneseed_tensorflow_normal_fill(place, dtype, p[0].real, p[1].real, out, n);
}

RUN(truncated_normal)
{
    return oneseed_tensorflow_truncated_normal_fill(place, dtype, p[0].real, p[1].real, out, n);
}

RUN(keep)
{
    return oneseed_tensorflow_keep_fill(place, dtype, p[0].real, out, n);
}

/* Indices, uint32. */
RUN(shuffle)
{
    (void)dtype;
    (void)p;
    oneseed_tensorflow_shuffle(place, out, n);
    return ONESEED_OK;
}

/* Rows of so many bytes, in place. */
#define RUN_SHUFFLE(n_bytes)                                                                                           \
    RUN(shuffle##n_bytes)                                                                                              \
    {                                                                                                                  \
        (void)dtype;                                                                                                   \
        (void)p;                                                                                                       \
        oneseed_tensorflow_shuffle_rows(place, out, n_bytes, n);                                                       \
        return ONESEED_OK;                                                                                             \
    }
RUN_SHUFFLE(1)
RUN_SHUFFLE(2)
RUN_SHUFFLE(4)
RUN_SHUFFLE(8)

static const struct sampler {
    const char *name;
    sampler_run *run;
    const char *kinds;  /* of the parameters: d or q */
    size_t item_nbytes; /* 0: the dtype's */
    void (*reserve)(oneseed_tensorflow_philox *place, uint64_t n);
} samplers[] = {
    {"uniform", run_uniform, "", 0, oneseed_tensorflow_reserve},
    {"uniform_range", run_uniform_range, "dd", 0, oneseed_tensorflow_reserve},
    {"uniform_int", run_uniform_int, "qq", 0, oneseed_tensorflow_reserve},
    {"uniform_full_int", run_uniform_full_int, "", 0, oneseed_tensorflow_reserve},
    {"normal", run_normal, "dd", 0, oneseed_tensorflow_reserve},
    {"truncated_normal", run_truncated_normal, "dd", 0, oneseed_tensorflow_reserve},
    {"keep", run_keep, "d", 1, oneseed_tensorflow_reserve},
    {"shuffle", run_shuffle, "", 4, oneseed_tensorflow_reserve_shuffle},
    {"shuffle1", run_shuffle1, "", 1, oneseed_tensorflow_reserve_shuffle},
    {"shuffle2", run_shuffle2, "", 2, oneseed_tensorflow_reserve_shuffle},
    {"shuffle4", run_shuffle4, "", 4, oneseed_tensorflow_reserve_shuffle},
    {"shuffle8", run_shuffle8, "", 8, oneseed_tensorflow_reserve_shuffle},
};
enum { N_SAMPLERS = sizeof samplers / sizeof *samplers };

static const struct sampler *sampler_of(PyObject *handle)
{
    long number = PyLong_AsLong(handle);
    if (!PyErr_Occurred() && number >= 0 && number < N_SAMPLERS)
        return &samplers[number];
    PyErr_Clear();
    PyErr_SetString(PyExc_ValueError, "there is no such sampler");
    return NULL;
}

static oneseed_status fill(const struct sampler *sampler, const oneseed_tensorflow_philox *place,
                           oneseed_tensorflow_dtype dtype, const parameter *parameters, void *out, size_t n)
{
    PyThreadState *thread = n >= PARAMETERS_FREE_GIL_AT ? PyEval_SaveThread() : NULL;
    oneseed_status status = sampler->run(place, dtype, parameters, out, n);
    if (thread)
        PyEval_RestoreThread(thread);
    return status;
}

/* The place is the buffer's; when the draw moves it, it moves before other threads can see it. */
static oneseed_status draw(const struct sampler *sampler, const python_buffer *place, int moves, unsigned long dtype,
                           const parameter *parameters, const python_buffer *out)
{
    size_t item =
        sampler->item_nbytes ? sampler->item_nbytes : oneseed_tensorflow_dtype_size((oneseed_tensorflow_dtype)dtype);
    size_t n = (size_t)out->len / item;
    oneseed_tensorflow_philox here, behind;
    memcpy(&here, place->buf, PLACE_NBYTES);
    behind = here;
    sampler->reserve(&behind, n);
    if (moves)
        memcpy(place->buf, &behind, PLACE_NBYTES);
    oneseed_status status = fill(sampler, &here, (oneseed_tensorflow_dtype)dtype, parameters, out->buf, n);
    if (moves && status != ONESEED_OK)
        memcpy(place->buf, &here, PLACE_NBYTES);
    return status;
}

/* _tensorflow_draw(sampler, place, moves, dtype, out, parameters...): fills the buffer `out`. */
static PyObject *py_draw(PyObject *module, PyObject *const *args, Py_ssize_t n)
{
    (void)module;
    const struct sampler *sampler = n > 0 ? sampler_of(args[0]) : &samplers[0];
    parameter parameters[PARAMETERS_MAX];
    python_buffer place, out;
    if (!sampler || !has_arguments("_tensorflow_draw", n, 5 + (Py_ssize_t)strlen(sampler->kinds)))
        return NULL;
    int moves = PyObject_IsTrue(args[2]);
    unsigned long dtype = PyLong_AsUnsignedLong(args[3]);
    if (!PyErr_Occurred() && !oneseed_tensorflow_dtype_size((oneseed_tensorflow_dtype)dtype))
        PyErr_SetString(PyExc_ValueError, "there is no such dtype");
    if (PyErr_Occurred() || parameters_read(args + 5, sampler->kinds, 1, parameters) < 0)
        return NULL;
    oneseed_status status = ONESEED_N_STATUSES;
    if (numpy_writable(args[1], PLACE_NBYTES, &place) == 0) {
        if (numpy_writable(args[4], 0, &out) == 0) {
            status = draw(sampler, &place, moves, dtype, parameters, &out);
            PyBuffer_Release(&out);
        }
        PyBuffer_Release(&place);
    }
    parameters_free(parameters, (int)strlen(sampler->kinds));
    if (status == ONESEED_OK)
        Py_RETURN_NONE;
    if (status != ONESEED_N_STATUSES)
        PyErr_SetString(PyExc_ValueError, oneseed_status_text(status));
    return NULL;
}

/* _tensorflow_dropout(place, moves, dtype, rate, in, out): out is as long as in. */
static PyObject *py_dropout(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *place_object, *in_object, *out_object;
    int moves, dtype;
    double rate;
    python_buffer place, in, out;
    oneseed_status status = ONESEED_N_STATUSES;
    if (!PyArg_ParseTuple(args, "OpidOO:_tensorflow_dropout", &place_object, &moves, &dtype, &rate, &in_object,
                          &out_object))
        return NULL;
    size_t item = dtype < 0 ? 0 : oneseed_tensorflow_dtype_size((oneseed_tensorflow_dtype)dtype);
    if (!item)
        return PyErr_SetString(PyExc_ValueError, "there is no such dtype"), NULL;
    if (numpy_writable(place_object, PLACE_NBYTES, &place) < 0)
        return NULL;
    if (numpy_writable(out_object, 0, &out) == 0) {
        if (numpy_readable(in_object, (size_t)out.len, &in) == 0) {
            oneseed_tensorflow_philox here;
            memcpy(&here, place.buf, PLACE_NBYTES);
            size_t n = (size_t)out.len / item;
            PyThreadState *thread = PyEval_SaveThread();
            status = oneseed_tensorflow_dropout_fill(&here, (oneseed_tensorflow_dtype)dtype, rate, in.buf, out.buf, n);
            PyEval_RestoreThread(thread);
            if (moves && status == ONESEED_OK)
                oneseed_tensorflow_reserve(place.buf, n);
            PyBuffer_Release(&in);
        }
        PyBuffer_Release(&out);
    }
    PyBuffer_Release(&place);
    if (status == ONESEED_OK)
        Py_RETURN_NONE;
    if (status != ONESEED_N_STATUSES)
        PyErr_SetString(PyExc_ValueError, oneseed_status_text(status));
    return NULL;
}

/* ---- distributions with rejection: sets of parameters, each with its samples ---- */

enum rejection { GAMMA, POISSON, BINOMIAL };

struct rejection_call {
    int kind, moves, dtype, parameter_dtype;
    unsigned long long n_samples;
    const double *a, *b; /* b NULL: there is none */
    size_t n_sets;
};

static oneseed_status fill_rejection(const struct rejection_call *call, const oneseed_tensorflow_philox *place,
                                     void *out)
{
    const oneseed_tensorflow_dtype dtype = (oneseed_tensorflow_dtype)call->dtype;
    switch (call->kind) {
    case GAMMA:
        return oneseed_tensorflow_gamma_fill(place, dtype, call->a, call->b, call->n_sets, call->n_samples, out);
    case POISSON:
        return oneseed_tensorflow_poisson_fill(place, dtype, call->a, call->n_sets, call->n_samples, out);
    default:
        return oneseed_tensorflow_binomial_fill(place, (oneseed_tensorflow_dtype)call->parameter_dtype, call->a,
                                                call->b, call->n_sets, call->n_samples, dtype, out);
    }
}

static oneseed_status draw_rejection(const struct rejection_call *call, const python_buffer *place, void *out)
{
    oneseed_tensorflow_philox here, behind;
    memcpy(&here, place->buf, PLACE_NBYTES);
    behind = here;
    if (call->kind == BINOMIAL)
        oneseed_tensorflow_binomial_reserve(&behind, call->n_sets, call->n_samples);
    else
        oneseed_tensorflow_reserve(&behind, call->n_sets * call->n_samples);
    if (call->moves)
        memcpy(place->buf, &behind, PLACE_NBYTES);
    PyThreadState *thread = PyEval_SaveThread();
    oneseed_status status = fill_rejection(call, &here, out);
    PyEval_RestoreThread(thread);
    if (call->moves && status != ONESEED_OK)
        memcpy(place->buf, &here, PLACE_NBYTES);
    return status;
}

/* _tensorflow_reject(kind, place, moves, dtype, parameters' dtype, a, b, n_samples, out): a and b are buffers of float64, b may be None
 * for a gamma's 1; out has a value for each sample of each set. */
static PyObject *py_reject(PyObject *module, PyObject *args)
{
    (void)module;
    struct rejection_call call = {0};
    PyObject *objects[4];
    python_buffer place, a = {.obj = NULL}, b = {.obj = NULL}, out;
    oneseed_status status = ONESEED_N_STATUSES;
    if (!PyArg_ParseTuple(args, "iOpiiOOKO:_tensorflow_reject", &call.kind, &objects[0], &call.moves, &call.dtype,
                          &call.parameter_dtype, &objects[1], &objects[2], &call.n_samples, &objects[3]))
        return NULL;
    size_t item = call.dtype < 0 ? 0 : oneseed_tensorflow_dtype_size((oneseed_tensorflow_dtype)call.dtype);
    if (call.kind < GAMMA || call.kind > BINOMIAL || !item || (call.kind == BINOMIAL && objects[2] == Py_None)) {
        PyErr_SetString(PyExc_ValueError, "there is no such distribution or dtype");
        return NULL;
    }
    if (numpy_writable(objects[0], PLACE_NBYTES, &place) < 0)
        return NULL;
    if (numpy_readable(objects[1], 0, &a) == 0 &&
        (objects[2] == Py_None || numpy_readable(objects[2], (size_t)a.len, &b) == 0)) {
        call.a = a.buf;
        call.b = b.obj ? b.buf : NULL;
        call.n_sets = (size_t)a.len / sizeof(double);
        if (call.n_sets && call.n_samples > (unsigned long long)PY_SSIZE_T_MAX / item / call.n_sets)
            PyErr_NoMemory();
        else if (numpy_writable(objects[3], (size_t)call.n_samples * call.n_sets * item, &out) == 0) {
            status = draw_rejection(&call, &place, out.buf);
            PyBuffer_Release(&out);
        }
    }
    if (a.obj)
        PyBuffer_Release(&a);
    if (b.obj)
        PyBuffer_Release(&b);
    PyBuffer_Release(&place);
    if (status == ONESEED_OK)
        Py_RETURN_NONE;
    if (status != ONESEED_N_STATUSES)
        PyErr_SetString(PyExc_ValueError, oneseed_status_text(status));
    return NULL;
}

/* _tensorflow_categorical(place, moves, dtype, logits, n_rows, n_classes, n_samples, n_threads, out): logits are float64, dtype is the
 * one of out. */
static PyObject *py_categorical(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *place_object, *logits_object, *out_object;
    int moves, dtype;
    Py_ssize_t rows, classes, samples;
    unsigned n_threads;
    python_buffer place, logits, out;
    oneseed_status status = ONESEED_N_STATUSES;
    if (!PyArg_ParseTuple(args, "OpiOnnnIO:_tensorflow_categorical", &place_object, &moves, &dtype, &logits_object,
                          &rows, &classes, &samples, &n_threads, &out_object))
        return NULL;
    size_t item = dtype < 0 ? 0 : oneseed_tensorflow_dtype_size((oneseed_tensorflow_dtype)dtype);
    if (!item || rows < 0 || classes < 0 || samples < 0)
        return PyErr_SetString(PyExc_ValueError, "there is no such dtype or size"), NULL;
    double *space = malloc((size_t)classes * sizeof *space + 1);
    if (!space)
        return PyErr_NoMemory();
    if (numpy_writable(place_object, PLACE_NBYTES, &place) == 0) {
        if (numpy_readable(logits_object, (size_t)rows * (size_t)classes * sizeof(double), &logits) == 0) {
            if (numpy_writable(out_object, (size_t)rows * (size_t)samples * item, &out) == 0) {
                oneseed_tensorflow_philox here, behind;
                memcpy(&here, place.buf, PLACE_NBYTES);
                behind = here;
                oneseed_tensorflow_categorical_reserve(&behind, (uint64_t)rows, (uint64_t)samples);
                if (moves)
                    memcpy(place.buf, &behind, PLACE_NBYTES);
                PyThreadState *thread = PyEval_SaveThread();
                status = oneseed_tensorflow_categorical_fill(&here, logits.buf, (size_t)rows, (size_t)classes,
                                                             (size_t)samples, n_threads,
                                                             (oneseed_tensorflow_dtype)dtype, space, out.buf);
                PyEval_RestoreThread(thread);
                if (moves && status != ONESEED_OK)
                    memcpy(place.buf, &here, PLACE_NBYTES);
                PyBuffer_Release(&out);
            }
            PyBuffer_Release(&logits);
        }
        PyBuffer_Release(&place);
    }
    free(space);
    if (status == ONESEED_OK)
        Py_RETURN_NONE;
    if (status != ONESEED_N_STATUSES)
        PyErr_SetString(PyExc_ValueError, oneseed_status_text(status));
    return NULL;
}

/* _tensorflow_order(seed, seed2, iteration, n_slots, out): the order in which iterator number `iteration` of a shuffled dataset gives its
 * elements, as uint64; iteration -1 is a dataset that does not reshuffle. */
static PyObject *py_order(PyObject *module, PyObject *args)
{
    (void)module;
    long long seeds[2], iteration;
    Py_ssize_t n_slots;
    PyObject *object;
    python_buffer out;
    if (!PyArg_ParseTuple(args, "LLLnO:_tensorflow_order", &seeds[0], &seeds[1], &iteration, &n_slots, &object))
        return NULL;
    if (n_slots < 1 || n_slots > PY_SSIZE_T_MAX / 8)
        return PyErr_SetString(PyExc_ValueError, "there are no so many slots"), NULL;
    if (numpy_writable(object, 0, &out) < 0)
        return NULL;
    int64_t of_iterator[2] = {seeds[0], seeds[1]};
    if (iteration >= 0)
        oneseed_tensorflow_dataset_seeds((const int64_t[2]){seeds[0], seeds[1]}, (uint64_t)iteration, of_iterator);
    uint64_t *slots = malloc((size_t)n_slots * sizeof *slots);
    if (slots)
        oneseed_tensorflow_dataset_shuffle(of_iterator, slots, (size_t)n_slots, out.buf, (size_t)out.len / 8);
    free(slots);
    PyBuffer_Release(&out);
    if (!slots)
        return PyErr_NoMemory();
    Py_RETURN_NONE;
}

/* _tensorflow_index_shuffle(a, b, max_index, indices, out): buffers of uint64. */
static PyObject *py_index_shuffle(PyObject *module, PyObject *args)
{
    (void)module;
    long long a, b;
    unsigned long long max_index;
    PyObject *indices_object, *out_object;
    python_buffer indices, out;
    oneseed_status status = ONESEED_N_STATUSES;
    if (!PyArg_ParseTuple(args, "LLKOO:_tensorflow_index_shuffle", &a, &b, &max_index, &indices_object, &out_object) ||
        numpy_readable(indices_object, 0, &indices) < 0)
        return NULL;
    if (numpy_writable(out_object, (size_t)indices.len, &out) == 0) {
        status = oneseed_tensorflow_index_shuffle(a, b, max_index, indices.buf, out.buf, (size_t)indices.len / 8);
        PyBuffer_Release(&out);
    }
    PyBuffer_Release(&indices);
    if (status == ONESEED_OK)
        Py_RETURN_NONE;
    if (status != ONESEED_N_STATUSES)
        PyErr_SetString(PyExc_ValueError, oneseed_status_text(status));
    return NULL;
}

/* _tensorflow_reserve(place, n): forward by what a draw of n values reserves. */
static PyObject *py_reserve(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *object;
    unsigned long long n;
    python_buffer place;
    if (!PyArg_ParseTuple(args, "OK:_tensorflow_reserve", &object, &n) ||
        numpy_writable(object, PLACE_NBYTES, &place) < 0)
        return NULL;
    oneseed_tensorflow_philox at;
    memcpy(&at, place.buf, PLACE_NBYTES);
    oneseed_tensorflow_reserve(&at, n);
    memcpy(place.buf, &at, PLACE_NBYTES);
    PyBuffer_Release(&place);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"_tensorflow_place", py_place, METH_VARARGS, NULL},
    {"_tensorflow_draw", FAST_FUNCTION(py_draw), METH_FASTCALL, NULL},
    {"_tensorflow_dropout", py_dropout, METH_VARARGS, NULL},
    {"_tensorflow_reject", py_reject, METH_VARARGS, NULL},
    {"_tensorflow_categorical", py_categorical, METH_VARARGS, NULL},
    {"_tensorflow_order", py_order, METH_VARARGS, NULL},
    {"_tensorflow_index_shuffle", py_index_shuffle, METH_VARARGS, NULL},
    {"_tensorflow_reserve", py_reserve, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int streams_add_tensorflow(PyObject *module)
{
    if (parameters_add_handles(module, "_tensorflow_samplers", &samplers[0].name, sizeof samplers[0], N_SAMPLERS) < 0)
        return -1;
    return PyModule_AddFunctions(module, functions);
}
