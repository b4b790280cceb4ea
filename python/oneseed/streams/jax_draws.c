/* jax_draws.c - oneseed.jax: keys as their words, and the samplers of the library over them.
 * SPDX-License-Identifier: MIT */
#include "parameters.h"

#include <stdlib.h> /* malloc, free */
#include <string.h> /* memcpy */

#include "numpy_state.h" /* numpy_readable, numpy_writable */

/* ---- keys: words in a buffer, and settings in one number ---- */

/* Settings: the kind of key in bits 0 to 3, is_original 4, has_x64 5, oneseed_jax_cpu 6 and 7, JAX's
 * version from 8. -1 with an exception. */
static int read_settings(PyObject *object, oneseed_jax_key *key)
{
    unsigned long settings = PyLong_AsUnsignedLong(object);
    if (PyErr_Occurred())
        return -1;
    *key = (oneseed_jax_key){.impl = settings & 15, .is_original = settings >> 4 & 1, .has_x64 = settings >> 5 & 1};
    key->cpu = settings >> 6 & 3;
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
RUN_PLAIN(laplace)
RUN_PLAIN(logistic)
RUN_PLAIN(cauchy)
RUN_PLAIN(maxwell)

RUN(bits)
{
    (void)p;
    static const unsigned widths[] = {
        [ONESEED_JAX_UINT8] = 8, [ONESEED_JAX_UINT16] = 16, [ONESEED_JAX_UINT32] = 32, [ONESEED_JAX_UINT64] = 64};
    return oneseed_jax_bits_fill(key, widths[dtype], out, n);
}

/* Numbers go to the function of numbers, arrays to the one of arrays: XLA rounds some of them in another way. */
#define RUN_ONE(name)                                                                                                  \
    RUN(name)                                                                                                          \
    {                                                                                                                  \
        if (!p[0].view.obj)                                                                                            \
            return oneseed_jax_##name##_fill(key, dtype, p[0].real, out, n);                                           \
        return oneseed_jax_##name##_each_fill(key, dtype, p[0].values, p[0].n, out, n);                                \
    }
#define RUN_TWO(name, member)                                                                                          \
    RUN(name)                                                                                                          \
    {                                                                                                                  \
        if (!p[0].view.obj && !p[1].view.obj)                                                                          \
            return oneseed_jax_##name##_fill(key, dtype, p[0].member, p[1].member, out, n);                            \
        return oneseed_jax_##name##_each_fill(key, dtype, p[0].values, p[0].n, p[1].values, p[1].n, out, n);           \
    }
/* Those that take both in one function. */
#define RUN_ANY(name)                                                                                                  \
    RUN(name)                                                                                                          \
    {                                                                                                                  \
        return oneseed_jax_##name##_fill(key, dtype, p[0].values, p[0].n, out, n);                                     \
    }
#define RUN_ANY_TWO(name)                                                                                              \
    RUN(name)                                                                                                          \
    {                                                                                                                  \
        return oneseed_jax_##name##_fill(key, dtype, p[0].values, p[0].n, p[1].values, p[1].n, out, n);                \
    }

RUN_TWO(uniform, real)
RUN_TWO(truncated_normal, real)
RUN_TWO(weibull_min, real)
RUN_TWO(randint, integer)
RUN_ONE(rayleigh)
RUN_ONE(pareto)
RUN_ONE(lognormal)
RUN_ANY(gamma)
RUN_ANY(loggamma)
RUN_ANY(chisquare)
RUN_ANY(t)
RUN_ANY(poisson)
RUN_ANY(wald)
RUN_ANY_TWO(beta)
RUN_ANY_TWO(f)
RUN_ANY_TWO(double_sided_maxwell)

RUN(gumbel)
{
    return oneseed_jax_gumbel_mode_fill(key, dtype, (oneseed_jax_mode)p[0].integer, out, n);
}

RUN(bernoulli)
{
    const oneseed_jax_mode mode = (oneseed_jax_mode)p[1].integer;
    if (!p[0].view.obj && mode == ONESEED_JAX_LOW)
        return oneseed_jax_bernoulli_fill(key, dtype, p[0].real, out, n);
    return oneseed_jax_bernoulli_each_fill(key, dtype, mode, p[0].values, p[0].n, out, n);
}

RUN(generalized_normal)
{
    return oneseed_jax_generalized_normal_fill(key, dtype, p[0].real, out, n);
}

/* Rows of p[0] values. */
RUN(ball)
{
    size_t d = (size_t)p[0].integer;
    return d ? oneseed_jax_ball_fill(key, dtype, d, p[1].real, out, n / d) : ONESEED_OK;
}

/* Rows of as many values as there are alphas. */
RUN(dirichlet)
{
    size_t n_alpha = (size_t)p[0].view.len / sizeof(double);
    return n_alpha ? oneseed_jax_dirichlet_fill(key, dtype, p[0].values, n_alpha, out, n / n_alpha) : ONESEED_OK;
}

RUN(triangular)
{
    return oneseed_jax_triangular_fill(key, dtype, p[0].values, p[0].n, p[1].values, p[1].n, p[2].values, p[2].n, out,
                                       n);
}

RUN(geometric)
{
    return oneseed_jax_geometric_fill(key, dtype, (oneseed_jax_dtype)p[1].integer, p[0].values, p[0].n, out, n);
}

RUN(binomial)
{
    return oneseed_jax_binomial_fill(key, dtype, (oneseed_jax_dtype)p[2].integer, p[0].values, p[0].n, p[1].values,
                                     p[1].n, out, n);
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
    const char *kinds;  /* of the parameters: d or q; v is a vector of float64 of its own length */
    size_t item_nbytes; /* 0: the dtype's */
} samplers[] = {
    {"bits", run_bits, "", 0},
    {"uniform", run_uniform, "dd", 0},
    {"normal", run_normal, "", 0},
    {"exponential", run_exponential, "", 0},
    {"gumbel", run_gumbel, "q", 0},
    {"laplace", run_laplace, "", 0},
    {"logistic", run_logistic, "", 0},
    {"cauchy", run_cauchy, "", 0},
    {"maxwell", run_maxwell, "", 0},
    {"double_sided_maxwell", run_double_sided_maxwell, "dd", 0},
    {"truncated_normal", run_truncated_normal, "dd", 0},
    {"rayleigh", run_rayleigh, "d", 0},
    {"weibull_min", run_weibull_min, "dd", 0},
    {"pareto", run_pareto, "d", 0},
    {"lognormal", run_lognormal, "d", 0},
    {"gamma", run_gamma, "d", 0},
    {"loggamma", run_loggamma, "d", 0},
    {"chisquare", run_chisquare, "d", 0},
    {"t", run_t, "d", 0},
    {"beta", run_beta, "dd", 0},
    {"f", run_f, "dd", 0},
    {"generalized_normal", run_generalized_normal, "d", 0},
    {"ball", run_ball, "qd", 0},
    {"dirichlet", run_dirichlet, "v", 0},
    {"wald", run_wald, "d", 0},
    {"triangular", run_triangular, "ddd", 0},
    {"geometric", run_geometric, "dq", 0},
    {"poisson", run_poisson, "d", 0},
    {"binomial", run_binomial, "ddq", 0},
    {"bernoulli", run_bernoulli, "dq", 1},
    {"randint", run_randint, "qq", 0},
    {"permutation", run_permutation, "", 4},
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

static PyObject *draw(const struct sampler *sampler, const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                      PyObject *const *objects, void *out, size_t n)
{
    parameter parameters[PARAMETERS_MAX];
    int n_parameters = (int)strlen(sampler->kinds);
    if (parameters_read(objects, sampler->kinds, n, parameters) < 0)
        return NULL;
    PyThreadState *thread = n >= PARAMETERS_FREE_GIL_AT ? PyEval_SaveThread() : NULL;
    oneseed_status status = sampler->run(key, dtype, parameters, out, n);
    if (thread)
        PyEval_RestoreThread(thread);
    parameters_free(parameters, n_parameters);
    if (status != ONESEED_OK)
        return refuse(status);
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

/* ---- classes and lines ---- */

/* What a call works with; `space` is freed with the views. */
struct choice_call {
    oneseed_jax_key key;
    python_buffer in, out; /* in: float64 */
    void *space;
};

/* -1 with an exception; otherwise end_choice() ends it. */
static int begin_choice(struct choice_call *call, PyObject *words, PyObject *settings, PyObject *in, size_t n_in,
                        PyObject *out, size_t n_out, size_t n_space)
{
    *call = (struct choice_call){.space = NULL};
    if (n_in > PY_SSIZE_T_MAX / 8 || n_out > PY_SSIZE_T_MAX / 8 || n_space > PY_SSIZE_T_MAX / 8)
        return PyErr_NoMemory(), -1;
    if (read_key(words, settings, &call->key) < 0 || (in && numpy_readable(in, 8 * n_in, &call->in) < 0))
        return -1;
    if (numpy_writable(out, 4 * n_out, &call->out) == 0) {
        call->space = malloc(8 * n_space + 1);
        if (call->space)
            return 0;
        PyErr_NoMemory();
        PyBuffer_Release(&call->out);
    }
    if (in)
        PyBuffer_Release(&call->in);
    return -1;
}

static PyObject *end_choice(struct choice_call *call, oneseed_status status)
{
    free(call->space);
    PyBuffer_Release(&call->out);
    if (call->in.obj)
        PyBuffer_Release(&call->in);
    if (status != ONESEED_OK)
        return refuse(status);
    Py_RETURN_NONE;
}

/* _jax_categorical(words, settings, dtype, mode, replace, logits, n_outer, n_classes, n_inner, n_draws, out): logits are float64, out
 * uint32 of shape (n_draws, n_outer, n_inner). */
static PyObject *py_categorical(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *words, *settings, *logits, *out;
    int dtype, mode, replace;
    Py_ssize_t n_outer, n_classes, n_inner, n_draws;
    struct choice_call call;
    oneseed_status status;
    if (!PyArg_ParseTuple(args, "OOiipOnnnnO:_jax_categorical", &words, &settings, &dtype, &mode, &replace, &logits,
                          &n_outer, &n_classes, &n_inner, &n_draws, &out))
        return NULL;
    const size_t outer = (size_t)n_outer, classes = (size_t)n_classes, inner = (size_t)n_inner, draws = (size_t)n_draws;
    if (begin_choice(&call, words, settings, logits, outer * classes * inner, out, outer * inner * draws,
                     replace ? 0 : oneseed_jax_categorical_space(classes)) < 0)
        return NULL;
    PyThreadState *thread = PyEval_SaveThread();
    if (replace)
        status = oneseed_jax_categorical_fill(&call.key, (oneseed_jax_dtype)dtype, (oneseed_jax_mode)mode, call.in.buf,
                                              outer, classes, inner, call.out.buf, draws);
    else
        status = oneseed_jax_categorical_choose(&call.key, (oneseed_jax_dtype)dtype, (oneseed_jax_mode)mode,
                                                call.in.buf, outer, classes, inner, call.space, call.out.buf, draws);
    PyEval_RestoreThread(thread);
    return end_choice(&call, status);
}

/* _jax_choice(words, settings, dtype, mode, replace, p, n_classes, out): p are float64, out uint32. */
static PyObject *py_choice(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *words, *settings, *p, *out;
    int dtype, mode, replace;
    Py_ssize_t n_classes;
    struct choice_call call;
    oneseed_status status;
    if (!PyArg_ParseTuple(args, "OOiipOnO:_jax_choice", &words, &settings, &dtype, &mode, &replace, &p, &n_classes,
                          &out))
        return NULL;
    const size_t classes = (size_t)n_classes;
    if (begin_choice(&call, words, settings, p, classes, out, 0,
                     replace ? classes : oneseed_jax_categorical_space(classes)) < 0)
        return NULL;
    const size_t n = (size_t)call.out.len / 4;
    PyThreadState *thread = PyEval_SaveThread();
    if (replace)
        status = oneseed_jax_choice_fill(&call.key, (oneseed_jax_dtype)dtype, call.in.buf, classes, call.space,
                                         call.out.buf, n);
    else
        status = oneseed_jax_choice_choose(&call.key, (oneseed_jax_dtype)dtype, (oneseed_jax_mode)mode, call.in.buf,
                                           classes, call.space, call.out.buf, n);
    PyEval_RestoreThread(thread);
    return end_choice(&call, status);
}

/* _jax_lines(words, settings, n_outer, n_axis, n_inner, out): where in its line each element comes from, uint32. */
static PyObject *py_lines(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *words, *settings, *out;
    Py_ssize_t n_outer, n_axis, n_inner;
    struct choice_call call;
    if (!PyArg_ParseTuple(args, "OOnnnO:_jax_lines", &words, &settings, &n_outer, &n_axis, &n_inner, &out))
        return NULL;
    const size_t outer = (size_t)n_outer, axis = (size_t)n_axis, inner = (size_t)n_inner;
    if (begin_choice(&call, words, settings, NULL, 0, out, outer * axis * inner,
                     oneseed_jax_permutation_space(outer * axis * inner)) < 0)
        return NULL;
    PyThreadState *thread = PyEval_SaveThread();
    oneseed_status status = oneseed_jax_permutation_lines(&call.key, outer, axis, inner, call.space, call.out.buf);
    PyEval_RestoreThread(thread);
    return end_choice(&call, status);
}

static PyMethodDef functions[] = {
    {"_jax_seed", FAST_FUNCTION(py_seed), METH_FASTCALL, NULL},
    {"_jax_split", FAST_FUNCTION(py_split), METH_FASTCALL, NULL},
    {"_jax_fold_in", FAST_FUNCTION(py_fold_in), METH_FASTCALL, NULL},
    {"_jax_draw", FAST_FUNCTION(py_draw), METH_FASTCALL, NULL},
    {"_jax_categorical", py_categorical, METH_VARARGS, NULL},
    {"_jax_choice", py_choice, METH_VARARGS, NULL},
    {"_jax_lines", py_lines, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int streams_add_jax(PyObject *module)
{
    if (parameters_add_handles(module, "_jax_samplers", &samplers[0].name, sizeof samplers[0], N_SAMPLERS) < 0)
        return -1;
    return PyModule_AddFunctions(module, functions);
}
