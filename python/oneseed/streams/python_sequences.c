/* python_sequences.c - choice, choices, shuffle and sample of oneseed.python.Random.
 * SPDX-License-Identifier: MIT
 *
 * The fast way takes exact lists, tuples, strs and ranges (choice: anything with a length); everything else goes to Python's own method. */
#include "python_random.h"

#include <math.h> /* floor, isfinite */

#include "common/simd.h" /* simd_fetch */
#include "oneseed.h"     /* oneseed_python_sample */

static int draws_integers(PyObject *self)
{
    return python_is_ours(self, BASE_RANDBELOW) && python_is_ours(self, BASE_GETRANDBITS);
}

static int is_plain_sequence(PyObject *sequence)
{
    return PyList_CheckExact(sequence) || PyTuple_CheckExact(sequence) || PyUnicode_CheckExact(sequence) ||
           Py_TYPE(sequence) == &PyRange_Type;
}

static int has_keywords(PyObject *kwargs)
{
    return kwargs && PyDict_Size(kwargs) > 0;
}

/* choice(seq) */
static PyObject *py_choice(PyObject *self, PyObject *args, PyObject *kwargs)
{
    if (PyTuple_Size(args) != 1 || has_keywords(kwargs) || !draws_integers(self))
        return python_upstream(self, "choice", args, kwargs);
    PyObject *sequence = PyTuple_GetItem(args, 0);
    Py_ssize_t n = PyObject_Size(sequence);
    if (n <= 0) {
        PyErr_Clear();
        return python_upstream(self, "choice", args, kwargs);
    }
    if (python_enter(self) < 0)
        return NULL;
    int64_t chosen = oneseed_python_choice(python_state(self), (uint64_t)n);
    if (is_plain_sequence(sequence))
        return PySequence_GetItem(sequence, (Py_ssize_t)chosen);
    PyObject *index = PyLong_FromLongLong(chosen);
    PyObject *item = index ? PyObject_GetItem(sequence, index) : NULL;
    Py_XDECREF(index);
    return item;
}

/* The references of a list in a new order. Each object is counted up when they are read and down when they are put back; these two
 * walks fetch what is ahead of them. */
static void reorder(oneseed_python *state, PyObject *list, PyObject **items, Py_ssize_t n)
{
    enum { AHEAD = 16 };
    for (Py_ssize_t k = 0; k < n; k++)
        items[k] = PyList_GetItem(list, k);
    for (Py_ssize_t k = 0; k < n; k++) {
        simd_fetch(items[k + AHEAD < n ? k + AHEAD : k]);
        Py_INCREF(items[k]);
    }
    oneseed_python_shuffle(state, items, (size_t)n, sizeof *items);
    for (Py_ssize_t k = 0; k < n; k++) {
        simd_fetch(PyList_GetItem(list, k + AHEAD < n ? k + AHEAD : k));
        PyList_SetItem(list, k, items[k]);
    }
}

/* shuffle(x): moves references only, so that no other code runs meanwhile. */
static PyObject *py_shuffle(PyObject *self, PyObject *args, PyObject *kwargs)
{
    enum { N_SHORT = 128 };
    PyObject *few[N_SHORT], **items = few;
    if (PyTuple_Size(args) != 1 || has_keywords(kwargs) || !PyList_CheckExact(PyTuple_GetItem(args, 0)) ||
        !draws_integers(self))
        return python_upstream(self, "shuffle", args, kwargs);
    if (python_enter(self) < 0)
        return NULL;
    PyObject *list = PyTuple_GetItem(args, 0);
    Py_ssize_t n = PyList_Size(list);
    if (n > N_SHORT && !(items = PyMem_Malloc((size_t)n * sizeof *items)))
        return PyErr_NoMemory();
    reorder(python_state(self), list, items, n);
    if (items != few)
        PyMem_Free(items);
    Py_RETURN_NONE;
}

/* sample(population, k, *, counts=None) */
static PyObject *py_sample(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"population", "k", "counts", NULL};
    PyObject *population, *number, *counts = Py_None;
    int64_t k;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO|$O:sample", names, &population, &number, &counts)) {
        PyErr_Clear();
        return python_upstream(self, "sample", args, kwargs);
    }
    Py_ssize_t n = is_plain_sequence(population) ? PyObject_Size(population) : -1;
    if (n < 0 || counts != Py_None || !python_exact_i64(number, &k) || k < 0 || k > n || !draws_integers(self)) {
        PyErr_Clear(); /* a range too long for a length */
        return python_upstream(self, "sample", args, kwargs);
    }
    size_t n_space = oneseed_python_sample_space((uint64_t)n, (uint64_t)k);
    uint64_t *space = PyMem_Malloc(8 * (n_space + (size_t)k + 1));
    if (!space)
        return PyErr_NoMemory();
    PyObject *list = NULL;
    if (python_enter(self) == 0) {
        oneseed_python_sample(python_state(self), (uint64_t)n, (uint64_t)k, space, space + n_space);
        list = PyList_New((Py_ssize_t)k);
    }
    for (Py_ssize_t i = 0; list && i < k; i++) {
        PyObject *item = PySequence_GetItem(population, (Py_ssize_t)space[n_space + (size_t)i]);
        if (!item || PyList_SetItem(list, i, item) < 0)
            Py_CLEAR(list);
    }
    PyMem_Free(space);
    return list;
}

/* ---- choices ---- */

/* The running sums as Python has them, when doubles hold them exactly: ints up to 2^53, floats. NULL without an exception when
 * not. PyMem_Free() frees them. */
static double *plain_sums(PyObject *weights, Py_ssize_t n, int are_sums)
{
    if (!(PyList_CheckExact(weights) || PyTuple_CheckExact(weights)) || PySequence_Size(weights) != n)
        return NULL;
    double *sums = PyMem_Malloc(8 * (size_t)n);
    int is_integer = 1, is_plain = sums != NULL;
    for (Py_ssize_t k = 0; is_plain && k < n; k++) {
        PyObject *weight = PyList_CheckExact(weights) ? PyList_GetItem(weights, k) : PyTuple_GetItem(weights, k);
        is_plain = python_exact_double(weight, &sums[k]);
        if (is_plain && !are_sums) {
            is_integer = is_integer && PyLong_CheckExact(weight);
            if (k > 0)
                sums[k] += sums[k - 1];
            is_plain = !is_integer || fabs(sums[k]) < 9007199254740992.0;
        }
    }
    if (is_plain && sums[n - 1] > 0 && isfinite(sums[n - 1]))
        return sums;
    PyMem_Free(sums);
    return NULL;
}

/* choices(population, weights=None, *, cum_weights=None, k=1) */
static PyObject *py_choices(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"population", "weights", "cum_weights", "k", NULL};
    PyObject *population, *weights = Py_None, *cum_weights = Py_None, *number = NULL;
    int64_t k = 1;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|O$OO:choices", names, &population, &weights, &cum_weights,
                                     &number)) {
        PyErr_Clear();
        return python_upstream(self, "choices", args, kwargs);
    }
    int has_weights = weights != Py_None || cum_weights != Py_None;
    Py_ssize_t n = is_plain_sequence(population) ? PyObject_Size(population) : -1;
    double *sums = NULL;
    int is_plain = n > 0 && (!number || python_exact_i64(number, &k)) && k >= 0 && k < PY_SSIZE_T_MAX / 8 &&
                   !(weights != Py_None && cum_weights != Py_None) && python_is_ours(self, BASE_RANDOM);
    if (is_plain && has_weights) {
        sums = plain_sums(weights != Py_None ? weights : cum_weights, n, weights == Py_None);
        is_plain = sums != NULL;
    }
    if (!is_plain) {
        PyErr_Clear();
        return python_upstream(self, "choices", args, kwargs);
    }
    int64_t *chosen = PyMem_Malloc(8 * (size_t)k + 8);
    PyObject *list = NULL;
    if (chosen && python_enter(self) == 0) {
        if (has_weights)
            oneseed_python_choices_cum_weights_fill(python_state(self), sums, (size_t)n, chosen, (size_t)k);
        else
            oneseed_python_choices_fill(python_state(self), (uint64_t)n, chosen, (size_t)k);
        list = PyList_New((Py_ssize_t)k);
    }
    for (Py_ssize_t i = 0; list && i < k; i++) {
        PyObject *item = PySequence_GetItem(population, (Py_ssize_t)chosen[i]);
        if (!item || PyList_SetItem(list, i, item) < 0)
            Py_CLEAR(list);
    }
    if (!chosen)
        PyErr_NoMemory();
    PyMem_Free(chosen);
    PyMem_Free(sums);
    return list;
}

#define WITH_KEYWORDS(function) (PyCFunction)(void (*)(void))(function), METH_VARARGS | METH_KEYWORDS
PyMethodDef python_sequence_methods[] = {
    {"choice", WITH_KEYWORDS(py_choice), "choice(seq): an item."},
    {"choices", WITH_KEYWORDS(py_choices), "choices(population, weights=None, *, cum_weights=None, k=1): k items."},
    {"shuffle", WITH_KEYWORDS(py_shuffle), "shuffle(x): in place."},
    {"sample", WITH_KEYWORDS(py_sample), "sample(population, k, *, counts=None): k different items."},
    {NULL, NULL, 0, NULL},
};
