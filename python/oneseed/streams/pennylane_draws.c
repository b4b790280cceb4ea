/* pennylane_draws.c - oneseed.pennylane: the shots of lightning.qubit.
 * SPDX-License-Identifier: MIT */
#include "parameters.h"

#include <stdlib.h> /* malloc, free */

#include "numpy_state.h" /* numpy_readable, numpy_writable */

/* _pennylane_lightning(seed, is_complex64, p, out): states by the probabilities p, float64, into int64. */
static PyObject *py_lightning(PyObject *module, PyObject *args)
{
    (void)module;
    unsigned int seed;
    int is_complex64;
    PyObject *p_object, *out_object;
    python_buffer p, out;
    oneseed_status status = ONESEED_N_STATUSES;
    if (!PyArg_ParseTuple(args, "IpOO:_pennylane_lightning", &seed, &is_complex64, &p_object, &out_object) ||
        numpy_readable(p_object, 0, &p) < 0)
        return NULL;
    size_t n_states = (size_t)p.len / sizeof(double);
    uint64_t *work = malloc(3 * n_states * sizeof *work + 1);
    if (!work) {
        PyErr_NoMemory();
    } else if (numpy_writable(out_object, 0, &out) == 0) {
        PyThreadState *thread = PyEval_SaveThread();
        status = oneseed_pennylane_lightning_sample_fill(seed, is_complex64, p.buf, n_states, work, out.buf,
                                                         (size_t)out.len / sizeof(int64_t));
        PyEval_RestoreThread(thread);
        PyBuffer_Release(&out);
    }
    free(work);
    PyBuffer_Release(&p);
    if (status == ONESEED_OK)
        Py_RETURN_NONE;
    if (status != ONESEED_N_STATUSES)
        PyErr_SetString(PyExc_ValueError, oneseed_status_text(status));
    return NULL;
}

static PyMethodDef functions[] = {
    {"_pennylane_lightning", py_lightning, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int streams_add_pennylane(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
