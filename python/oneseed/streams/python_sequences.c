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

/* choice(seq) */
static PyObject *py_choice(PyObject *self, PYTHON_ARGUMENTS)
{
    static const char *const names[] = {"seq"};
    PyObject *sequence;
    if (!python_bind(names, 1, args, n, kwnames, &sequence) || !sequence || !draws_integers(self))
        return python_upstream(self, "choice", args, n, kwnames);
    Py_ssize_t n_items = PyObject_Size(sequence);
    if (n_items <= 0) {
        PyErr_Clear();
        return python_upstream(self, "choice", args, n, kwnames);
    }
    if (python_enter(self) < 0)
        return NULL;
    int64_t chosen = oneseed_python_choice(python_state(self), (uint64_t)n_items);
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
static PyObject *py_shuffle(PyObject *self, PYTHON_ARGUMENTS)
{
    enum { N_SHORT = 128 };
    static const char *const names[] = {"x"};
    PyObject *list, *few[N_SHORT], **items = few;
    if (!python_bind(names, 1, args, n, kwnames, &list) || !list || !PyList_CheckExact(list) || !draws_integers(self))
        return python_upstream(self, "shuffle", args, n, kwnames);
    if (python_enter(self) < 0)
        return NULL;
    Py_ssize_t n_items = PyList_Size(list);
    if (n_items > N_SHORT && !(items = PyMem_Malloc((size_t)n_items * sizeof *items)))
        return PyErr_NoMemory();
    reorder(python_state(self), list, items, n_items);
    if (items != few)
        PyMem_Free(items);
    Py_RETURN_NONE;
}

/* sample(population, k, *, counts=None) */
static PyObject *py_sample(PyObject *self, PYTHON_ARGUMENTS)
{
    static const char *const names[] = {"population", "k", "counts"};
    PyObject *values[3];
    int64_t k;
    int is_bound = n <= 2 && python_bind(names, 3, args, n, kwnames, values) && values[0] && values[1];
    PyObject *population = is_bound ? values[0] : NULL;
    Py_ssize_t n_items = is_bound && is_plain_sequence(population) ? PyObject_Size(population) : -1;
    if (n_items < 0 || (values[2] && values[2] != Py_None) || !python_exact_i64(values[1], &k) || k < 0 ||
        k > n_items || !draws_integers(self)) {
        PyErr_Clear(); /* a range too long for a length */
        return python_upstream(self, "sample", args, n, kwnames);
    }
    size_t n_space = oneseed_python_sample_space((uint64_t)n_items, (uint64_t)k);
    uint64_t *space = PyMem_Malloc(8 * (n_space + (size_t)k + 1));
    if (!space)
        return PyErr_NoMemory();
    PyObject *list = NULL;
    if (python_enter(self) == 0) {
        oneseed_python_sample(python_state(self), (uint64_t)n_items, (uint64_t)k, space, space + n_space);
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
static PyObject *py_choices(PyObject *self, PYTHON_ARGUMENTS)
{
    static const char *const names[] = {"population", "weights", "cum_weights", "k"};
    PyObject *values[4] = {NULL, NULL, NULL, NULL};
    int64_t k = 1;
    int is_plain = n <= 2 && python_bind(names, 4, args, n, kwnames, values) && values[0] &&
                   is_plain_sequence(values[0]) && (!values[3] || python_exact_i64(values[3], &k)) && k >= 0 &&
                   k < PY_SSIZE_T_MAX / 8 && python_is_ours(self, BASE_RANDOM);
    PyObject *population = values[0];
    int has_own = values[1] && values[1] != Py_None, has_sums = values[2] && values[2] != Py_None;
    int has_weights = has_own || has_sums;
    Py_ssize_t n_items = is_plain ? PyObject_Size(population) : -1;
    double *sums = NULL;
    is_plain = n_items > 0 && !(has_own && has_sums);
    if (is_plain && has_weights) {
        sums = plain_sums(has_own ? values[1] : values[2], n_items, has_sums);
        is_plain = sums != NULL;
    }
    if (!is_plain) {
        PyErr_Clear();
        return python_upstream(self, "choices", args, n, kwnames);
    }
    int64_t *chosen = PyMem_Malloc(8 * (size_t)k + 8);
    PyObject *list = NULL;
    if (chosen && python_enter(self) == 0) {
        if (has_weights)
            oneseed_python_choices_cum_weights_fill(python_state(self), sums, (size_t)n_items, chosen, (size_t)k);
        else
            oneseed_python_choices_fill(python_state(self), (uint64_t)n_items, chosen, (size_t)k);
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

PyMethodDef python_sequence_methods[] = {
    {"choice", PYTHON_METHOD(py_choice), "choice(seq): an item."},
    {"choices", PYTHON_METHOD(py_choices), "choices(population, weights=None, *, cum_weights=None, k=1): k items."},
    {"shuffle", PYTHON_METHOD(py_shuffle), "shuffle(x): in place."},
    {"sample", PYTHON_METHOD(py_sample), "sample(population, k, *, counts=None): k different items."},
    {NULL, NULL, 0, NULL},
};
