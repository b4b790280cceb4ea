/* sklearn_data.c - what oneseed.sklearn draws: data sets, as methods of a NumPy state.
 * SPDX-License-Identifier: MIT */
#include "sklearn.h"

/* sklearn_uniform(low, high, out): the centres of blobs. */
static PyObject *py_uniform(PyObject *self, PyObject *args)
{
    double low, high;
    PyObject *object;
    python_buffer out;
    if (!PyArg_ParseTuple(args, "ddO:sklearn_uniform", &low, &high, &object) || numpy_writable(object, 0, &out) < 0)
        return NULL;
    oneseed_numpy *state = numpy_enter(self);
    oneseed_status status =
        oneseed_sklearn_blob_centers_fill(state, low, high, 1, (size_t)out.len / sizeof(double), out.buf);
    PyBuffer_Release(&out);
    return sklearn_done(self, status);
}

/* sklearn_blobs(centers, cluster_std, n_per_center, n_features, shuffle, X, y) */
static PyObject *py_blobs(PyObject *self, PyObject *args)
{
    Py_ssize_t n_features;
    int shuffle;
    PyObject *in[3], *out[2];
    python_buffer inputs[3], outputs[2];
    if (!PyArg_ParseTuple(args, "OOOniOO:sklearn_blobs", &in[0], &in[1], &in[2], &n_features, &shuffle, &out[0],
                          &out[1]) ||
        sklearn_buffers(in, (const size_t[3]){0, 0, 0}, 0, 3, inputs) < 0)
        return NULL;
    size_t n_centers = (size_t)inputs[2].len / 8, n_samples = 0;
    const int64_t *sizes = inputs[2].buf;
    for (size_t k = 0; k < n_centers; k++)
        n_samples += sizes[k] > 0 ? (size_t)sizes[k] : 0;
    if (sklearn_buffers(out, (const size_t[2]){n_samples * (size_t)n_features, n_samples}, 1, 2, outputs) < 0) {
        sklearn_release(3, inputs);
        return NULL;
    }
    oneseed_status status;
    oneseed_numpy *state = numpy_enter(self);
    Py_BEGIN_ALLOW_THREADS;
    status = oneseed_sklearn_make_blobs_fill(state, inputs[0].buf, inputs[1].buf, sizes, n_centers, (size_t)n_features,
                                             shuffle, outputs[0].buf, outputs[1].buf);
    Py_END_ALLOW_THREADS;
    sklearn_release(2, outputs);
    sklearn_release(3, inputs);
    return sklearn_done(self, status);
}

/* sklearn_moons(n_outer, n_inner, shuffle, noise, factor, X, y): with a factor that is not negative circles. */
static PyObject *py_moons(PyObject *self, PyObject *args)
{
    Py_ssize_t n_outer, n_inner;
    int shuffle;
    double noise, factor;
    PyObject *out[2];
    python_buffer views[2];
    if (!PyArg_ParseTuple(args, "nniddOO:sklearn_moons", &n_outer, &n_inner, &shuffle, &noise, &factor, &out[0],
                          &out[1]))
        return NULL;
    size_t n = (size_t)n_outer + (size_t)n_inner;
    if (sklearn_buffers(out, (const size_t[2]){2 * n, n}, 1, 2, views) < 0)
        return NULL;
    oneseed_status status;
    oneseed_numpy *state = numpy_enter(self);
    Py_BEGIN_ALLOW_THREADS;
    if (factor < 0.0)
        status = oneseed_sklearn_make_moons_fill(state, (size_t)n_outer, (size_t)n_inner, shuffle, noise, views[0].buf,
                                                 views[1].buf);
    else
        status = oneseed_sklearn_make_circles_fill(state, (size_t)n_outer, (size_t)n_inner, shuffle, noise, factor,
                                                   views[0].buf, views[1].buf);
    Py_END_ALLOW_THREADS;
    sklearn_release(2, views);
    return sklearn_done(self, status);
}

/* ---- products by a function in Python ---- */

/* PyBUF_READ and PyBUF_WRITE, which the Limited API names from 3.11 only. */
enum { READ = 0x100, WRITE = 0x200 };

static PyObject *memory_view(const void *memory, size_t n_items, int flags)
{
    union { /* the view is read-only where the memory is */
        const void *given;
        char *bytes;
    } address = {memory};
    return PyMemoryView_FromMemory(address.bytes, (Py_ssize_t)(n_items * sizeof(double)), flags);
}

/* dot(a, a_stride, b, n_rows, n_inner, n_columns, out), with views of memory that live as long as the call. What it raises stays
 * raised, and the products after it are not made. */
static void multiply(void *context, const double *a, size_t a_stride, const double *b, size_t n_rows, size_t n_inner,
                     size_t n_columns, double *out)
{
    if (PyErr_Occurred())
        return;
    PyObject *views[3] = {
        memory_view(a, (n_rows - 1) * a_stride + n_inner, READ),
        memory_view(b, n_inner * n_columns, READ),
        memory_view(out, n_rows * n_columns, WRITE),
    };
    if (views[0] && views[1] && views[2])
        Py_XDECREF(PyObject_CallFunction(context, "OnOnnnO", views[0], (Py_ssize_t)a_stride, views[1],
                                         (Py_ssize_t)n_rows, (Py_ssize_t)n_inner, (Py_ssize_t)n_columns, views[2]));
    for (int k = 0; k < 3; k++)
        Py_XDECREF(views[k]);
}

static oneseed_sklearn_product product_of(PyObject *dot)
{
    return dot == Py_None ? (oneseed_sklearn_product){NULL, NULL} : (oneseed_sklearn_product){multiply, dot};
}

/* sklearn_regression(n_samples, n_features, n_informative, n_targets, shuffle, bias, noise, dot or None, X, y, coefficients). A
 * refusal by dot leaves the state where it was, as all refusals do. */
static PyObject *py_regression(PyObject *self, PyObject *args)
{
    oneseed_sklearn_regression p = {0};
    Py_ssize_t n[4];
    PyObject *dot, *out[3];
    python_buffer views[3];
    if (!PyArg_ParseTuple(args, "nnnniddOOOO:sklearn_regression", &n[0], &n[1], &n[2], &n[3], &p.shuffle, &p.bias,
                          &p.noise, &dot, &out[0], &out[1], &out[2]))
        return NULL;
    p.n_samples = (size_t)n[0];
    p.n_features = (size_t)n[1];
    p.n_informative = (size_t)n[2];
    p.n_targets = (size_t)n[3];
    p.product = product_of(dot);
    const size_t n_items[3] = {p.n_samples * p.n_features, p.n_samples * p.n_targets, p.n_features * p.n_targets};
    int64_t *work = sklearn_memory(p.n_features);
    if (!work || sklearn_buffers(out, n_items, 1, 3, views) < 0) {
        PyMem_Free(work);
        return NULL;
    }
    oneseed_numpy *state = numpy_enter(self), before = *state;
    oneseed_status status =
        oneseed_sklearn_make_regression_fill(state, &p, work, views[0].buf, views[1].buf, views[2].buf);
    sklearn_release(3, views);
    PyMem_Free(work);
    if (PyErr_Occurred()) {
        *state = before;
        return NULL;
    }
    return sklearn_done(self, status);
}

/* A buffer of n numbers, or None: NULL. */
static int optional(PyObject *object, size_t n, python_buffer *view, const double **out)
{
    *out = NULL;
    if (object == Py_None)
        return 0;
    if (numpy_readable(object, n * 8, view) < 0)
        return -1;
    *out = view->buf;
    return 0;
}

static PyObject *classify(PyObject *self, oneseed_sklearn_classification *p, PyObject *const *out)
{
    size_t n_work, n_work_real;
    python_buffer views[3];
    oneseed_status status = oneseed_sklearn_classification_work(p, &n_work, &n_work_real);
    if (numpy_raise(status, 0) < 0)
        return NULL;
    int64_t *work = sklearn_memory(n_work);
    double *work_real = work ? (double *)sklearn_memory(n_work_real) : NULL;
    const size_t n_items[3] = {p->n_samples * p->n_features, p->n_samples, p->n_features};
    if (!work || !work_real || sklearn_buffers(out, n_items, 1, 3, views) < 0) {
        PyMem_Free(work);
        PyMem_Free(work_real);
        return NULL;
    }
    oneseed_numpy *state = numpy_enter(self), before = *state;
    status =
        oneseed_sklearn_make_classification_fill(state, p, work, work_real, views[0].buf, views[1].buf, views[2].buf);
    sklearn_release(3, views);
    PyMem_Free(work);
    PyMem_Free(work_real);
    if (PyErr_Occurred()) {
        *state = before;
        return NULL;
    }
    return sklearn_done(self, status);
}

/* sklearn_classification(n_samples, n_features, n_informative, n_redundant, n_repeated, n_classes, n_clusters_per_class, weights,
 * flip_y, class_sep, hypercube, shift, scale, shuffle, dot, X, y, columns): weights, shift, scale and dot may be None. */
static PyObject *py_classification(PyObject *self, PyObject *args)
{
    oneseed_sklearn_classification p = {0};
    Py_ssize_t n[7];
    PyObject *weights, *shift, *scale, *dot, *out[3], *result = NULL;
    python_buffer views[3];
    if (!PyArg_ParseTuple(args, "nnnnnnnOddiOOiOOOO:sklearn_classification", &n[0], &n[1], &n[2], &n[3], &n[4], &n[5],
                          &n[6], &weights, &p.flip_y, &p.class_sep, &p.hypercube, &shift, &scale, &p.shuffle, &dot,
                          &out[0], &out[1], &out[2]))
        return NULL;
    p.n_samples = (size_t)n[0];
    p.n_features = (size_t)n[1];
    p.n_informative = (size_t)n[2];
    p.n_redundant = (size_t)n[3];
    p.n_repeated = (size_t)n[4];
    p.n_classes = (size_t)n[5];
    p.n_clusters_per_class = (size_t)n[6];
    p.product = product_of(dot);
    if (optional(weights, p.n_classes, &views[0], &p.weights) == 0 &&
        optional(shift, p.n_features, &views[1], &p.shift) == 0 &&
        optional(scale, p.n_features, &views[2], &p.scale) == 0)
        result = classify(self, &p, out);
    const double *const given[3] = {p.weights, p.shift, p.scale};
    for (int k = 0; k < 3; k++)
        if (given[k])
            PyBuffer_Release(&views[k]);
    return result;
}

PyMethodDef sklearn_data_methods[] = {
    {"sklearn_uniform", py_uniform, METH_VARARGS, NULL},
    {"sklearn_blobs", py_blobs, METH_VARARGS, NULL},
    {"sklearn_moons", py_moons, METH_VARARGS, NULL},
    {"sklearn_regression", py_regression, METH_VARARGS, NULL},
    {"sklearn_classification", py_classification, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
