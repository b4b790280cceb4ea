/* numpy_orders.c - shuffles, choices and the distributions of vectors of oneseed.numpy.
 * SPDX-License-Identifier: MIT */
#include "numpy_state.h"

#include <stdlib.h> /* malloc: memory that is used without the GIL */

#include "dialects/numpy_shared.h" /* numpy_interval */

/* shuffle(is_legacy, items, item_bytes, keep_gil): a buffer of items, in place. What Python objects lie in keeps the GIL. */
static PyObject *py_shuffle(PyObject *self, PyObject *args)
{
    int is_legacy, keep_gil;
    Py_ssize_t n, item_nbytes;
    PyObject *object;
    python_buffer items;
    if (!PyArg_ParseTuple(args, "pOnnp:shuffle", &is_legacy, &object, &n, &item_nbytes, &keep_gil) ||
        numpy_writable(object, (size_t)n * (size_t)item_nbytes, &items) < 0)
        return NULL;
    oneseed_numpy *state = numpy_enter(self);
    PyThreadState *thread = keep_gil ? NULL : PyEval_SaveThread();
    if (is_legacy)
        oneseed_numpy_legacy_shuffle(state, items.buf, (size_t)n, (size_t)item_nbytes);
    else
        oneseed_numpy_shuffle(state, items.buf, (size_t)n, (size_t)item_nbytes);
    if (thread)
        PyEval_RestoreThread(thread);
    numpy_leave(self);
    PyBuffer_Release(&items);
    Py_RETURN_NONE;
}

/* shuffle_axis(permuted, items, n_outer, n, n_inner, item_bytes, keep_gil): along the middle axis; permuted: each line alone. */
static PyObject *py_shuffle_axis(PyObject *self, PyObject *args)
{
    int is_permuted, keep_gil;
    Py_ssize_t n_outer, n, n_inner, item_nbytes;
    PyObject *object;
    python_buffer items;
    if (!PyArg_ParseTuple(args, "pOnnnnp:shuffle_axis", &is_permuted, &object, &n_outer, &n, &n_inner, &item_nbytes,
                          &keep_gil) ||
        numpy_writable(object, (size_t)n_outer * (size_t)n * (size_t)n_inner * (size_t)item_nbytes, &items) < 0)
        return NULL;
    oneseed_numpy *state = numpy_enter(self);
    PyThreadState *thread = keep_gil ? NULL : PyEval_SaveThread();
    (is_permuted ? oneseed_numpy_permuted : oneseed_numpy_shuffle_axis)(state, items.buf, (size_t)n_outer, (size_t)n,
                                                                        (size_t)n_inner, (size_t)item_nbytes);
    if (thread)
        PyEval_RestoreThread(thread);
    numpy_leave(self);
    PyBuffer_Release(&items);
    Py_RETURN_NONE;
}

/* swaps(out): with whom each item is exchanged, for sequences that only Python can change: out[i] for item i from the last on
 * to item 1. */
static PyObject *py_swaps(PyObject *self, PyObject *object)
{
    python_buffer out;
    if (numpy_writable(object, 0, &out) < 0)
        return NULL;
    oneseed_numpy *state = numpy_enter(self);
    int64_t *partners = out.buf;
    PyThreadState *thread = PyEval_SaveThread();
    for (size_t i = (size_t)out.len / 8; i-- > 1;)
        partners[i] = (int64_t)numpy_interval(state, i);
    PyEval_RestoreThread(thread);
    numpy_leave(self);
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

/* ---- choice ---- */

struct choice {
    int is_legacy, is_distinct, is_shuffled;
    uint64_t n_population;
    const double *p;
    double tolerance;
    int64_t *out;
    size_t n;
    void *work;
};

/* 8-byte words of memory that it works in. */
static size_t choice_work(const struct choice *choice)
{
    if (choice->p)
        return (size_t)choice->n_population * (choice->is_distinct ? 2 : 1);
    if (!choice->is_distinct)
        return 0;
    return choice->is_legacy ? (size_t)choice->n_population
                             : oneseed_numpy_choice_distinct_work(choice->n_population, choice->n, choice->is_shuffled);
}

static oneseed_status choose(oneseed_numpy *state, const struct choice *c)
{
    if (c->p && c->is_distinct)
        return (c->is_legacy ? oneseed_numpy_legacy_choice_weighted_distinct_fill
                             : oneseed_numpy_choice_weighted_distinct_fill)(state, c->p, (size_t)c->n_population,
                                                                            c->tolerance, c->work, c->out, c->n);
    if (c->p)
        return (c->is_legacy ? oneseed_numpy_legacy_choice_weighted_fill : oneseed_numpy_choice_weighted_fill)(
            state, c->p, (size_t)c->n_population, c->tolerance, c->work, c->out, c->n);
    if (c->is_distinct && c->is_legacy)
        return oneseed_numpy_legacy_choice_distinct_fill(state, (size_t)c->n_population, c->work, c->out, c->n);
    if (c->is_distinct)
        return oneseed_numpy_choice_distinct_fill(state, c->n_population, c->is_shuffled, c->work, c->out, c->n);
    return c->is_legacy ? oneseed_numpy_legacy_choice_fill(state, (size_t)c->n_population, c->out, c->n)
                        : oneseed_numpy_choice_fill(state, c->n_population, c->out, c->n);
}

/* choice(is_legacy, n_population, p or None, tolerance, is_distinct, is_shuffled, out): indices. */
static PyObject *py_choice(PyObject *self, PyObject *args)
{
    struct choice choice = {.work = NULL};
    PyObject *p_object, *out_object;
    unsigned long long n_population;
    python_buffer p = {.obj = NULL}, out;
    oneseed_status status = ONESEED_OK;
    if (!PyArg_ParseTuple(args, "pKOdppO:choice", &choice.is_legacy, &n_population, &p_object, &choice.tolerance,
                          &choice.is_distinct, &choice.is_shuffled, &out_object) ||
        numpy_writable(out_object, 0, &out) < 0)
        return NULL;
    choice.n_population = n_population;
    choice.out = out.buf;
    choice.n = (size_t)out.len / 8;
    int is_read = p_object == Py_None || numpy_readable(p_object, 8 * (size_t)n_population, &p) == 0;
    if (is_read) {
        choice.p = p.obj ? p.buf : NULL;
        /* More than the population is refused before any work. */
        size_t n_work = choice.is_distinct && choice.n > n_population ? 1 : choice_work(&choice);
        if (n_work > 0 && (n_work > PY_SSIZE_T_MAX / 8 || !(choice.work = malloc(8 * n_work)))) {
            PyErr_NoMemory();
            is_read = 0;
        }
    }
    if (is_read) {
        oneseed_numpy *state = numpy_enter(self);
        PyThreadState *thread = PyEval_SaveThread();
        status = choose(state, &choice);
        PyEval_RestoreThread(thread);
        numpy_leave(self);
    }
    free(choice.work);
    if (p.obj)
        PyBuffer_Release(&p);
    PyBuffer_Release(&out);
    if (!is_read || numpy_raise(status, 0) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* ---- vectors ---- */

/* What the three functions below have in common: an input of n_items 8-byte numbers, rows of n_items out. */
struct vectors {
    python_buffer in, out;
    size_t n_items, n_rows;
};

static int open_vectors(struct vectors *vectors, PyObject *in, PyObject *out)
{
    if (numpy_readable(in, 0, &vectors->in) < 0)
        return -1;
    if (numpy_writable(out, 0, &vectors->out) < 0) {
        PyBuffer_Release(&vectors->in);
        return -1;
    }
    vectors->n_items = (size_t)vectors->in.len / 8;
    vectors->n_rows = vectors->n_items ? (size_t)vectors->out.len / 8 / vectors->n_items : 0;
    return 0;
}

static PyObject *close_vectors(struct vectors *vectors, oneseed_status status)
{
    PyBuffer_Release(&vectors->in);
    PyBuffer_Release(&vectors->out);
    if (numpy_raise(status, 1) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* multinomial(is_legacy, n, pvals, out). */
static PyObject *py_multinomial(PyObject *self, PyObject *args)
{
    int is_legacy;
    long long n;
    PyObject *pvals, *out;
    struct vectors v;
    oneseed_status status;
    if (!PyArg_ParseTuple(args, "pLOO:multinomial", &is_legacy, &n, &pvals, &out) || open_vectors(&v, pvals, out) < 0)
        return NULL;
    oneseed_numpy *state = numpy_enter(self);
    PyThreadState *thread = PyEval_SaveThread();
    status = (is_legacy ? oneseed_numpy_legacy_multinomial_fill
                        : oneseed_numpy_multinomial_fill)(state, n, v.in.buf, v.n_items, v.out.buf, v.n_rows);
    PyEval_RestoreThread(thread);
    numpy_leave(self);
    return close_vectors(&v, status);
}

/* Every row is checked (as a fill of none does it), then every row is drawn. */
static oneseed_status fill_multinomials(oneseed_numpy *state, const int64_t *n, const double *pvals, size_t n_pvals,
                                        int64_t *out, size_t n_rows)
{
    oneseed_status worst = ONESEED_OK;
    for (size_t row = 0; row < n_rows; row++) {
        oneseed_status status = oneseed_numpy_multinomial_fill(state, n[row], pvals + row * n_pvals, n_pvals, NULL, 0);
        if (status != ONESEED_OK && (worst == ONESEED_OK || status < worst))
            worst = status;
    }
    for (size_t row = 0; worst == ONESEED_OK && row < n_rows; row++)
        worst = oneseed_numpy_multinomial_fill(state, n[row], pvals + row * n_pvals, n_pvals, out + row * n_pvals, 1);
    return worst;
}

/* multinomials(n, pvals, out, n_pvals): Generator's, with an n and a row of pvals for each row of out. */
static PyObject *py_multinomials(PyObject *self, PyObject *args)
{
    PyObject *n_object, *pvals, *out;
    Py_ssize_t n_pvals;
    struct vectors v;
    python_buffer n;
    oneseed_status status;
    if (!PyArg_ParseTuple(args, "OOOn:multinomials", &n_object, &pvals, &out, &n_pvals) ||
        open_vectors(&v, pvals, out) < 0)
        return NULL;
    size_t n_rows = (size_t)v.out.len / 8 / (size_t)n_pvals;
    if (v.in.len < v.out.len || numpy_readable(n_object, 8 * n_rows, &n) < 0) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "fewer pvals than rows");
        close_vectors(&v, ONESEED_OK);
        return NULL;
    }
    oneseed_numpy *state = numpy_enter(self);
    PyThreadState *thread = PyEval_SaveThread();
    status = fill_multinomials(state, n.buf, v.in.buf, (size_t)n_pvals, v.out.buf, n_rows);
    PyEval_RestoreThread(thread);
    numpy_leave(self);
    PyBuffer_Release(&n);
    return close_vectors(&v, status);
}

/* multivariate_hypergeometric(colors, nsample, n_work, out): with work (method count) for sum(colors), or without. */
static PyObject *py_multivariate_hypergeometric(PyObject *self, PyObject *args)
{
    PyObject *colors, *out;
    long long nsample;
    Py_ssize_t n_work;
    struct vectors v;
    oneseed_status status;
    if (!PyArg_ParseTuple(args, "OLnO:multivariate_hypergeometric", &colors, &nsample, &n_work, &out) ||
        open_vectors(&v, colors, out) < 0)
        return NULL;
    int64_t *work = NULL;
    if (n_work > 0 && ((size_t)n_work > PY_SSIZE_T_MAX / 8 || !(work = malloc(8 * (size_t)n_work)))) {
        close_vectors(&v, ONESEED_OK);
        return PyErr_NoMemory();
    }
    oneseed_numpy *state = numpy_enter(self);
    PyThreadState *thread = PyEval_SaveThread();
    status = n_work > 0 ? oneseed_numpy_multivariate_hypergeometric_count_fill(state, v.in.buf, v.n_items, nsample,
                                                                               work, v.out.buf, v.n_rows)
                        : oneseed_numpy_multivariate_hypergeometric_fill(state, v.in.buf, v.n_items, nsample, v.out.buf,
                                                                         v.n_rows);
    PyEval_RestoreThread(thread);
    numpy_leave(self);
    free(work);
    return close_vectors(&v, status);
}

/* dirichlet(is_legacy, alpha, out). */
static PyObject *py_dirichlet(PyObject *self, PyObject *args)
{
    int is_legacy;
    PyObject *alpha, *out;
    struct vectors v;
    oneseed_status status;
    if (!PyArg_ParseTuple(args, "pOO:dirichlet", &is_legacy, &alpha, &out) || open_vectors(&v, alpha, out) < 0)
        return NULL;
    double *work = malloc(8 * v.n_items + 8);
    if (!work) {
        close_vectors(&v, ONESEED_OK);
        return PyErr_NoMemory();
    }
    oneseed_numpy *state = numpy_enter(self);
    PyThreadState *thread = PyEval_SaveThread();
    status = is_legacy ? oneseed_numpy_legacy_dirichlet_fill(state, v.in.buf, v.n_items, v.out.buf, v.n_rows)
                       : oneseed_numpy_dirichlet_fill(state, v.in.buf, v.n_items, work, v.out.buf, v.n_rows);
    PyEval_RestoreThread(thread);
    numpy_leave(self);
    free(work);
    return close_vectors(&v, status);
}

PyMethodDef numpy_order_methods[] = {
    {"shuffle", py_shuffle, METH_VARARGS, NULL},
    {"shuffle_axis", py_shuffle_axis, METH_VARARGS, NULL},
    {"swaps", py_swaps, METH_O, NULL},
    {"choice", py_choice, METH_VARARGS, NULL},
    {"multinomial", py_multinomial, METH_VARARGS, NULL},
    {"multinomials", py_multinomials, METH_VARARGS, NULL},
    {"multivariate_hypergeometric", py_multivariate_hypergeometric, METH_VARARGS, NULL},
    {"dirichlet", py_dirichlet, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
