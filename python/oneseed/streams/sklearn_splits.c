/* sklearn_splits.c - what oneseed.sklearn draws: splits, folds and samples, as methods of a NumPy state.
 * SPDX-License-Identifier: MIT */
#include "sklearn.h"

#include <math.h> /* ceil */

/* ---- memory ---- */

int64_t *sklearn_memory(size_t n)
{
    int64_t *memory = n > PY_SSIZE_T_MAX / sizeof *memory ? NULL : PyMem_Malloc(n * sizeof *memory + 1);
    if (!memory)
        PyErr_NoMemory();
    return memory;
}

int sklearn_buffers(PyObject *const *objects, const size_t *n_items, int is_writable, int n, python_buffer *views)
{
    for (int k = 0; k < n; k++) {
        int failed = is_writable ? numpy_writable(objects[k], n_items[k] * 8, &views[k])
                                 : numpy_readable(objects[k], n_items[k] * 8, &views[k]);
        if (failed < 0) {
            sklearn_release(k, views);
            return -1;
        }
    }
    return 0;
}

void sklearn_release(int n, python_buffer *views)
{
    for (int k = 0; k < n; k++)
        PyBuffer_Release(&views[k]);
}

PyObject *sklearn_done(PyObject *self, oneseed_status status)
{
    numpy_leave(self);
    if (numpy_raise(status, 0) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* ---- sizes ---- */

/* _sklearn_sizes(n_samples, kind of test_size, test_size, kind of train_size, train_size, default): (n_train, n_test). A kind is
 * 0 None, 1 int, 2 float. */
static int size_of(int kind, PyObject *object, oneseed_sklearn_size *out)
{
    *out = (oneseed_sklearn_size){.kind = (oneseed_sklearn_size_kind)kind};
    if (kind == ONESEED_SKLEARN_SIZE_COUNT)
        out->count = PyLong_AsLongLong(object);
    if (kind == ONESEED_SKLEARN_SIZE_FRACTION)
        out->fraction = PyFloat_AsDouble(object);
    return PyErr_Occurred() ? -1 : 0;
}

/* Both sizes are given. */
static long long n_wanted(long long n, const oneseed_sklearn_size *sizes)
{
    double sum = 0.0;
    for (int k = 0; k < 2; k++) {
        double fraction = sizes[k].fraction * (double)n;
        sum += sizes[k].kind == ONESEED_SKLEARN_SIZE_COUNT ? (double)sizes[k].count
               : k                                         ? floor(fraction)
                                                           : ceil(fraction);
    }
    return (long long)sum;
}

static PyObject *refused_sizes(oneseed_status status, long long n, PyObject *test, PyObject *train,
                               const oneseed_sklearn_size *sizes)
{
    const char *range = "should be either positive and smaller than the number of samples";
    switch ((int)status) {
    case ONESEED_SKLEARN_TEST_SIZE:
        return PyErr_Format(PyExc_ValueError, "test_size=%S %s %lld or a float in the (0, 1) range", test, range, n);
    case ONESEED_SKLEARN_TRAIN_SIZE:
        return PyErr_Format(PyExc_ValueError, "train_size=%S %s %lld or a float in the (0, 1) range", train, range, n);
    case ONESEED_SKLEARN_FRACTIONS_SUM: {
        PyObject *sum = PyNumber_Add(train, test);
        if (sum)
            PyErr_Format(PyExc_ValueError,
                         "The sum of test_size and train_size = %S, should be in the (0, 1) range. Reduce test_size "
                         "and/or train_size.",
                         sum);
        Py_XDECREF(sum);
        return NULL;
    }
    case ONESEED_SKLEARN_TRAIN_EMPTY:
        return PyErr_Format(PyExc_ValueError,
                            "With n_samples=%lld, test_size=%S and train_size=%S, the resulting train set will be "
                            "empty. Adjust any of the aforementioned parameters.",
                            n, test, train);
    default:
        return PyErr_Format(PyExc_ValueError,
                            "The sum of train_size and test_size = %lld, should be smaller than the number of samples "
                            "%lld. Reduce test_size and/or train_size.",
                            n_wanted(n, sizes), n);
    }
}

static PyObject *py_sizes(PyObject *module, PyObject *args)
{
    (void)module;
    long long n;
    int test_kind, train_kind;
    PyObject *test, *train;
    double otherwise;
    oneseed_sklearn_size sizes[2];
    int64_t n_train, n_test;
    if (!PyArg_ParseTuple(args, "LiOiOd:_sklearn_sizes", &n, &test_kind, &test, &train_kind, &train, &otherwise) ||
        size_of(test_kind, test, &sizes[0]) < 0 || size_of(train_kind, train, &sizes[1]) < 0)
        return NULL;
    oneseed_status status = oneseed_sklearn_split_sizes(n, sizes[0], sizes[1], otherwise, &n_train, &n_test);
    if (status)
        return refused_sizes(status, n, test, train, sizes);
    return Py_BuildValue("LL", (long long)n_train, (long long)n_test);
}

PyMethodDef sklearn_functions[] = {
    {"_sklearn_sizes", py_sizes, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

/* ---- splits ---- */

/* sklearn_shuffle_split(n_samples, train, test): fills two buffers of int64. */
static PyObject *py_shuffle_split(PyObject *self, PyObject *args)
{
    Py_ssize_t n;
    PyObject *out[2];
    python_buffer views[2];
    if (!PyArg_ParseTuple(args, "nOO:sklearn_shuffle_split", &n, &out[0], &out[1]))
        return NULL;
    int64_t *work = sklearn_memory((size_t)n);
    if (!work || sklearn_buffers(out, (const size_t[2]){0, 0}, 1, 2, views) < 0) {
        PyMem_Free(work);
        return NULL;
    }
    oneseed_status status;
    oneseed_numpy *state = numpy_enter(self);
    Py_BEGIN_ALLOW_THREADS;
    status = oneseed_sklearn_shuffle_split_fill(state, (size_t)n, (size_t)views[0].len / 8, (size_t)views[1].len / 8,
                                                work, views[0].buf, views[1].buf);
    Py_END_ALLOW_THREADS;
    sklearn_release(2, views);
    PyMem_Free(work);
    return sklearn_done(self, status);
}

/* sklearn_stratified_split(classes, n_classes, train, test) */
static PyObject *py_stratified_split(PyObject *self, PyObject *args)
{
    Py_ssize_t n_classes;
    PyObject *classes, *out[2];
    python_buffer views[2], codes;
    if (!PyArg_ParseTuple(args, "OnOO:sklearn_stratified_split", &classes, &n_classes, &out[0], &out[1]) ||
        numpy_readable(classes, 0, &codes) < 0)
        return NULL;
    size_t n = (size_t)codes.len / 8;
    int64_t *work = sklearn_memory(oneseed_sklearn_stratified_work(n, (size_t)n_classes));
    if (!work || sklearn_buffers(out, (const size_t[2]){0, 0}, 1, 2, views) < 0) {
        PyMem_Free(work);
        PyBuffer_Release(&codes);
        return NULL;
    }
    oneseed_status status;
    oneseed_numpy *state = numpy_enter(self);
    Py_BEGIN_ALLOW_THREADS;
    status =
        oneseed_sklearn_stratified_shuffle_split_fill(state, codes.buf, n, (size_t)n_classes, (size_t)views[0].len / 8,
                                                      (size_t)views[1].len / 8, work, views[0].buf, views[1].buf);
    Py_END_ALLOW_THREADS;
    sklearn_release(2, views);
    PyMem_Free(work);
    PyBuffer_Release(&codes);
    return sklearn_done(self, status);
}

/* sklearn_group_split(groups, n_groups, n_train, n_test, train, test): how many samples are in each, of room for all. */
static PyObject *py_group_split(PyObject *self, PyObject *args)
{
    Py_ssize_t n_groups, n_train, n_test;
    PyObject *groups, *out[2];
    python_buffer views[2], codes;
    if (!PyArg_ParseTuple(args, "OnnnOO:sklearn_group_split", &groups, &n_groups, &n_train, &n_test, &out[0],
                          &out[1]) ||
        numpy_readable(groups, 0, &codes) < 0)
        return NULL;
    size_t n = (size_t)codes.len / 8, n_out[2];
    int64_t *work = sklearn_memory(2 * (size_t)n_groups);
    if (!work || sklearn_buffers(out, (const size_t[2]){n, n}, 1, 2, views) < 0) {
        PyMem_Free(work);
        PyBuffer_Release(&codes);
        return NULL;
    }
    oneseed_status status;
    oneseed_numpy *state = numpy_enter(self);
    Py_BEGIN_ALLOW_THREADS;
    status = oneseed_sklearn_group_shuffle_split_fill(state, codes.buf, n, (size_t)n_groups, (size_t)n_train,
                                                      (size_t)n_test, work, views[0].buf, views[1].buf, n_out);
    Py_END_ALLOW_THREADS;
    numpy_leave(self);
    sklearn_release(2, views);
    PyMem_Free(work);
    PyBuffer_Release(&codes);
    return numpy_raise(status, 0) < 0 ? NULL : Py_BuildValue("nn", (Py_ssize_t)n_out[0], (Py_ssize_t)n_out[1]);
}

/* ---- folds ---- */

enum fold_kind { FOLDS, STRATIFIED_FOLDS, GROUP_FOLDS };

static oneseed_status draw_folds(enum fold_kind kind, oneseed_numpy *state, const int64_t *codes, size_t n_codes,
                                 size_t n_splits, int64_t *work, int64_t *folds, size_t n)
{
    if (kind == FOLDS)
        return oneseed_sklearn_kfold_fill(state, n, n_splits, work, folds);
    if (kind == STRATIFIED_FOLDS)
        return oneseed_sklearn_stratified_kfold_fill(state, codes, n, n_codes, n_splits, work, folds);
    return oneseed_sklearn_group_kfold_fill(state, codes, n, n_codes, n_splits, work, folds);
}

/* sklearn_folds(kind, is_shuffled, codes, n_codes, n_splits, folds): kind 0 KFold, 1 StratifiedKFold, 2 GroupKFold. */
static PyObject *py_folds(PyObject *self, PyObject *args)
{
    int kind, is_shuffled;
    Py_ssize_t n_codes, n_splits;
    PyObject *code_object, *out;
    python_buffer codes, folds;
    if (!PyArg_ParseTuple(args, "iiOnnO:sklearn_folds", &kind, &is_shuffled, &code_object, &n_codes, &n_splits, &out) ||
        numpy_writable(out, 0, &folds) < 0)
        return NULL;
    size_t n = (size_t)folds.len / 8;
    int64_t *work = sklearn_memory(n + 3 * (size_t)n_codes + (size_t)n_splits);
    if (!work || numpy_readable(code_object, kind == FOLDS ? 0 : n * 8, &codes) < 0) {
        PyMem_Free(work);
        PyBuffer_Release(&folds);
        return NULL;
    }
    oneseed_status status;
    oneseed_numpy *state = numpy_enter(self);
    Py_BEGIN_ALLOW_THREADS;
    status = draw_folds((enum fold_kind)kind, is_shuffled ? state : NULL, codes.buf, (size_t)n_codes, (size_t)n_splits,
                        work, folds.buf, n);
    Py_END_ALLOW_THREADS;
    PyMem_Free(work);
    PyBuffer_Release(&codes);
    PyBuffer_Release(&folds);
    return sklearn_done(self, status);
}

/* ---- samples ---- */

/* sklearn_resample(n_samples, replace, out) */
static PyObject *py_resample(PyObject *self, PyObject *args)
{
    Py_ssize_t n;
    int replace;
    PyObject *object;
    python_buffer out;
    if (!PyArg_ParseTuple(args, "niO:sklearn_resample", &n, &replace, &object) || numpy_writable(object, 0, &out) < 0)
        return NULL;
    int64_t *work = sklearn_memory(replace ? 0 : (size_t)n);
    if (!work) {
        PyBuffer_Release(&out);
        return NULL;
    }
    oneseed_status status;
    oneseed_numpy *state = numpy_enter(self);
    Py_BEGIN_ALLOW_THREADS;
    status = oneseed_sklearn_resample_fill(state, (size_t)n, replace, work, out.buf, (size_t)out.len / 8);
    Py_END_ALLOW_THREADS;
    PyMem_Free(work);
    PyBuffer_Release(&out);
    return sklearn_done(self, status);
}

/* sklearn_resample_weighted(p, out): with replacement, by probabilities. */
static PyObject *py_resample_weighted(PyObject *self, PyObject *args)
{
    PyObject *p_object, *object;
    python_buffer p, out;
    if (!PyArg_ParseTuple(args, "OO:sklearn_resample_weighted", &p_object, &object) ||
        numpy_readable(p_object, 0, &p) < 0)
        return NULL;
    size_t n = (size_t)p.len / 8;
    double *work = (double *)sklearn_memory(n);
    if (!work || numpy_writable(object, 0, &out) < 0) {
        PyMem_Free(work);
        PyBuffer_Release(&p);
        return NULL;
    }
    oneseed_status status;
    oneseed_numpy *state = numpy_enter(self);
    Py_BEGIN_ALLOW_THREADS;
    status = oneseed_numpy_legacy_choice_weighted_fill(state, p.buf, n, 0.0, work, out.buf, (size_t)out.len / 8);
    Py_END_ALLOW_THREADS;
    PyMem_Free(work);
    PyBuffer_Release(&p);
    PyBuffer_Release(&out);
    return sklearn_done(self, status);
}

/* sklearn_resample_stratified(classes, n_classes, replace, out) */
static PyObject *py_resample_stratified(PyObject *self, PyObject *args)
{
    Py_ssize_t n_classes;
    int replace;
    PyObject *classes, *object;
    python_buffer codes, out;
    if (!PyArg_ParseTuple(args, "OniO:sklearn_resample_stratified", &classes, &n_classes, &replace, &object) ||
        numpy_readable(classes, 0, &codes) < 0)
        return NULL;
    size_t n = (size_t)codes.len / 8;
    int64_t *work = sklearn_memory(oneseed_sklearn_stratified_work(n, (size_t)n_classes));
    if (!work || numpy_writable(object, 0, &out) < 0) {
        PyMem_Free(work);
        PyBuffer_Release(&codes);
        return NULL;
    }
    oneseed_status status;
    oneseed_numpy *state = numpy_enter(self);
    Py_BEGIN_ALLOW_THREADS;
    status = oneseed_sklearn_resample_stratified_fill(state, codes.buf, n, (size_t)n_classes, replace, work, out.buf,
                                                      (size_t)out.len / 8);
    Py_END_ALLOW_THREADS;
    PyMem_Free(work);
    PyBuffer_Release(&codes);
    PyBuffer_Release(&out);
    return sklearn_done(self, status);
}

/* sklearn_sample(n_population, method, out): method 0 auto, 1 tracking_selection, 2 reservoir_sampling, 3 pool. */
static PyObject *py_sample(PyObject *self, PyObject *args)
{
    unsigned long long n_population;
    int method;
    PyObject *object;
    python_buffer out;
    if (!PyArg_ParseTuple(args, "KiO:sklearn_sample", &n_population, &method, &object) ||
        numpy_writable(object, 0, &out) < 0)
        return NULL;
    size_t n = (size_t)out.len / 8;
    int64_t *work = sklearn_memory(
        n > n_population ? 0 : oneseed_sklearn_sample_work(n_population, n, (oneseed_sklearn_sampling)method));
    if (!work) {
        PyBuffer_Release(&out);
        return NULL;
    }
    oneseed_status status;
    oneseed_numpy *state = numpy_enter(self);
    Py_BEGIN_ALLOW_THREADS;
    status = oneseed_sklearn_sample_without_replacement_fill(state, n_population, (oneseed_sklearn_sampling)method,
                                                             work, out.buf, n);
    Py_END_ALLOW_THREADS;
    PyMem_Free(work);
    PyBuffer_Release(&out);
    return sklearn_done(self, status);
}

/* sklearn_tree_seeds(out) */
static PyObject *py_tree_seeds(PyObject *self, PyObject *object)
{
    python_buffer out;
    if (numpy_writable(object, 0, &out) < 0)
        return NULL;
    oneseed_sklearn_tree_seeds_fill(numpy_enter(self), out.buf, (size_t)out.len / 8);
    PyBuffer_Release(&out);
    return sklearn_done(self, ONESEED_OK);
}

PyMethodDef sklearn_split_methods[] = {
    {"sklearn_shuffle_split", py_shuffle_split, METH_VARARGS, NULL},
    {"sklearn_stratified_split", py_stratified_split, METH_VARARGS, NULL},
    {"sklearn_group_split", py_group_split, METH_VARARGS, NULL},
    {"sklearn_folds", py_folds, METH_VARARGS, NULL},
    {"sklearn_resample", py_resample, METH_VARARGS, NULL},
    {"sklearn_resample_weighted", py_resample_weighted, METH_VARARGS, NULL},
    {"sklearn_resample_stratified", py_resample_stratified, METH_VARARGS, NULL},
    {"sklearn_sample", py_sample, METH_VARARGS, NULL},
    {"sklearn_tree_seeds", py_tree_seeds, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
