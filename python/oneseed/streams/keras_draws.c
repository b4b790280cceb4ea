/* keras_draws.c - oneseed.keras: seeds, and the samplers of the library over pairs of numbers.
 * SPDX-License-Identifier: MIT */
#include "parameters.h"

#include <stdlib.h> /* malloc, free */
#include <string.h> /* memcpy, strlen */

#include "keras_draws.h" /* keras_read, keras_refuse */

int keras_read(PyObject *object, oneseed_keras *keras)
{
    python_buffer view;
    if (numpy_readable(object, sizeof *keras, &view) < 0)
        return -1;
    memcpy(keras, view.buf, sizeof *keras);
    PyBuffer_Release(&view);
    if (oneseed_keras_is_valid(keras))
        return 0;
    PyErr_SetString(PyExc_ValueError, "there is no such Keras");
    return -1;
}

PyObject *keras_refuse(oneseed_status status)
{
    if (status == ONESEED_N_STATUSES)
        return PyErr_NoMemory();
    if (status == ONESEED_INVALID_STATE)
        PyErr_SetString(PyExc_NotImplementedError, "oneseed.keras does not know this of the backend");
    else
        PyErr_SetString(PyExc_ValueError, oneseed_status_text(status));
    return NULL;
}

static PyObject *pair_of(const int64_t pair[2])
{
    return Py_BuildValue("LL", (long long)pair[0], (long long)pair[1]);
}

/* ---- seeds ---- */

/* _keras_seed(keras, is_generator, seed): the pair of an integer seed, or the state of a SeedGenerator of it. */
static PyObject *py_seed(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *object;
    int is_generator;
    long long seed;
    oneseed_keras keras;
    int64_t pair[2];
    if (!PyArg_ParseTuple(args, "OpL:_keras_seed", &object, &is_generator, &seed) || keras_read(object, &keras) < 0)
        return NULL;
    oneseed_status status =
        is_generator ? oneseed_keras_seed_generator(&keras, seed, pair) : oneseed_keras_seed(&keras, seed, pair);
    return status == ONESEED_OK ? pair_of(pair) : keras_refuse(status);
}

/* _keras_next(keras, first, second, ordered): (the pair to draw with, the state afterwards). */
static PyObject *py_next(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *object;
    long long first, second;
    int ordered;
    oneseed_keras keras;
    int64_t pair[2];
    if (!PyArg_ParseTuple(args, "OLLp:_keras_next", &object, &first, &second, &ordered) ||
        keras_read(object, &keras) < 0)
        return NULL;
    int64_t state[2] = {first, second};
    oneseed_keras_seed_next(&keras, state, ordered, pair);
    return Py_BuildValue("(LL)(LL)", (long long)pair[0], (long long)pair[1], (long long)state[0], (long long)state[1]);
}

static int is_dtype(int dtype)
{
    if (dtype >= ONESEED_KERAS_BFLOAT16 && dtype <= ONESEED_KERAS_UINT64)
        return 1;
    PyErr_SetString(PyExc_ValueError, "there is no such dtype");
    return 0;
}

/* _keras_result_dtype(keras, dtype): the dtype that comes out. */
static PyObject *py_result_dtype(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *object;
    int dtype;
    oneseed_keras keras;
    if (!PyArg_ParseTuple(args, "Oi:_keras_result_dtype", &object, &dtype) || !is_dtype(dtype) ||
        keras_read(object, &keras) < 0)
        return NULL;
    return PyLong_FromLong((long)oneseed_keras_result_dtype(&keras, (oneseed_keras_dtype)dtype));
}

/* ---- samplers ---- */

typedef oneseed_status sampler_run(const oneseed_keras *keras, const int64_t seed[2], oneseed_keras_dtype dtype,
                                   const parameter *p, void *out, size_t n);
#define RUN(name)                                                                                                      \
    static oneseed_status run_##name(const oneseed_keras *keras, const int64_t seed[2], oneseed_keras_dtype dtype,     \
                                     const parameter *p, void *out, size_t n)

RUN(uniform)
{
    return oneseed_keras_uniform_fill(keras, seed, dtype, p[0].real, p[1].real, out, n);
}

RUN(normal)
{
    return oneseed_keras_normal_fill(keras, seed, dtype, p[0].real, p[1].real, out, n);
}

RUN(truncated_normal)
{
    return oneseed_keras_truncated_normal_fill(keras, seed, dtype, p[0].real, p[1].real, out, n);
}

RUN(randint)
{
    return oneseed_keras_randint_fill(keras, seed, dtype, p[0].integer, p[1].integer, out, n);
}

RUN(gamma)
{
    return oneseed_keras_gamma_fill(keras, seed, dtype, p[0].values, p[0].n, out, n);
}

RUN(beta)
{
    return oneseed_keras_beta_fill(keras, seed, dtype, p[0].values, p[0].n, p[1].values, p[1].n, out, n);
}

RUN(binomial)
{
    return oneseed_keras_binomial_fill(keras, seed, dtype, p[0].values, p[0].n, p[1].values, p[1].n, out, n);
}

RUN(keep)
{
    return oneseed_keras_keep_fill(keras, seed, dtype, p[0].real, out, n);
}

static const struct sampler {
    const char *name;
    sampler_run *run;
    const char *kinds;  /* of the parameters: d or q */
    size_t item_nbytes; /* 0: the dtype's */
} samplers[] = {
    {"uniform", run_uniform, "dd", 0},
    {"normal", run_normal, "dd", 0},
    {"truncated_normal", run_truncated_normal, "dd", 0},
    {"randint", run_randint, "qq", 0},
    {"gamma", run_gamma, "d", 0},
    {"beta", run_beta, "dd", 0},
    {"binomial", run_binomial, "dd", 0},
    {"keep", run_keep, "d", 1},
};
enum { N_SAMPLERS = sizeof samplers / sizeof *samplers };

/* What most functions begin with: keras, and a pair. */
struct seeded {
    oneseed_keras keras;
    int64_t seed[2];
};

static int read_seeded(PyObject *keras, long long first, long long second, struct seeded *out)
{
    out->seed[0] = first;
    out->seed[1] = second;
    return keras_read(keras, &out->keras);
}

/* _keras_draw(sampler, keras, first, second, dtype, out, parameters): fills the buffer; dtype is the one that comes out, parameters are
 * a tuple. */
static PyObject *py_draw(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *keras, *out_object, *tuple, *objects[PARAMETERS_MAX];
    int number, dtype;
    long long first, second;
    struct seeded seeded;
    parameter parameters[PARAMETERS_MAX];
    python_buffer out;
    if (!PyArg_ParseTuple(args, "iOLLiOO!:_keras_draw", &number, &keras, &first, &second, &dtype, &out_object,
                          &PyTuple_Type, &tuple) ||
        !is_dtype(dtype) || read_seeded(keras, first, second, &seeded) < 0)
        return NULL;
    if (number < 0 || number >= N_SAMPLERS || PyTuple_Size(tuple) != (Py_ssize_t)strlen(samplers[number].kinds)) {
        PyErr_SetString(PyExc_ValueError, "there is no such sampler, or it has other parameters");
        return NULL;
    }
    const struct sampler *sampler = &samplers[number];
    for (Py_ssize_t k = 0; k < PyTuple_Size(tuple); k++)
        objects[k] = PyTuple_GetItem(tuple, k);
    if (numpy_writable(out_object, 0, &out) < 0)
        return NULL;
    size_t item = sampler->item_nbytes ? sampler->item_nbytes : oneseed_keras_dtype_size((oneseed_keras_dtype)dtype);
    size_t n = (size_t)out.len / item;
    PyObject *done = NULL;
    if (parameters_read(objects, sampler->kinds, n, parameters) == 0) {
        PyThreadState *thread = PyEval_SaveThread();
        oneseed_status status =
            sampler->run(&seeded.keras, seeded.seed, (oneseed_keras_dtype)dtype, parameters, out.buf, n);
        PyEval_RestoreThread(thread);
        parameters_free(parameters, (int)strlen(sampler->kinds));
        done = status == ONESEED_OK ? Py_None : keras_refuse(status);
    }
    PyBuffer_Release(&out);
    Py_XINCREF(done);
    return done;
}

/* _keras_dropout(keras, first, second, dtype, rate, in, out): out is as long as in. */
static PyObject *py_dropout(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *keras, *in_object, *out_object;
    int dtype;
    long long first, second;
    double rate;
    struct seeded seeded;
    python_buffer in, out;
    if (!PyArg_ParseTuple(args, "OLLidOO:_keras_dropout", &keras, &first, &second, &dtype, &rate, &in_object,
                          &out_object) ||
        !is_dtype(dtype) || read_seeded(keras, first, second, &seeded) < 0 || numpy_writable(out_object, 0, &out) < 0)
        return NULL;
    oneseed_status status = ONESEED_N_STATUSES;
    if (numpy_readable(in_object, (size_t)out.len, &in) == 0) {
        size_t n = (size_t)out.len / oneseed_keras_dtype_size((oneseed_keras_dtype)dtype);
        PyThreadState *thread = PyEval_SaveThread();
        status = oneseed_keras_dropout_fill(&seeded.keras, seeded.seed, (oneseed_keras_dtype)dtype, rate, in.buf,
                                            out.buf, n);
        PyEval_RestoreThread(thread);
        PyBuffer_Release(&in);
    }
    PyBuffer_Release(&out);
    if (status == ONESEED_OK)
        Py_RETURN_NONE;
    return PyErr_Occurred() ? NULL : keras_refuse(status);
}

/* _keras_shuffle(keras, first, second, n_outer, n, n_inner, out): where in its line each element comes from, uint32. */
static PyObject *py_shuffle(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *keras, *out_object;
    long long first, second;
    Py_ssize_t outer, n, inner;
    struct seeded seeded;
    python_buffer out;
    if (!PyArg_ParseTuple(args, "OLLnnnO:_keras_shuffle", &keras, &first, &second, &outer, &n, &inner, &out_object) ||
        read_seeded(keras, first, second, &seeded) < 0)
        return NULL;
    if (outer < 0 || n < 0 || inner < 0 || numpy_writable(out_object, (size_t)(outer * n * inner) * 4, &out) < 0)
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    oneseed_status status = ONESEED_N_STATUSES;
    size_t n_space = oneseed_keras_shuffle_space(&seeded.keras, (size_t)outer, (size_t)n, (size_t)inner);
    uint64_t *space = malloc(n_space * sizeof *space + 1);
    if (space) {
        PyThreadState *thread = PyEval_SaveThread();
        status =
            oneseed_keras_shuffle(&seeded.keras, seeded.seed, (size_t)outer, (size_t)n, (size_t)inner, space, out.buf);
        PyEval_RestoreThread(thread);
    }
    free(space);
    PyBuffer_Release(&out);
    if (status != ONESEED_OK)
        return keras_refuse(status);
    Py_RETURN_NONE;
}

/* _keras_categorical(keras, first, second, dtype, logits, n_rows, n_classes, n_samples, out): out is int64. */
static PyObject *py_categorical(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *keras, *logits_object, *out_object;
    int dtype;
    long long first, second;
    Py_ssize_t n_rows, n_classes, n_samples;
    struct seeded seeded;
    python_buffer logits, out;
    if (!PyArg_ParseTuple(args, "OLLiOnnnO:_keras_categorical", &keras, &first, &second, &dtype, &logits_object,
                          &n_rows, &n_classes, &n_samples, &out_object) ||
        !is_dtype(dtype) || read_seeded(keras, first, second, &seeded) < 0)
        return NULL;
    const size_t rows = (size_t)n_rows, classes = (size_t)n_classes, samples = (size_t)n_samples;
    if (numpy_readable(logits_object, rows * classes * oneseed_keras_dtype_size((oneseed_keras_dtype)dtype), &logits) <
        0)
        return NULL;
    oneseed_status status = ONESEED_N_STATUSES;
    if (numpy_writable(out_object, rows * samples * 8, &out) == 0) {
        size_t n_space = oneseed_keras_categorical_space(&seeded.keras, rows, classes, samples);
        uint64_t *space = malloc(n_space * sizeof *space + 1);
        if (space) {
            PyThreadState *thread = PyEval_SaveThread();
            status = oneseed_keras_categorical_fill(&seeded.keras, seeded.seed, (oneseed_keras_dtype)dtype, logits.buf,
                                                    rows, classes, space, out.buf, samples);
            PyEval_RestoreThread(thread);
        }
        free(space);
        PyBuffer_Release(&out);
    }
    PyBuffer_Release(&logits);
    if (status == ONESEED_OK)
        Py_RETURN_NONE;
    return PyErr_Occurred() ? NULL : keras_refuse(status);
}

static PyMethodDef functions[] = {
    {"_keras_seed", py_seed, METH_VARARGS, NULL},
    {"_keras_next", py_next, METH_VARARGS, NULL},
    {"_keras_result_dtype", py_result_dtype, METH_VARARGS, NULL},
    {"_keras_draw", py_draw, METH_VARARGS, NULL},
    {"_keras_dropout", py_dropout, METH_VARARGS, NULL},
    {"_keras_shuffle", py_shuffle, METH_VARARGS, NULL},
    {"_keras_categorical", py_categorical, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int streams_add_keras(PyObject *module)
{
    if (parameters_add_handles(module, "_keras_samplers", &samplers[0].name, sizeof samplers[0], N_SAMPLERS) < 0)
        return -1;
    if (PyModule_AddFunctions(module, keras_layer_functions) < 0)
        return -1;
    return PyModule_AddFunctions(module, functions);
}
