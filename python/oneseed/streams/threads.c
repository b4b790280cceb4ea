/* threads.c - on how many threads the modules of the package draw large arrays: numbers of the process, as torch's is.
 * SPDX-License-Identifier: MIT */
#include "streams.h"

#include <stdatomic.h> /* atomic_size_t */

#include "threads.h"

enum { MOST_THREADS = 256 };

static atomic_size_t more_threads[STREAMS_N_THREADS]; /* than one */

oneseed_threads streams_threads(enum streams_threads which)
{
    return oneseed_pthreads(1 + atomic_load(&more_threads[which]));
}

/* _set_num_threads(which, n) */
static PyObject *py_set(PyObject *module, PyObject *args)
{
    (void)module;
    int which;
    Py_ssize_t n;
    if (!PyArg_ParseTuple(args, "in:_set_num_threads", &which, &n))
        return NULL;
    if (which < 0 || which >= STREAMS_N_THREADS || n < 1 || n > MOST_THREADS) {
        PyErr_Format(PyExc_ValueError, "set_num_threads expects a number from 1 to %d", MOST_THREADS);
        return NULL;
    }
    atomic_store(&more_threads[which], (size_t)n - 1);
    Py_RETURN_NONE;
}

/* _get_num_threads(which) */
static PyObject *py_get(PyObject *module, PyObject *args)
{
    (void)module;
    int which;
    if (!PyArg_ParseTuple(args, "i:_get_num_threads", &which))
        return NULL;
    if (which < 0 || which >= STREAMS_N_THREADS) {
        PyErr_SetString(PyExc_ValueError, "there is no such number of threads");
        return NULL;
    }
    return PyLong_FromSize_t(1 + atomic_load(&more_threads[which]));
}

static PyMethodDef functions[] = {
    {"_set_num_threads", py_set, METH_VARARGS, "On how many threads oneseed.torch (0) or oneseed.numpy (1) draws."},
    {"_get_num_threads", py_get, METH_VARARGS, "What _set_num_threads() said."},
    {NULL, NULL, 0, NULL},
};

int streams_add_threads(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
