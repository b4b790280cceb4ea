/* jax_draws.c - oneseed.jax: keys as their words, and the samplers of the library over them.
 * SPDX-License-Identifier: MIT */
#include "parameters.h"

#include <stdlib.h> /* malloc, free */
#include <string.h> /* memcpy */

#include "numpy_state.h" /* numpy_readable, numpy_writable */

/* ---- keys: words in a buffer, and settings in one number ---- */

/* Settings: the kind of key in bits 0 to 3, is_original 4, has_x64 5, JAX's version from 8. -1 with an exception. */
static int read_settings(PyObject *object, oneseed_jax_key *key)
{
    unsigned long settings = PyLong_AsUnsignedLong(object);
    if (PyErr_Occurred())
        return -1;
    *key = (oneseed_jax_key){.impl = settings & 15, .is_original = settings >> 4 & 1, .has_x64 = settings >> 5 & 1};
    key->version = (uint32_t)(settings >> 8);
    if (oneseed_jax_key_is_valid(key))
        return 0;
    PyErr_SetString(PyExc_ValueError, "there is no such kind of key");
    return -1;
}

/* -1 with an exception. */
static int read_key(PyObject *words, PyObject *settings, oneseed_jax_key *key)
{
    python_buffer view;
    if (read_settings(settings, key) < 0)
        return -1;
    size_t n_bytes = 4 * oneseed_jax_key_words(key);
    if (numpy_readable(words, n_bytes, &view) < 0)
        return -1;
    memcpy(key->words, view.buf, n_bytes);
    PyBuffer_Release(&view);
    return 0;
}

static int has_arguments(const char *function, Py_ssize_t n, Py_ssize_t wanted)
{
    if (n != wanted)
        PyErr_Format(PyExc_TypeError, "%s takes %zd arguments", function, wanted);
    return n == wanted;
}

/* _jax_seed(settings, seed, out): the words of a key. */
static PyObject *py_seed(PyObject *module, PyObject *const *args, Py_ssize_t n)
{
    (void)module;
    oneseed_jax_key key;
    python_buffer out;
    if (!has_arguments("_jax_seed", n, 3))
        return NULL;
    if (read_settings(args[0], &key) < 0)
        return NULL;
    long long seed = PyLong_AsLongLong(args[1]);
    if (PyErr_Occurred() || numpy_writable(args[2], 4 * oneseed_jax_key_words(&key), &out) < 0)
        return NULL;
    oneseed_jax_key_seed(&key, seed);
    memcpy(out.buf, key.words, 4 * oneseed_jax_key_words(&key));
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

/* _jax_split(words, settings, out): as many keys as out has room for. */
static PyObject *py_split(PyObject *module, PyObject *const *args, Py_ssize_t n)
{
    (void)module;
    oneseed_jax_key key;
    python_buffer out;
    if (!has_arguments("_jax_split", n, 3) || read_key(args[0], args[1], &key) < 0 ||
        numpy_writable(args[2], 0, &out) < 0)
        return NULL;
    size_t n_bytes = 4 * oneseed_jax_key_words(&key), n_keys = (size_t)out.len / n_bytes;
    oneseed_jax_key *keys = PyMem_Malloc(n_keys * sizeof *keys + 1);
    if (keys) {
        oneseed_jax_split(&key, keys, n_keys);
        for (size_t k = 0; k < n_keys; k++)
            memcpy((char *)out.buf + k * n_bytes, keys[k].words, n_bytes);
    }
    PyMem_Free(keys);
    PyBuffer_Release(&out);
    if (!keys)
        return PyErr_NoMemory();
    Py_RETURN_NONE;
}

/* _jax_fold_in(words, settings, data, out). */
static PyObject *py_fold_in(PyObject *module, PyObject *const *args, Py_ssize_t n)
{
    (void)module;
    oneseed_jax_key key;
    python_buffer out;
    if (!has_arguments("_jax_fold_in", n, 4) || read_key(args[0], args[1], &key) < 0)
        return NULL;
    unsigned long data = PyLong_AsUnsignedLong(args[2]);
    if (PyErr_Occurred() || numpy_writable(args[3], 4 * oneseed_jax_key_words(&key), &out) < 0)
        return NULL;
    oneseed_jax_fold_in(&key, (uint32_t)data, &key);
    memcpy(out.buf, key.words, 4 * oneseed_jax_key_words(&key));
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

/* ---- samplers ---- */

typedef oneseed_status sampler_run(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const parameter *p, void *out,
                                   size_t n);
#define RUN(name)                                                                                                      \
    static oneseed_status run_##name(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const parameter *p,          \
                                     void *out, size_t n)
/* Of a floating dtype and nothing else. */
#define RUN_PLAIN(name)                                                                                                \
    RUN(name)                                                                                                          \
    {                                                                                                                  \
        (void)p;                                                                                                       \
        return oneseed_jax_##name##_fill(key, dtype, out, n);                                                          \
    }

RUN_PLAIN(normal)
RUN_PLAIN(exponential)
RUN_PLAIN(gumbel)
RUN_PLAIN(laplace)
RUN_PLAIN(logistic)
RUN_PLAIN(cauchy)

RUN(bits)
{
    (void)p;
    static const unsigned widths[] = {
        [ONESEED_JAX_UINT8] = 8, [ONESEED_JAX_UINT16] = 16, [ONESEED_JAX_UINT32] = 32, [ONESEED_JAX_UINT64] = 64};
    return oneseed_jax_bits_fill(key, widths[dtype], out, n);
}

RUN(uniform)
{
    return oneseed_jax_uniform_fill(key, dtype, p[0].real, p[1].real, out, n);
}

RUN(truncated_normal)
{
    return oneseed_jax_truncated_normal_fill(key, dtype, p[0].real, p[1].real, out, n);
}

RUN(rayleigh)
{
    return oneseed_jax_rayleigh_fill(key, dtype, p[0].real, out, n);
}

RUN(weibull_min)
{
    return oneseed_jax_weibull_min_fill(key, dtype, p[0].real, p[1].real, out, n);
}

RUN(pareto)
{
    return oneseed_jax_pareto_fill(key, dtype, p[0].real, out, n);
}

RUN(lognormal)
{
    return oneseed_jax_lognormal_fill(key, dtype, p[0].real, out, n);
}

RUN(bernoulli)
{
    return oneseed_jax_bernoulli_fill(key, dtype, p[0].real, out, n);
}

RUN(randint)
{
    return oneseed_jax_randint_fill(key, dtype, p[0].integer, p[1].integer, out, n);
}

/* Indices, uint32. */
RUN(permutation)
{
    (void)dtype;
    (void)p;
    uint64_t *space = malloc(oneseed_jax_permutation_space(n) * sizeof *space + 1);
    if (!space)
        return ONESEED_N_STATUSES;
    oneseed_status status = oneseed_jax_permutation(key, space, out, n);
    free(space);
    return status;
}

static const struct sampler {
    const char *name;
    sampler_run *run;
    const char *kinds;  /* of the parameters: d or q */
    size_t item_nbytes; /* 0: the dtype's */
    int takes_arrays;   /* whether parameters may be arrays */
} samplers[] = {
    {"bits", run_bits, "", 0, 0},
    {"uniform", run_uniform, "dd", 0, 0},
    {"normal", run_normal, "", 0, 0},
    {"exponential", run_exponential, "", 0, 0},
    {"gumbel", run_gumbel, "", 0, 0},
    {"laplace", run_laplace, "", 0, 0},
    {"logistic", run_logistic, "", 0, 0},
    {"cauchy", run_cauchy, "", 0, 0},
    {"truncated_normal", run_truncated_normal, "dd", 0, 0},
    {"rayleigh", run_rayleigh, "d", 0, 0},
    {"weibull_min", run_weibull_min, "dd", 0, 0},
    {"pareto", run_pareto, "d", 0, 0},
    {"lognormal", run_lognormal, "d", 0, 0},
    {"bernoulli", run_bernoulli, "d", 1, 0},
    {"randint", run_randint, "qq", 0, 0},
    {"permutation", run_permutation, "", 4, 0},
};
enum { N_SAMPLERS = sizeof samplers / sizeof *samplers };

static PyObject *refuse(oneseed_status status)
{
    if (status == ONESEED_N_STATUSES)
        return PyErr_NoMemory();
    PyErr_SetString(PyExc_ValueError, oneseed_status_text(status));
    return NULL;
}

static const struct sampler *sampler_of(PyObject *handle)
{
    long number = PyLong_AsLong(handle);
    if (!PyErr_Occurred() && number >= 0 && number < N_SAMPLERS)
        return &samplers[number];
    PyErr_Clear();
    PyErr_SetString(PyExc_ValueError, "there is no such sampler");
    return NULL;
}

/* 0 and an exception where arrays are given to a sampler that is known of numbers alone. */
static int takes(const struct sampler *sampler, const parameter *parameters, int n)
{
    for (int k = 0; k < n; k++)
        if (parameters[k].view.obj && !sampler->takes_arrays) {
            PyErr_Format(PyExc_NotImplementedError, "%s: oneseed.jax knows it with numbers as parameters, not arrays",
                         sampler->name);
            return 0;
        }
    return 1;
}

static PyObject *draw(const struct sampler *sampler, const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                      PyObject *const *objects, void *out, size_t n)
{
    parameter parameters[PARAMETERS_MAX];
    oneseed_status status = ONESEED_OK;
    int n_parameters = (int)strlen(sampler->kinds);
    if (parameters_read(objects, sampler->kinds, n, parameters) < 0)
        return NULL;
    int is_known = takes(sampler, parameters, n_parameters);
    if (is_known) {
        PyThreadState *thread = n >= PARAMETERS_FREE_GIL_AT ? PyEval_SaveThread() : NULL;
        status = sampler->run(key, dtype, parameters, out, n);
        if (thread)
            PyEval_RestoreThread(thread);
    }
    parameters_free(parameters, n_parameters);
    if (status != ONESEED_OK)
        refuse(status);
    if (!is_known || status != ONESEED_OK)
        return NULL;
    Py_RETURN_NONE;
}

/* _jax_draw(sampler, words, settings, dtype, out, parameters...): fills the buffer `out`. */
static PyObject *py_draw(PyObject *module, PyObject *const *args, Py_ssize_t n)
{
    (void)module;
    static const size_t n_bytes[] = {2, 2, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8};
    const struct sampler *sampler = n > 0 ? sampler_of(args[0]) : &samplers[0];
    oneseed_jax_key key;
    python_buffer out;
    if (!sampler || !has_arguments("_jax_draw", n, 5 + (Py_ssize_t)strlen(sampler->kinds)) ||
        read_key(args[1], args[2], &key) < 0)
        return NULL;
    unsigned long dtype = PyLong_AsUnsignedLong(args[3]);
    if (!PyErr_Occurred() && dtype > ONESEED_JAX_UINT64)
        PyErr_SetString(PyExc_ValueError, "there is no such dtype");
    if (PyErr_Occurred() || numpy_writable(args[4], 0, &out) < 0)
        return NULL;
    size_t item = sampler->item_nbytes ? sampler->item_nbytes : n_bytes[dtype];
    PyObject *done = draw(sampler, &key, (oneseed_jax_dtype)dtype, args + 5, out.buf, (size_t)out.len / item);
    PyBuffer_Release(&out);
    return done;
}

static PyMethodDef functions[] = {
    {"_jax_seed", FAST_FUNCTION(py_seed), METH_FASTCALL, NULL},
    {"_jax_split", FAST_FUNCTION(py_split), METH_FASTCALL, NULL},
    {"_jax_fold_in", FAST_FUNCTION(py_fold_in), METH_FASTCALL, NULL},
    {"_jax_draw", FAST_FUNCTION(py_draw), METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

int streams_add_jax(PyObject *module)
{
    PyObject *handles = PyDict_New();
    for (int k = 0; handles && k < N_SAMPLERS; k++) {
        PyObject *handle = PyLong_FromLong(k);
        if (!handle || PyDict_SetItemString(handles, samplers[k].name, handle) < 0)
            Py_CLEAR(handles);
        Py_XDECREF(handle);
    }
    if (!handles)
        return -1;
    if (PyModule_AddObject(module, "_jax_samplers", handles) < 0) {
        Py_DECREF(handles);
        return -1;
    }
    return PyModule_AddFunctions(module, functions);
}
